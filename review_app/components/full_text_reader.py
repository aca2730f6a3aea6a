"""A full text, read page by page: a sentence that is chosen can be quoted with its page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import streamlit as st

from db.models import Attachment
from db.queries.full_texts import FullTextQuote
from review_app.components.abstract import AbstractPart, abstract_sentences, places
from review_app.components.marked_text import Highlight, HighlightKind, marked_text
from review_app.components.screening_record import record_abstract, record_head, screening_record
from review_app.screening.highlights import Kind, Terms, lit
from review_app.services.full_text_view import FullTextDesk
from review_app.services.screening_view import OnDesk

_LIT: dict[Kind, HighlightKind] = {"include": "include", "exclude": "exclude", "pico": "term"}


@dataclass(frozen=True, slots=True)
class OnPage:
    """The page that is read (counted from 1) and the words chosen on it, empty when none are."""

    attachment: Attachment
    page: int
    words: str


def full_text_reader(on_desk: OnDesk, full_text: FullTextDesk, terms: Terms) -> OnPage | None:
    """Draw the article and the page of its full text; None while no full text with words is attached."""
    article, file = on_desk.article, full_text.shown
    if file is None or not any(file.pages):
        no_words(file)
        screening_record(article, on_desk.types, terms)
        return None
    st.html(record_head(article, on_desk.types, terms))
    with st.expander("Abstract", key=f"full_text_abstract_{on_desk.record_id}"):
        st.html(record_abstract(article, terms))
    return full_text_page(file, full_text.quotes, terms)


def full_text_page(file: Attachment, quotes: Sequence[FullTextQuote], terms: Terms, *, to_quote: bool = True) -> OnPage:
    """Draw a page and the way to the others. Where one is `to_quote`, sentences are chosen and keys turn the pages."""
    page = _page(file, "J next page, K the one before." if to_quote else "")
    return OnPage(file, page, _words(file, page, quotes, terms, to_quote=to_quote))


def no_words(file: Attachment | None) -> None:
    if file is None:
        st.info("No full text is attached yet. Attach a PDF or a text file, or exclude the record as not retrieved.")
    else:
        st.warning(
            f"{file.name} has no text: it is a scan. Open the file to read it; to read and quote it here, attach a "
            "copy whose text was recognised (OCR)."
        )


def _page(file: Attachment, keys: str) -> int:
    with st.container(horizontal=True, vertical_alignment="center", key="full_text_pages"):
        page = 1
        if len(file.pages) > 1:
            page = st.pagination(len(file.pages), key=f"full_text_page_{file.id}")
        st.caption(f"Page {page} of {len(file.pages):,}. {keys}")
    return page


def _words(file: Attachment, page: int, quotes: Sequence[FullTextQuote], terms: Terms, *, to_quote: bool) -> str:
    text = file.pages[page - 1]
    if not text:
        st.caption("This page has no text. Open the file to see it.")
        return ""
    part = AbstractPart(None, text, tuple(_highlights(file, page, quotes, terms)))
    with st.container(key=f"full_text_words_{file.id}_{page}"):
        chosen = marked_text(
            abstract_sentences([part], selectable=to_quote),
            key=f"full_text_{file.id}_{page}",
            style="abstract",
            label=f"Page {page}",
        )
    return "" if chosen is None else places([part])[chosen].text


def _highlights(file: Attachment, page: int, quotes: Sequence[FullTextQuote], terms: Terms) -> Iterator[Highlight]:
    for found in lit(file.pages[page - 1], terms):
        yield Highlight(found.start, found.end, _LIT[found.kind])
    for each in quotes:
        start, end = each.anchor.start, each.anchor.end
        if each.quote.attachment_id == file.id and each.anchor.page == page and start is not None and end is not None:
            yield Highlight(start, end, "quote", "quoted")
