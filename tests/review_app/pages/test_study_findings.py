"""Findings, claims and history on a study's page, driven without a browser."""

from collections.abc import Callable

import invented_studies
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest
from study_page import actor, article_id, buttons, content_hash, press, words

from db.engine import reading, writing
from db.models import ClaimEvidence, Finding, Review
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
