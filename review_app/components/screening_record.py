"""The record to judge: title, one line about it, the abstract in sections, with the review's words lit."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape

import streamlit as st

from db.models import Article
from review_app.components.article_card import ArticleView, article_head
from review_app.screening.highlights import Kind, Terms, lit

_PLAIN = {"Journal Article"}
SPOKEN: dict[Kind, str] = {"include": "speaks for including", "exclude": "speaks for excluding", "pico": "of the PICO"}


def screening_record(article: Article, types: Sequence[str], terms: Terms) -> None:
    """Draw it anew for each record, so that a new one always begins at its top."""
    st.html(
        f'<article class="fn-record" tabindex="0" aria-label="Record">{record_head(article, types, terms)}'
        f"{record_abstract(article, terms)}</article>"
    )


def record_abstract(article: Article, terms: Terms) -> str:
    """The abstract in sections, as markup."""
    abstract = "".join(_section(part.get("label"), part["text"], terms) for part in article.sections)
    return abstract or '<p class="fn-meta">The record has no abstract.</p>'


def lit_words(text: str, terms: Terms) -> str:
    """The text as markup, everything escaped, with the words of the lists marked."""
    return "".join(
        f'<mark class="fn-lit" data-kind="{kind}">{escape(run)}</mark>' if kind else escape(run)
        for run, kind in lit_runs(text, terms)
    )


@lru_cache(maxsize=1_000)
def lit_runs(text: str, terms: Terms) -> tuple[tuple[str, str], ...]:
    """The text cut where a word of the lists begins or ends: runs, each with its kind of highlight or nothing."""
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


def record_head(article: Article, types: Sequence[str], terms: Terms) -> str:
    """Title and meta line, as markup."""
    view = record_view(article, types)
    return article_head(view, title=lit_words(view.title, terms))


def record_view(article: Article, types: Sequence[str]) -> ArticleView:
    return ArticleView(
        title=article.title or "Untitled record",
        journal=article.iso_abbreviation or article.journal,
        year=article.year,
        study_type=", ".join(each for each in types if each not in _PLAIN) or None,
        pmid=article.pmid,
        doi=article.doi,
        integrity=article.integrity.value,
    )


def _section(label: str | None, text: str, terms: Terms) -> str:
    head = f'<h3 class="fn-section">{escape(label.lower())}</h3>' if label else ""
    return f"{head}<p>{lit_words(text, terms)}</p>"
