"""What is typed into the tag form, accepted or attached to it: kept before it is saved, and saved with its words."""

from collections.abc import Callable

import invented_studies
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest
from study_page import article_id, buttons, field, part, press, taggings, words

from db.engine import reading
from db.models import Draft, Quote
from db.queries import review as review_queries
from review_app.components import tag_values
from review_app.services.tags import QUOTES

QUOTED = f'<blockquote class="fn-quote">{invented_studies.RESULT}</blockquote>'
OpenStudy = Callable[..., AppTest]


def drafts(engine: Engine) -> list[Draft]:
    with reading(engine) as session:
        return list(session.exec(select(Draft)))


def accept(desk: AppTest, engine: Engine, name: str) -> AppTest:
    return desk.button(key=f"tag_{article_id(engine)}_{name}_accept").click().run()


def test_what_is_typed_and_not_saved_is_there_when_the_study_is_opened_again(
    open_study: OpenStudy, studies: Engine
) -> None:
    desk = open_study("Ben")
    assert drafts(studies) == []
    part(desk, studies, "interventions", "dose").set_value("0.5 mg/kg")
    field(desk, studies, "sample_size").set_value(58).run()
    again = open_study("Ben")
    assert part(again, studies, "interventions", "dose").value == "0.5 mg/kg"
    assert field(again, studies, "sample_size").value == 58
    assert "What you typed is kept, and not saved yet." in words(again)
    assert field(open_study("Ada"), studies, "sample_size").value == 60, "nobody else sees it"


def test_a_draft_ends_with_saving_and_with_going_back(open_study: OpenStudy, studies: Engine) -> None:
    desk = open_study("Ben")
    field(desk, studies, "sample_size").set_value(58).run()
    assert len(drafts(studies)) == 1
    press(desk, "Back to the suggestions")
    assert drafts(studies) == []
    field(desk, studies, "sample_size").set_value(57).run()
    press(desk, "Save tags")
    assert drafts(studies) == []
    assert taggings(studies)[0].tags["sample_size"] == 57


def test_to_accept_all_loses_nothing_that_was_typed_or_changed(open_study: OpenStudy, studies: Engine) -> None:
    desk = open_study("Ben")
    field(desk, studies, "sponsor").set_value("Invented Trust")
    field(desk, studies, "sample_size").set_value(58)
    field(desk, studies, "study_design").set_value(None)
    press(desk, "Accept all suggestions")
    (row,) = taggings(studies)
    assert (row.tags["sponsor"], row.tags["sample_size"], row.tags["study_design"]) == ("Invented Trust", 58, "rct")
    assert "study_design" in row.suggested
    assert "sample_size" not in row.suggested


def test_one_field_is_accepted_by_itself(open_study: OpenStudy, studies: Engine) -> None:
    desk = open_study("Ben")
    before = words(desk).count('class="fn-from"')
    accept(desk, studies, "study_design")
    assert words(desk).count('class="fn-from"') == before - 1
    assert taggings(studies) == []
    assert drafts(studies)[0].value["accepted"] == ["study_design"]
    press(desk, "Save tags")
    assert "study_design" in taggings(studies)[0].suggested


def test_the_first_nine_suggested_fields_have_a_key_each(open_study: OpenStudy, studies: Engine) -> None:
    desk = open_study("Ben")
    keys = [button.proto.shortcut for button in desk.button if button.key and button.key.endswith("_accept")]
    assert keys == [str(number) for number in range(1, len(keys) + 1)]
    accept(desk, studies, "study_design")
    left = [button.proto.shortcut for button in desk.button if button.key and button.key.endswith("_accept")]
    assert left == keys[:-1]


def test_a_sentence_is_kept_as_the_quote_of_a_row_and_survives_saving_again(
    open_study: OpenStudy, studies: Engine
) -> None:
    desk, number = open_study("Ben"), article_id(studies)
    place = f"outcomes_{tag_values_rows(desk, studies)[0]}"
    desk.session_state[f"tag_{number}_quotes"] = [(place, invented_studies.RESULT, None)]
    press(desk.run(), "Save tags")
    field(desk, studies, "sample_size").set_value(58)
    press(desk, "Save tags")
    first, second = (row.tags[QUOTES] for row in taggings(studies))
    assert list(first) == ["outcomes:0"]
    assert first["outcomes:0"][0] in second["outcomes:0"]
    with reading(studies) as session:
        (quote,) = review_queries.quotes(session, ids=first["outcomes:0"]).values()
        assert quote[0].exact == invented_studies.RESULT
    assert invented_studies.RESULT in words(open_study("Ben"))
    assert f"Outcomes (for the ketamine arm)</p>{QUOTED}" in words(open_study("Ada"))


def test_a_quote_leaves_with_its_row(open_study: OpenStudy, studies: Engine) -> None:
    desk, number = open_study("Ben"), article_id(studies)
    first, *others = tag_values_rows(desk, studies)
    desk.session_state[f"tag_{number}_quotes"] = [(f"outcomes_{n}", invented_studies.RESULT, None) for n in (first,)]
    desk.run()
    desk.button(key=f"tag_{number}_outcomes_{first}_remove").click().run()
    press(desk, "Save tags")
    (row,) = taggings(studies)
    assert QUOTES not in row.tags
    assert len(row.tags["outcomes"]) == len(others)
    with reading(studies) as session:
        assert session.exec(select(Quote)).all() == []


def test_a_row_without_what_it_needs_is_named_and_nothing_is_lost(open_study: OpenStudy, studies: Engine) -> None:
    desk = open_study("Ben")
    desk.button(key=f"tag_{article_id(studies)}_outcomes_add").click().run()
    row = tag_values_rows(desk, studies)[-1]
    part(desk, studies, "outcomes", "domain", row).set_value("remission").run()
    press(desk, "Save tags")
    assert "choose direction, or take the row out" in desk.error[0].value
    assert taggings(studies) == []
    assert part(desk, studies, "outcomes", "domain", row).value == "remission"
    assert "Save tags" in buttons(desk)


def tag_values_rows(desk: AppTest, engine: Engine) -> list[int]:
    return list(desk.session_state[tag_values.field_key(article_id(engine), "outcomes")])
