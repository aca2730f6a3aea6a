"""The Consensus tab of a study and the list of what waits, driven without a browser."""

from collections.abc import Callable

from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest
from study_page import STUDY, article_id, buttons, field, press, taggings, words

from db.engine import writing
from db.models import Review

OpenStudy = Callable[..., AppTest]
LIST = STUDY.replace("study.py", "consensus.py")


def disagree(open_study: OpenStudy, engine: Engine) -> None:
    """Ben and Cleo tag the trial in a dual, blinded review; they differ on its size."""
    with writing(engine) as session:
        review = session.exec(select(Review)).one()
        review.dual = review.blinded = True
        session.add(review)
        session.commit()
    press(open_study("Ben"), "Accept all suggestions")
    desk = open_study("Cleo")
    field(desk, engine, "sample_size").set_value(58)
    press(desk, "Save tags")


def open_consensus(open_study: OpenStudy, name: str) -> AppTest:
    desk = open_study(name)
    desk.session_state["tab"] = "Consensus"
    return desk.run()


def test_the_lead_settles_what_two_reviewers_said(open_study: OpenStudy, studies: Engine) -> None:
    disagree(open_study, studies)
    desk = open_consensus(open_study, "Ada")
    assert not desk.exception
    assert "Ben and Cleo differ on 1 field" in words(desk)
    key = f"settle_{article_id(studies)}_sample_size"
    ben, cleo = taggings(studies)
    press(desk, "Keep the consensus")
    assert "Choose what holds of Sample size" in desk.error[0].value
    desk.button_group(key=f"{key}_choice").set_value(cleo.id).run()
    desk.text_input(key=f"{key}_reason").set_value("58 were analysed").run()
    press(desk, "Keep the consensus")
    assert not desk.error
    (kept,) = [row for row in taggings(studies) if row.consensus]
    assert kept.tags["sample_size"] == 58
    assert ben.tags["sample_size"] == 60
    assert "Consensus, settled by Ada" in words(desk)
    assert "58 were analysed" in words(desk)
    assert "Keep the consensus" not in buttons(desk)


def test_another_value_is_written_and_kept_as_typed_until_then(open_study: OpenStudy, studies: Engine) -> None:
    disagree(open_study, studies)
    number = article_id(studies)
    desk = open_consensus(open_study, "Ada")
    desk.button_group(key=f"settle_{number}_sample_size_choice").set_value(0).run()
    desk.number_input(key=f"tag_consensus_{number}_sample_size").set_value(59).run()
    desk.text_input(key=f"settle_{number}_all").set_value("counted in the flow").run()
    again = open_consensus(open_study, "Ada")
    assert again.number_input(key=f"tag_consensus_{number}_sample_size").value == 59
    press(again, "Keep the consensus")
    assert [row.tags["sample_size"] for row in taggings(studies) if row.consensus] == [59]


def test_a_reviewer_sees_both_sides_and_does_not_settle(open_study: OpenStudy, studies: Engine) -> None:
    disagree(open_study, studies)
    desk = open_consensus(open_study, "Ben")
    assert "Ben and Cleo differ on 1 field" in words(desk)
    assert "Keep the consensus" not in buttons(desk)
    assert "Nothing to settle yet." in words(open_consensus(open_study, "Rae"))


def test_what_waits_is_listed(open_study: OpenStudy, open_desk: Callable[[str], AppTest], studies: Engine) -> None:
    assert "Nothing waits." in words(open_desk("Ada").switch_page(LIST).run())
    disagree(open_study, studies)
    desk = open_desk("Ada").switch_page(LIST).run()
    assert "1 dual extraction waits" in words(desk)
    assert f"/study?id={article_id(studies)}&amp;tab=Consensus" in words(desk)
