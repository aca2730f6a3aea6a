"""One topic, brought up to date: what its query finds that the library lacks, and what PubMed revised.

No sync takes anything away: what PubMed no longer lists stays until a refresh confirmed that it is gone.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from db.engine import reading, writing
from db.models import Article, HarvestRun, ImportSource, Topic, TopicArticle
from db.types import RunKind, RunStatus
from harvester.eutils import Eutils
from harvester.listing import list_topic
from harvester.topic import TopicFile
from harvester.topic_run import Progress, TopicRun

__all__ = ["Progress", "Sync", "fetched_pmids"]


class Sync(TopicRun):
    """`full`: fetch everything again. An interrupted sync older than a day lists again, so that what appeared since is
    not left for another night."""

    kind = RunKind.SYNC
    stale = timedelta(hours=24)

    def __init__(
        self,
        engine: Engine,
        eutils: Eutils,
        topic: TopicFile,
        *,
        full: bool = False,
        limit: int | None = None,
        report: Callable[[Progress], None] = lambda progress: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(engine, eutils, topic, limit=limit, report=report, stopped=stopped)
        self.full = full
        self.remark: str | None = None

    @property
    def options(self) -> dict[str, Any]:
        return {"full": self.full}

    def _go_on(self, run_id: int) -> HarvestRun:
        self._planned(run_id)
        self._fetch_pending(run_id)
        if lacking := self._lacking(run_id):
            return self._end(RunStatus.PARTIAL, lacking)
        return self._end(RunStatus.COMPLETE, self.remark)

    def _plan(self, run_id: int) -> None:
        listing = list_topic(self.eutils, self.topic)
        with reading(self.engine) as session:
            topic = session.get_one(Topic, self.topic.id)
            since = topic.watermark or topic.created_at
            known = fetched_pmids(session, self.topic.id)
        self.remark = _unlisted(known, listing.pmids)
        reasons = {pmid: "full" if self.full else "new" for pmid in listing.pmids if self.full or pmid not in known}
        if known and not self.full:
            reasons |= {pmid: "revised" for pmid in self._since(since, "lr") if pmid in known and pmid not in reasons}
        with writing(self.engine) as session:
            self.lease.confirm(session)
            self._write_plan(session, run_id, listing, reasons)
            session.commit()


def fetched_pmids(session: Session, topic_id: str) -> set[int]:
    """PMIDs that were fetched from PubMed for this topic and stand. One that only a file brought is fetched yet."""
    found = (
        select(Article.pmid)
        .join(TopicArticle, col(TopicArticle.article_id) == col(Article.id))
        .join(ImportSource, col(ImportSource.article_id) == col(Article.id))
        .where(
            TopicArticle.topic_id == topic_id,
            ImportSource.kind == "pubmed",
            ImportSource.name == topic_id,
            col(Article.tombstoned_at).is_(None),
        )
    )
    return {pmid for pmid in session.exec(found) if pmid is not None}


def _unlisted(known: set[int], listed: Sequence[int]) -> str | None:
    """Nothing is taken away for it, but an index that is being rebuilt looks like this too."""
    if lacking := len(known.difference(listed)):
        return f"PubMed no longer lists {lacking} of the {len(known)} articles of this topic; the library keeps them"
    return None
