"""What several reviewers said, field by field, and which of their findings are of one result."""

from typing import Any

import pytest

from review_app.tagging.comparison import Choice, Comparison, Side, settled
from review_app.tagging.form import BadEntry, Field, TagForm
from review_app.tagging.form import Choice as Term
from review_app.tagging.paired_findings import paired

TERMS = (Term("low", "Low"), Term("high", "High"))
ONE = Field("one", "One", "one", choices=TERMS, required=True)
TWO = Field("two", "Two", "one", choices=TERMS)
TOTAL = Field("total", "Total", "one", choices=TERMS)


def compared(ben: list[str], cleo: list[str], follows: str | None = None) -> Comparison:
    fields = (ONE, TWO, TOTAL)
    names = [each.id for each in fields]
    sides = (Side(1, "Ben", dict(zip(names, ben, strict=True))), Side(2, "Cleo", dict(zip(names, cleo, strict=True))))
    return Comparison(TagForm("", fields), sides, follows)


def ids(fields: tuple[Field, ...]) -> list[str]:
    return [each.id for each in fields]


def test_what_follows_from_the_others_is_open_where_any_of_them_is() -> None:
    one = compared(["low", "low", "low"], ["high", "low", "low"], "total")
    assert (ids(one.differing), one.agreed_entry()) == (["one", "total"], {"two": "low"})
    assert ids(compared(["low"] * 3, ["low"] * 3, "total").differing) == []
    assert ids(compared(["low"] * 3, ["high", "low", "low"]).differing) == ["one"]


def test_a_side_is_taken_or_another_value_written_each_with_its_reason() -> None:
    both = compared(["low", "low", "low"], ["high", "high", "low"])
    choices = {"one": Choice(2), "two": Choice(None, "low", "  as   planned ")}
    held = settled(both.differing, both.sides, choices, "read together")
    assert [(each.value, each.reason) for each in held.values()] == [("high", "read together"), ("low", "as planned")]


def test_what_a_side_said_holds_as_it_was_said_also_where_the_form_offers_it_no_more() -> None:
    both = compared(["low", "low", "low"], ["gone", "low", "low"])
    assert settled(both.differing, both.sides, {"one": Choice(2)}, "so")["one"].value == "gone"


@pytest.mark.parametrize(
    ("choices", "reason", "said"),
    [
        ({}, "so", "Choose what holds of One"),
        ({"one": Choice(1)}, " ", "Say why for One"),
        ({"one": Choice(9)}, "so", "Choose one of the reviewers"),
        ({"one": Choice(None)}, "so", "Choose the other value of One"),
        ({"one": Choice(None, "dreadful")}, "so", "not a choice of the form"),
    ],
)
def test_what_is_missing_or_makes_no_sense_is_named(choices: dict[str, Choice], reason: str, said: str) -> None:
    both = compared(["low", "low", "low"], ["high", "low", "low"])
    with pytest.raises(BadEntry, match=said):
        settled(both.differing, both.sides, choices, reason)


def finding(domain: str, instrument: str | None = None, when: str | None = None) -> dict[str, Any]:
    return {"domain": domain, "instrument": instrument, "time_point": when}


def test_findings_of_one_result_are_paired_the_likest_first() -> None:
    ben = {1: finding("response", "MADRS", "h24"), 2: finding("response", "MADRS", "d7"), 3: finding("safety")}
    cleo = {4: finding("response", None, "d7"), 5: finding("response", "MADRS", "h24"), 6: finding("remission")}
    assert paired({1: ben, 2: cleo}) == [{1: 1, 2: 5}, {1: 2, 2: 4}, {1: 3}, {2: 6}]
    assert paired({1: {}, 2: {4: finding("response")}}) == [{2: 4}]


def test_two_findings_of_one_reviewer_are_never_one() -> None:
    twice = {1: finding("response"), 2: finding("response")}
    assert paired({1: twice, 2: {3: finding("response")}, 3: {4: finding("response")}}) == [{1: 1, 2: 3, 3: 4}, {1: 2}]
