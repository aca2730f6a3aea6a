"""The claims that rest on a study, and a form that links the chosen sentence to one."""

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

import streamlit as st

from db.models import ClaimEvidence
from db.queries.claims import ClaimPage
from db.types import Actor, AnchorState, Role, Stance
from db.vocabulary import vocabulary
from review_app.components.abstract import Place
from review_app.components.chosen_sentence import chosen_sentence, kept_quote
from review_app.components.empty_state import empty_state
from review_app.components.study_act import act, study_lacks
from review_app.services import claims as claim_service
from review_app.services.study_page import StudyPage


def linked_claims(study: StudyPage, *, actor: Actor, may_quote: bool) -> None:
    """Each claim with the stance of this study, the quote, and who linked it."""
    if not study.evidence:
        empty_state("No claim rests on this study yet.", "Nobody has linked one of its sentences to a claim.")
    for row, statement in study.evidence:
        with st.container(key=f"evidence_{row.id}", gap="xsmall"):
            st.html(_markup(study, row, statement))
            own = row.member_id is not None and row.member_id == actor.id
            if may_quote and row.member_id is not None and (own or actor.role is Role.LEAD):
                st.button("Withdraw", key=f"unlink_{row.id}", type="tertiary", on_click=_withdraw, args=(row.id,))


def link_form(study: StudyPage, place: Place | None, claims: Sequence[ClaimPage]) -> None:
    """Link the chosen sentence to one of `claims`. A form: nothing is drawn anew, or lost, before all of it is sent."""
    prefix = f"link_{study.article.id}"
    statements = {page.claim.id: page.version.statement for page in claims}
    st.html('<p class="fn-head">Link a sentence to a claim</p>')
    chosen_sentence(place.text if place else "")
    with st.form(f"{prefix}_form", border=False):
        st.selectbox(
            "Claim",
            list(statements),
            index=None,
            key=f"{prefix}_claim",
            format_func=lambda key: statements.get(key, key),
            placeholder="Type a few words of the claim",
            persist_state="page",
        )
        st.segmented_control(
            "What the sentence says of the claim",
            [stance.value for stance in Stance],
            key=f"{prefix}_stance",
            format_func=lambda value: vocabulary().label("stance", value),
            persist_state="page",
        )
        st.text_input(
            "Note", key=f"{prefix}_note", max_chars=500, placeholder="Why, if not plain", persist_state="page"
        )
        st.form_submit_button("Link to the claim", type="primary", on_click=_link, args=(study, place))


def _link(study: StudyPage, place: Place | None) -> None:
    prefix, article = f"link_{study.article.id}", study.article
    claim_id, stance = st.session_state.get(f"{prefix}_claim"), st.session_state.get(f"{prefix}_stance")
    if place is None or not claim_id or not stance:
        study_lacks({"a sentence of the abstract": place, "a claim": claim_id, "a stance": stance})
        return
    linked = act(
        lambda session, actor: claim_service.link_quote(
            session,
            actor=actor,
            claim_id=claim_id,
            article_id=article.id,
            words=place.text,
            stance=Stance(stance),
            content_hash=article.content_hash,
            note=st.session_state.get(f"{prefix}_note") or "",
        ),
        done="Sentence linked to the claim",
    )
    if linked:
        st.session_state[f"{prefix}_claim"] = st.session_state[f"{prefix}_stance"] = None
        st.session_state[f"{prefix}_note"] = ""


def _withdraw(evidence_id: int) -> None:
    act(
        lambda session, actor: claim_service.withdraw_evidence(session, actor=actor, evidence_id=evidence_id),
        done="Link withdrawn",
    )


def _markup(study: StudyPage, row: ClaimEvidence, statement: str) -> str:
    stance = escape(vocabulary().label("stance", row.stance.value))
    link = f'<a href="/claims?claim={quote(row.claim_id)}" target="_self">{escape(statement)}</a>'
    kept = study.quotes.get(row.quote_id) if row.quote_id else None
    words = kept_quote(kept[0].exact, orphaned=kept[1].state is AnchorState.ORPHANED) if kept else ""
    note = f'<p class="fn-line">{escape(row.note)}</p>' if row.note else ""
    if row.member_id is None:
        by = "ships with the topic, not reviewed here"
    else:
        by = f"{escape(study.members.get(row.member_id, 'somebody'))}, {row.linked_at:%d %B %Y}"
    return f'<p class="fn-line"><strong>{stance}</strong>: {link}</p>{words}{note}<p class="fn-by">{by}</p>'
