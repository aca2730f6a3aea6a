"""The full texts of an article where one only reads them: behind a fold, fetched when it is opened."""

from collections.abc import Mapping, Sequence

import streamlit as st

from db.engine import reading
from db.queries.full_texts import FullTextQuote, attachment
from review_app.components.full_text_reader import full_text_page, no_words
from review_app.components.full_text_side import file_link
from review_app.components.plain_words import plain_words
from review_app.database import engine
from review_app.screening.highlights import Terms

_FOLD = "full_text_fold"  # with the newest file's id the key of an article's fold


def full_text_fold(names: Mapping[int, str], quotes: Sequence[FullTextQuote] = (), terms: Terms = Terms()) -> None:
    """`names` are those of the files by id, the oldest first; without any nothing is drawn. `quotes` and `terms` are
    lit."""
    if not names:
        return
    files, shown = list(names), max(names)
    key = f"{_FOLD}_{shown}"
    fold = st.expander(f"Full text: {plain_words(', '.join(names.values()))}", key=key, on_change="rerun")
    if not fold.open:
        return
    with fold:
        if len(files) > 1:
            shown = st.selectbox("File", files, files.index(shown), format_func=names.__getitem__, key=f"{key}_file")
        st.html(f'<p class="fn-file">Open the file: {file_link(shown, names[shown])}</p>')
        _read(shown, quotes, terms)


def _read(attachment_id: int, quotes: Sequence[FullTextQuote], terms: Terms) -> None:
    with reading(engine()) as session:
        file = attachment(session, attachment_id=attachment_id)
    if file is None:
        st.caption("This file was removed meanwhile.")
    elif any(file.pages):
        full_text_page(file, quotes, terms, to_quote=False)
    else:
        no_words(file)
