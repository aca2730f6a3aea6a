"""One study's page, driven without a browser: the abstract's sentences cannot be clicked here, the rest can."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import invented_studies
import pytest
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from db import config
from db.engine import reading, writing
from db.models import Finding, Member, Review, Tagging
from db.queries import accounts as account_queries
from db.queries import literature
from db.types import Actor, Role, Stance
from harvester.records import Section
from review_app import database
from review_app.services import claims as claim_service
from review_app.services import tags as tag_service

OpenDesk = Callable[[str | None], AppTest]
STUDY = str(Path(database.__file__).parent / "pages" / "study.py")


def actor(engine: Engine, name: str) -> Actor:
    with reading(engine) as session:
        member = account_queries.member_by_name(session, name=name)
    assert member is not None
    return account_queries.actor_of(member)


def article_id(engine: Engine, pmid: int = invented_studies.TRIAL) -> int:
    with reading(engine) as session:
        article = literature.article_by_pmid(session, pmid=pmid)
    assert article is not None
    return article.id


def content_hash(engine: Engine) -> str:
    with reading(engine) as session:
        article = literature.article(session, article_id=article_id(engine))
    assert article is not None
    return article.content_hash


def taggings(engine: Engine) -> list[Tagging]:
    with reading(engine) as session:
        return list(session.exec(select(Tagging).order_by(Tagging.id)))  # type: ignore[arg-type]


@pytest.fixture
def studies(library: Engine) -> Engine:
    """Ada's library of invented studies; Rae may only read."""
    with writing(library) as session:
        session.add(Member(name="Rae", name_key="rae", role=Role.READ_ONLY, created_at=config.now()))
        session.commit()
    invented_studies.fill(library, lead=actor(library, "Ada"), plain=0)
    return library


@pytest.fixture
def open_study(studies: Engine, open_desk: OpenDesk) -> Callable[..., AppTest]:
    """`open_study("Ben", pmid="90000001")`: the page at that address, as this person sees it."""

    def open_as(name: str, **address: str) -> AppTest:
        desk = open_desk(name).switch_page(STUDY)
        desk.query_params.update(address or {"id": str(article_id(studies))})
        return desk.run()

    return open_as


def words(desk: AppTest) -> str:
    return " ".join(str(element.proto.body) for element in desk.get("html"))


def buttons(desk: AppTest) -> list[str]:
    return [button.label for button in desk.button]


def press(desk: AppTest, label: str) -> AppTest:
    return next(button for button in desk.button if button.label == label).click().run()


def field(desk: AppTest, engine: Engine, name: str) -> Any:
    key = f"tag_{article_id(engine)}_{name}"
    return next(widget for widget in (*desk.selectbox, *desk.multiselect, *desk.number_input) if widget.key == key)


@pytest.mark.parametrize("name", ["Ada", "Ben", "Dov", "Rae"])
def test_every_role_may_read_a_study(open_study: Callable[..., AppTest], name: str) -> None:
    desk = open_study(name)
    assert not desk.exception
    assert invented_studies.trial().title in words(desk)
    assert "Randomized Controlled Trial" in words(desk)
    assert "ClinicalTrials.gov NCT90000001" in words(desk)
    assert "Ketamine / administration &amp; dosage" in words(desk)
    assert "PMC90000001 ↗" in words(desk)


def test_the_study_is_found_by_its_pmid_too(open_study: Callable[..., AppTest]) -> None:
    assert invented_studies.trial().title in words(open_study("Ben", pmid=str(invented_studies.TRIAL)))


@pytest.mark.parametrize(
    "address",
    [{"id": "999999"}, {"id": "two"}, {"id": "-1"}, {"id": "9" * 30}, {"pmid": "4294967296"}, {"id": "½"}, {"id": ""}],
)
def test_an_address_that_fits_no_study_gives_a_clear_box(
    open_study: Callable[..., AppTest], address: dict[str, str]
) -> None:
    desk = open_study("Ben", **address)
    assert not desk.exception
    assert "There is no such study." in words(desk)
    assert buttons(desk) == []


def test_a_pmid_that_is_not_in_the_library_is_named(open_study: Callable[..., AppTest]) -> None:
    assert "PMID 90009999 is not in the library." in words(open_study("Ben", pmid="90009999"))


def test_an_erratum_stands_on_top_and_says_where(open_study: Callable[..., AppTest]) -> None:
    assert 'data-weight="mild"' in words(open_study("Ben"))
    assert "Erratum · Invented J Psychiatry. 2024;12(5):400" in words(open_study("Ben"))


def test_a_retraction_is_prominent_and_the_notice_itself_is_not_retracted(open_study: Callable[..., AppTest]) -> None:
    retracted = words(open_study("Ben", pmid=str(invented_studies.RETRACTED)))
    assert 'data-weight="grave"' in retracted
    assert "<s>Ketamine cures depression in all patients: a randomised trial</s>" in retracted
    notice = words(open_study("Ben", pmid=str(invented_studies.NOTICE)))
    assert "This record is itself a notice: Retraction of another article" in notice
    assert 'data-weight="grave"' not in notice
    assert "<s>" not in notice


def test_a_record_without_an_abstract_can_be_tagged(open_study: Callable[..., AppTest], studies: Engine) -> None:
    desk = open_study("Ben", pmid=str(invented_studies.BARE))
    assert "The record has no abstract." in words(desk)
    press(desk, "Save tags")
    assert [row.article_id for row in taggings(studies)] == [article_id(studies, invented_studies.BARE)]


def test_markup_in_title_journal_and_author_is_text(open_study: Callable[..., AppTest]) -> None:
    drawn = words(open_study("Ben", pmid=str(invented_studies.SCRIPT)))
    assert "&lt;script&gt;alert(&quot;title&quot;)&lt;/script&gt;" in drawn
    assert "<script>" not in drawn
    assert "<b>Bold" not in drawn
    assert "<i>Journal" not in drawn


def test_the_form_begins_with_suggestions_marked_as_such(open_study: Callable[..., AppTest], studies: Engine) -> None:
    desk = open_study("Ben")
    assert field(desk, studies, "study_design").value == "rct"
    assert field(desk, studies, "sample_size").value == 60
    assert "ketamine/iv" in field(desk, studies, "interventions").value
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
    key = f"tag_{article_id(studies)}_outcome_"
    for old in [b.key for b in desk.button if b.key and b.key.endswith("_remove")]:
        desk.button(key=old).click().run()
    desk.button(key=f"{key}add").click().run()
    (row,) = [b.key.removesuffix("remove") for b in desk.button if b.key and b.key.endswith("_remove")]
    desk.selectbox(key=f"{row}domain").set_value("remission")
    desk.selectbox(key=f"{row}direction").set_value("no_difference").run()
    press(desk, "Save tags")
    assert taggings(studies)[0].tags["outcomes"] == [
        {"domain": "remission", "instrument": None, "direction": "no_difference"}
    ]


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


def test_a_finding_is_recorded_shown_and_withdrawn(open_study: Callable[..., AppTest], studies: Engine) -> None:
    desk = open_study("Ben", pmid=str(invented_studies.TRIAL), tab="Findings")
    assert "No finding yet." in words(desk)
    prefix = f"finding_{article_id(studies)}"
    desk.selectbox(key=f"{prefix}_domain").set_value("depression_severity")
    desk.selectbox(key=f"{prefix}_direction").set_value("favours_intervention")
    desk.selectbox(key=f"{prefix}_time_point").set_value("h24").run()
    desk.text_input(key=f"{prefix}_summary").set_value("7.4 points <b>lower</b>").run()
    press(desk, "Record finding")
    assert "<strong>Depression severity · 24 hours</strong>: favours intervention" in words(desk)
    assert "7.4 points &lt;b&gt;lower&lt;/b&gt;" in words(desk)
    assert desk.selectbox(key=f"{prefix}_domain").value is None
    press(desk, "Withdraw")
    assert "No finding yet." in words(desk)
    with reading(studies) as session:
        assert session.exec(select(Finding)).one().withdrawn_at is not None


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


def test_without_a_sentence_nothing_can_be_linked(open_study: Callable[..., AppTest]) -> None:
    desk = open_study("Ben", pmid=str(invented_studies.TRIAL), tab="Claims")
    link = next(button for button in desk.button if button.label == "Link to the claim")
    assert link.disabled
    assert "Click a sentence of the abstract" in words(desk)


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
