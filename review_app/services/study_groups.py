"""Articles that report one study, such as the papers of one trial, are grouped by a person, who may take it back."""

from dataclasses import dataclass

from sqlmodel import Session

from db import audit, config
from db.models import Article, Study, StudyGrouping
from db.queries import literature, studies
from db.types import Actor
from review_app.services.errors import Conflict, Invalid, NotFound
from review_app.services.permissions import May, require

MAX_REASON = 500


@dataclass(frozen=True, slots=True)
class Proposal:
    """An article that may report the same study, and the registration that both name."""

    article: Article
    registration: str


@dataclass(frozen=True, slots=True)
class Group:
    """The other articles of a study, what may belong to it, and who moved its articles, the newest first."""

    others: tuple[Article, ...]
    proposals: tuple[Proposal, ...]
    moves: tuple[StudyGrouping, ...]


def group_of(session: Session, *, article: Article) -> Group:
    others = studies.together(session, article=article)
    found = studies.proposed(session, article=article)
    return Group(
        tuple(others),
        tuple(Proposal(row, registration) for row, registration in found),
        tuple(studies.moves(session, article_ids=[article.id, *(row.id for row in others)])),
    )


def add_by_pmid(session: Session, *, actor: Actor, article_id: int, pmid: int, reason: str) -> StudyGrouping:
    """The same for an article that is named by its PMID."""
    found = literature.article_by_pmid(session, pmid=pmid)
    if found is None:
        raise NotFound(f"PMID {pmid} is not in the library. Harvest or import it first.")
    return add(session, actor=actor, article_id=article_id, other_id=found.id, reason=reason)


def add(session: Session, *, actor: Actor, article_id: int, other_id: int, reason: str) -> StudyGrouping:
    """Move `other_id` into the study that `article_id` reports. It alone moves, not what it was grouped with before."""
    require(actor, May.TAG)
    article, other = _present(session, article_id), _present(session, other_id)
    if article.study_id == other.study_id:
        raise Conflict("These two are grouped already.")
    row = _move(session, actor, other, article.study_id, reason)
    _log(session, actor, "article_grouped", other.id, row)
    session.commit()
    return row


def take_out(session: Session, *, actor: Actor, article_id: int, reason: str) -> StudyGrouping:
    """Take an article out of its group: back to the study it came from where that is empty, else to one of its own."""
    require(actor, May.TAG)
    article = _present(session, article_id)
    if not studies.together(session, article=article):
        raise Conflict("This article stands alone already.")
    row = _move(session, actor, article, _of_its_own(session, article), reason)
    _log(session, actor, "article_ungrouped", article_id, row)
    session.commit()
    return row


def _move(session: Session, actor: Actor, article: Article, to: int, reason: str) -> StudyGrouping:
    words = " ".join(reason.split())
    if not words or len(words) > MAX_REASON:
        raise Invalid(f"Say why in 1 to {MAX_REASON} characters, such as the registration that both name.")
    row = StudyGrouping(
        article_id=article.id,
        from_study_id=article.study_id,
        to_study_id=to,
        member_id=actor.member_id,
        reason=words,
        at=config.now(),
    )
    article.study_id = to
    session.add_all([article, row])
    session.flush()
    return row


def _of_its_own(session: Session, article: Article) -> int:
    """A study that no other article reports: the one it was moved out of, or a new one."""
    for row in studies.moves(session, article_ids=[article.id]):
        if row.to_study_id == article.study_id and studies.is_empty(session, study_id=row.from_study_id):
            return row.from_study_id
    study = Study(created_at=config.now())
    session.add(study)
    session.flush()
    return study.id


def _present(session: Session, article_id: int) -> Article:
    article = session.get(Article, article_id)
    if article is None or article.merged_into_id is not None or article.tombstoned_at is not None:
        raise NotFound("This article is not in the library any more.")
    return article


def _log(session: Session, actor: Actor, action: str, article_id: int, row: StudyGrouping) -> None:
    detail = {"grouping": row.id, "from": row.from_study_id, "to": row.to_study_id}
    audit.record(session, actor=actor, action=action, subject_kind="article", subject_id=article_id, detail=detail)
