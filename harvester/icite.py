"""Citation figures of iCite (https://icite.od.nih.gov/api), a seventh of the library each night.

An article's turn is the day of the week that its id falls on, so that every figure is asked for once a week, also where
iCite has none, and what missed its turn catches up. Figures have their own table: they touch no article.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import Session, col, select

from db import config
from db.engine import reading
from db.models import Article, CitationMetric, TopicArticle
from harvester.errors import Fatal, Retry
from harvester.eutils_answers import json_object
from harvester.identifiers import pmid_number
from harvester.night import Night, Tally, remember, remembered, source
from harvester.transport import Response, Service, Transport

NAME, SOURCE = "iCite", "icite"
AT_ONCE = 200
WEEK = 7
# So many on the first night, when nothing is known; the rest have their turn within the week.
FIRST = 10 * AT_ONCE
MOST = 1e9  # above it stands no ratio or percentile
FIELDS = "pmid,citation_count,relative_citation_ratio,nih_percentile,provisional"


@dataclass(frozen=True, slots=True)
class Figures:
    citation_count: int | None
    relative_citation_ratio: float | None
    nih_percentile: float | None
    provisional: bool | None


@source(NAME)
def refresh_citations(night: Night, tally: Tally) -> None:
    """The figures whose turn it is, those of cited articles first; a row only where one changed."""
    with reading(night.engine) as session:
        last = remembered(session, night, SOURCE).get("asked")
        due = _due(session, night, date.fromisoformat(last) if last else None)
    with night.asking(Service(NAME, night.settings.icite_url, "ICITE_URL")) as transport:
        for start in range(0, len(due), AT_ONCE):
            some = due[start : start + AT_ONCE]
            figures = _ask(transport, [pmid for _, pmid in some])
            tally.changed += _keep(night, {i: figures[pmid] for i, pmid in some if pmid in figures})
            tally.checked += len(some)
    if due:
        with night.writing() as session:
            remember(session, night, SOURCE, {"asked": config.today().isoformat()})


def _due(session: Session, night: Night, last: date | None) -> list[tuple[int, int]]:
    """Ids and PMIDs of the topic's articles, and of cited ones outside it, whose turn came since the last night."""
    today = config.today().toordinal()
    since = max(last.toordinal(), today - WEEK) if last else today - WEEK
    turns = {day % WEEK for day in range(since + 1, today + 1)}
    in_topic = (col(TopicArticle.article_id) == col(Article.id)) & (col(TopicArticle.topic_id) == night.topic.id)
    rows = select(Article.id, Article.pmid, TopicArticle.topic_id).outerjoin(TopicArticle, in_topic)
    rows = rows.where(col(Article.tombstoned_at).is_(None), (col(Article.id) % WEEK).in_(turns))
    found = [(i, pmid) for i, pmid, topic in session.exec(rows) if pmid and (topic or i in night.cited)]
    found.sort(key=lambda each: (each[0] not in night.cited, each[0] % WEEK != today % WEEK, each[0]))
    return found if last else found[:FIRST]


def _ask(transport: Transport, pmids: Sequence[int]) -> dict[int, Figures]:
    asked = {"pmids": ",".join(map(str, pmids)), "fl": FIELDS}
    return transport.ask("pubs", asked, lambda answer: figures_in(answer, pmids), method="GET")


def figures_in(answer: Response, pmids: Sequence[int]) -> dict[int, Figures]:
    """By PMID; one that iCite does not know is absent. Raises `Retry` or `Fatal`."""
    if answer.status != 200:
        raise Fatal(f"{NAME} answered HTTP {answer.status}; check ICITE_URL")
    rows = json_object(answer.body, NAME).get("data")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Retry("the answer has no list of figures")
    found = {pmid_number(str(row.get("pmid"))): _figures(row) for row in rows}
    return {pmid: found[pmid] for pmid in pmids if pmid in found}


def _figures(row: Mapping[str, Any]) -> Figures:
    count, provisional = row.get("citation_count"), row.get("provisional")
    if isinstance(provisional, str):
        provisional = {"yes": True, "true": True, "no": False, "false": False}.get(provisional.lower())
    return Figures(
        count if isinstance(count, int) and 0 <= count < 2**31 else None,
        _number(row.get("relative_citation_ratio")),
        _number(row.get("nih_percentile")),
        provisional if isinstance(provisional, bool) else None,
    )


def _number(value: object) -> float | None:
    """None for the newest articles, which have no ratio yet."""
    return float(value) if isinstance(value, int | float) and abs(value) < MOST else None


def _keep(night: Night, figures: Mapping[int, Figures]) -> int:
    """Writes what is not as it was known last; how many articles that were."""
    with reading(night.engine) as session:
        rows = select(CitationMetric).where(
            CitationMetric.source == SOURCE, col(CitationMetric.article_id).in_(figures)
        )
        known = {row.article_id: row for row in session.exec(rows.order_by(col(CitationMetric.as_of)))}
    values = {i: asdict(said) for i, said in figures.items()}
    changed = [
        {"article_id": i, "source": SOURCE, "as_of": config.today(), **said}
        for i, said in values.items()
        if said != {name: getattr(known.get(i), name, None) for name in said}
    ]
    if changed:
        today = col(CitationMetric.as_of) == config.today(), col(CitationMetric.source) == SOURCE
        these = col(CitationMetric.article_id).in_([row["article_id"] for row in changed])
        with night.writing() as session:
            session.execute(delete(CitationMetric).where(these, *today))
            session.execute(insert(CitationMetric), changed)
    return len(changed)
