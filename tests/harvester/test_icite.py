"""Citation figures, a share of the library each night, over a real socket."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from invented_pubmed import FIRST, invented, write_records
from local_pubmed import LocalPubMed
from one_night import TOPIC, check, night, requests
from sqlalchemy import Engine, insert, update
from sqlmodel import col, select
from synced_library import sync

from db import config
from db.engine import reading, writing
from db.models import Article, ChangeLog, CitationMetric, HarvestRun, Study, TopicArticle
from db.queries import harvesting
from harvester.errors import Fatal, Retry, Stopped
from harvester.icite import Figures, figures_in, refresh_citations
from harvester.night import SourceResult
from harvester.transport import Response

PMIDS = range(FIRST, FIRST + 14)
NO_FIGURES = {"endpoint": "icite", "do": "status", "status": 503, "times": 6}


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_records(tmp_path_factory.mktemp("records") / "some.xml", map(invented, PMIDS))


@pytest.fixture
def pubmed(records: Path, request: pytest.FixtureRequest, clock: Callable[..., None]) -> Iterator[LocalPubMed]:
    events = [{"day": 0, "do": "cite", "pmid": FIRST, "citation_count": 9, "relative_citation_ratio": 1.5}]
    events += [{"day": 0, "do": "cite", "pmid": FIRST + 1, "absent": True}]
    events += [{"day": 1, "do": "cite", "pmid": FIRST, "citation_count": 11, "provisional": True}]
    with LocalPubMed([records], getattr(request, "param", None), events=events) as server:
        yield server


def figures(engine: Engine, pmid: int) -> list[tuple[Any, ...]]:
    with reading(engine) as session:
        mine = select(CitationMetric).join(Article).where(Article.pmid == pmid).order_by(col(CitationMetric.as_of))
        return [
            (row.as_of.day, row.citation_count, row.relative_citation_ratio, row.provisional)
            for row in session.exec(mine)
        ]


def asked(pubmed: LocalPubMed) -> list[int]:
    return [int(pmid) for entry in requests(pubmed, "icite") for pmid in entry["params"]["pmids"].split(",")]


def test_the_first_night_asks_for_everything_and_touches_no_article(engine: Engine, pubmed: LocalPubMed) -> None:
    sync(engine, pubmed.url, TOPIC)
    with reading(engine) as session:
        before = [row.model_dump() for row in session.exec(select(Article).order_by(col(Article.id)))]
        changes = len(session.exec(select(ChangeLog)).all())
    assert check(refresh_citations, engine, pubmed) == SourceResult("iCite", "checked", 14, 13)
    assert figures(engine, FIRST) == [(1, 9, 1.5, None)]
    assert figures(engine, FIRST + 1) == []
    assert figures(engine, FIRST + 2) == [(1, 0, None, None)]
    with reading(engine) as session:
        assert [row.model_dump() for row in session.exec(select(Article).order_by(col(Article.id)))] == before
        assert len(session.exec(select(ChangeLog)).all()) == changes


def test_every_figure_is_asked_for_once_in_the_week_after(
    sqlite_engine: Engine, pubmed: LocalPubMed, clock: Callable[..., None]
) -> None:
    sync(sqlite_engine, pubmed.url, TOPIC)
    check(refresh_citations, sqlite_engine, pubmed)
    pubmed.move_to(1)
    changed = 0
    for _ in range(7):
        clock(days=1)
        changed += check(refresh_citations, sqlite_engine, pubmed).changed
    assert Counter(asked(pubmed)) == dict.fromkeys(PMIDS, 2)
    assert [len(entry["params"]["pmids"].split(",")) for entry in requests(pubmed, "icite")] == [14] + [2] * 7
    assert changed == 1
    assert [row[1:] for row in figures(sqlite_engine, FIRST)] == [(9, 1.5, None), (11, 1.5, True)]


def test_a_second_run_in_one_night_asks_for_nothing(sqlite_engine: Engine, pubmed: LocalPubMed) -> None:
    sync(sqlite_engine, pubmed.url, TOPIC)
    check(refresh_citations, sqlite_engine, pubmed)
    assert check(refresh_citations, sqlite_engine, pubmed) == SourceResult("iCite", "unchanged")
    assert len(requests(pubmed, "icite")) == 1


def test_nights_that_were_missed_are_made_up_for(
    sqlite_engine: Engine, pubmed: LocalPubMed, clock: Callable[..., None]
) -> None:
    sync(sqlite_engine, pubmed.url, TOPIC)
    found = []
    for days in (0, 3, 30):
        clock(days=days)
        found.append(check(refresh_citations, sqlite_engine, pubmed).checked)
    assert found == [14, 6, 14]


@pytest.mark.parametrize("pubmed", [[{**NO_FIGURES, "nth": 2}]], indirect=True)
def test_what_could_not_be_asked_has_its_turn_the_next_night(
    sqlite_engine: Engine, pubmed: LocalPubMed, clock: Callable[..., None]
) -> None:
    sync(sqlite_engine, pubmed.url, TOPIC)
    found = []
    for _ in range(3):
        found.append(check(refresh_citations, sqlite_engine, pubmed))
        clock(days=1)
    assert [(each.state, each.checked) for each in found] == [("checked", 14), ("could not check", 0), ("checked", 4)]
    assert "iCite at http://127.0.0.1" in (found[1].message or "")
    assert "HTTP 503" in (found[1].message or "")


def test_a_night_that_was_cut_off_is_repeated_without_a_trace(engine: Engine, pubmed: LocalPubMed) -> None:
    sync(engine, pubmed.url, TOPIC)
    found = []
    for day in (0, 0, 1):
        pubmed.move_to(day)
        found.append(check(refresh_citations, engine, pubmed).changed)
        forget(engine)
    assert found == [13, 0, 1]
    assert figures(engine, FIRST) == [(1, 11, 1.5, True)]


def forget(engine: Engine) -> None:
    with writing(engine) as session:
        session.execute(update(HarvestRun).values(options={}))
        session.commit()


def test_cited_articles_come_first_and_nine_thousand_take_ten_requests_a_night(
    sqlite_engine: Engine, pubmed: LocalPubMed, clock: Callable[..., None]
) -> None:
    fill(sqlite_engine, 9_000)
    cited = [FIRST + 8_999, FIRST + 8_998]
    for most in (10, 7):
        before = len(requests(pubmed, "icite"))
        assert check(refresh_citations, sqlite_engine, pubmed, cited).state == "checked"
        assert len(requests(pubmed, "icite")) - before == most
        clock(days=1)
    assert sorted(asked(pubmed)[:2], reverse=True) == cited
    with reading(sqlite_engine) as session:
        assert session.exec(select(CitationMetric)).first() is not None


def fill(engine: Engine, number: int) -> None:
    """A topic of so many articles, of which the local PubMed has the first few."""
    ids = range(1, number + 1)
    given = {"title": "", "abstract": "", "content_hash": "", "parser_version": 1, "retrieved_at": config.now()}
    given |= {name: [] for name in ("sections", "authors", "languages", "keywords")}
    seen = {"topic_id": TOPIC.id, "first_seen_at": config.now(), "last_fetched_at": config.now()}
    with writing(engine) as session:
        harvesting.upsert_topic(session, topic_id=TOPIC.id, name=TOPIC.name, query=TOPIC.query)
        session.execute(insert(Study), [{"id": i, "created_at": config.now()} for i in ids])
        session.execute(insert(Article), [{"id": i, "pmid": FIRST - 1 + i, "study_id": i, **given} for i in ids])
        session.execute(insert(TopicArticle), [{"article_id": i, **seen} for i in ids])
        session.commit()


def test_an_article_that_is_gone_is_not_asked_for(sqlite_engine: Engine, pubmed: LocalPubMed) -> None:
    sync(sqlite_engine, pubmed.url, TOPIC)
    with writing(sqlite_engine) as session:
        session.execute(update(Article).where(col(Article.pmid) == FIRST).values(tombstoned_at=config.now()))
        session.commit()
    assert check(refresh_citations, sqlite_engine, pubmed).checked == 13


def test_a_stop_is_heard_before_the_first_request(sqlite_engine: Engine, pubmed: LocalPubMed) -> None:
    sync(sqlite_engine, pubmed.url, TOPIC)
    with night(sqlite_engine, pubmed.settings(), stopped=lambda: True) as tonight, pytest.raises(Stopped):
        refresh_citations(tonight)
    assert asked(pubmed) == []


def answered(*rows: object) -> Response:
    return Response(200, json.dumps({"data": list(rows)}).encode())


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"pmid": 7, "citation_count": 3}, Figures(3, None, None, None)),
        ({"pmid": "7", "relative_citation_ratio": 2}, Figures(None, 2.0, None, None)),
        ({"pmid": 7, "relative_citation_ratio": None, "provisional": "Yes"}, Figures(None, None, None, True)),
        ({"pmid": 7, "nih_percentile": 99.5, "provisional": False}, Figures(None, None, 99.5, False)),
        ({"pmid": 7, "nih_percentile": float("nan"), "citation_count": -1}, Figures(None, None, None, None)),
        ({"pmid": 7, "relative_citation_ratio": 10**400, "citation_count": 1.5}, Figures(None, None, None, None)),
        ({"pmid": 7, "citation_count": "many", "provisional": "perhaps"}, Figures(None, None, None, None)),
    ],
)
def test_a_figure_that_is_no_figure_is_none(row: dict[str, Any], expected: Figures) -> None:
    assert figures_in(answered(row), [7, 8]) == {7: expected}


def test_articles_that_were_not_asked_for_are_left_alone() -> None:
    assert figures_in(answered({"pmid": 9}, {"title": "no PMID"}), [7]) == {}
    assert figures_in(answered(), [7]) == {}


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (Response(400, b"{}"), Fatal),
        (Response(200, b"<html>"), Retry),
        (Response(200, b"[]"), Retry),
        (Response(200, b"{}"), Retry),
        (Response(200, b'{"data": {"pmid": 7}}'), Retry),
        (Response(200, b'{"data": [7]}'), Retry),
    ],
)
def test_an_answer_that_is_no_list_of_figures_is_not_believed(answer: Response, trouble: type[Exception]) -> None:
    with pytest.raises(trouble):
        figures_in(answer, [7])
