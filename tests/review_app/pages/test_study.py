"""One study's page, driven without a browser: the abstract's sentences cannot be clicked here, the rest can."""

from collections.abc import Callable

import invented_alerts
import invented_studies
import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from study_page import buttons, words

from db import config
from db.engine import writing
from db.models import Notice


@pytest.mark.parametrize("name", ["Ada", "Ben", "Dov", "Rae"])
def test_every_role_may_read_a_study(open_study: Callable[..., AppTest], name: str) -> None:
    desk = open_study(name)
    assert not desk.exception
    assert invented_studies.trial().title in words(desk)
    assert "Randomized Controlled Trial" in words(desk)
    assert "ClinicalTrials.gov NCT90000001" in words(desk)
    assert "Ketamine / administration &amp; dosage" in words(desk)
    assert "PMC90000001 ↗" in words(desk)


def test_a_study_says_how_to_cite_it_and_that_it_is_retracted(open_study: Callable[..., AppTest]) -> None:
    title = "A single infusion of ketamine in treatment-resistant depression: a randomised controlled trial"
    where = "Invented J Psychiatry. 2024 May;12(3):201-9. doi: 10.5555/invented.1. PMID: 90000001; PMCID: PMC90000001."
    assert f"Lindqvist A, Okafor B, Tanaka Y. {title}. {where}" in words(open_study("Ben"))
    retracted = words(open_study("Ben", pmid=str(invented_studies.RETRACTED)))
    assert f"PMID: {invented_studies.RETRACTED}. RETRACTED: see PMID {invented_studies.NOTICE}" in retracted


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


@pytest.mark.parametrize("kind", ["retracted_and_republished", "corrected_and_republished", "reinstatement"])
def test_every_notice_that_tells_how_a_study_stands_is_on_top(
    studies: Engine, open_study: Callable[..., AppTest], kind: str
) -> None:
    with writing(studies) as session:
        article = invented_alerts.trial(session)
        told = {"article_id": article.id, "source": "retraction_watch", "source_key": "invented"}
        session.add(Notice(**told, is_subject=True, kind=kind, first_seen_at=config.now()))
        session.commit()
    on_top = words(open_study("Ben", id=str(article.id))).split("</div>")[0]
    assert f"{kind.replace('_', ' ').capitalize()} · says Retraction Watch" in on_top


def test_markup_in_title_journal_and_author_is_text(open_study: Callable[..., AppTest]) -> None:
    drawn = words(open_study("Ben", pmid=str(invented_studies.SCRIPT)))
    assert "&lt;script&gt;alert(&quot;title&quot;)&lt;/script&gt;" in drawn
    assert "<script>" not in drawn
    assert "<b>Bold" not in drawn
    assert "<i>Journal" not in drawn
