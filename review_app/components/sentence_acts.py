"""What a person decides about a sentence: it makes the claim, it makes another one, or it makes none."""

from typing import Literal

import streamlit as st

from db.engine import writing
from db.types import Actor, LinkState
from review_app import auth, state
from review_app.components.trouble import explaining, show_trouble
from review_app.database import engine
from review_app.services import documents
from review_app.services.document_view import NOT_A_CLAIM, DocumentView, SentenceView
from review_app.services.permissions import May, allows

Asked = Literal["another", "none"]

_TROUBLE = "sentence_trouble"
_ASKED = "sentence_asked"  # the form that is open: document, sentence, what it asks
_QUESTIONS: dict[Asked, tuple[str, str, str]] = {
    "another": (
        "Why the claim does not fit",
        "The verdict and what the claim demands go with it.",
        "Keep: another claim",
    ),
    "none": (
        "Why this sentence makes no claim",
        "Holds for these words in later versions of this document too.",
        "Keep: no claim",
    ),
}


def sentence_acts(view: DocumentView, sentence: SentenceView, *, actor: Actor) -> None:
    """Say what the sentence claims, or take that back; nothing for roles that may not."""
    if not allows(actor, May.DECIDE_COPY) or not sentence.answer["checkable"]:
        return
    if sentence.set_aside is not None:
        text = sentence.answer["text"]
        st.button("It makes a claim after all", key="bring_back", on_click=_bring_back, args=(view.id, text))
        show_trouble(_TROUBLE)
        return
    with st.container(horizontal=True, gap="small"):
        _buttons(view, sentence)
    asked = st.session_state.get(_ASKED)
    if asked in [(view.id, sentence.position, kind) for kind in _QUESTIONS]:
        _form(view, sentence, asked[2])
    else:
        show_trouble(_TROUBLE)


def _buttons(view: DocumentView, sentence: SentenceView) -> None:
    claim, said = sentence.answer["claim"], sentence.link.what if sentence.link else ""
    at = (view.id, sentence.position)
    if claim is not None and said != LinkState.ACCEPTED:
        accept = (view.id, sentence.sentence_id, claim["id"], LinkState.ACCEPTED, None)
        about = "Says that the claim below is the right one to hold the sentence against. It approves nothing."
        st.button("Makes this claim", key="link_accept", on_click=_decide, args=accept, help=about)
    if claim is not None and said != LinkState.REJECTED:
        st.button("Makes another claim", key="link_reject", on_click=_ask, args=(*at, "another"))
    st.button("Makes no claim", key="set_aside", on_click=_ask, args=(*at, "none"))


def _form(view: DocumentView, sentence: SentenceView, asked: Asked) -> None:
    """The reason, asked for beside the sentence; what was refused is told inside, and the form stays."""
    label, about, keep = _QUESTIONS[asked]
    key = f"reason_{view.id}_{sentence.position}_{asked}"
    with st.form(f"{key}_form", border=True):
        st.text_input(label, key=key)
        st.caption(about)
        show_trouble(_TROUBLE)
        with st.container(horizontal=True, gap="small"):
            if asked == "another":
                reject = (view.id, sentence.sentence_id, sentence.answer["claim"]["id"], LinkState.REJECTED, key)
                st.form_submit_button(keep, type="primary", on_click=_decide, args=reject)
            else:
                aside = (view.id, sentence.answer["text"], key)
                st.form_submit_button(keep, type="primary", on_click=_set_aside, args=aside)
            st.form_submit_button("Cancel", on_click=_close)


def _ask(document_id: int, position: int, asked: Asked) -> None:
    st.session_state[_ASKED] = (document_id, position, asked)


def _close() -> None:
    st.session_state.pop(_ASKED, None)


def _decide(document_id: int, sentence_id: int, claim_id: str, decided: LinkState, key: str | None) -> None:
    with explaining(_TROUBLE), writing(engine()) as session:
        documents.decide_link(
            session,
            actor=auth.current_actor(),
            document_id=document_id,
            sentence_id=sentence_id,
            claim_id=claim_id,
            state=decided,
            reason=_reason(key),
        )
        _close()
        st.session_state[state.FLASH] = "Kept, with your name"


def _set_aside(document_id: int, text: str, key: str) -> None:
    with explaining(_TROUBLE), writing(engine()) as session:
        documents.set_aside(
            session,
            actor=auth.current_actor(),
            document_id=document_id,
            text=text,
            what=NOT_A_CLAIM,
            reason=_reason(key),
        )
        _close()
        st.session_state[state.FLASH] = "Set aside"


def _reason(key: str | None) -> str:
    return str(st.session_state.get(key) or "") if key else ""


def _bring_back(document_id: int, text: str) -> None:
    with explaining(_TROUBLE), writing(engine()) as session:
        documents.bring_back(session, actor=auth.current_actor(), document_id=document_id, text=text, what=NOT_A_CLAIM)
        st.session_state[state.FLASH] = "Taken back"
