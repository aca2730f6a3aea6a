"""Articles that report one study: who is with whom, who moved whom, and what a shared registration proposes."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from db.models import Article, ArticleRegistryId, StudyGrouping
from db.queries.literature import present

PROPOSED = 20


def together(session: Session, *, article: Article) -> list[Article]:
    """The other articles of the same study that are there, the oldest first."""
    rows = select(Article).where(Article.study_id == article.study_id, Article.id != article.id, present())
    return list(session.exec(rows.order_by(col(Article.year).nulls_last(), col(Article.id))))


def proposed(session: Session, *, article: Article) -> list[tuple[Article, str]]:
    """Articles of other studies that name a registration that this article names too, each with that number."""
    own = select(ArticleRegistryId.accession).where(ArticleRegistryId.article_id == article.id)
    rows = select(Article, ArticleRegistryId.accession).join(
        ArticleRegistryId, col(ArticleRegistryId.article_id) == col(Article.id)
    )
    rows = rows.where(col(ArticleRegistryId.accession).in_(own), Article.study_id != article.study_id, present())
    rows = rows.order_by(col(Article.year).nulls_last(), col(Article.id)).limit(PROPOSED)
    found = {row.id: (row, accession) for row, accession in session.exec(rows)}
    return list(found.values())


def moves(session: Session, *, article_ids: Sequence[int]) -> list[StudyGrouping]:
    """Who moved these articles from study to study, the newest first."""
    rows = select(StudyGrouping).where(col(StudyGrouping.article_id).in_(article_ids))
    return list(session.exec(rows.order_by(col(StudyGrouping.id).desc())))


def is_empty(session: Session, *, study_id: int) -> bool:
    return session.exec(select(Article.id).where(Article.study_id == study_id).limit(1)).first() is None
