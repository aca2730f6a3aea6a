"""What the records of a review are ranked by. Never commits."""

from collections.abc import Iterator

from sqlmodel import Session, col, func, select

from db.models import Article, Record, Review
from db.queries.literature import present


def newest_record(session: Session, *, review: Review) -> int:
    """The id of the record that was added last; 0 without any."""
    return session.exec(select(func.max(Record.id)).where(Record.review_id == review.id)).one() or 0


def record_ids(session: Session, *, review: Review) -> list[int]:
    rows = select(Record.id).join(Article, col(Article.id) == col(Record.article_id))
    return list(session.exec(rows.where(Record.review_id == review.id, present()).order_by(col(Record.id))))


def record_texts(session: Session, *, review: Review) -> Iterator[tuple[int, str, str]]:
    """Id, title and abstract of each record, never all of them at once in memory."""
    rows = select(Record.id, Article.title, Article.abstract).join(Article, col(Article.id) == col(Record.article_id))
    rows = rows.where(Record.review_id == review.id, present()).order_by(col(Record.id))
    for record_id, title, abstract in session.exec(rows.execution_options(yield_per=1000)):
        yield record_id, title or "", abstract
