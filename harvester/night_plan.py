"""What a night asks PubMed for, and why: each PMID once, for the strongest reason.

- new: the query lists it, or it was entered since the watermark, and the library has not fetched it;
- revised: its record was changed since the watermark, as far as PubMed's dates tell, which is not all;
- cited: something in the library rests on it, so it is checked every night;
- rolling: it was fetched longest ago. A seventh a night covers the topic's articles in a week;
- missing: it was missing when it was last asked for;
- unlisted: the library has it, or something rests on it, and the query does not find it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from db.models import Article, HarvestRun, HarvestSlice, Topic, TopicArticle
from db.queries.cited import cited_pmids
from db.types import RunKind, RunStatus
from harvester.listing import Listing
from harvester.sync import fetched_pmids
from harvester.vanished import UNLISTED, too_many

NIGHTS = 7


@dataclass(frozen=True, slots=True)
class Before:
    """What the library knows before it asks, in PMIDs. `held` are the topic's articles that stand, `fetched` those of
    them that PubMed sent, `unlisted` those that the query did not find on the last complete night."""

    since: datetime
    is_first: bool
    held: frozenset[int]
    fetched: frozenset[int]
    cited: frozenset[int]
    rolling: tuple[int, ...]
    missing: tuple[int, ...]
    unlisted: frozenset[int]
    last_listed: int


@dataclass(frozen=True, slots=True)
class NightPlan:
    """`reasons` by PMID; `unlisted` of the topic's articles; `entered_late` are new and were not entered lately, and
    `dropped` are unlisted since the last complete night: what another reading of the query adds and takes away."""

    reasons: Mapping[int, str]
    unlisted: tuple[int, ...]
    entered_late: tuple[int, ...]
    dropped: tuple[int, ...]

    @property
    def counted(self) -> dict[str, int]:
        return dict(sorted(Counter(self.reasons.values()).items()))


def before(session: Session, topic_id: str) -> Before:
    topic = session.get_one(Topic, topic_id)
    held = _held(session, topic_id)
    last = _last_complete(session, topic)
    options = last.options if last else {}
    return Before(
        since=topic.watermark or topic.created_at,
        is_first=topic.watermark is None,
        held=frozenset(held),
        fetched=frozenset(fetched_pmids(session, topic_id)),
        cited=cited_pmids(session),
        rolling=tuple(list(held)[: -(-len(held) // NIGHTS)]),
        missing=tuple(pmid for pmid, misses in held.items() if misses),
        unlisted=frozenset(options.get(UNLISTED, ())),
        last_listed=_listed_by(session, last),
    )


def plan(known: Before, listed: frozenset[int], entered: frozenset[int], revised: frozenset[int]) -> NightPlan:
    """`listed` by the query now; `entered` and `revised` since the watermark, which a list that lags may lack."""
    found = listed | entered | revised
    unlisted = known.held - found
    reasons = dict.fromkeys(known.rolling, "rolling") | dict.fromkeys(known.cited, "cited")
    reasons |= dict.fromkeys(revised, "revised") | dict.fromkeys(known.missing, "missing")
    reasons |= dict.fromkeys(found - known.fetched, "new") | dict.fromkeys(unlisted | known.cited - found, UNLISTED)
    late = found - known.fetched - known.held - entered
    dropped = unlisted - known.unlisted
    return NightPlan(reasons, tuple(sorted(unlisted)), tuple(sorted(late)), tuple(sorted(dropped)))


def shrunken(known: Before, listing: Listing) -> str | None:
    """Why this listing is not believed, if it is so much shorter than that of the last complete run."""
    if not too_many(known.last_listed - len(listing.pmids), known.last_listed):
        return None
    return (
        f"PubMed lists {len(listing.pmids)} articles of this topic where it listed {known.last_listed} the last time;"
        " nothing was taken away or counted as gone. Its index may be being rebuilt: run it again later."
        " If the shorter list is right, `harvest sync` takes it as it is"
    )


def _held(session: Session, topic_id: str) -> dict[int, int]:
    """Misses by PMID of the topic's articles that stand, those that were fetched longest ago first."""
    rows = (
        select(Article.pmid, TopicArticle.misses)
        .join(TopicArticle, col(TopicArticle.article_id) == col(Article.id))
        .where(TopicArticle.topic_id == topic_id, col(Article.tombstoned_at).is_(None), col(Article.pmid).is_not(None))
        .order_by(col(TopicArticle.last_fetched_at), col(TopicArticle.article_id))
    )
    return {pmid: misses for pmid, misses in session.exec(rows) if pmid is not None}


def _last_complete(session: Session, topic: Topic) -> HarvestRun | None:
    """The last complete run with the query that the topic has now."""
    runs = select(HarvestRun).where(
        HarvestRun.topic_id == topic.id,
        HarvestRun.query == topic.query,
        HarvestRun.status == RunStatus.COMPLETE,
        col(HarvestRun.kind).in_((RunKind.SYNC, RunKind.REFRESH)),
    )
    return session.exec(runs.order_by(col(HarvestRun.id).desc()).limit(1)).first()


def _listed_by(session: Session, run: HarvestRun | None) -> int:
    if run is None:
        return 0
    counts = select(func.sum(HarvestSlice.count)).where(HarvestSlice.run_id == run.id)
    return session.exec(counts).one() or 0
