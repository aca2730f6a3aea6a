"""The list of evidence as a reader narrows it: one page of studies with what is known of each."""

from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Engine
from sqlmodel import Session

from db.engine import reading
from db.models import Article
from db.queries import accounts, harvesting, literature
from db.queries.blinding import default_review
from db.queries.judged import Outcome, judged
from db.queries.literature import Filters
from db.types import Actor
from review_app.export.formats import Format
from review_app.export.judgements import WRITERS
from review_app.services import exporting, judgements, studies
from review_app.services.errors import Refused

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for: words, filters, what the review decided, and the page of the list, counted from 1."""

    query: str = ""
    filters: Filters = field(default_factory=Filters)
    outcomes: tuple[Outcome, ...] = ()
    page: int = 1

    @property
    def is_narrowed(self) -> bool:
        return bool(self.query.strip() or self.outcomes) or self.filters != Filters()


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A study in the list. `is_reviewed`: people said what design it has, it is not only suggested."""

    article: Article
    study_design: str | None
    is_reviewed: bool


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """`total` of the library's studies were found; `all_words` is false when none had every word."""

    rows: tuple[EvidenceRow, ...]
    total: int
    library: int
    page: int
    all_words: bool

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


def evidence_page(session: Session, *, viewer: Actor, topic_id: str, wish: Wish) -> EvidencePage:
    """The page that was wished for; the last one where the list is shorter than that."""
    offset = (wish.page - 1) * PAGE_SIZE
    among = _judged(session, viewer, topic_id, wish)
    found = literature.find(
        session, query=wish.query, filters=wish.filters, offset=offset, limit=PAGE_SIZE, among=among
    )
    if found.total and not found.articles:
        last = -(-found.total // PAGE_SIZE)
        return evidence_page(session, viewer=viewer, topic_id=topic_id, wish=replace(wish, page=last))
    reviewed = studies.reviewed_tags(
        session, viewer=viewer, topic_id=topic_id, ids=[article.id for article in found.articles]
    )
    suggested = studies.suggested_tags(session, found.articles)
    return EvidencePage(
        rows=tuple(_row(article, reviewed.get(article.id), suggested[article.id]) for article in found.articles),
        total=found.total,
        library=harvesting.library_size(session),
        page=wish.page,
        all_words=found.all_words,
    )


def listed_as_file(engine: Engine, *, token: str | None, topic_id: str, wish: Wish, form: Format) -> bytes:
    """All that was wished for, on whatever page, in its order. Raises Refused when the session has ended meanwhile."""
    with reading(engine) as session:
        viewer = _reader(session, token)
        ids = _found(session, viewer, topic_id, wish)
        found = exporting.articles(session, viewer=viewer, topic_id=topic_id, article_ids=ids, with_tags=form.has_tags)
        return b"".join(line.encode() for line in form.write(found))


def judgements_as_file(engine: Engine, *, token: str | None, topic_id: str, wish: Wish, name: str) -> bytes:
    """What was found in the studies that were wished for, their risk of bias, and where no study was, the grades.

    `name` is that of a format. Raises Refused when the session has ended meanwhile.
    """
    with reading(engine) as session:
        viewer = _reader(session, token)
        if wish.is_narrowed:
            ids = _found(session, viewer, topic_id, wish)
            chosen = exporting.chosen(session, viewer=viewer, article_ids=ids)
            rows = judgements.judged(session, viewer=viewer, topic_id=topic_id, articles=chain.from_iterable(chosen))
        else:
            rows = judgements.everything(session, viewer=viewer, topic_id=topic_id)
        return "".join(WRITERS[name](rows)).encode()


def _reader(session: Session, token: str | None) -> Actor:
    member = accounts.signed_in(session, token=token)
    if member is None:
        raise Refused("You are signed out. Reload the page and sign in to download.")
    return accounts.actor_of(member)


def _found(session: Session, viewer: Actor, topic_id: str, wish: Wish) -> list[int]:
    among = _judged(session, viewer, topic_id, wish)
    return literature.find_ids(session, query=wish.query, filters=wish.filters, among=among)


def _judged(session: Session, viewer: Actor, topic_id: str, wish: Wish) -> ColumnElement[bool] | None:
    if not wish.outcomes:
        return None
    return judged(viewer=viewer, review=default_review(session, topic_id=topic_id), outcomes=wish.outcomes)


def _row(article: Article, reviewed: dict[str, Any] | None, suggested: dict[str, Any]) -> EvidenceRow:
    design = reviewed["study_design"] if reviewed else None
    return EvidenceRow(article, design or suggested["study_design"], design is not None)
