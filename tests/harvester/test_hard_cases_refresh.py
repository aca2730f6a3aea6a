"""Hard cases 27 to 34: what changes from one night to the next. `hard_cases.toml` has them by number."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from invented_pubmed import FIRST, invented, write_records
from local_pubmed import LocalPubMed
from sqlalchemy import Engine
from sqlmodel import col, select
from synced_library import PMIDS, library, pmids, sync

from db import config
from db.engine import reading, writing
from db.models import Article, ArticleMesh, ChangeLog, Topic
from db.types import ChangeEvent, Integrity, RunStatus
from harvester.errors import Unreachable

TITLE = "Invented trial of ketamine for depression"


def nights(folder: Path, *events: dict[str, Any], articles: int = 3) -> LocalPubMed:
    """A PubMed of a few articles from `FIRST` on, to which these things happen."""
    file = write_records(folder / "invented.xml", (invented(FIRST + n) for n in range(articles)))
    return LocalPubMed([file], events=events, day=0)


def article(engine: Engine, pmid: int = FIRST) -> Article:
    with reading(engine) as session:
        return session.exec(select(Article).where(Article.pmid == pmid)).one()


def changes(engine: Engine, pmid: int = FIRST) -> Sequence[ChangeEvent]:
    with reading(engine) as session:
        of_it = select(ChangeLog.event).join(Article, col(Article.id) == col(ChangeLog.article_id))
        return session.exec(of_it.where(Article.pmid == pmid).order_by(col(ChangeLog.id))).all()


def watermark(engine: Engine) -> Any:
    with reading(engine) as session:
        return session.get_one(Topic, "ketamine").watermark


@pytest.mark.parametrize(
    "trouble", [{"endpoint": "esearch", "nth": 7}, {"endpoint": "efetch", "nth": 4}], ids=["window", "fetch"]
)
def test_a_night_that_fails_does_not_move_the_watermark_and_the_next_misses_nothing(
    sqlite_engine: Engine, records: Path, tmp_path: Path, trouble: dict[str, Any]
) -> None:
    revised = [invented(pmid, title=f"{TITLE}, revised", revised=date(2026, 12, 1)) for pmid in PMIDS[:3]]
    new = write_records(tmp_path / "new.xml", [*revised, invented(PMIDS[-1] + 1)])
    # The second night's: search, newest, list, then the window (esearch 4 of that server), then its first batch.
    fault = {"times": 99, "do": "html"} | trouble | {"nth": trouble["nth"] - 3}
    with LocalPubMed([records]) as local:
        before = sync(sqlite_engine, local.url)
    with LocalPubMed([records, new], faults=[fault]) as local, pytest.raises(Unreachable):
        sync(sqlite_engine, local.url)
    assert watermark(sqlite_engine) == before.started_at
    with LocalPubMed([records, new]) as local:
        run = sync(sqlite_engine, local.url)
    assert (run.status, run.new, run.changed) == (RunStatus.COMPLETE, 1, 3)
    assert watermark(sqlite_engine) == run.started_at > before.started_at


def test_a_pubmed_that_lists_half_of_what_it_did_shrinks_nothing(
    sqlite_engine: Engine, records: Path, tmp_path: Path, clean: list[dict[str, Any]]
) -> None:
    half = write_records(tmp_path / "half.xml", map(invented, PMIDS[::2]))
    with LocalPubMed([records]) as local:
        sync(sqlite_engine, local.url)
    for full in (False, True):
        with LocalPubMed([half]) as local:
            run = sync(sqlite_engine, local.url, full=full)
        assert run.status is RunStatus.COMPLETE
        assert run.message == ("PubMed no longer lists 225 of the 450 articles of this topic; the library keeps them")
        assert library(sqlite_engine) == clean


def test_a_run_that_stops_half_way_shrinks_nothing_and_leaves_the_watermark(
    sqlite_engine: Engine, records: Path, clean: list[dict[str, Any]]
) -> None:
    with LocalPubMed([records]) as local:
        before = sync(sqlite_engine, local.url)
        assert sync(sqlite_engine, local.url, full=True, limit=200).status is RunStatus.PARTIAL
    assert watermark(sqlite_engine) == before.started_at
    assert library(sqlite_engine) == clean


@pytest.mark.parametrize("older_first", [True, False])
def test_a_record_twice_in_one_answer_is_one_article_and_the_newer_of_the_two(
    sqlite_engine: Engine, tmp_path: Path, older_first: bool
) -> None:
    older = invented(FIRST, title=f"{TITLE}, as it was", revised=date(2026, 1, 5))
    newer = invented(FIRST, title=f"{TITLE}, as it is", revised=date(2026, 2, 5))
    file = write_records(tmp_path / "a.xml", [newer, invented(FIRST + 1)])
    pair = [older, newer] if older_first else [newer, older]
    twice = write_records(tmp_path / "b.xml", [pair[0], invented(FIRST + 1), pair[1]])
    fault = {"endpoint": "efetch", "nth": 1, "do": "status", "status": 200, "body": twice.read_text("utf-8")}
    with LocalPubMed([file], faults=[fault]) as local:
        run = sync(sqlite_engine, local.url)
    assert (run.status, run.new) == (RunStatus.COMPLETE, 2)
    assert article(sqlite_engine).title == f"{TITLE}, as it is"


def test_an_older_record_that_arrives_after_a_newer_one_changes_nothing(sqlite_engine: Engine, tmp_path: Path) -> None:
    revised = {"day": 1, "do": "revise", "pmid": FIRST, "title": f"{TITLE}, revised"}
    with nights(tmp_path, revised) as local:
        local.move_to(1)
        sync(sqlite_engine, local.url)
        before = library(sqlite_engine)
        local.move_to(0)
        run = sync(sqlite_engine, local.url, full=True)
    assert (run.status, run.changed, run.unchanged) == (RunStatus.COMPLETE, 0, 3)
    assert library(sqlite_engine) == before
    assert before[0]["title"] == f"{TITLE}, revised"


def test_a_record_that_says_something_else_under_its_old_date_is_seen_when_it_is_fetched(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    with nights(tmp_path, {"day": 1, "do": "reword", "pmid": FIRST, "title": f"{TITLE}, reworded"}) as local:
        sync(sqlite_engine, local.url)
        revised = article(sqlite_engine).date_revised
        local.move_to(1)
        run = sync(sqlite_engine, local.url, full=True)
    assert (run.changed, run.unchanged) == (1, 2)
    assert (article(sqlite_engine).title, article(sqlite_engine).date_revised) == (f"{TITLE}, reworded", revised)
    assert changes(sqlite_engine) == [ChangeEvent.NEW, ChangeEvent.REVISED]


def test_a_record_of_its_publisher_gains_its_headings_when_it_is_indexed(sqlite_engine: Engine, tmp_path: Path) -> None:
    pmid = FIRST + 50
    headings = [{"name": "Ketamine", "ui": "D007649", "major": True}, {"name": "Depression", "ui": "D003863"}]
    events: list[dict[str, Any]] = [
        {"day": 1, "do": "add", "pmid": pmid, "title": TITLE},
        {"day": 2, "do": "re-index", "pmid": pmid, "mesh": headings},
    ]
    statuses = []
    with nights(tmp_path, *events) as local:
        for day in range(3):
            local.move_to(day)
            sync(sqlite_engine, local.url)
            statuses.append(article(sqlite_engine, pmid).status if day else None)
    assert statuses == [None, "Publisher", "MEDLINE"]
    with reading(sqlite_engine) as session:
        mesh = session.exec(select(ArticleMesh.ui, ArticleMesh.major).join(Article).where(Article.pmid == pmid)).all()
    assert set(mesh) == {("D007649", True), ("D003863", False)}
    assert changes(sqlite_engine, pmid) == [ChangeEvent.NEW, ChangeEvent.REVISED]


@pytest.mark.parametrize(
    ("do", "standing"),
    [
        ("retract", Integrity.RETRACTED),
        ("retract-and-replace", Integrity.RETRACTED_AND_REPLACED),
        ("concern", Integrity.CONCERN),
        ("correct", Integrity.CORRECTED),
        ("republish", Integrity.CORRECTED),
        ("update", Integrity.NONE_KNOWN),
        ("comment", Integrity.NONE_KNOWN),
    ],
)
def test_a_notice_that_comes_later_marks_its_article_and_not_itself(
    sqlite_engine: Engine, tmp_path: Path, do: str, standing: Integrity
) -> None:
    notice = FIRST + 60
    with nights(tmp_path, {"day": 1, "do": do, "pmid": FIRST, "notice": notice}) as local:
        sync(sqlite_engine, local.url)
        assert article(sqlite_engine).integrity is Integrity.NONE_KNOWN
        local.move_to(1)
        run = sync(sqlite_engine, local.url)
    assert (run.new, run.changed) == (1, 1)
    assert article(sqlite_engine).integrity is standing
    assert article(sqlite_engine, notice).integrity is Integrity.NONE_KNOWN
    about = {content["pmid"]: content["notices"] for content in library(sqlite_engine)}
    assert [(link["pmid"], link["is_subject"]) for link in about[FIRST]] == [(notice, True)]
    assert [(link["pmid"], link["is_subject"]) for link in about[notice]] == [(FIRST, False)]


def test_a_retraction_of_something_else_that_names_no_pmid_retracts_nothing(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    link = '<CommentsCorrections RefType="RetractionOf"><RefSource>Invented J. 2024</RefSource></CommentsCorrections>'
    wrapped = f"<CommentsCorrectionsList>{link}</CommentsCorrectionsList>"
    file = write_records(tmp_path / "a.xml", [invented(FIRST, extra=wrapped)])
    with LocalPubMed([file]) as local:
        sync(sqlite_engine, local.url)
    assert article(sqlite_engine).integrity is Integrity.NONE_KNOWN


@pytest.mark.parametrize("away", [1, 2])
def test_a_record_away_for_some_nights_stays_and_is_the_same_when_it_is_back(
    sqlite_engine: Engine, tmp_path: Path, away: int
) -> None:
    with nights(tmp_path, {"day": 1, "do": "vanish", "pmid": FIRST, "nights": away}) as local:
        for day in range(away + 2):
            local.move_to(day)
            assert sync(sqlite_engine, local.url).status is RunStatus.COMPLETE
            assert pmids(sqlite_engine) == [FIRST, FIRST + 1, FIRST + 2]
            assert article(sqlite_engine).tombstoned_at is None
    assert changes(sqlite_engine) == [ChangeEvent.NEW]


def test_a_deleted_record_that_is_added_again_comes_back_as_what_it_was(sqlite_engine: Engine, tmp_path: Path) -> None:
    events = [
        {"day": 1, "do": "delete", "pmid": FIRST},
        {"day": 3, "do": "re-add", "pmid": FIRST, "title": f"{TITLE}, again"},
    ]
    with nights(tmp_path, *events) as local:
        sync(sqlite_engine, local.url)
        local.move_to(2)
        assert sync(sqlite_engine, local.url).status is RunStatus.COMPLETE
        number = article(sqlite_engine).id
        with writing(sqlite_engine) as session:  # two nights confirmed it gone
            session.get_one(Article, number).tombstoned_at = config.now()
            session.commit()
        local.move_to(3)
        run = sync(sqlite_engine, local.url)
    back = article(sqlite_engine)
    assert (run.status, run.changed) == (RunStatus.COMPLETE, 1)
    assert (back.id, back.title, back.tombstoned_at) == (number, f"{TITLE}, again", None)
    assert changes(sqlite_engine) == [ChangeEvent.NEW, ChangeEvent.RETURNED]
