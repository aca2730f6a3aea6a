"""What a new version of a document changes; claims and copy are invented."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from factcheck.factcheck_copy import TOPIC, check, claim, study

from review_app.factcheck import report_diff, topic_data
from review_app.factcheck.diff import Change, Diff, diff

FAST = "Ketamine eases depression within hours."
CAREFUL = "Ketamine may ease depression within hours in some patients."
SAFE = "Ketamine therapy is considered safe in a clinic."
RISKS = "Sedation, dissociation and misuse are known risks."
PRICE = "An infusion costs 400 dollars and most insurers do not cover it."


def between(old: str, new: str) -> Diff:
    return diff(check(old, claim(), studies=[study()]), check(new, claim(), studies=[study()]))


def only(found: Diff) -> Change:
    (change,) = found.changes
    return change


def effects(change: Change) -> dict[str, tuple[Any, Any]]:
    return {one.what: (one.old, one.new) for one in change.effects}


def test_two_like_versions_differ_in_nothing() -> None:
    found = between(f"{FAST} {SAFE}", f"{FAST}\n\n{SAFE}")
    assert (found.changes, found.balance, found.unchanged) == ((), (), 2)


def test_a_changed_sentence_shows_its_words_and_its_verdicts() -> None:
    change = only(between(f"{FAST} {PRICE}", f"{CAREFUL} {PRICE}"))
    assert change.kind == "changed"
    assert ("added", "may ease") in change.words
    assert ("removed", "eases") in change.words
    assert effects(change)["verdict"] == ("needs_qualification", "supported")


def test_a_sentence_added_and_one_taken_out_are_told_apart_from_a_change() -> None:
    found = between(f"{FAST} {SAFE}", f"{FAST} {PRICE}")
    assert [(change.kind, change.new is None) for change in found.changes] == [("removed", True), ("added", False)]


def test_a_moved_sentence_is_neither_added_nor_gone() -> None:
    found = between(f"{PRICE} {FAST} {SAFE}", f"{FAST} {SAFE} {PRICE}")
    assert {change.kind for change in found.changes} <= {"reassessed"}
    assert found.unchanged + len(found.changes) == 3


def test_the_same_words_get_another_answer_when_the_risks_beside_them_go() -> None:
    found = between(f"{SAFE} {RISKS}", SAFE)
    kinds = {change.kind: change for change in found.changes}
    assert set(kinds) == {"reassessed", "removed"}
    old, new = effects(kinds["reassessed"])["flags"]
    assert "risk_omission" in new
    assert "risk_omission" not in old
    lost = {one.concept for one in found.balance if (one.old, one.new) == (True, False)}
    assert "ketamine-dissociation-sedation" in lost


def test_a_sentence_that_was_taken_out_stands_where_it_stood() -> None:
    found = between(f"{FAST} {RISKS} {PRICE}", f"{FAST} {PRICE} {SAFE}")
    # The benefit that stood beside the risks is judged anew without them.
    assert [change.kind for change in found.changes] == ["reassessed", "removed", "added"]
    assert [change.old is not None for change in found.changes] == [True, True, False]


def test_each_sentence_is_paired_once() -> None:
    found = between(f"{FAST} {FAST} {FAST}", f"{FAST} {FAST}")
    assert [change.kind for change in found.changes] == ["removed"]


def test_the_object_for_programs_carries_both_sentences_and_counts() -> None:
    told = report_diff.to_json(between(f"{FAST} {PRICE}", f"{CAREFUL} {PRICE}"))
    (change,) = told["changes"]
    assert (change["kind"], change["old"]["text"], change["new"]["text"]) == ("changed", FAST, CAREFUL)
    assert told["summary"] == {"unchanged": 1, "added": 0, "removed": 0, "changed": 1, "reassessed": 0}
    assert json.loads(json.dumps(told)) == told


@pytest.mark.parametrize("render", [report_diff.to_text, report_diff.to_markdown, report_diff.to_html])
def test_every_report_tells_what_changed_from_what_to_what(render: Callable[..., str]) -> None:
    told = render(between(f"{FAST} {RISKS}", CAREFUL), topic_data.load(TOPIC))
    assert "needs qualification → supported" in told
    assert "said → not said" in told
    assert "1 taken out, 1 changed" in told
    assert "not an approval" in told.replace("\n", " ")


def test_a_web_page_shows_markup_of_the_document_as_text() -> None:
    hostile = "Ketamine <script>alert(1)</script> eases depression within hours."
    page = report_diff.to_html(between(FAST, hostile), topic_data.load(TOPIC))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
