"""The tag form of a study's page, driven without a browser."""

import re
from collections.abc import Callable
from dataclasses import replace

import invented_studies
import pytest
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest
from study_page import article_id, buttons, field, part, press, taggings, words

from db.engine import reading, writing
from db.models import Article
from harvester.records import Section


def test_the_form_begins_with_suggestions_marked_as_such(open_study: Callable[..., AppTest], studies: Engine) -> None:
    desk = open_study("Ben")
    assert field(desk, studies, "study_design").value == "rct"
    assert field(desk, studies, "sample_size").value == 60
    assert part(desk, studies, "interventions", "molecule").value == "ketamine"
    assert part(desk, studies, "interventions", "route").value == "iv"
    assert part(desk, studies, "interventions", "dose").value == "0.5 mg/kg"
    assert field(desk, studies, "registration").value == "NCT90000001"
    assert "<i>suggested</i> from <q>Randomized Controlled Trial</q> (publication type)" in words(desk)
    assert "Treatment-resistant depression</i> from <q>treatment-resistant" in words(desk)


def test_tags_are_saved_with_what_was_only_taken_over(open_study: Callable[..., AppTest], studies: Engine) -> None:
    desk = open_study("Ben")
    field(desk, studies, "sample_size").set_value(58)
    press(desk, "Save tags")
    assert not desk.error
    (row,) = taggings(studies)
    assert row.tags["study_design"] == "rct"
    assert row.tags["sample_size"] == 58
    assert "study_design" in row.suggested
    assert "sample_size" not in row.suggested
    assert "You saved these tags on" in words(desk)


def test_a_value_that_somebody_changed_is_no_longer_marked_as_suggested(
    open_study: Callable[..., AppTest], studies: Engine
) -> None:
    desk = open_study("Ben")
    before = words(desk).count('class="fn-from"')
    field(desk, studies, "study_design").set_value("cohort_prospective").run()
    assert words(desk).count('class="fn-from"') == before - 1
    assert "Randomized Controlled Trial</q>" not in words(desk)


def test_saved_tags_look_decided_and_still_do_when_the_study_is_opened_again(
    open_study: Callable[..., AppTest], studies: Engine
) -> None:
    desk = press(open_study("Ben"), "Accept all suggestions")
    for seen in (desk, open_study("Ben")):
        assert "✓ You saved these tags on" in words(seen)
        assert 'class="fn-from"' not in words(seen)


def test_whoever_has_tagged_a_study_is_one_click_from_the_next(
    open_study: Callable[..., AppTest], studies: Engine
) -> None:
    desk = open_study("Ben")
    assert "Tag the next study" not in words(desk)
    while "Tag the next study" in words(press(desk, "Accept all suggestions")):
        (ahead, *_) = re.findall(r'/study\?id=(\d+)" target="_self">Tag the next study', words(desk))
        assert int(ahead) not in {row.article_id for row in taggings(studies)}
        desk = open_study("Ben", id=ahead)
    with reading(studies) as session:
        assert len(taggings(studies)) == len(session.exec(select(Article)).all())


def test_a_change_after_saving_says_that_it_is_not_saved(open_study: Callable[..., AppTest], studies: Engine) -> None:
    desk = press(open_study("Ben"), "Accept all suggestions")
    field(desk, studies, "sample_size").set_value(58).run()
    assert "and not saved yet" in words(desk)
    press(desk, "Save tags")
    press(desk, "Back to the suggestions")
    assert words(desk).count('class="fn-from"') == 1, "only what differs from the saved tags is a suggestion again"


def test_a_decided_value_leaves_its_neighbours_suggested(open_study: Callable[..., AppTest], studies: Engine) -> None:
    desk = open_study("Ben")
    suggested = words(desk).count('class="fn-from">')
    population = field(desk, studies, "population")
    added = next(option for option in ("adolescents", "bipolar") if option not in population.value)
    population.set_value([*population.value, added]).run()
    assert words(desk).count('class="fn-from">') == suggested - 1
    assert 'class="fn-from" data-part="true"' in words(desk)
    assert "Treatment-resistant depression</i> from <q>treatment-resistant" in words(desk)


def test_a_changed_outcome_leaves_the_other_rows_suggested(open_study: Callable[..., AppTest], studies: Engine) -> None:
    desk = open_study("Ben")
    key = f"tag_{article_id(studies)}_outcomes_"
    before = words(desk).count('class="fn-from"')
    directions = [
        box for box in desk.selectbox if box.key and box.key.startswith(key) and box.key.endswith("direction")
    ]
    assert len(directions) > 1
    directions[0].set_value("no_difference" if directions[0].value != "no_difference" else "favours_control").run()
    assert words(desk).count('class="fn-from"') == before - 1


def test_a_colleagues_tags_stand_beside_ones_own_form(open_study: Callable[..., AppTest], studies: Engine) -> None:
    press(open_study("Ben"), "Save tags")
    seen = words(open_study("Ada"))
    assert '<details class="fn-others" open><summary>Tags of Ben, ' in seen
    assert "<dd>Randomised controlled trial</dd>" in seen
    assert "Values in <i>italics</i> are suggested" in seen


def test_all_suggestions_are_accepted_in_one_click(open_study: Callable[..., AppTest], studies: Engine) -> None:
    press(open_study("Ben"), "Accept all suggestions")
    (row,) = taggings(studies)
    assert {"study_design", "population", "interventions", "sample_size"} <= set(row.suggested)
    assert "Accept all suggestions" not in buttons(open_study("Ben"))


def test_saving_again_keeps_both_and_what_was_chosen_stays_chosen(
    open_study: Callable[..., AppTest], studies: Engine
) -> None:
    desk = open_study("Ben")
    field(desk, studies, "sample_size").set_value(58)
    press(desk, "Save tags")
    field(desk, studies, "sample_size").set_value(60)
    press(desk, "Save tags")
    assert [row.tags["sample_size"] for row in taggings(studies)] == [58, 60]
    assert "sample_size" not in taggings(studies)[1].suggested


def test_a_form_can_go_back_to_the_suggestions(open_study: Callable[..., AppTest], studies: Engine) -> None:
    desk = open_study("Ben")
    assert "Back to the suggestions" not in buttons(desk)
    field(desk, studies, "study_design").set_value("case_report").run()
    press(desk, "Back to the suggestions")
    assert field(desk, studies, "study_design").value == "rct"
    assert taggings(studies) == []


def test_outcomes_are_added_and_removed_as_rows(open_study: Callable[..., AppTest], studies: Engine) -> None:
    desk = open_study("Ben")
    key = f"tag_{article_id(studies)}_outcomes_"
    for old in [b.key for b in desk.button if b.key and b.key.startswith(key) and b.key.endswith("_remove")]:
        desk.button(key=old).click().run()
    desk.button(key=f"{key}add").click().run()
    keys = [b.key for b in desk.button if b.key and b.key.startswith(key)]
    (row,) = [name.removesuffix("remove") for name in keys if name.endswith("_remove")]
    desk.selectbox(key=f"{row}domain").set_value("remission")
    desk.selectbox(key=f"{row}direction").set_value("no_difference").run()
    press(desk, "Save tags")
    assert not desk.error
    (kept,) = taggings(studies)[0].tags["outcomes"]
    assert {part: value for part, value in kept.items() if value} == {
        "domain": "remission",
        "direction": "no_difference",
    }


def test_unsaved_tags_survive_a_look_at_another_tab(open_study: Callable[..., AppTest], studies: Engine) -> None:
    desk = open_study("Ben")
    field(desk, studies, "study_design").set_value("case_series").run()
    desk.session_state["tab"] = "History"
    desk.run()
    desk.session_state["tab"] = "Tags"
    desk.run()
    assert field(desk, studies, "study_design").value == "case_series"


def test_a_study_that_changed_meanwhile_is_not_tagged(open_study: Callable[..., AppTest], studies: Engine) -> None:
    desk = open_study("Ben")
    record = replace(invented_studies.trial(), sections=(Section("A corrected abstract says something else."),))
    with writing(studies) as session:
        invented_studies.keep(session, [record])
        session.commit()
    press(desk, "Save tags")
    assert desk.error[0].value == "The study changed while you read it. Look at it again before you save."
    assert taggings(studies) == []


@pytest.mark.parametrize("name", ["Rae", "Dov"])
def test_who_may_not_tag_sees_the_suggestions_and_no_control(open_study: Callable[..., AppTest], name: str) -> None:
    desk = open_study(name)
    assert "These tags are only suggested" in words(desk)
    for tab in ("Tags", "Findings", "Claims", "History"):
        desk.session_state["tab"] = tab
        assert not desk.run().exception
        assert buttons(desk) == []
        assert not desk.selectbox


def test_an_act_after_the_session_ended_changes_nothing(
    open_study: Callable[..., AppTest], sign_in_as: Callable[[str | None], str | None], studies: Engine
) -> None:
    desk = open_study("Ben")
    sign_in_as(None)
    press(desk, "Save tags")
    assert taggings(studies) == []


def test_a_record_without_an_abstract_can_be_tagged(open_study: Callable[..., AppTest], studies: Engine) -> None:
    desk = open_study("Ben", pmid=str(invented_studies.BARE))
    assert "The record has no abstract." in words(desk)
    press(desk, "Save tags")
    assert [row.article_id for row in taggings(studies)] == [article_id(studies, invented_studies.BARE)]
