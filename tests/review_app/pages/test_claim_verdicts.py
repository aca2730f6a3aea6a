"""A person's verdict on a claim: given on its page, kept with its reason, shown with who gave it."""

from collections.abc import Callable
from typing import Any

import invented_claims
from copy_page import button, words
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

from db.engine import reading, writing
from db.queries import claims as claim_queries
from db.types import Actor, Certainty, Stance, Verdict
from review_app.services import appraisals

OpenClaims = Callable[..., AppTest]


def verdicts(library: Engine, viewer: Actor) -> list[str]:
    with reading(library) as session:
        page = claim_queries.claim(session, viewer=viewer, claim_id=invented_claims.ONSET)
    assert page is not None
    return [row.verdict.value for row in page.verdicts]


def certainty(desk: AppTest) -> Selectbox[Any]:
    """The certainty in the form of a verdict."""
    return next(box for box in desk.selectbox if box.key and box.key.endswith("_certainty"))


def test_a_verdict_needs_a_choice_and_a_reason(
    people: dict[str, Actor], open_claims: OpenClaims, library: Engine
) -> None:
    desk = open_claims("Ben", claim=invented_claims.ONSET)
    button(desk, "Give verdict")
    assert "Choose a verdict first" in desk.error[0].value
    desk.radio[0].set_value(Verdict.SUPPORTED)
    button(desk, "Give verdict")
    assert "Choose the certainty of the evidence first" in desk.error[0].value
    certainty(desk).set_value(Certainty.LOW)
    button(desk, "Give verdict")
    assert "needs a reason" in desk.error[0].value
    assert verdicts(library, people["Ben"]) == []


def test_a_verdict_given_on_the_page_is_kept_and_shown(
    people: dict[str, Actor], open_claims: OpenClaims, library: Engine
) -> None:
    desk = open_claims("Ben", claim=invented_claims.ONSET)
    desk.radio[0].set_value(Verdict.NEEDS_QUALIFICATION)
    certainty(desk).set_value(Certainty.LOW)
    desk.text_area[0].input("The effect is gone after a week.")
    button(desk, "Give verdict")
    assert not desk.error
    assert verdicts(library, people["Ben"]) == ["needs_qualification"]
    assert "The effect is gone after a week." in words(desk)
    assert 'data-verdict="needs_qualification" data-basis="reviewed"' in words(desk)
    for name in ("Ben", "Rae"):
        head = words(open_claims(name, claim=invented_claims.ONSET)).partition("Must be said with it")[0]
        assert "<b>Ben</b> on " in head
        assert "needs qualification, low certainty. The effect is gone after a week." in head


def test_nothing_is_chosen_for_who_gives_a_verdict(people: dict[str, Actor], open_claims: OpenClaims) -> None:
    desk = open_claims("Ben", claim=invented_claims.ONSET)
    assert desk.radio[0].value is None
    assert certainty(desk).value is None


def grade(library: Engine, who: Actor, start: str) -> None:
    with writing(library) as session:
        appraisals.save_grade(
            session,
            actor=who,
            topic_id=invented_claims.TOPIC,
            start=start,
            steps={},
            reason="Invented.",
            claim_id=invented_claims.ONSET,
        )


def test_a_verdict_starts_from_the_grade_of_one_and_of_two_who_agree_and_of_none_while_they_differ(
    people: dict[str, Actor], open_claims: OpenClaims, library: Engine
) -> None:
    grade(library, people["Ada"], "randomised")
    assert certainty(open_claims("Ada", claim=invented_claims.ONSET)).value is Certainty.HIGH
    grade(library, people["Ben"], "observational")
    desk = open_claims("Ada", claim=invented_claims.ONSET)
    assert certainty(desk).value is None
    (said,) = [each.value for each in desk.markdown if "The grades differ" in each.value]
    assert "(Ada high, Ben low)" in said
    grade(library, people["Ben"], "randomised")
    desk = open_claims("Ada", claim=invented_claims.ONSET)
    assert certainty(desk).value is Certainty.HIGH
    assert not [each for each in desk.markdown if "The grades differ" in each.value]


def test_contradicting_evidence_that_came_in_meanwhile_must_be_seen_first(
    people: dict[str, Actor], open_claims: OpenClaims, library: Engine
) -> None:
    desk = open_claims("Ben", claim=invented_claims.ONSET)
    desk.radio[0].set_value(Verdict.SUPPORTED)
    certainty(desk).set_value(Certainty.LOW)
    desk.text_area[0].input("Two trials agree.")
    with writing(library) as session:
        invented_claims.link(session, actor=people["Cleo"], stance=Stance.CONTRADICTS)
    button(desk, "Give verdict")
    assert "contradicting evidence that you have not seen" in desk.error[0].value
    assert verdicts(library, people["Ben"]) == []


def test_verdicts_of_two_members_both_stand_in_the_history(
    people: dict[str, Actor], open_claims: OpenClaims, library: Engine
) -> None:
    invented_claims.judge(library, people["Ben"], Verdict.SUPPORTED, "Ben read the trial.")
    invented_claims.judge(library, people["Cleo"], Verdict.OVERSTATED, "Cleo read the trial.")
    said = words(open_claims("Dov", claim=invented_claims.ONSET))
    assert said.index("Cleo read the trial.") < said.index("Ben read the trial.")
