"""What a person decides about a sentence: the claim fits, it does not, or the sentence is no claim."""

import streamlit as st

from db.engine import writing
from db.types import Actor, LinkState
from review_app import auth, state
from review_app.components.trouble import explaining, show_trouble
from review_app.database import engine
from review_app.services import documents
from review_app.services.document_view import NOT_A_CLAIM, DocumentView, SentenceView
from review_app.services.permissions import May, allows

_TROUBLE = "sentence_trouble"


def sentence_acts(view: DocumentView, sentence: SentenceView, *, actor: Actor) -> None:
    """Accept or reject the claim, or set the sentence aside; nothing for roles that may not."""
    show_trouble(_TROUBLE)
    if not allows(actor, May.DECIDE_COPY) or not sentence.answer["checkable"] or sentence.set_aside is not None:
        return
    claim = sentence.answer["claim"]
    key = f"reason_{view.id}_{sentence.position}"
    with st.container(horizontal=True, gap="small"):
        if claim is not None and (sentence.link is None or sentence.link.what != LinkState.ACCEPTED):
            accept = (view.id, sentence.sentence_id, claim["id"], LinkState.ACCEPTED, key)
            st.button("Accept claim", key="link_accept", on_click=_decide, args=accept)
        if claim is not None and (sentence.link is None or sentence.link.what != LinkState.REJECTED):
            with st.popover("Reject claim"):
                st.text_input("Why the claim does not fit", key=f"{key}_reject")
                reject = (view.id, sentence.sentence_id, claim["id"], LinkState.REJECTED, f"{key}_reject")
                st.button("Reject", key="link_reject", on_click=_decide, args=reject)
        with st.popover("Not a claim"):
            st.text_input("Why this sentence is no claim", key=f"{key}_aside")
            st.caption("Holds for these words in later versions of this document too.")
            aside = (view.id, sentence.answer["text"], f"{key}_aside")
            st.button("Set aside", key="set_aside", on_click=_set_aside, args=aside)


def _decide(document_id: int, sentence_id: int, claim_id: str, decided: LinkState, key: str) -> None:
    with explaining(_TROUBLE), writing(engine()) as session:
        documents.decide_link(
            session,
            actor=auth.current_actor(),
            document_id=document_id,
            sentence_id=sentence_id,
            claim_id=claim_id,
            state=decided,
            reason=str(st.session_state.get(key) or ""),
        )
        st.session_state[state.FLASH] = f"Claim {decided.value}"


def _set_aside(document_id: int, text: str, key: str) -> None:
    with explaining(_TROUBLE), writing(engine()) as session:
        documents.set_aside(
            session,
            actor=auth.current_actor(),
            document_id=document_id,
            text=text,
            what=NOT_A_CLAIM,
            reason=str(st.session_state.get(key) or ""),
        )
        st.session_state[state.FLASH] = "Set aside"
