"""Findings, risk of bias and grades of two reviewers: settled on the desk, listed, counted; without a browser."""

from collections.abc import Callable

import invented_studies
import pytest
from copy_page import PAGES
from dual_extraction import give, grade, judge, make_dual, record
from sqlalchemy import Engine
from sqlmodel import col, select
from streamlit.testing.v1 import AppTest
from study_page import actor, article, article_id, buttons, press, words

from db.engine import reading
from db.models import Adjudication

OpenStudy = Callable[..., AppTest]
OpenPage = Callable[[str, str], AppTest]


@pytest.fixture(autouse=True)
def _dual(studies: Engine) -> None:
    make_dual(studies)


def open_consensus(open_study: OpenStudy, name: str) -> AppTest:
    desk = open_study(name, pmid=str(invented_studies.TRIAL), tab="Consensus")
    assert not desk.exception
    return desk


def rulings(engine: Engine) -> list[Adjudication]:
    with reading(engine) as session:
        return list(session.exec(select(Adjudication).order_by(col(Adjudication.id))))


def differ_on_findings(engine: Engine) -> str:
    """Ben and Cleo read another estimate of one result; the field's name."""
    trial, ben, cleo = article(engine), actor(engine, "Ben"), actor(engine, "Cleo")
    first = record(engine, ben, trial, estimate=2.4, quote=invented_studies.RESULT, summary="more responders")
    record(engine, cleo, trial, estimate=2.6)
    give(engine, ben, trial)
    give(engine, cleo, trial)
    return f"finding_{first.id}"


def differ_on_bias(engine: Engine) -> None:
    judge(engine, actor(engine, "Ben"), article(engine), measurement="some_concerns")
    judge(engine, actor(engine, "Cleo"), article(engine))


def differ_on_grade(engine: Engine) -> None:
    grade(engine, actor(engine, "Ben"), "depression_severity", imprecision=-1)
    grade(engine, actor(engine, "Cleo"), "depression_severity", imprecision=-2)


def test_who_said_that_the_findings_are_all_is_not_asked_again(open_study: OpenStudy) -> None:
    desk = open_study("Ben", pmid=str(invented_studies.TRIAL), tab="Findings")
    press(desk, "These are all my findings")
    assert not desk.error
    assert "These are all my findings" not in buttons(desk)
    assert "These are all my findings" in buttons(open_study("Cleo", tab="Findings", pmid=str(invented_studies.TRIAL)))


def test_findings_are_settled_beside_each_other(open_study: OpenStudy, studies: Engine) -> None:
    field = differ_on_findings(studies)
    desk = open_consensus(open_study, "Ada")
    assert "Findings: Ben and Cleo differ on 1 result" in words(desk)
    assert "Favours intervention · 24 hours · <strong>Estimate 2.4</strong>" in words(desk)
    assert f'more responders</p><blockquote class="fn-quote">{invented_studies.RESULT}</blockquote>' in words(desk)
    key = f"settle_finding_{article_id(studies)}_{field}"
    desk.button_group(key=f"{key}_choice").set_value(actor(studies, "Cleo").id).run()
    press(desk, "Keep the consensus")
    assert "Say why for Response · 24 hours" in desk.error[0].value
    desk.text_input(key=f"{key}_reason").set_value("table 2 says so").run()
    press(desk, "Keep the consensus")
    assert not desk.error
    assert "table 2 says so <small>(Ada, " in words(desk)
    assert "Keep the consensus" not in buttons(desk)
    assert rulings(studies)[0].decision["value"][0]["estimate"] == 2.6


def test_another_finding_is_written_and_kept_as_typed_until_then(open_study: OpenStudy, studies: Engine) -> None:
    field = differ_on_findings(studies)
    number = article_id(studies)
    key, place = f"settle_finding_{number}_{field}", f"tag_consensus_finding_{number}_{field}"
    desk = open_consensus(open_study, "Ada")
    desk.button_group(key=f"{key}_choice").set_value(0).run()
    press(desk, "Add a result")
    desk.selectbox(key=f"{place}_0_domain").set_value("response").run()
    desk.number_input(key=f"{place}_0_estimate").set_value(2.5).run()
    desk.text_input(key=f"{key}_reason").set_value("our own figure").run()
    again = open_consensus(open_study, "Ada")
    assert again.number_input(key=f"{place}_0_estimate").value == 2.5
    press(again, "Keep the consensus")
    assert "choose direction" in again.error[0].value
    again.selectbox(key=f"{place}_0_direction").set_value("favours_intervention").run()
    press(again, "Keep the consensus")
    (row,) = rulings(studies)
    assert (row.decision["from"], row.decision["value"][0]["estimate"], row.reason) == (None, 2.5, "our own figure")


def test_risk_of_bias_is_settled_and_the_overall_judgement_follows(open_study: OpenStudy, studies: Engine) -> None:
    differ_on_bias(studies)
    desk = open_consensus(open_study, "Ada")
    assert "RoB 2: Ben and Cleo differ on 2 fields" in words(desk)
    assert "Ben read measurement" in words(desk)
    assert "follows by the rule of RoB 2." in words(desk)
    key = f"settle_risk_of_bias_{article_id(studies)}_rob2_"
    desk.button_group(key=f"{key}_measurement_choice").set_value(actor(studies, "Ben").id).run()
    desk.text_input(key=f"{key}_all").set_value("dissociation unblinds").run()
    press(desk, "Keep the consensus")
    assert not desk.error
    assert "Some concerns: By the rule of RoB 2: Measurement of the outcome" in words(desk)


def test_reviewers_see_both_sides_once_they_gave_theirs_and_do_not_settle(
    open_study: OpenStudy, studies: Engine
) -> None:
    differ_on_bias(studies)
    desk = open_consensus(open_study, "Ben")
    assert "RoB 2: Ben and Cleo differ on 2 fields" in words(desk)
    assert "Keep the consensus" not in buttons(desk)
    assert "Nothing to settle yet." in words(open_consensus(open_study, "Rae"))


def test_a_grade_is_settled_where_it_is_given(open_page: OpenPage, studies: Engine) -> None:
    differ_on_grade(studies)
    desk = open_page("grade", "Ada")
    assert not desk.exception
    assert "GRADE: Ben and Cleo differ on 1 field" in words(desk)
    assert "Certainty by consensus" not in words(desk)
    key = "settle_grade_depression_severity_imprecision"
    desk.button_group(key=f"{key}_choice").set_value(actor(studies, "Cleo").id).run()
    press(desk, "Keep the consensus")
    assert "Say why for Imprecision" in desk.error[0].value
    desk.text_input(key=f"{key}_reason").set_value("under 100 people").run()
    press(desk, "Keep the consensus")
    assert "Certainty by consensus: Low" in words(desk)
    assert "down 2: under 100 people" in words(desk)


def test_what_is_chosen_outlives_a_look_at_another_page_and_ends_when_it_is_settled(
    open_page: OpenPage, studies: Engine
) -> None:
    differ_on_grade(studies)
    cleo = actor(studies, "Cleo")
    desk = open_page("grade", "Ada")
    key = "settle_grade_depression_severity_imprecision"
    desk.button_group(key=f"{key}_choice").set_value(cleo.id).run()
    desk.text_input(key=f"{key}_reason").set_value("under 100 people").run()
    desk.switch_page(str(PAGES / "progress.py")).run()
    desk.switch_page(str(PAGES / "grade.py")).run()
    assert desk.button_group(key=f"{key}_choice").value == cleo.id
    assert desk.text_input(key=f"{key}_reason").value == "under 100 people"
    press(desk, "Keep the consensus")
    grade(studies, cleo, "depression_severity")
    desk.run()
    assert desk.button_group(key=f"{key}_choice").value is None
    assert desk.text_input(key=f"{key}_reason").value == ""


def test_everything_that_waits_is_listed_and_counted(open_page: OpenPage, studies: Engine) -> None:
    differ_on_findings(studies)
    differ_on_bias(studies)
    differ_on_grade(studies)
    told = words(open_page("consensus", "Ada"))
    assert "2 dual extractions wait" in told
    assert f'/study?id={article_id(studies)}&amp;tab=Consensus" target="_self">' in told
    assert "Findings · RoB 2" in told
    assert '/grade?outcome=Depression%20severity" target="_self">Depression severity</a>' in told
    assert "Settle 2 dual extractions" in words(open_page("home", "Ada"))


def test_agreement_is_counted_for_who_may_see_both_sides(open_page: OpenPage, studies: Engine) -> None:
    judge(studies, actor(studies, "Ben"), article(studies))
    for name in ("Ada", "Cleo"):
        assert "RoB 2" not in words(open_page("progress", name))
    differ_on_findings(studies)
    differ_on_bias(studies)
    differ_on_grade(studies)
    told = words(open_page("progress", "Ada"))
    assert "<td>Findings: Direction</td><td>1</td><td>100% (21% to 100%)</td>" in told
    assert "<td>Findings: Estimate</td><td>1</td><td>0% (0% to 79%)</td><td>–</td>" in told
    assert "<td>RoB 2: Measurement of the outcome</td><td>1</td><td>0% (0% to 79%)</td>" in told
    assert "<td>GRADE: Imprecision</td>" in told
