"""Copy comes in: pasted or as a file, checked against the library of today, and kept with its answer."""

import streamlit as st

from db import config
from db.engine import reading, writing
from db.types import Actor
from review_app import auth, state, web
from review_app.components.plain_words import counted
from review_app.components.trouble import explaining, show_trouble
from review_app.database import engine
from review_app.factcheck.extraction import WORD_LIMIT
from review_app.factcheck.model import SourceText
from review_app.services import checking, documents
from review_app.services.document_view import DocumentView, document_view
from review_app.services.documents import GivenAnswer, GivenCopy
from review_app.services.errors import Invalid, NotFound
from review_app.services.permissions import May, require

PROFILES = {
    "manufacturer": "manufacturer: prescription drug promotion",
    "clinic": "clinic: a practice that offers the treatment",
    "editorial": "editorial: articles and patient information",
    "uk-public": "UK public: no promotion of prescription medicines",
}
MEGABYTES = 5
_TROUBLE = "copy_trouble"
_PASTED, _FILE, _ADDRESS = "copy_pasted", "copy_file", "copy_address"
_TITLE, _PROFILE = "copy_title", "copy_profile"


def copy_trouble() -> None:
    show_trouble(_TROUBLE)


def copy_form() -> None:
    """Paste or upload, say whose rules apply, check."""
    with st.form("copy_form", border=True):
        st.text_area("Paste the copy", key=_PASTED, height=230, placeholder="The whole text, as it will be published")
        st.file_uploader(
            "or choose a file: text (.txt), Markdown (.md), Word (.docx) or a saved web page (.html)",
            key=_FILE,
            max_upload_size=MEGABYTES,
        )
        st.text_input(
            "or the address of a page",
            key=_ADDRESS,
            max_chars=2000,
            placeholder="https://",
            help="Fetched once, now, by this server; what was fetched is kept with the answer.",
        )
        name, profile, act = st.columns([2.4, 2.4, 1], vertical_alignment="bottom")
        name.text_input("Name (optional)", key=_TITLE, max_chars=200)
        profile.selectbox("Whose rules apply", list(PROFILES), index=1, key=_PROFILE, format_func=PROFILES.__getitem__)
        act.form_submit_button("Check", type="primary", on_click=_check, width="stretch")
    st.caption(
        f"Up to {WORD_LIMIT:,} words. The copy and the answer are kept in this library, on this server. "
        "Footnote gives evidence to people who decide; it does not approve documents."
    )


def check_again_button(view: DocumentView) -> None:
    st.button(
        "Check again",
        key="copy_again",
        help="Ask today's library about the same text; what people decided stays.",
        on_click=check_document_again,
        args=(view.id,),
        width="stretch",
    )


def _check() -> None:
    with explaining(_TROUBLE):
        actor = auth.current_actor()
        require(actor, May.CHECK_COPY)
        given, text = _given()
        profile = str(st.session_state[_PROFILE])
        title = given.title or text.title or " ".join(text.text.split()[:10])
        answered = _answered(actor, text, source=given.source, title=title, profile=profile)
        with writing(engine()) as session:
            kept = documents.keep_document(
                session,
                actor=actor,
                topic_id=config.settings().footnote_topic,
                profile=profile,
                given=GivenCopy(given.body, given.media_type, given.source, title),
                answered=answered,
            )
        st.query_params.from_dict({"document": str(kept)})


def check_document_again(document_id: int) -> None:
    """The newest version of a document, held against the library of today; the callback of a button."""
    with explaining(_TROUBLE):
        actor = auth.current_actor()
        with reading(engine()) as session:
            view = document_view(session, viewer=actor, document_id=document_id)
        if view is None:
            raise NotFound("This document is not in the library any more.")
        text = checking.stored_text(dict(view.answer))
        answered = _answered(
            actor, text, source=view.source, title=view.title, profile=view.profile, document_id=view.id
        )
        with writing(engine()) as session:
            documents.check_again(session, actor=actor, document_id=view.id, answered=answered)
        st.session_state[state.FLASH] = "Checked against today's library"


def _answered(
    actor: Actor, text: SourceText, *, source: str, title: str, profile: str, document_id: int | None = None
) -> GivenAnswer:
    topic_id = config.settings().footnote_topic
    with reading(engine()) as session:
        opened = checking.library(session, viewer=actor, topic_id=topic_id, document_id=document_id)
        number, claims = len(text.text.split()), len(opened.library.claims)
        against = f"{counted(claims, 'claim')} and {counted(opened.library.articles, 'study', 'studies')}"
        with st.spinner(f"Checking {counted(number, 'word')} against {against}", show_time=True):
            check = checking.check_document(opened, text, source=source, profile=profile)
            cited = checking.citations(session, check)
            return checking.answered(check, topic_id=topic_id, profile=profile, title=title, citations=cited)


def _given() -> tuple[GivenCopy, SourceText]:
    """The one thing that was given, and its text."""
    pasted, file = str(st.session_state.get(_PASTED) or ""), st.session_state.get(_FILE)
    address, title = (str(st.session_state.get(key) or "").strip() for key in (_ADDRESS, _TITLE))
    ways = [bool(pasted.strip()), file is not None, bool(address)]
    if sum(ways) > 1:
        raise Invalid("There is more than one thing to check: a pasted text, a file or an address. Leave one of them.")
    if not any(ways):
        raise Invalid("There is nothing to check: 0 words. Paste the copy, choose a file or name an address.")
    if address:
        with st.spinner("Fetching the page"):
            page = web.fetch(address if "://" in address else f"https://{address}")
        kind = page.media_type or "text/html"
        return GivenCopy(page.body, kind, page.url, title), checking.document_from(
            page.body, name=page.url, media_type=kind
        )
    if file is not None:
        given = GivenCopy(file.getvalue(), file.type or "application/octet-stream", file.name, title)
    else:
        given = GivenCopy(pasted.encode(), "text/plain", "pasted text", title)
    return given, checking.document_from(given.body, name=given.source)
