"""The claims library on the page: the list, one claim, and what people may do with it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import invented_claims
import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

from db.engine import reading, writing
from db.queries import claims as claim_queries
from db.types import Actor, Certainty, Stance, Verdict, WordingKind
from review_app import database
from review_app.services import claims as claim_service

OpenDesk = Callable[[str | None], AppTest]
OpenClaims = Callable[..., AppTest]
CLAIMS = str(Path(database.__file__).parent / "pages" / "claims.py")
ROLES = ["Ada", "Ben", "Dov", "Rae"]


@pytest.fixture
def people(library: Engine) -> dict[str, Actor]:
    return invented_claims.fill(library)


@pytest.fixture
def open_claims(open_desk: OpenDesk) -> OpenClaims:
    """`open_claims("Ben", claim="invented-onset")`: the page at that address, as this person sees it."""

    def open_as(name: str, **address: str) -> AppTest:
        desk = open_desk(name).switch_page(CLAIMS)
        desk.query_params.update(address)
        return desk.run()

    return open_as


def words(desk: AppTest) -> str:
    bodies = [str(element.proto.body) for element in desk.get("html")]
    return " ".join(body for body in bodies if "<style>" not in body)


def links(desk: AppTest) -> list[str]:
    """The statements in the list, as markup."""
    return re.findall(r'<a href="/claims\?claim=[^"]*" target="_self">(.*?)</a>', words(desk))


def button(desk: AppTest, label: str) -> AppTest:
    return next(item for item in desk.button if item.label == label).click().run()


def verdicts(library: Engine, viewer: Actor) -> list[str]:
    with reading(library) as session:
        page = claim_queries.claim(session, viewer=viewer, claim_id=invented_claims.ONSET)
    assert page is not None
    return [row.verdict.value for row in page.verdicts]


def certainty(desk: AppTest) -> Selectbox[Any]:
    """The certainty in the form of a verdict."""
    return next(box for box in desk.selectbox if box.key and box.key.endswith("_certainty"))


def judge(library: Engine, actor: Actor, verdict: Verdict) -> None:
    with writing(library) as session:
        page = claim_queries.claim(session, viewer=actor, claim_id=invented_claims.ONSET)
        assert page is not None
        claim_service.give_verdict(
            session,
            actor=actor,
            claim_id=invented_claims.ONSET,
            version_number=1,
            verdict=verdict,
            certainty=Certainty.LOW,
            reason=f"{actor.name} read the trial.",
            contradicting_seen=[row.id for row in page.evidence],
        )


@pytest.mark.parametrize("name", ROLES)
def test_every_role_reads_the_list_and_a_claim(people: dict[str, Actor], open_claims: OpenClaims, name: str) -> None:
    assert not open_claims(name).exception
    desk = open_claims(name, claim=invented_claims.ONSET)
    assert not desk.exception
    assert invented_claims.STATEMENT in words(desk)


def test_a_library_without_claims_says_so(library: Engine, open_claims: OpenClaims) -> None:
    assert "There is no claim in this library." in words(open_claims("Ada"))


def test_the_list_shows_what_speaks_for_and_against(people: dict[str, Actor], open_claims: OpenClaims) -> None:
    desk = open_claims("Ben")
    assert "2 supports, 1 qualifies, 1 contradicts" in words(desk)
    assert "moderate certainty" in words(desk)
    assert 'data-basis="library"' in words(desk)


def test_a_draft_that_nobody_judged_carries_no_verdict(people: dict[str, Actor], open_claims: OpenClaims) -> None:
    assert "no verdict yet" in words(open_claims("Ben"))


def test_the_list_is_narrowed_by_words_topic_and_state(people: dict[str, Actor], open_claims: OpenClaims) -> None:
    desk = open_claims("Ben")
    assert len(links(desk)) == 3
    desk.selectbox(key="topic").select("administration").run()
    assert len(links(desk)) == 1
    desk.selectbox(key="topic").select("any").run()
    desk.selectbox(key="state").select("against").run()
    assert len(links(desk)) == 1
    desk.text_input(key="words").input("bladder").run()
    assert "No claim fits." in words(desk)


def test_an_unknown_claim_gives_a_clear_box(people: dict[str, Actor], open_claims: OpenClaims) -> None:
    desk = open_claims("Ben", claim="<script>alert(1)</script>")
    assert not desk.exception
    assert "No such claim." in words(desk)
    assert "<script>" not in words(desk)


def test_a_claim_names_the_key_study_that_is_not_here(people: dict[str, Actor], open_claims: OpenClaims) -> None:
    said = words(open_claims("Ben", claim=invented_claims.ONSET))
    assert f"PMID {invented_claims.NOT_HELD}</b> is not in this library yet" in said


def test_a_label_is_cited_with_set_id_version_and_date(people: dict[str, Actor], open_claims: OpenClaims) -> None:
    said = words(open_claims("Ben", claim=invented_claims.ONSET))
    assert "set id 00000000-invented, version 3, effective 2026-01-05" in said
    assert "For adults whose depression did not respond" in said


def test_contradicting_evidence_is_drawn_first_and_outside_any_fold(
    people: dict[str, Actor], open_claims: OpenClaims
) -> None:
    desk = open_claims("Ben", claim=invented_claims.ONSET)
    assert words(desk).index("Contradicting evidence") < words(desk).index("Evidence for it")
    folded = " ".join(str(item.proto.body) for fold in desk.expander for item in fold.get("html"))
    assert invented_claims.AGAINST_TITLE in words(desk)
    assert invented_claims.AGAINST_TITLE not in folded


def test_what_goes_too_far_stands_beside_a_wording_that_holds(
    people: dict[str, Actor], open_claims: OpenClaims
) -> None:
    said = words(open_claims("Ben", claim=invented_claims.ONSET))
    assert invented_claims.TOO_FAR in said
    assert f"say rather: {invented_claims.REWORDING}" in said


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


def test_what_may_be_said_as_it_stands_stands_apart_from_what_needs_a_qualifier(
    people: dict[str, Actor], open_claims: OpenClaims, library: Engine
) -> None:
    with writing(library) as session:
        claim_service.add_wording(
            session, actor=people["Ada"], claim_id=invented_claims.ONSET, text="Ketamine helps within a day.",
            kind=WordingKind.WORDING, verdict=Verdict.NEEDS_QUALIFICATION,
        )  # fmt: skip
    said = words(open_claims("Dov", claim=invented_claims.ONSET))
    places = [
        said.index(part)
        for part in (
            "May be said as it stands",
            "Some people feel better a day",
            "Not without a qualifier",
            "Ketamine helps within a day.",
        )
    ]
    assert places == sorted(places)
    judge(library, people["Ben"], Verdict.OVERSTATED)
    assert "(people judged the claim itself as less than supported)" in words(
        open_claims("Dov", claim=invented_claims.ONSET)
    )


def test_a_study_that_ships_and_that_somebody_quotes_counts_once(
    people: dict[str, Actor], open_claims: OpenClaims, library: Engine
) -> None:
    with writing(library) as session:
        invented_claims.link(session, actor=people["Cleo"], stance=Stance.SUPPORTS)
    assert "2 supports, 1 qualifies, 1 contradicts" in words(open_claims("Ben"))
    assert "Evidence for it · 2 in 3 pieces" in words(open_claims("Ben", claim=invented_claims.ONSET))


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


def test_a_wording_is_added_and_a_claim_written(people: dict[str, Actor], open_claims: OpenClaims) -> None:
    desk = open_claims("Dov", claim=invented_claims.ONSET)
    desk.text_input(key=f"wording_{invented_claims.ONSET}_text").input("A day later many feel better.")
    button(desk, "Add wording")
    assert "A day later many feel better." in words(desk)
    desk = open_claims("Dov")
    desk.text_area(key="new_claim_statement").input("Ketamine is given by people in invented clinics.")
    button(desk, "Write claim")
    assert desk.query_params["claim"] == "ketamine-is-given-by-people-in"
    assert "no verdict yet" in words(desk)


def test_only_who_linked_a_quote_or_a_lead_finds_the_way_to_withdraw_it(
    people: dict[str, Actor], open_claims: OpenClaims, library: Engine
) -> None:
    with writing(library) as session:
        invented_claims.link(session, actor=people["Cleo"], stance=Stance.SUPPORTS)
    assert "Withdraw" not in [item.label for item in open_claims("Ben", claim=invented_claims.ONSET).button]
    desk = open_claims("Cleo", claim=invented_claims.ONSET)
    assert "linked by Cleo" in words(desk)
    button(desk, "Withdraw")
    assert "linked by Cleo" not in words(desk)


def test_who_only_reads_finds_no_controls(people: dict[str, Actor], open_claims: OpenClaims) -> None:
    assert [item.label for item in open_claims("Rae").button] == []
    desk = open_claims("Rae", claim=invented_claims.ONSET)
    assert [item.label for item in desk.button] == []
    assert not desk.text_area


def test_words_of_a_claim_are_text(people: dict[str, Actor], open_claims: OpenClaims, library: Engine) -> None:
    statement = "<script>alert('claim')</script> **Ketamine** [is](http://invented.example) a medicine."
    with writing(library) as session:
        made = claim_service.create_claim(
            session, actor=people["Ada"], topic_id=invented_claims.TOPIC, statement=statement, topics=[]
        )
    assert "<script>" not in words(open_claims("Ben", claim=made.id))
    assert "<script>" not in words(open_claims("Ben"))
    assert any("&lt;script&gt;alert(&#x27;claim&#x27;)" in item for item in links(open_claims("Ben")))


def test_verdicts_of_two_members_both_stand_in_the_history(
    people: dict[str, Actor], open_claims: OpenClaims, library: Engine
) -> None:
    judge(library, people["Ben"], Verdict.SUPPORTED)
    judge(library, people["Cleo"], Verdict.OVERSTATED)
    said = words(open_claims("Dov", claim=invented_claims.ONSET))
    assert said.index("Cleo read the trial.") < said.index("Ben read the trial.")


def test_a_claim_leads_to_the_copy_that_uses_it_for_who_may_open_it(
    people: dict[str, Actor], open_claims: OpenClaims, library: Engine
) -> None:
    document = invented_claims.keep_copy(library, people["Dov"])
    address = f'href="/check_copy?document={document}&sentence=1"'
    assert address in words(open_claims("Dov", claim=invented_claims.ONSET))
    said = words(open_claims("Rae", claim=invented_claims.ONSET))
    assert "One infusion, one day" in said
    assert address not in said
    assert "used in 2 sentences" in words(open_claims("Rae"))
