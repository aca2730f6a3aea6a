"""The lead's page of the tagging form, and what a change of it does to who is tagging."""

from collections.abc import Callable

from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from study_page import STUDY, buttons, press, taggings, words

OpenStudy = Callable[..., AppTest]
PAGE = STUDY.replace("study.py", "tag_form.py")


def open_form(desk: AppTest) -> AppTest:
    return desk.switch_page(PAGE).run()


def test_a_lead_adds_a_question_and_reviewers_are_asked_it(
    open_study: OpenStudy, open_desk: Callable[[str], AppTest], studies: Engine
) -> None:
    form = open_form(open_desk("Ada"))
    assert not form.exception
    assert "Version 1" in words(form)
    form.selectbox(key="form_kind").set_value("one").run()
    form.text_input(key="form_label").set_value("Setting")
    form.text_area(key="form_choices").set_value("Clinic\nHome")
    press(form, "Add to the form")
    assert not form.error
    assert "Version 2" in words(form)
    desk = open_study("Ben")
    (setting,) = [box for box in desk.selectbox if box.label == "Setting"]
    assert setting.options == ["Clinic", "Home"]
    setting.set_value("home")
    press(desk, "Save tags")
    assert taggings(studies)[0].tags["setting"] == "home"


def test_a_question_is_renamed_retired_and_brought_back(open_desk: Callable[[str], AppTest], studies: Engine) -> None:
    form = open_form(open_desk("Ada"))
    form.text_input(key="form_sponsor_label").set_value("Who paid")
    form.button(key="form_sponsor_rename").click().run()
    form.button(key="form_sponsor_retire").click().run()
    assert "Who paid: words (retired)" in [fold.label for fold in form.expander]
    form.button(key="form_sponsor_retire").click().run()
    assert "Who paid: words" in [fold.label for fold in form.expander]
    assert "Version 4" in words(form)


def test_the_choices_of_a_question_are_read_there_and_lead_to_where_they_change(
    open_desk: Callable[[str], AppTest], studies: Engine
) -> None:
    form = open_form(open_desk("Ada"))
    assert "Intravenous, Intranasal" in words(form)
    assert 'href="/settings?list=Interventions%3A%20route"' in words(form)
    assert 'href="/settings?list=Population"' in words(form)
    form.button(key="form_population_retire").click().run()
    assert 'href="/settings?list=Population"' not in words(form), "the settings do not list what is asked no more"


def test_a_change_that_makes_no_sense_is_explained(open_desk: Callable[[str], AppTest], studies: Engine) -> None:
    form = press(open_form(open_desk("Ada")), "Add to the form")
    assert "A label has 1 to 80 characters" in form.error[0].value


def test_what_a_reviewer_typed_survives_a_change_of_the_form(
    open_study: OpenStudy, open_desk: Callable[[str], AppTest], studies: Engine, sign_in_as: Callable[[str], str]
) -> None:
    desk = open_study("Ben")
    (sponsor,) = [box for box in desk.text_input if box.label == "Sponsor"]
    sponsor.set_value("Invented Trust").run()
    form = open_form(open_desk("Ada"))
    form.text_input(key="form_label").set_value("Season")
    form.selectbox(key="form_kind").set_value("text")
    press(form, "Add to the form")
    sign_in_as("Ben")
    press(desk, "Save tags")
    assert "The form changed while you filled it in" in desk.error[0].value
    assert [box.value for box in desk.text_input if box.label == "Sponsor"] == ["Invented Trust"]
    press(desk, "Save tags")
    assert taggings(studies)[0].tags["sponsor"] == "Invented Trust"
    assert "Save tags" in buttons(desk)


def test_only_a_lead_has_the_page(open_desk: Callable[[str], AppTest], studies: Engine) -> None:
    desk = open_desk("Ben")
    assert "tag_form" not in str(desk.get("navigation"))
