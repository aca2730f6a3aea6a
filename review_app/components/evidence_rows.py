"""The list of studies: a title that opens the study, one line about it, and the pages of the list."""

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from db.vocabulary import Vocabulary
from review_app import state
from review_app.components.badges import integrity_badge, is_struck, suggested
from review_app.components.library_words import library_words
from review_app.components.plain_words import counted
from review_app.services.evidence_list import PAGE_SIZE, EvidencePage, EvidenceRow, Wish


def evidence_count(found: EvidencePage, wish: Wish) -> None:
    """How many studies there are, which of them are shown, and in what order."""
    first = _first(found)
    shown = f"{first:,}–{first + len(found.rows) - 1:,}" if found.pages > 1 else ""
    parts = [f"<strong>{_total(found, wish)}</strong>", shown, _order(wish)]
    st.html(f'<p class="fn-count">{" · ".join(part for part in parts if part)}</p>')
    if not found.all_words:
        st.html('<p class="fn-note">No study has all of these words; these have some.</p>')


def evidence_rows(found: EvidencePage) -> None:
    """Draw the rows of one page of the list. The titles are plain links, so that the browser's Back leads back here:
    Streamlit's own links leave an address between the two pages that is neither."""
    words = library_words()
    st.html(f'<ol class="fn-rows" start="{_first(found)}">{"".join(_row(row, words) for row in found.rows)}</ol>')


def evidence_pages(found: EvidencePage) -> None:
    """The numbers of the pages, where there is more than one."""
    if found.pages == 1:
        return
    wished = st.session_state.get(state.EVIDENCE_PAGE, st.query_params.get(state.EVIDENCE_PAGE, "1"))
    if str(wished) != str(found.page):
        st.session_state[state.EVIDENCE_PAGE] = found.page
    st.pagination(found.pages, key=state.EVIDENCE_PAGE, bind="query-params")


def authors_in_short(authors: list[Mapping[str, Any]]) -> str:
    """One or two family names, else the first and `et al.`; a collective by its name; that there are none."""
    names = [str(author.get("last") or author.get("collective") or "") for author in authors]
    names = [name for name in names if name]
    if len(names) > 2:
        return f"{names[0]} et al."
    return " & ".join(names) or "no authors listed"


def _total(found: EvidencePage, wish: Wish) -> str:
    studies = counted(found.library, "study", "studies")
    return f"{found.total:,} of {studies}" if wish.is_narrowed else studies


def _order(wish: Wish) -> str:
    return "best match first" if wish.query.strip() else "newest first"


def _first(found: EvidencePage) -> int:
    return (found.page - 1) * PAGE_SIZE + 1


def _row(row: EvidenceRow, words: Vocabulary) -> str:
    article = row.article
    title = escape(article.title) or "Untitled record"
    title = f"<s>{title}</s>" if is_struck(article.integrity.value) else title
    link = f'<a href="study?id={article.id}" target="_self">{title}</a>'
    return f'<li>{link}<p class="fn-meta">{_meta(row, words)}</p></li>'


def _meta(row: EvidenceRow, words: Vocabulary) -> str:
    article = row.article
    parts = [
        escape(authors_in_short(list(article.authors))),
        escape(article.iso_abbreviation or article.journal or ""),
        str(article.year or "undated"),
        _design(row, words),
        '<span class="fn-tagged">✓ tagged</span>' if row.is_reviewed else "",
        f"PMID {article.pmid}" if article.pmid else "",
        integrity_badge(article.integrity.value),
    ]
    return " · ".join(part for part in parts if part)


def _design(row: EvidenceRow, words: Vocabulary) -> str:
    if row.study_design is None:
        return ""
    label = words.label("study_design", row.study_design)
    return escape(label) if row.is_reviewed else suggested(label, "suggested from the record, not reviewed")
