"""A quote whose words are gone: the reader clicks the sentence of today's record that says it now."""

from html import escape

import streamlit as st

from db.models import Article
from review_app.components.abstract import AbstractPart, Place, abstract_sentences, places
from review_app.components.differing_words import differing_words
from review_app.components.marked_text import marked_text
from review_app.services.alerts_view import CitedQuote


def sentence_now(article: Article, *, key: str) -> Place | None:
    """Draw the record as it is now; the sentence that was clicked."""
    parts = [AbstractPart(part.get("label"), part["text"]) for part in article.sections]
    parts = parts or [AbstractPart("Title", article.title)]
    st.html('<p class="fn-small-head">The record now: click the sentence that says it</p>')
    chosen = marked_text(abstract_sentences(parts), key=key, style="abstract", label="The record as it is now")
    return None if chosen is None else places(parts)[chosen]


def compared(quote: CitedQuote, place: Place | None) -> None:
    """The quote as it was kept and as it would be kept, the differing words marked."""
    if place is None:
        before, after = escape(quote.exact), '<p class="fn-by">No sentence is chosen yet.</p>'
    else:
        before, marked = differing_words(quote.exact, place.text)
        after = f'<blockquote class="fn-quote">{marked}</blockquote>'
    st.html(
        f'<p class="fn-small-head">The quote until now</p><blockquote class="fn-quote">{before}</blockquote>'
        f'<p class="fn-small-head">Its new words</p>{after}'
    )
