"""New articles that bear on a claim are offered to its owner, once; one that speaks against it re-opens its verdicts.

An article bears on a claim when it has all the words of the claim's own search query, or when the fact-check, asked for
its stance, takes a side: nobody writes a query that every study meets word for word.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from sqlmodel import Session, col, func, or_, select

from db import search
from db.impact_alerts import Impact, Telling, known, name_of
from db.impact_rules import study
from db.models import Article, Claim, ClaimEvidence, ClaimVersion, Notice
from db.queries import claims, literature
from db.types import Integrity, Stance

# For a claim and some articles, the stance that each of them suggests.
Stances = Callable[[str, Sequence[int]], Mapping[int, Stance]]
# What says only something of another article is no study.
_ABOUT_ANOTHER = ("retraction", "partial_retraction", "expression_of_concern", "erratum")
_OFFERED = (Integrity.NONE_KNOWN, Integrity.CORRECTED, Integrity.REINSTATED)


def offer_new(session: Session, *, run_id: int | None, article_ids: Sequence[int], stances: Stances | None) -> Impact:
    """Raise alerts for the owners of the claims on which one of these articles bears.

    Left out are articles that are gone or retracted, notices, and those that are evidence of the claim already.
    `stances` says how articles bear on a claim; what it says contradicts is told as such.
    """
    offered = _studies(session, article_ids)
    telling = Telling(session, run_id=run_id)
    against_claims: dict[int, list[str]] = defaultdict(list)
    for claim in _claims(session) if offered else ():
        keys = {each: f"new:{name_of(offered[each])}|claim:{claim.claim_id}" for each in sorted(offered)}
        told, has = known(session, list(keys.values())), _evidence(session, claim, list(keys))
        fresh = [each for each in keys if keys[each] not in told and each not in has]
        said = stances(claim.claim_id, fresh) if stances and fresh else {}
        matching = _matching(session, claim, fresh)
        owner_id = session.get_one(Claim, claim.claim_id).owner_id
        for each in fresh:
            if each not in matching and said.get(each, Stance.RELATED) == Stance.RELATED:
                continue
            against = said.get(each) == Stance.CONTRADICTS
            if against:
                against_claims[each].append(claim.claim_id)
            telling.tell(
                keys[each],
                owner_id,
                kind="contradicting_study" if against else "new_study",
                summary=_summary(offered[each], against),
                stale=against,
                claim_id=claim.claim_id,
                article_id=each,
                detail={"stance": said.get(each), "stale": against},
            )
    for each, claim_ids in against_claims.items():
        change, summary = f"new:{name_of(offered[each])}", _summary(offered[each], True)
        about = {"stance": Stance.CONTRADICTS.value}
        telling.tell_writers(
            change, claim_ids, kind="contradicting_study", summary=summary, detail=about, article_id=each
        )
    return telling.close()


def _studies(session: Session, ids: Sequence[int]) -> dict[int, Article]:
    """Those that are there, stand, and are more than a notice about another."""
    found = literature.articles_by_id(session, ids=ids)
    here = [i for i, row in found.items() if row.tombstoned_at is None and row.merged_into_id is None]
    about = select(Notice.article_id).where(
        col(Notice.article_id).in_(here), col(Notice.is_subject).is_(False), col(Notice.kind).in_(_ABOUT_ANOTHER)
    )
    notices = set(session.exec(about)) if here else set()
    return {i: found[i] for i in here if i not in notices and found[i].integrity in _OFFERED}


def _claims(session: Session) -> list[ClaimVersion]:
    """The current version of every claim that was not withdrawn and has a query."""
    newest = select(func.max(ClaimVersion.id)).group_by(col(ClaimVersion.claim_id))
    rows = select(ClaimVersion).where(col(ClaimVersion.id).in_(newest)).order_by(ClaimVersion.claim_id)
    withdrawn = claims.withdrawn_ids(session)
    return [row for row in session.exec(rows) if row.search_query.strip() and row.claim_id not in withdrawn]


def _evidence(session: Session, claim: ClaimVersion, ids: Sequence[int]) -> set[int]:
    """Those of these articles that are evidence of the claim already."""
    linked = select(Article.id).join(
        ClaimEvidence,
        or_(col(ClaimEvidence.article_id) == col(Article.id), col(ClaimEvidence.pmid) == col(Article.pmid)),
    )
    return set(session.exec(linked.where(ClaimEvidence.claim_id == claim.claim_id, col(Article.id).in_(ids))))


def _matching(session: Session, claim: ClaimVersion, ids: Sequence[int]) -> set[int]:
    """Those of these articles that have all the words of the claim's query."""
    among = select(col(Article.id)).where(col(Article.id).in_(ids))
    hits = search.search(session, claim.search_query, limit=len(ids), mode="all", article_ids=among)  # type: ignore[arg-type]
    return {hit.article_id for hit in hits}


def _summary(article: Article, against: bool) -> str:
    said = "is new and may speak against a claim" if against else "is new and bears on a claim"
    return f"{study(article)} {said}."
