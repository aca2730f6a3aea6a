"""Quotes of a changed article: each is found again exactly, or is an orphan and says so."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlmodel import Session, col, select

from db import config
from db.anchors import Anchor, Passage, reanchor, text_hash
from db.models import Article, Quote, QuoteAnchor
from db.types import AnchorState

TITLE = "Title"


def passages(article: Article) -> list[Passage]:
    """The article's text as anchors see it: the sections of its abstract, or the title where there is none."""
    if not article.sections:
        return [Passage(TITLE, article.title)]
    return [Passage(part.get("label"), part["text"]) for part in article.sections]


def follow(session: Session, articles: Iterable[Article], *, run_id: int | None) -> dict[int, AnchorState]:
    """Where the quotes of these articles stand now, and by id those that were lost, or found again after that.

    A quote that only moved gets its new place. One that stands where it stood gets no new row.
    """
    changed = {article.id: article for article in articles}
    quotes = session.exec(select(Quote).where(col(Quote.article_id).in_(changed)).order_by(col(Quote.id))).all()
    places = _places(session, [quote.id for quote in quotes])
    found: dict[int, AnchorState] = {}
    for quote in quotes:
        article, rows = changed[quote.article_id or 0], places[quote.id]
        last = _last(quote, rows)
        if last is None:
            continue
        was, now = rows[-1], find_again(last, article)
        if now is None and was.state is AnchorState.ANCHORED:
            looked_in = "\n".join(each.text for each in passages(article))
            _add(session, quote, run_id, AnchorState.ORPHANED, text_hash=text_hash(looked_in))
            found[quote.id] = AnchorState.ORPHANED
        elif now is not None and (was.state is AnchorState.ORPHANED or _moved(was, now)):
            place = {name: value for name, value in asdict(now).items() if name not in {"exact", "prefix", "suffix"}}
            _add(session, quote, run_id, AnchorState.ANCHORED, **place)
            if was.state is AnchorState.ORPHANED:
                found[quote.id] = AnchorState.ANCHORED
    session.flush()
    return found


def find_again(anchor: Anchor, article: Article) -> Anchor | None:
    """Where the words of a quote stand in an article as it is now; None where they do not."""
    if anchor.section_label == TITLE and (in_title := reanchor(anchor, [Passage(TITLE, article.title)])):
        return in_title  # the article may have an abstract by now, and the title says it still
    return reanchor(anchor, passages(article))


def _last(quote: Quote, rows: Sequence[QuoteAnchor]) -> Anchor | None:
    """Where the quote was found last."""
    last = next((row for row in reversed(rows) if row.state is AnchorState.ANCHORED), None)
    if last is None or last.section is None or last.start is None or last.end is None:
        return None
    place = (last.section, last.section_label, last.start, last.end, last.text_hash)
    return Anchor(quote.exact, quote.prefix, quote.suffix, *place)


def _places(session: Session, quote_ids: Sequence[int]) -> dict[int, list[QuoteAnchor]]:
    """Every place of these quotes, the newest last."""
    found: dict[int, list[QuoteAnchor]] = defaultdict(list)
    rows = select(QuoteAnchor).where(col(QuoteAnchor.quote_id).in_(quote_ids)).order_by(col(QuoteAnchor.id))
    for row in session.exec(rows):
        found[row.quote_id].append(row)
    return found


def _moved(was: QuoteAnchor, now: Anchor) -> bool:
    old = (was.section, was.section_label, was.start, was.end, was.text_hash)
    return old != (now.section, now.section_label, now.start, now.end, now.text_hash)


def _add(session: Session, quote: Quote, run_id: int | None, state: AnchorState, **place: Any) -> None:
    session.add(QuoteAnchor(quote_id=quote.id, state=state, run_id=run_id, at=config.now(), **place))
