"""Whether an article stands, from what several sources say of it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from db.integrity import disagreement, integrity_where, standing
from db.types import Integrity


@dataclass
class Notice:
    source: str
    kind: str
    dated: date | None = None
    is_subject: bool = True
    withdrawn_at: datetime | None = None


def integrity(*notices: Notice, marked: bool = False) -> Integrity:
    return integrity_where(marked, {notice.kind for notice in standing(notices)})


RETRACTED = Notice("retraction_watch", "retraction", date(2021, 3, 1))
CONCERN = Notice("retraction_watch", "expression_of_concern", date(2020, 3, 1))
REINSTATED = Notice("retraction_watch", "reinstatement", date(2022, 3, 1))
BY_PUBMED = Notice("pubmed", "retraction")


def test_the_gravest_that_stands_counts() -> None:
    erratum = Notice("crossref", "erratum", date(2024, 1, 1))
    assert integrity(CONCERN, RETRACTED, erratum) is Integrity.RETRACTED
    assert integrity(CONCERN, erratum) is Integrity.CONCERN


def test_a_reinstatement_ends_the_retraction_of_its_own_source_and_the_concern_before_it() -> None:
    assert integrity(CONCERN, RETRACTED, REINSTATED) is Integrity.REINSTATED


def test_what_is_said_after_a_reinstatement_stands() -> None:
    again = Notice("retraction_watch", "retraction", date(2023, 3, 1))
    assert integrity(RETRACTED, REINSTATED, again) is Integrity.RETRACTED


@pytest.mark.parametrize("other", ["pubmed", "crossref"])
def test_a_reinstatement_by_one_source_does_not_end_the_retraction_of_another(other: str) -> None:
    assert integrity(REINSTATED, Notice(other, "retraction", date(2020, 1, 1))) is Integrity.RETRACTED


def test_the_mark_of_pubmed_outlasts_the_reinstatement_of_another_source() -> None:
    assert integrity(RETRACTED, REINSTATED, marked=True) is Integrity.RETRACTED


def test_a_reinstatement_without_a_date_ends_nothing_that_has_one() -> None:
    assert integrity(RETRACTED, Notice("retraction_watch", "reinstatement")) is Integrity.RETRACTED


def test_a_retraction_without_a_date_is_ended() -> None:
    assert integrity(Notice("retraction_watch", "retraction"), REINSTATED) is Integrity.REINSTATED


def test_a_reinstated_article_that_was_corrected_is_corrected() -> None:
    erratum = Notice("retraction_watch", "erratum", date(2020, 1, 1))
    assert integrity(RETRACTED, REINSTATED, erratum) is Integrity.CORRECTED


def test_a_withdrawn_notice_and_one_about_another_article_say_nothing() -> None:
    withdrawn = Notice("retraction_watch", "retraction", withdrawn_at=datetime(2026, 3, 1, tzinfo=UTC))
    of_another = Notice("pubmed", "retraction", is_subject=False)
    assert integrity(withdrawn, of_another) is Integrity.NONE_KNOWN


@pytest.mark.parametrize(
    ("notices", "marked", "sentence"),
    [
        ([], False, None),
        ([BY_PUBMED, RETRACTED], True, None),
        ([CONCERN], False, None),
        ([RETRACTED, REINSTATED], False, None),
        ([RETRACTED], False, "Retraction Watch says that this article was retracted; PubMed does not say so."),
        ([], True, "PubMed says that this article was retracted; Retraction Watch does not say so."),
        (
            [RETRACTED, REINSTATED],
            True,
            "PubMed says that this article was retracted; Retraction Watch says that it was reinstated.",
        ),
        (
            [Notice("crossref", "withdrawal")],
            False,
            "Crossref says that this article was retracted; PubMed and Retraction Watch do not say so.",
        ),
    ],
)
def test_sources_that_disagree_on_a_retraction_are_named(
    notices: list[Notice], marked: bool, sentence: str | None
) -> None:
    assert disagreement(notices, marked=marked) == sentence


def test_a_source_that_was_not_asked_does_not_disagree() -> None:
    assert disagreement([RETRACTED], asked=("retraction_watch",)) is None
