"""Findings, claims and history on a study's page, driven without a browser."""

from collections.abc import Callable

import invented_studies
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest
from study_page import actor, article_id, buttons, content_hash, press, words

from db.engine import reading, writing
from db.models import ClaimEvidence, Draft, Finding, Review
from db.types import Stance
from review_app.services import claims as claim_service
from review_app.services import tags as tag_service


def test_a_finding_is_recorded_shown_and_withdrawn(open_study: Callable[..., AppTest], studies: Engine) -> None:
    desk = open_study("Ben", pmid=str(invented_studies.TRIAL), tab="Findings")
    assert "No finding yet." in words(desk)
    prefix = f"finding_{article_id(studies)}"
    desk.selectbox(key=f"{prefix}_domain").set_value("depression_severity")
    desk.selectbox(key=f"{prefix}_direction").set_value("favours_intervention")
    desk.selectbox(key=f"{prefix}_time_point").set_value("h24")
    desk.text_input(key=f"{prefix}_summary").set_value("7.4 points <b>lower</b>")
    press(desk, "Record finding")
    assert "<strong>Depression severity · 24 hours</strong>: favours intervention" in words(desk)
    assert "7.4 points &lt;b&gt;lower&lt;/b&gt;" in words(desk)
    assert desk.selectbox(key=f"{prefix}_domain").value is None
    press(desk, "Withdraw")
    assert "No finding yet." in words(desk)
    with reading(studies) as session:
        assert session.exec(select(Finding)).one().withdrawn_at is not None


def test_a_finding_carries_its_effect_as_the_study_prints_it(
    open_study: Callable[..., AppTest], studies: Engine
) -> None:
    desk = open_study("Ben", pmid=str(invented_studies.TRIAL), tab="Findings")
    prefix = f"finding_{article_id(studies)}"
    desk.selectbox(key=f"{prefix}_domain").set_value("depression_severity")
    desk.selectbox(key=f"{prefix}_direction").set_value("favours_intervention")
    desk.selectbox(key=f"{prefix}_measure").set_value("mean_difference")
    for name, value in {"estimate": -7.4, "interval_low": -3.2, "interval_high": -11.0}.items():
        desk.number_input(key=f"{prefix}_{name}").set_value(value)
    desk.text_input(key=f"{prefix}_p_value").set_value("0.01")
    press(desk, "Record finding")
    assert "The interval runs from its lower to its higher end" in desk.error[0].value
    desk.number_input(key=f"{prefix}_interval_low").set_value(-11.0)
    desk.number_input(key=f"{prefix}_interval_high").set_value(-3.2)
    press(desk, "Record finding")
    assert "Mean difference -7.4 (-11 to -3.2), p 0.01" in words(desk)
    assert desk.number_input(key=f"{prefix}_estimate").value is None


def test_a_claim_shows_its_stance_its_quote_and_who_linked_it(
    open_study: Callable[..., AppTest], studies: Engine
) -> None:
    with writing(studies) as session:
        claim_service.link_quote(
            session,
            actor=actor(studies, "Ada"),
            claim_id="one-infusion-of-ketamine-can-relieve",
            article_id=article_id(studies),
            words=invented_studies.RESULT,
            stance=Stance.SUPPORTS,
            content_hash=content_hash(studies),
        )
    desk = open_study("Ben", pmid=str(invented_studies.TRIAL), tab="Claims")
    assert f'?claim=one-infusion-of-ketamine-can-relieve" target="_self">{invented_studies.CLAIM}</a>' in words(desk)
    assert f'<blockquote class="fn-quote">{invented_studies.RESULT}</blockquote>' in words(desk)
    assert "<strong>Supports</strong>" in words(desk)
    assert "Ada, " in words(desk)
    assert "Withdraw" not in buttons(desk)  # the link is Ada's, and Ben does not lead


def test_what_a_link_lacks_is_said_and_nothing_is_kept(open_study: Callable[..., AppTest], studies: Engine) -> None:
    desk = open_study("Ben", pmid=str(invented_studies.TRIAL), tab="Claims")
    assert "Click a sentence of the abstract" in words(desk)
    desk.segmented_control(key=f"link_{article_id(studies)}_stance").set_value("supports")
    press(desk, "Link to the claim")
    said = "Nothing is kept yet. Choose a sentence of the abstract and a claim first."
    assert [error.value for error in desk.error] == [said]
    assert desk.segmented_control(key=f"link_{article_id(studies)}_stance").value == "supports"
    with reading(studies) as session:
        assert session.exec(select(ClaimEvidence).where(ClaimEvidence.member_id.is_not(None))).all() == []  # type: ignore[union-attr]


def test_what_a_finding_lacks_is_said_and_nothing_is_kept(open_study: Callable[..., AppTest], studies: Engine) -> None:
    desk = open_study("Ben", pmid=str(invented_studies.TRIAL), tab="Findings")
    desk.selectbox(key=f"finding_{article_id(studies)}_domain").set_value("depression_severity")
    press(desk, "Record finding")
    assert [error.value for error in desk.error] == ["Nothing is kept yet. Choose a direction first."]
    with reading(studies) as session:
        assert session.exec(select(Finding)).all() == []


def test_the_history_says_where_the_study_came_from_and_who_did_what(open_study: Callable[..., AppTest]) -> None:
    press(open_study("Ben"), "Save tags")
    told = words(open_study("Cleo", pmid=str(invented_studies.TRIAL), tab="History"))
    assert "file: invented.xml" in told
    assert "Ben tagged the study" in told
    assert "Tags of Ben" in told


def test_in_a_dual_review_nobody_sees_other_tags_before_giving_their_own(
    open_study: Callable[..., AppTest], studies: Engine
) -> None:
    with writing(studies) as session:
        review = session.exec(select(Review)).one()
        review.dual = review.blinded = True
        session.add(review)
        tag_service.save_tags(
            session,
            actor=actor(studies, "Cleo"),
            topic_id=invented_studies.TOPIC,
            article_id=article_id(studies),
            tags={"study_design": "case_report"},
            suggested=[],
            content_hash=content_hash(studies),
        )
    before = words(open_study("Ben", pmid=str(invented_studies.TRIAL), tab="History"))
    assert "Cleo" not in before
    assert "Case report" not in before
    press(open_study("Ben"), "Save tags")
    after = words(open_study("Ben", pmid=str(invented_studies.TRIAL), tab="History"))
    assert "Tags of Cleo" in after
    assert "Cleo tagged the study" in after


def test_a_half_typed_finding_is_there_again_until_it_is_recorded(
    open_study: Callable[..., AppTest], studies: Engine
) -> None:
    prefix, quote = f"finding_{article_id(studies)}", invented_studies.RESULT

    def on_findings(name: str) -> AppTest:
        return open_study(name, pmid=str(invented_studies.TRIAL), tab="Findings")

    desk = on_findings("Ben")
    desk.selectbox(key=f"{prefix}_domain").set_value("response").run()
    desk.number_input(key=f"{prefix}_estimate").set_value(-7.4).run()
    desk.text_input(key=f"{prefix}_p_value").set_value("< 0.0").run()
    desk.session_state[f"{prefix}_quote"] = quote
    desk.run()
    assert on_findings("Cleo").selectbox(key=f"{prefix}_domain").value is None, "nobody else sees it"
    again = on_findings("Ben")
    assert again.selectbox(key=f"{prefix}_domain").value == "response"
    assert again.number_input(key=f"{prefix}_estimate").value == -7.4
    assert again.text_input(key=f"{prefix}_p_value").value == "< 0.0"
    assert f'<blockquote class="fn-quote">{quote}</blockquote>' in words(again)
    again.selectbox(key=f"{prefix}_direction").set_value("favours_intervention").run()
    press(again, "Record finding")
    with reading(studies) as session:
        (row,) = session.exec(select(Finding))
        assert (row.estimate, row.p_value, row.quote_id is None) == (-7.4, "< 0.0", False)
        assert session.exec(select(Draft)).all() == []
    fresh = on_findings("Ben")
    assert fresh.selectbox(key=f"{prefix}_domain").value is None
    assert "Click a sentence of the abstract" in words(fresh)


def test_a_draft_of_a_finding_ends_when_it_is_emptied_and_its_quote_can_be_taken_off(
    open_study: Callable[..., AppTest], studies: Engine
) -> None:
    prefix = f"finding_{article_id(studies)}"
    desk = open_study("Ben", pmid=str(invented_studies.TRIAL), tab="Findings")
    desk.text_input(key=f"{prefix}_summary").set_value("lower")
    desk.session_state[f"{prefix}_quote"] = invented_studies.RESULT
    desk.run()
    press(desk, "Take the quote off")
    with reading(studies) as session:
        assert [row.value for row in session.exec(select(Draft))] == [{"summary": "lower"}]
    desk.text_input(key=f"{prefix}_summary").set_value("").run()
    with reading(studies) as session:
        assert session.exec(select(Draft)).all() == []
