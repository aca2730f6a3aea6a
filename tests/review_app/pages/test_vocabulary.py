"""The vocabulary on the page of settings: a lead's terms reach the tag form, findings and what is suggested."""

from collections.abc import Callable
from typing import Any

import invented_screening
import pytest
from sqlalchemy import Engine
from sqlmodel import delete, select
from streamlit.testing.v1 import AppTest
from study_page import field, press, taggings, words

from db.engine import reading, writing
from db.models import AuditEvent, Form

OpenPage = Callable[[str, str], AppTest]
OpenStudy = Callable[..., AppTest]


def box(desk: AppTest, label: str) -> Any:
    """The box of words or choices with this label."""
    return next(each for each in (*desk.selectbox, *desk.text_input, *desk.text_area) if each.label.startswith(label))


def add_term(desk: AppTest, terms: str, called: str, found_by: str) -> AppTest:
    box(desk, "List").set_value(terms).run()
    box(desk, "What it is called").set_value(called)
    box(desk, "Words it is found by").set_value(found_by)
    box(desk, "Where it comes from").set_value("MeSH Infusions")
    return press(desk, "Add this term")


def test_a_term_of_the_lead_is_offered_and_suggested_and_what_was_tagged_stays(
    open_page: OpenPage, open_study: OpenStudy, studies: Engine
) -> None:
    press(open_study("Ben"), "Accept all suggestions")
    before = taggings(studies)[0]
    desk = add_term(open_page("settings", "Ada"), "population", "One infusion", "received intravenous\nlindworm*")
    assert not desk.error
    assert "<td>Own term. Source: MeSH Infusions</td><td>received intravenous, lindworm*</td>" in words(desk)
    desk = open_study("Cleo")
    assert "one_infusion" in field(desk, studies, "population").value
    assert "One infusion" in words(desk)
    assert "<q>received intravenous</q>" in words(desk)
    (kept,) = taggings(studies)
    assert (kept.tags, kept.form_id) == (before.tags, before.form_id)
    with reading(studies) as session:
        what = session.exec(select(AuditEvent).where(AuditEvent.action == "form_changed")).one().detail["what"]
    assert what == "Population: added One infusion"


def test_a_renamed_term_is_called_so_everywhere_and_a_retired_one_is_offered_no_more(
    open_page: OpenPage, open_study: OpenStudy, studies: Engine
) -> None:
    desk = open_page("settings", "Ada")
    box(desk, "List").set_value("outcomes.domain").run()
    box(desk, "Term to change").set_value("response").run()
    box(desk, "What it is called").set_value("Responders")
    desk = press(desk, "Save this term")
    box(desk, "Term to change").set_value("remission").run()
    desk = press(desk, "Retire")
    assert not desk.error
    assert "Remission (retired)" in words(desk)
    desk = open_study("Ben", id="1", tab="Findings")
    outcomes = box(desk, "Outcome").options
    assert "Responders" in outcomes
    assert "Remission" not in outcomes


def test_an_outcome_of_the_lead_is_offered_to_be_graded(open_page: OpenPage, studies: Engine) -> None:
    add_term(open_page("settings", "Ada"), "outcomes.domain", "Sense of purpose", "sense of purpose")
    assert "Sense of purpose" in box(open_page("grade", "Ada"), "Outcome").options


def test_a_term_is_shown_as_it_was_written_and_is_no_markup(
    open_page: OpenPage, open_study: OpenStudy, studies: Engine
) -> None:
    desk = add_term(open_page("settings", "Ada"), "population", "<b>One</b> [link](x)", "received intravenous")
    assert "<td>&lt;b&gt;One&lt;/b&gt; [link](x)</td>" in words(desk)
    assert r"\<b\>One\</b\> \[link\]\(x\)" in desk.toast[0].value
    desk = open_study("Cleo")
    assert "&lt;b&gt;One&lt;/b&gt; [link](x)" in words(desk)
    assert "<b>One</b>" not in words(desk)


def test_a_term_without_a_source_is_explained(open_page: OpenPage, studies: Engine) -> None:
    desk = open_page("settings", "Ada")
    box(desk, "What it is called").set_value("Invented")
    desk = press(desk, "Add this term")
    assert "Say where the term comes from" in desk.error[0].value


def test_a_library_without_a_form_says_so(library: Engine, open_page: OpenPage) -> None:
    invented_screening.begin(library, plain=0)
    with writing(library) as session:
        session.exec(delete(Form))
        session.commit()
    assert "There is no form yet." in words(open_page("settings", "Ada"))


@pytest.mark.parametrize("group", ["Exclusion reason", "Population"])
def test_what_is_edited_elsewhere_is_not_among_the_fixed_words(
    group: str, open_page: OpenPage, studies: Engine
) -> None:
    folds = [fold.label for fold in open_page("settings", "Ada").expander]
    assert "RoB 2 domains (6)" in folds
    assert not [label for label in folds if label.startswith(f"{group} (")]
    assert [label for label in folds if label.startswith("Certainty")]
