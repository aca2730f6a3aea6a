"""A tagging form as data: what an entry must look like, and how a form changes without losing what was answered."""

from typing import Any

import pytest

from review_app.services.tag_forms import shipped_form
from review_app.tagging.form import BadEntry, Field, TagForm, blank, from_json, in_form, valid_entry
from review_app.tagging.form_changes import (
    BadChange,
    add_choice,
    add_field,
    change_choice,
    change_field,
    taken_in,
)

SHIPPED = shipped_form()
OUTCOME = {"domain": "response", "direction": "favours_intervention"}


def field(form: TagForm, field_id: str) -> Field:
    found = form.field(field_id)
    assert found is not None
    return found


def test_the_shipped_form_asks_what_a_study_is_and_found_each_with_a_source() -> None:
    asked = [each.id for each in SHIPPED.fields]
    assert asked[:3] == ["study_design", "population", "interventions"]
    assert {"comparators", "sample_size", "follow_up", "sponsor", "funding", "registration", "outcomes"} < set(asked)
    assert [part.id for part in field(SHIPPED, "interventions").parts] == ["molecule", "route", "dose", "schedule"]
    assert [part.id for part in field(SHIPPED, "outcomes").parts] == [
        *("domain", "instrument", "direction", "time_point", "measure"),
        *("estimate", "interval_low", "interval_high", "p_value"),
    ]
    assert all(each.source for each in SHIPPED.fields)
    assert "rct" in field(SHIPPED, "study_design").offered()


def test_a_form_comes_back_from_its_stored_form_as_it_was() -> None:
    assert from_json(SHIPPED.as_json(), shipped=SHIPPED) == SHIPPED


def test_the_first_forms_named_only_their_fields() -> None:
    old = from_json({"vocabulary": "2026-01-01", "fields": ["study_design", "outcomes"]}, shipped=SHIPPED)
    assert [each.id for each in old.fields] == ["study_design", "outcomes"]
    assert taken_in(old, SHIPPED).fields[0].label == "Study design"
    assert {each.id for each in taken_in(old, SHIPPED).fields} == {each.id for each in SHIPPED.fields}


def test_an_entry_without_an_answer_is_blank() -> None:
    entry = valid_entry(SHIPPED, {})
    assert entry == blank(SHIPPED)
    assert entry["population"] == []
    assert entry["sample_size"] is None


def test_words_and_numbers_are_stored_trimmed_and_as_what_they_are() -> None:
    entry = valid_entry(SHIPPED, {"sponsor": "  Invented   Trust ", "follow_up": 4, "registration": "  "})
    assert (entry["sponsor"], entry["follow_up"], entry["registration"]) == ("Invented Trust", 4.0, None)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"study_design": "rtc"}, "Study design: rtc is not a choice"),
        ({"population": ["trd", "everybody"]}, "everybody is not a choice"),
        ({"sample_size": 1.5}, "a whole number"),
        ({"sample_size": True}, "a whole number"),
        ({"follow_up": float("nan")}, "a number, or empty"),
        ({"sponsor": "x" * 2_001}, "at most 2,000 characters"),
        ({"outcomes": [{"domain": "response"}]}, "row 1: choose direction"),
        ({"outcomes": [OUTCOME, {**OUTCOME, "estimate": "large"}]}, "row 2, Estimate: a number"),
        ({"outcomes": [OUTCOME] * 101}, "at most 100 rows"),
    ],
)
def test_an_answer_that_the_form_does_not_take_is_named(answer: dict[str, Any], said: str) -> None:
    with pytest.raises(BadEntry, match=said):
        valid_entry(SHIPPED, answer)


def test_an_added_field_is_asked_and_has_an_id_of_its_own() -> None:
    form = add_field(SHIPPED, label="Blinding kept?", kind="one", choices=["Yes", "No", "Yes"])
    added = form.fields[-1]
    assert (added.id, added.offered()) == ("blinding_kept", ("yes", "no"))
    assert valid_entry(form, {"blinding_kept": "no"})["blinding_kept"] == "no"
    assert "blinding_kept" not in valid_entry(SHIPPED, {"blinding_kept": "no"})
    assert add_field(SHIPPED, label="Quotes", kind="text").fields[-1].id == "quotes_2"


def test_what_is_renamed_keeps_its_id_and_what_is_retired_is_no_longer_asked() -> None:
    form = change_field(SHIPPED, "sponsor", label="Who paid")
    form = change_field(form, "registration", retired=True)
    assert field(form, "sponsor").label == "Who paid"
    assert "registration" not in valid_entry(form, {"registration": "NCT90000001"})
    again = change_field(form, "registration", retired=False)
    assert again.active() == again.fields


def test_a_retired_choice_is_not_offered_and_old_answers_still_hold() -> None:
    form = change_choice(SHIPPED, "outcomes", "MADRS", part="instrument", retired=True)
    (instrument,) = [part for part in field(form, "outcomes").parts if part.id == "instrument"]
    assert "MADRS" not in instrument.offered()
    answer = {"outcomes": [{**OUTCOME, "instrument": "MADRS"}]}
    assert valid_entry(form, answer)["outcomes"][0]["instrument"] == "MADRS"


def test_a_choice_is_added_to_a_part_of_a_row() -> None:
    form = add_choice(SHIPPED, "interventions", label="Rectal", part="route", source="local")
    answer = {"interventions": [{"molecule": "ketamine", "route": "rectal"}]}
    assert valid_entry(form, answer)["interventions"][0]["route"] == "rectal"


@pytest.mark.parametrize(
    "change",
    [
        lambda form: add_field(form, label="study DESIGN", kind="text"),
        lambda form: add_field(form, label=" ", kind="text"),
        lambda form: add_field(form, label="Setting", kind="one", choices=["Clinic"]),
        lambda form: add_field(form, label="Setting", kind="rows"),
        lambda form: change_field(form, "sponsor", label="Funding"),
        lambda form: change_field(form, "nothing", retired=True),
        lambda form: add_choice(form, "study_design", label="case report", source="local"),
        lambda form: add_choice(form, "sponsor", label="Somebody", source="local"),
        lambda form: change_choice(form, "study_design", "", retired=True),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(change: Any) -> None:
    with pytest.raises(BadChange):
        change(SHIPPED)


def test_what_ships_later_comes_in_and_a_leads_changes_stay() -> None:
    older = TagForm("2026-01-01", SHIPPED.fields[:4])
    mine = change_field(older, "population", label="Who")
    mine = add_field(change_choice(mine, "study_design", "other", retired=True), label="Setting", kind="text")
    now = taken_in(mine, SHIPPED)
    assert field(now, "population").label == "Who"
    assert "other" not in field(now, "study_design").offered()
    assert [each.id for each in now.fields][:5] == [*(each.id for each in SHIPPED.fields[:4]), "setting"]
    assert {each.id for each in now.fields} == {each.id for each in SHIPPED.fields} | {"setting"}
    assert taken_in(now, SHIPPED) == now


def test_an_entry_of_another_form_is_shown_in_this_one_as_far_as_it_goes() -> None:
    old = {"study_design": "rct", "outcomes": [{"domain": "response", "instrument": None, "direction": "harm"}]}
    shown = in_form(SHIPPED, old)
    assert shown["study_design"] == "rct"
    assert shown["outcomes"][0]["estimate"] is None
    assert shown["sponsor"] is None
