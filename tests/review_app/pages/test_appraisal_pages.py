"""Risk of bias on a study's page, and GRADE by outcome and by claim."""

from collections.abc import Callable

from dual_extraction import record
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest
from study_page import STUDY, actor, article, article_id, press, words

from db.engine import reading
from db.models import Claim, Grade, RiskOfBias
from review_app.tagging.risk_of_bias import OVERALL, tools

OpenStudy = Callable[..., AppTest]
OpenDesk = Callable[[str], AppTest]
DOMAINS = [domain.id for domain in tools()["rob2"].domains]


def open_bias(open_study: OpenStudy, name: str) -> AppTest:
    desk = open_study(name)
    desk.session_state["tab"] = "Risk of bias"
    return desk.run()


def judge(desk: AppTest, engine: Engine, **judgements: str) -> AppTest:
    for domain in DOMAINS:
        key = f"bias_{article_id(engine)}_rob2_{domain}"
        desk.button_group(key=key).set_value(judgements.get(domain, "low"))
        desk.text_input(key=f"{key}_reason").set_value(f"because of {domain}")
    return desk.run()


def test_a_trial_is_judged_with_rob_2_domain_by_domain(open_study: OpenStudy, studies: Engine) -> None:
    desk = open_bias(open_study, "Ben")
    assert not desk.exception
    assert desk.selectbox(key=f"bias_{article_id(studies)}_tool").value == "rob2"
    assert "follows once every domain is judged" in words(desk)
    judge(desk, studies, measurement="some_concerns")
    assert "Some concerns <small>(Measurement of the outcome)</small>" in words(desk)
    press(desk, "Save risk of bias")
    assert not desk.error
    with reading(studies) as session:
        rows = {row.domain: row for row in session.exec(select(RiskOfBias))}
    assert rows[OVERALL].judgement == "some_concerns"
    assert rows["measurement"].reason == "because of measurement"
    assert "RoB 2: " in words(open_bias(open_study, "Rae"))


def test_the_rule_is_overridden_with_a_reason(open_study: OpenStudy, studies: Engine) -> None:
    desk = judge(open_bias(open_study, "Ben"), studies, measurement="some_concerns")
    key = f"bias_{article_id(studies)}_rob2_overall"
    desk.selectbox(key=key).set_value("high").run()
    press(desk, "Save risk of bias")
    assert "Say why your overall judgement" in desk.error[0].value
    desk.text_input(key=f"{key}_reason").set_value("everybody guessed the arm")
    press(desk, "Save risk of bias")
    with reading(studies) as session:
        (total,) = session.exec(select(RiskOfBias).where(RiskOfBias.domain == OVERALL))
    assert (total.judgement, total.reason) == ("high", "everybody guessed the arm")


def test_what_was_judged_and_not_saved_is_there_again(open_study: OpenStudy, studies: Engine) -> None:
    desk = open_bias(open_study, "Ben")
    key = f"bias_{article_id(studies)}_rob2_randomisation"
    desk.button_group(key=key).set_value("high").run()
    desk.text_input(key=f"{key}_reason").set_value("by birthday").run()
    again = open_bias(open_study, "Ben")
    assert again.button_group(key=key).value == "high"
    assert again.text_input(key=f"{key}_reason").value == "by birthday"


def test_a_result_that_is_judged_stays_the_one_that_is_judged(open_study: OpenStudy, studies: Engine) -> None:
    finding = record(studies, actor(studies, "Ben"), article(studies))
    desk = open_bias(open_study, "Ben")
    key = f"bias_{article_id(studies)}_finding"
    desk.selectbox(key=key).set_value(finding.id).run()
    desk.session_state["tab"] = "History"
    desk.run()
    desk.session_state["tab"] = "Risk of bias"
    assert desk.run().selectbox(key=key).value == finding.id
    assert open_bias(open_study, "Ben").selectbox(key=key).value == finding.id


def test_an_outcome_is_graded_step_by_step(open_desk: OpenDesk, studies: Engine) -> None:
    desk = open_desk("Ben").switch_page(STUDY.replace("study.py", "grade.py")).run()
    assert not desk.exception
    assert "No reviewed study reports it." in words(desk)
    assert "Certainty: High" in words(desk)
    key = "grade_depression_severity"
    desk.button_group(key=f"{key}_imprecision").set_value(-1).run()
    assert "Certainty: Moderate" in words(desk)
    press(desk, "Save grade")
    assert "Say why for Imprecision" in desk.error[0].value
    again = open_desk("Ben").switch_page(STUDY.replace("study.py", "grade.py")).run()
    assert again.button_group(key=f"{key}_imprecision").value == -1, "what is not saved is kept"
    desk.text_input(key=f"{key}_imprecision_reason").set_value("one small trial").run()
    press(desk, "Save grade")
    with reading(studies) as session:
        (row,) = session.exec(select(Grade))
    assert (row.outcome, row.certainty) == ("depression_severity", "moderate")
    assert "Moderate · Ben" in words(desk)


def test_what_is_graded_and_not_saved_outlives_another_outcome_and_another_page(
    open_desk: OpenDesk, studies: Engine
) -> None:
    page, key = STUDY.replace("study.py", "grade.py"), "grade_depression_severity"

    def begun() -> tuple[str | None, int | None]:
        return desk.radio(key=f"{key}_start").value, desk.button_group(key=f"{key}_imprecision").value

    desk = open_desk("Ben").switch_page(page).run()
    desk.radio(key=f"{key}_start").set_value("observational")
    desk.button_group(key=f"{key}_imprecision").set_value(-1).run()
    desk.selectbox(key="outcome").set_value("response").run()
    desk.selectbox(key="outcome").set_value("depression_severity").run()
    assert begun() == ("observational", -1)
    desk.switch_page(STUDY.replace("study.py", "progress.py")).run()
    desk.switch_page(page).run()
    assert begun() == ("observational", -1)


def test_the_verdict_on_a_claim_begins_with_its_grade(open_desk: OpenDesk, studies: Engine) -> None:
    with reading(studies) as session:
        claim = session.exec(select(Claim)).one()
    desk = open_desk("Ben").switch_page(STUDY.replace("study.py", "claims.py"))
    desk.query_params["claim"] = claim.id
    desk.run()
    assert not desk.exception
    desk.radio(key=f"grade_{claim.id}_start").set_value("observational").run()
    desk.button(key=f"grade_{claim.id}_save").click().run()
    fresh = open_desk("Ben").switch_page(STUDY.replace("study.py", "claims.py"))
    fresh.query_params["claim"] = claim.id
    fresh.run()
    (certainty,) = [box for box in fresh.selectbox if box.label == "Certainty of the evidence (GRADE)"]
    assert str(certainty.value) == "low"
