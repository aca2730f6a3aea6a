"""One article as a reader meets it: title, one line about it, the abstract in sections."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

import streamlit as st

from review_app.components.abstract import AbstractPart, abstract_sentences
from review_app.components.badges import integrity_badge, is_struck
from review_app.components.marked_text import marked_text


@dataclass(frozen=True, slots=True)
class ArticleView:
    """What the card shows. `study_type` is as known now, such as `randomised controlled trial`."""

    title: str
    journal: str | None = None
    year: int | None = None
    study_type: str | None = None
    pmid: int | None = None
    doi: str | None = None
    integrity: str = "none_known"
    abstract: Sequence[AbstractPart] = ()


def article_head(article: ArticleView, *, level: int = 2, title: str | None = None) -> str:
    """Title and meta line as markup, everything escaped. `title` is its markup where words of it are marked."""
    title = title or escape(article.title)
    title = f"<s>{title}</s>" if is_struck(article.integrity) else title
    return f'<h{level} class="fn-title">{title}</h{level}><p class="fn-meta">{_meta(article)}</p>'


def article_card(article: ArticleView, *, key: str, selected: int | None = None, selectable: bool = True) -> int | None:
    """Draw the article; returns the chosen sentence of the abstract, an index into `abstract.places(...)`."""
    st.html(article_head(article))
    sentences = abstract_sentences(article.abstract, selectable=selectable)
    if not sentences:
        st.html('<p class="fn-meta">The record has no abstract.</p>')
        return None
    return marked_text(sentences, key=key, selected=selected, style="abstract", label="Abstract")


def _meta(article: ArticleView) -> str:
    parts = [
        f"<em>{escape(article.journal)}</em>" if article.journal else "",
        str(article.year) if article.year else "",
        escape(article.study_type or ""),
        *(_link(address, words) for address, words in article_links(article)),
        integrity_badge(article.integrity),
    ]
    return " · ".join(part for part in parts if part)


def article_links(article: ArticleView) -> Iterator[tuple[str, str]]:
    """Where the article is found, as addresses with the words of the link."""
    if article.pmid:
        yield f"https://pubmed.ncbi.nlm.nih.gov/{article.pmid}/", f"PMID {article.pmid}"
    if article.doi:
        yield f"https://doi.org/{quote(article.doi, safe='/:;().-_')}", "DOI"


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{escape(words)} ↗</a>'
