"""Articles that may be one: proposals, what was decided, and which article is kept. Reads and adds; never commits."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from db.models import Article, DuplicateProposal, ImportSource
from db.queries.literature import gone

MERGED, NOT_DUPLICATE = "merged", "not_a_duplicate"


def add(
    session: Session, pairs: Iterable[tuple[int, int]], *, basis: str, scores: Iterable[float], at: datetime
) -> int:
    """Propose these pairs, but for those that were proposed before, whatever became of them; how many are new."""
    wanted = {(min(pair), max(pair)): score for pair, score in zip(pairs, scores, strict=True)}
    ids = sorted({first for first, _ in wanted})
    rows = select(DuplicateProposal.article_id, DuplicateProposal.other_id)
    known = set(session.exec(rows.where(col(DuplicateProposal.article_id).in_(ids))).all()) if ids else set()
    new = [(pair, score) for pair, score in wanted.items() if pair not in known]
    for (first, second), score in new:
        proposal = DuplicateProposal(article_id=first, other_id=second, basis=basis, score=score, proposed_at=at)
        session.add(proposal)
    session.flush()
    return len(new)


def waiting(session: Session, *, limit: int) -> list[DuplicateProposal]:
    """Proposals that nobody has decided and whose articles are both there, the surest first."""
    rows = _open().order_by(col(DuplicateProposal.score).desc(), col(DuplicateProposal.id))
    return list(session.exec(rows.limit(limit)))


def waiting_count(session: Session) -> int:
    return session.exec(select(func.count()).select_from(_open().subquery())).one()


def any_proposed(session: Session) -> bool:
    """Whether there is a pair to decide about, or a decision to take back."""
    proposed = select(DuplicateProposal.id).where(col(DuplicateProposal.decision).is_not(None)).limit(1)
    return session.exec(proposed).first() is not None or session.exec(_open().limit(1)).first() is not None


def decided(session: Session, *, limit: int) -> list[DuplicateProposal]:
    """What was decided, the newest first."""
    rows = select(DuplicateProposal).where(col(DuplicateProposal.decision).is_not(None))
    newest = rows.order_by(col(DuplicateProposal.decided_at).desc(), col(DuplicateProposal.id).desc())
    return list(session.exec(newest.limit(limit)))


def kept(session: Session, *, ids: Collection[int]) -> dict[int, int]:
    """The article that each of these stands for now, where it was merged into another."""
    into = _merges(session)
    found: dict[int, int] = {}
    for article_id in ids:
        target = article_id
        while target in into:
            target = into[target]
        if target != article_id:
            found[article_id] = target
    return found


def merged_into(session: Session, *, ids: Collection[int]) -> dict[int, list[int]]:
    """The articles that were merged into each of these, also by way of another."""
    wanted, found = set(ids), defaultdict(list)
    for article_id, target in kept(session, ids=_merges(session)).items():
        if target in wanted:
            found[target].append(article_id)
    return dict(found)


def sources(session: Session, *, ids: Sequence[int]) -> dict[int, list[ImportSource]]:
    """Where these articles came from, the newest first."""
    rows = select(ImportSource).where(col(ImportSource.article_id).in_(ids))
    found: dict[int, list[ImportSource]] = defaultdict(list)
    for row in session.exec(rows.order_by(col(ImportSource.seen_at).desc(), col(ImportSource.id).desc())):
        found[row.article_id].append(row)
    return dict(found)


def _open() -> SelectOfScalar[DuplicateProposal]:
    away = select(Article.id).where(gone())  # few, where those that are there are the whole library
    return select(DuplicateProposal).where(
        col(DuplicateProposal.decision).is_(None),
        col(DuplicateProposal.article_id).not_in(away),
        col(DuplicateProposal.other_id).not_in(away),
    )


def _merges(session: Session) -> dict[int, int]:
    """Which article was merged into which: few, and they have an index of their own."""
    rows = session.exec(select(Article.id, Article.merged_into_id).where(col(Article.merged_into_id).is_not(None)))
    return {article_id: target for article_id, target in rows if target is not None}
