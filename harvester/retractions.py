"""Notices that Retraction Watch knows of, joined with the library: by PMID, then by DOI.

The file is asked for only when it has changed, or when there are articles that it was not compared with.
"""

import tempfile
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, BinaryIO

from sqlmodel import Session, col, func, select

from db import config
from db.engine import reading
from db.integrity import REINSTATEMENT, RETRACTIONS, disagreement
from db.models import Article, ArticlePublicationType, Notice
from harvester.errors import Fatal, Retry
from harvester.night import Night, Tally, remember, remembered, source
from harvester.retractions_file import NAME, NotTheFile, Row, WatchFile, is_the_file, read_file
from harvester.retractions_notices import Told, tell
from harvester.transport import MEGABYTE, NOT_MODIFIED, Response, Service

SOURCE = "retraction_watch"
# About 60 MB in 2026.
LIMIT = 512 * MEGABYTE
# A record may gain its PMID or DOI while the file stays as it is.
AGAIN = timedelta(days=7)
# A file that lost more rows than this share, and more than a few, is not believed.
MOST_LOST, FEW = 0.1, 10
# Disagreements that are told one by one.
SHOWN = 5
RETRACTED = "Retracted Publication"
# PubMed's types of what is published about another article (D016440, D016425, D000075742, and their former names).
NOTICE_TYPES = ("Retraction of Publication", "Retraction Notice", "Published Erratum", "Expression of Concern")


@dataclass(frozen=True, slots=True)
class Library:
    """Its articles by PMID and by DOI, how many have either, and which are notices themselves."""

    pmids: Mapping[int, int]
    dois: Mapping[str, int]
    size: int
    notices: frozenset[int]

    def article(self, pmid: int | None, doi: str | None) -> int | None:
        """What a row is about; never the notice in the place of its subject."""
        found = self.pmids.get(pmid or 0) or self.dois.get(doi or "")
        return found if found not in self.notices else None


@source(NAME)
def refresh_notices(night: Night, tally: Tally) -> None:
    """What the Retraction Watch file says of the articles of the library, and where PubMed says otherwise."""
    _compare(night, tally)
    with reading(night.engine) as session:
        disputed = _disputed(session, night.cited)
    tally.notes += disputed[:SHOWN] + [f"and {len(disputed) - SHOWN:,} more"] * (len(disputed) > SHOWN)


def _compare(night: Night, tally: Tally) -> None:
    with reading(night.engine) as session:
        last = remembered(session, night, SOURCE)
        newest = session.exec(select(func.max(Article.id))).one() or 0
    url = night.settings.retraction_watch_url
    with tempfile.TemporaryFile() as file:
        answer = _download(night, file, _tag(last, url, newest))
        if answer.status == NOT_MODIFIED:
            return
        with reading(night.engine) as session:
            library = _library(session)
        found = read_file(file, lambda pmid, doi: library.article(pmid, doi) is not None)
    _believe(found, last.get("rows", 0))
    if found.rejected:
        tally.notes += [f"{found.rejected:,} of its {found.count:,} rows cannot be read; nothing was taken back"]
    elif not answer.bounded:
        tally.notes += ["the file did not say where it ends; nothing was taken back"]
    told = [_told(row, library) for row in found.rows.values()]
    tag = answer.tag if answer.bounded else None
    memory = {"tag": tag, "url": url, "rows": found.count, "newest": newest, "read": config.today().isoformat()}
    with night.writing() as session:
        tally.changed = tell(session, told, run_id=night.run_id, source=SOURCE, withdraw=not tally.notes)
        remember(session, night, SOURCE, memory)
    tally.checked = library.size


def _tag(last: Mapping[str, Any], url: str, newest: int) -> str | None:
    """The tag of the file when it was read last; None when it has to be read again whether it changed or not."""
    if (last.get("url"), last.get("newest")) != (url, newest):
        return None
    tag: str | None = last["tag"] if config.today() - date.fromisoformat(last["read"]) < AGAIN else None
    return tag


def _download(night: Night, file: BinaryIO, tag: str | None) -> Response:
    def usable(answer: Response) -> Response:
        file.seek(0)
        if answer.status not in {200, NOT_MODIFIED if tag else 200}:
            raise Fatal(f"{NAME} answered HTTP {answer.status}; check RETRACTION_WATCH_URL")
        if answer.status == 200 and not is_the_file(file.read(100)):
            raise Retry("the answer is not the file but something else")
        return answer

    service = Service(NAME, night.settings.retraction_watch_url, "RETRACTION_WATCH_URL")
    headers = {"If-None-Match": tag} if tag else {}
    with night.asking(service) as transport:
        return transport.ask("", {}, usable, method="GET", limit=LIMIT, headers=headers, into=file)


def _library(session: Session) -> Library:
    rows = session.exec(select(Article.id, Article.pmid, Article.doi)).all()
    typed = select(ArticlePublicationType.article_id).where(col(ArticlePublicationType.name).in_(NOTICE_TYPES))
    return Library(
        {pmid: i for i, pmid, _ in rows if pmid is not None},
        {doi.lower(): i for i, _, doi in rows if doi is not None},
        sum(pmid is not None or doi is not None for _, pmid, doi in rows),
        frozenset(session.exec(typed)),
    )


def _believe(found: WatchFile, rows: int) -> None:
    if rows - found.count > max(FEW, rows * MOST_LOST):
        raise NotTheFile(
            f"the file of {NAME} has {found.count:,} rows where it had {rows:,}: it is not believed, nothing changed"
        )


def _told(row: Row, library: Library) -> Told:
    article_id = library.article(row.pmid, row.doi) or 0
    return Told(
        str(row.record),
        article_id,
        row.kind,
        row.dated,
        row.notice_pmid,
        row.notice_doi,
        row.notice_doi,
        "; ".join(row.reasons) or None,
    )


def _disputed(session: Session, cited: Collection[int]) -> list[str]:
    """A sentence for each cited article of which one source said before today that it was retracted, and one not."""
    kinds = {*RETRACTIONS, REINSTATEMENT}
    rows = select(Notice).where(col(Notice.kind).in_(kinds), col(Notice.is_subject), col(Notice.withdrawn_at).is_(None))
    said: dict[int, list[Notice]] = defaultdict(list)
    for notice in session.exec(rows.order_by(col(Notice.id))):
        said[notice.article_id or 0].append(notice)
    typed = select(ArticlePublicationType.article_id).where(ArticlePublicationType.name == RETRACTED)
    marked = set(session.exec(typed))
    seen = {i for i, some in said.items() if any(each.first_seen_at.date() < config.today() for each in some)}
    ids = (seen | marked).intersection(cited)
    pmids = session.exec(select(Article.pmid, Article.id).where(col(Article.id).in_(ids)).order_by(col(Article.pmid)))
    sentences = ((pmid, disagreement(said[i], marked=i in marked)) for pmid, i in pmids if pmid is not None)
    return [f"PMID {pmid}: {sentence}" for pmid, sentence in sentences if sentence]
