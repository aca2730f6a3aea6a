"""What people decide about the sentences of checked copy, and how the page shows what they decided."""

from collections.abc import Callable

import invented_claims
from copy_page import button, labels, view, words
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from db.types import Actor, Verdict

OpenCopy = Callable[..., AppTest]


def say(desk: AppTest, act: str, reason: str, keep: str) -> AppTest:
    """Open the form of an act, give the reason and keep it."""
    button(desk, act)
    next(box for box in desk.text_input if box.key and box.key.startswith("reason_")).input(reason)
    return button(desk, keep)


def test_a_rejected_claim_takes_its_verdict_demands_and_cards_with_it(
    open_copy: OpenCopy, document: str, library: Engine, people: dict[str, Actor]
) -> None:
    desk = open_copy("Dov", document=document, sentence="2")
    assert invented_claims.AGAINST_TITLE in words(desk)
    say(desk, "Makes another claim", "It speaks of another drug.", "Keep: another claim")
    said = words(desk)
    assert "<b>Dov</b> on" in said
    assert "the sentence makes another claim. It speaks of another drug." in said
    assert "no verdict" in said
    assert 'data-verdict="overstated"' not in said
    assert "Must be said" not in said
    assert invented_claims.REWORDING not in said
    assert "ships with the claim" not in said
    assert view(library, people["Dov"], document).counts["overstated"] == 1, "the cure alone"
    assert "Makes this claim" in labels(desk), "the way back"


def test_a_reason_is_asked_for_inside_the_form_which_stays(open_copy: OpenCopy, document: str) -> None:
    desk = button(open_copy("Dov", document=document, sentence="2"), "Makes another claim")
    assert not desk.error
    button(desk, "Keep: another claim")
    assert "why the claim does not fit" in desk.error[0].value
    assert "Keep: another claim" in labels(desk)
    button(desk, "Cancel")
    assert not desk.error
    assert "Keep: another claim" not in labels(desk)


def test_a_form_belongs_to_its_sentence(open_copy: OpenCopy, document: str) -> None:
    desk = button(open_copy("Dov", document=document, sentence="2"), "Makes another claim")
    desk.query_params["sentence"] = "1"
    assert "Keep: another claim" not in labels(desk.run())


def test_an_accepted_claim_says_by_whom(open_copy: OpenCopy, document: str) -> None:
    desk = button(open_copy("Dov", document=document, sentence="1"), "Makes this claim")
    assert "<b>Dov</b> on" in words(desk)
    assert "the sentence makes this claim" in words(desk)
    assert "Makes this claim" not in labels(desk)


def test_a_sentence_that_makes_no_claim_loses_its_cards_until_somebody_takes_that_back(
    open_copy: OpenCopy, document: str
) -> None:
    desk = open_copy("Dov", document=document, sentence="5")
    assert "▲ 2 overstated" in labels(desk)
    say(desk, "Makes no claim", "A test of the page.", "Keep: no claim")
    assert "the sentence makes no claim. A test of the page." in words(desk)
    assert "▲ 1 overstated" in labels(desk)
    assert "fn-card" not in words(desk)
    button(desk, "It makes a claim after all")
    assert "the sentence makes no claim" not in words(desk)
    assert "▲ 2 overstated" in labels(desk)


def test_the_dossier_says_who_judged_the_claim_when_and_why(
    open_copy: OpenCopy, document: str, library: Engine, people: dict[str, Actor]
) -> None:
    invented_claims.judge(library, people["Ben"], Verdict.NEEDS_QUALIFICATION, "Two small trials disagree.")
    said = words(open_copy("Dov", document=document, sentence="1"))
    assert "<b>Ben</b> judged the claim as it is stated on" in said
    assert "<b>needs qualification</b>. Two small trials disagree." in said
    assert "This check was made before that: check again." in said


def test_a_statement_that_people_judged_less_than_supported_is_not_offered_as_what_holds(
    open_copy: OpenCopy, document: str, library: Engine, people: dict[str, Actor]
) -> None:
    assert "A wording that holds" in words(open_copy("Dov", document=document, sentence="2"))
    invented_claims.judge(library, people["Ben"], Verdict.NEEDS_QUALIFICATION, "Two small trials disagree.")
    desk = button(open_copy("Dov", document=document, sentence="1"), "Check again")
    assert 'data-verdict="needs_qualification" data-basis="reviewed"' in words(desk)
    assert "check again" not in words(desk)
    for sentence in ("1", "2"):
        said = words(open_copy("Dov", document=document, sentence=sentence))
        assert "A wording that holds" not in said
        assert "people judged the claim itself as needs qualification" in said


def test_a_reviewer_checks_but_leaves_the_links_to_writers(open_copy: OpenCopy, document: str) -> None:
    desk = open_copy("Ben", document=document, sentence="1")
    assert "Makes this claim" not in labels(desk)
    assert "Check again" in labels(desk)


def test_checking_again_keeps_what_people_decided(
    open_copy: OpenCopy, document: str, library: Engine, people: dict[str, Actor]
) -> None:
    desk = button(open_copy("Dov", document=document, sentence="1"), "Makes this claim")
    first = view(library, people["Dov"], document).check_id
    button(desk, "Check again")
    assert not desk.exception
    again = view(library, people["Dov"], document)
    assert again.check_id > first
    assert again.sentences[1].link is not None
    assert again.sentences[1].link.what == "accepted"
