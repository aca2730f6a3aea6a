"""Where a topic's records came from, for the flow diagram of a review. Never commits."""

from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from db.models import Article, ImportSource, TopicArticle


@dataclass(frozen=True, slots=True)
class Identified:
    """`sources`: records by kind and name of the source; `articles` those that stand once merged; `gone` those that
    their source took back."""

    sources: tuple[tuple[str, str, int], ...]
    articles: int
    gone: int


def identified(session: Session, *, topic_id: str) -> Identified:
    """Each source counts a record once, and two sources of one article count two records."""
    found = select(ImportSource.kind, ImportSource.name, func.count())
    found = found.join(TopicArticle, col(TopicArticle.article_id) == col(ImportSource.article_id))
    found = found.where(TopicArticle.topic_id == topic_id)
    by = (col(ImportSource.kind), col(ImportSource.name))
    sources = session.exec(found.group_by(*by).order_by(*by)).all()
    articles = select(func.count()).select_from(Article)
    articles = articles.join(TopicArticle, col(TopicArticle.article_id) == col(Article.id))
    articles = articles.where(TopicArticle.topic_id == topic_id, col(Article.merged_into_id).is_(None))
    gone = session.exec(articles.where(col(Article.tombstoned_at).is_not(None))).one()
    return Identified(tuple(sources), session.exec(articles).one() - gone, gone)


def study_count(session: Session, *, article_ids: list[int]) -> int:
    """How many studies these articles report."""
    rows = select(func.count(func.distinct(Article.study_id))).where(col(Article.id).in_(article_ids))
    return session.exec(rows).one()
