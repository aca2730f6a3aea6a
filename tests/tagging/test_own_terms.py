"""What is suggested by the words that a lead gave the terms of the form."""

from typing import Any

import pytest

from review_app.services.studies import tags_for_form
from review_app.services.tag_forms import shipped_form
from review_app.tagging.form import TagForm, in_form
from review_app.tagging.form_changes import BadChange, add_choice, add_field, change_choice
from review_app.tagging.model import StudyText, SuggestedTags
from review_app.tagging.own_terms import with_own_terms
from review_app.tagging.suggest import suggest

SHIPPED = shipped_form()
STUDY = StudyText(
    title="Rectal ketamine gel in perimenopausal depression: a randomised controlled trial",
    sections=(
        ("BACKGROUND", "Smokers are often depressed."),
        ("METHODS", "Sixty women received ketamine gel or placebo. The Invented Mood Ladder rated their mood."),
        ("RESULTS", "Sense of purpose improved more with ketamine, on the Purpose Ladder too."),
    ),
    keywords=("Night shift",),
)


def add(form: TagForm, field: str, label: str, *words: str, part: str | None = None) -> TagForm:
    return add_choice(form, field, label=label, part=part, words=words, source="local")


def suggested(form: TagForm) -> tuple[SuggestedTags, dict[str, Any]]:
    tags = suggest(STUDY)
    own = with_own_terms(tags, STUDY, form, tags_for_form(tags))
    return own, in_form(form, tags_for_form(own))


def test_an_added_population_is_suggested_with_the_words_it_was_found_by() -> None:
    tags, entry = suggested(add(SHIPPED, "population", "Perimenopause", "perimenopaus*"))
    assert "perimenopause" in entry["population"]
    assert [each.words for each in tags.basis["population:perimenopause"]] == ["perimenopausal"]


def test_a_keyword_names_a_term_too() -> None:
    tags, entry = suggested(add(SHIPPED, "population", "Shift workers", "night shift"))
    assert "shift_workers" in entry["population"]
    assert [(each.source, each.words) for each in tags.basis["population:shift_workers"]] == [
        ("keyword", "Night shift")
    ]


def test_words_of_the_background_name_the_field_and_not_the_study() -> None:
    form = add(SHIPPED, "population", "Smokers", "smokers")
    assert suggested(form)[0] == suggest(STUDY)


def test_words_are_looked_for_as_they_are_written_and_are_no_pattern() -> None:
    form = add(SHIPPED, "population", "Perimenopause", "perimen.pausal", "(perimenopausal", "peri|women", "<b>women")
    assert suggested(form)[0] == suggest(STUDY)


def test_a_form_without_words_suggests_what_the_tagger_does() -> None:
    assert suggested(add(SHIPPED, "population", "Perimenopause"))[0] == suggest(STUDY)


def test_a_retired_term_is_suggested_no_more() -> None:
    form = add(SHIPPED, "population", "Perimenopause", "perimenopaus*")
    form = change_choice(form, "population", "perimenopause", retired=True)
    assert "perimenopause" not in suggested(form)[1]["population"]


def test_an_added_route_is_that_of_the_row_whose_route_nobody_says() -> None:
    form = add(SHIPPED, "interventions", "Rectal", "rectal", part="route")
    tags, entry = suggested(form)
    assert [(row["molecule"], row["route"]) for row in entry["interventions"]] == [("ketamine", "rectal")]
    assert "Rectal" in [each.words for each in tags.basis["interventions:ketamine/rectal"]]


def test_an_added_molecule_is_a_row_of_its_own() -> None:
    form = add(SHIPPED, "interventions", "Ketamine gel", "ketamine gel", part="molecule")
    rows = suggested(form)[1]["interventions"]
    assert {"molecule": "ketamine_gel", "route": "not_stated", "dose": None, "schedule": None} in rows


def test_an_added_outcome_has_its_direction_and_the_instrument_of_its_sentence() -> None:
    form = add(SHIPPED, "outcomes", "Purpose", "sense of purpose", part="domain")
    form = add(form, "outcomes", "Purpose Ladder", "purpose ladder", part="instrument")
    tags, entry = suggested(form)
    (row,) = [row for row in entry["outcomes"] if row["domain"] == "purpose"]
    assert (row["instrument"], row["direction"]) == ("purpose_ladder", "favours_intervention")
    assert [each.words for each in tags.basis["outcomes:purpose/purpose_ladder"]] == [
        "Sense of purpose",
        "Purpose Ladder",
    ]


def test_a_field_of_the_leads_own_takes_the_first_term_that_is_found() -> None:
    form = add_field(SHIPPED, label="Recruited", kind="one", choices=["Clinic", "Community"])
    form = change_choice(form, "recruited", "community", words=["women"])
    assert suggested(form)[1]["recruited"] == "community"


def test_words_take_the_place_of_not_stated_only_where_they_are_found() -> None:
    silent = StudyText("Ketamine for everybody")
    tags = suggest(silent)
    assert tags.population == ("not_stated",)
    form = add(SHIPPED, "population", "Everybody", "everybody")
    assert with_own_terms(tags, silent, form, tags_for_form(tags)).own["population"] == ["everybody"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"source": " "}, "Say where the term comes from"),
        ({"words": ["a"]}, "two letters or more"),
        ({"words": ["peri*pausal"]}, "stands at the end only"),
        ({"words": [f"word {number}" for number in range(31)]}, "up to 30 words"),
    ],
)
def test_what_a_term_cannot_be_found_by_is_named(given: dict[str, Any], said: str) -> None:
    with pytest.raises(BadChange, match=said):
        add_choice(SHIPPED, "population", **{"label": "Invented", "source": "local", **given})
