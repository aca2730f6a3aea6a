"""A record as plain data for the browser, which draws it from text nodes: no markup, and nothing of anybody's vote."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from review_app.components.article_card import article_links
from review_app.components.badges import integrity_words, is_struck
from review_app.components.screening_record import record_view
from review_app.screening.highlights import Terms, lit
from review_app.services.screening_view import OnDesk

Words = tuple[
    tuple[str, str], ...
]  # runs of text, each with how it is drawn: a kind of highlight, em, strong, or empty


def record_data(on_desk: OnDesk, terms: Terms) -> dict[str, Any]:
    """What is read of the record: its title, one line about it, and the sections of its abstract."""
    view = record_view(on_desk.article, on_desk.types)
    integrity = None if view.integrity == "none_known" else integrity_words(view.integrity)
    return {
        "title": lit_runs(view.title, terms),
        "struck": is_struck(view.integrity),
        "journal": view.journal or "",
        "about": [str(each) for each in (view.year, view.study_type) if each],
        "links": list(article_links(view)),
        "integrity": integrity,
        "sections": [(part.get("label") or "", lit_runs(part["text"], terms)) for part in on_desk.article.sections],
    }


@lru_cache(maxsize=1_000)
def lit_runs(text: str, terms: Terms) -> Words:
    """The text cut where a word of the lists begins or ends."""
    return tuple(_runs(text, terms))


def _runs(text: str, terms: Terms) -> Iterator[tuple[str, str]]:
    at = 0
    for found in lit(text, terms):
        if at < found.start:
            yield text[at : found.start], ""
        yield text[found.start : found.end], found.kind
        at = found.end
    if at < len(text):
        yield text[at:], ""
