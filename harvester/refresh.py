"""The nightly: what is new, what was revised, a seventh of the rest, and everything that something rests on.

PubMed is asked first, then its neighbours; what goes wrong with one stops no other, and what could not be checked is
said. A night is a day of PubMed's own index, so that two runs in one night confirm nothing twice. The watermark moves
only when all of the night was checked: the windows of the next night are then longer, and nothing is missed.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from db import config
from db.config import Settings
from db.engine import reading, writing
from db.models import Article, HarvestRun, HarvestTodo, Topic, TopicArticle
from db.queries.cited import cited_articles
from db.queries.nights import night_state
from db.types import ChangeEvent, RunKind, RunStatus
from harvester.errors import HarvestError, Stopped
from harvester.eutils import Eutils
from harvester.lease import LeaseHeld
from harvester.listing import list_topic
from harvester.new_articles import Bearing, offer_new
from harvester.night import Night, SourceResult
from harvester.night_plan import Before, NightPlan, before, plan, shrunken
from harvester.night_trouble import REFUSED, tell_of_drift, tell_of_end, tell_of_last
from harvester.off_peak import WINDOW, is_large_at_peak
from harvester.prepared import Prepared
from harvester.store import Outcome, note, store_prepared
from harvester.topic import TopicFile
from harvester.topic_run import Progress, TopicRun
from harvester.vanished import UNLISTED, count, missing_among, missing_pmids, shown_pmids, vanished

Check = Callable[[Night], SourceResult]


class Refresh(TopicRun):
    """`neighbours` are asked after PubMed; `bearing` weighs new articles against claims; `log` hears of every phase.

    `off_peak`: a large job that begins when NCBI asks not to have it ends before its first record.
    """

    kind = RunKind.REFRESH
    # A night's run is gone on with in that night only.
    stale = timedelta(hours=12)

    def __init__(
        self,
        engine: Engine,
        eutils: Eutils,
        topic: TopicFile,
        settings: Settings,
        *,
        neighbours: Sequence[Check] = (),
        bearing: Bearing | None = None,
        off_peak: bool = False,
        report: Callable[[Progress], None] = lambda progress: None,
        log: Callable[..., None] = lambda phase, **facts: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(engine, eutils, topic, report=report, stopped=stopped)
        self.settings, self.neighbours, self.bearing, self.off_peak = settings, neighbours, bearing, off_peak
        self.log, self.night = log, ""

    @property
    def options(self) -> dict[str, Any]:
        return {"night": self.night}

    def run(self) -> HarvestRun:
        self.eutils.transport.stopped = self.stopped
        self.night = self._night()
        return super().run()

    def _night(self) -> str:
        """The day of PubMed's index, or ours when it does not say: it will not answer the rest either then."""
        try:
            return self.eutils.info().last_update[:10]
        except Stopped:
            raise
        except HarvestError:
            return f"{config.today():%Y/%m/%d}"

    def _open(self, session: Session) -> int:
        state = night_state(session, now=config.now())
        run_id = super()._open(session)
        tell_of_last(session, state, run_id=run_id)
        return run_id

    def _go_on(self, run_id: int) -> HarvestRun:
        self.log("start", run=run_id, topic=self.topic.id, night=self.night)
        lacking, trouble = None, None
        try:
            lacking = self._ask_pubmed(run_id)
        except (Stopped, LeaseHeld):
            raise
        except HarvestError as error:
            trouble = error
        unchecked = self._ask_sources(run_id, str(trouble) if trouble else lacking)
        with reading(self.engine) as session:
            is_first = session.get_one(Topic, self.topic.id).watermark is None
        number = offer_new(self.engine, self.lease, topic_id=self.topic.id, bearing=self.bearing, is_first=is_first)
        self.log("offer", articles=number)
        if trouble is not None:
            raise trouble
        if lacking or unchecked:
            return self._end(RunStatus.PARTIAL, "; ".join([lacking, *unchecked] if lacking else unchecked))
        return self._end(RunStatus.COMPLETE, self._remark(run_id))

    def _ask_pubmed(self, run_id: int) -> str | None:
        """All of PubMed's part; what is lacking of it, if anything is."""
        self._planned(run_id)
        self._mind_the_hour(run_id)
        self._fetch_pending(run_id)
        return self._lacking(run_id) or self._count_vanished(run_id)

    def _plan(self, run_id: int) -> None:
        with reading(self.engine) as session:
            known = before(session, self.topic.id)
        listing = list_topic(self.eutils, self.topic)
        refused = shrunken(known, listing)
        if refused:  # what something rests on is checked all the same
            found = NightPlan(dict.fromkeys(known.cited, "cited"), (), (), ())
        else:
            found = plan(known, frozenset(listing.pmids), *self._windows(known))
        with writing(self.engine) as session:
            self.lease.confirm(session)
            run = self._write_plan(session, run_id, listing, found.reasons)
            kept = {name: value for name, value in run.options.items() if name != REFUSED}
            run.options = kept | {UNLISTED: list(found.unlisted)} | ({REFUSED: refused} if refused else {})
            if not refused:
                tell_of_drift(session, run, added=list(found.entered_late), dropped=list(found.dropped))
            session.commit()
        self.log("listed", listed=len(listing.pmids), to_fetch=len(found.reasons), **found.counted)

    def _windows(self, known: Before) -> tuple[frozenset[int], frozenset[int]]:
        """What was entered and what was revised since the watermark; a first run has everything from the list."""
        if known.is_first:
            return frozenset(), frozenset()
        return frozenset(self._since(known.since, "crdt")), frozenset(self._since(known.since, "lr"))

    def _mind_the_hour(self, run_id: int) -> None:
        with reading(self.engine) as session:
            run = session.get_one(HarvestRun, run_id)
        left = (run.total or 0) - run.done
        if is_large_at_peak(self.eutils.transport.service.url, left, config.now()):
            asks = f"{left:,} records are to fetch; NCBI asks to have large jobs {WINDOW}"
            if self.off_peak:
                raise Stopped(f"{asks}; run it again then")
            self.log("note", message=asks)

    def _store(self, session: Session, run_id: int, records: Sequence[Prepared]) -> Outcome:
        pmids = [record.pmid for record in records if record.pmid is not None]
        back, outside = missing_among(session, pmids), self._outside(session, run_id, pmids)
        outcome = super()._store(session, run_id, [record for record in records if record.pmid not in outside])
        if outside:
            others = [record for record in records if record.pmid in outside]
            other = store_prepared(session, others, run_id=run_id, source=self.source, topic_id=None)
            outcome.new, outcome.changed = outcome.new + other.new, outcome.changed + other.changed
            outcome.unchanged += other.unchanged
        if back:
            note(session, back, ChangeEvent.RETURNED, run_id=run_id)
        return outcome

    def _outside(self, session: Session, run_id: int, pmids: Sequence[int]) -> set[int]:
        """Those that the query does not find and the topic does not have: something rests on them all the same."""
        these = (HarvestTodo.run_id == run_id, col(HarvestTodo.pmid).in_(pmids), HarvestTodo.reason == UNLISTED)
        unlisted = set(session.exec(select(HarvestTodo.pmid).where(*these)))
        if not unlisted:
            return unlisted
        placed = select(Article.pmid).join(TopicArticle, col(TopicArticle.article_id) == col(Article.id))
        here = placed.where(col(Article.pmid).in_(unlisted), TopicArticle.topic_id == self.topic.id)
        return unlisted - {pmid for pmid in session.exec(here) if pmid is not None}

    def _count_vanished(self, run_id: int) -> str | None:
        """Counts what is missing, or says why nothing is counted tonight."""
        with writing(self.engine) as session:
            self.lease.confirm(session)
            run = session.get_one(HarvestRun, run_id)
            if REFUSED in run.options:
                return str(run.options[REFUSED])
            found = vanished(session, run_id=run_id, topic_id=self.topic.id, night=self.night)
            if found.is_mass:
                why = (
                    f"PubMed has {len(found.first)} of {found.known} articles of this topic no more, all since tonight;"
                    " none was counted as missing or gone. Look at PubMed itself, then run it again"
                )
                run.options = run.options | {REFUSED: why}
                session.commit()
                return why
            count(session, found, run_id=run_id, source=self.source)
            if found.words:
                run.options = run.options | {"vanished": found.words}
            session.commit()
        self.log("vanished", missing=len(found.first), gone=len(found.gone))
        return None

    def _ask_sources(self, run_id: int, trouble: str | None) -> list[str]:
        """PubMed's result, which is known, and what its neighbours say; what could not be checked, in words."""
        with reading(self.engine) as session:
            run, cited = session.get_one(HarvestRun, run_id), cited_articles(session)
        pubmed = SourceResult(
            "PubMed", "could not check" if trouble else "checked", run.done, run.new + run.changed, trouble
        )
        night = Night(self.engine, run_id, self.topic, self.lease, self.settings, self.stopped, cited)
        results = [pubmed]
        self._keep(run_id, results)
        for check in self.neighbours:
            results.append(check(night))
            self._keep(run_id, results)
        unchecked = [each for each in results[1:] if each.state == "could not check"]
        return [f"{each.source} could not be checked: {each.message}" for each in unchecked]

    def _keep(self, run_id: int, results: Sequence[SourceResult]) -> None:
        with writing(self.engine) as session:
            self.lease.confirm(session)
            run = session.get_one(HarvestRun, run_id)
            run.options = run.options | {"sources": [asdict(result) for result in results]}
            session.commit()
        self.log("source", **asdict(results[-1]))

    def _remark(self, run_id: int) -> str | None:
        with reading(self.engine) as session:
            options = session.get_one(HarvestRun, run_id).options
            lost = missing_pmids(session, run_id)
            held = set(session.exec(select(Article.pmid).where(col(Article.pmid).in_(lost))))
        parts = [options["vanished"]] if "vanished" in options else []
        if unlisted := set(options.get(UNLISTED, ())).difference(lost):
            parts.append(f"not found by the query any more, and kept: {shown_pmids(sorted(unlisted))}")
        if unknown := lost.difference(held):
            parts.append(f"PubMed does not have what claims rest on: {shown_pmids(sorted(unknown))}")
        return "; ".join(parts) or None

    def _ended(self, session: Session, run: HarvestRun) -> None:
        super()._ended(session, run)
        if REFUSED in run.options:
            run.phase = "starting"  # the next run lists again
        tell_of_end(session, run)
