"""What a person does with a claim: decide what holds, add a wording, write a claim, take a link back."""

from collections.abc import Sequence

import streamlit as st

from db import config
from db.engine import writing
from db.types import Actor, Certainty, Role, Stance, Verdict, WordingKind
from review_app import auth, state
from review_app.components.marks import VERDICTS
from review_app.components.plain_words import counted, plain_words, words
from review_app.components.trouble import explaining, show_trouble
from review_app.database import engine
from review_app.services import claims
from review_app.services.claims_view import ClaimSource, ClaimView
from review_app.services.grading import Graded
from review_app.services.permissions import May, allows

_TROUBLE = "claims_trouble"
_KINDS = {WordingKind.WORDING: "a way to say it", WordingKind.GOES_TOO_FAR: "goes too far"}
_ALLOWED = {
    WordingKind.WORDING: (Verdict.SUPPORTED, Verdict.NEEDS_QUALIFICATION),
    WordingKind.GOES_TOO_FAR: (Verdict.OVERSTATED, Verdict.CONTRADICTED, Verdict.INSUFFICIENT),
}


def claim_trouble() -> None:
    show_trouble(_TROUBLE)


def verdict_form(view: ClaimView, *, actor: Actor, graded: Graded) -> None:
    """A verdict on the statement as it stands; draw it on the page that shows the contradicting evidence.

    What the claim was graded is chosen from the start, unless graders differ and nobody has settled it.
    """
    if not allows(actor, May.JUDGE_CLAIMS):
        st.caption("Your role reads verdicts; reviewers and medical reviewers give them.")
        return
    against = [row.row_id for row in view.evidence if row.stance is Stance.CONTRADICTS]
    key = f"verdict_{view.line.id}_{view.version}"
    with st.form(key, border=True):
        if against:
            pieces = counted(len(against), "piece")
            st.markdown(f"**{pieces} of contradicting evidence** on this page. Read before you decide.")
        st.radio(
            "Your verdict on the statement as it stands",
            list(Verdict),
            index=None,
            format_func=_sign,
            key=f"{key}_verdict",
        )
        if graded.is_unsettled:
            given = ", ".join(
                f"{plain_words(graded.members[row.member_id])} {words(row.certainty)}" for row in graded.rows
            )
            st.markdown(f"**The grades differ and nobody has settled them** ({given}): no certainty is chosen for you.")
        st.selectbox(
            "Certainty of the evidence (GRADE)",
            list(Certainty),
            index=list(Certainty).index(Certainty(graded.certainty)) if graded.certainty else None,
            format_func=_certainty,
            placeholder="Choose one",
            key=f"{key}_certainty",
        )
        st.text_area("Reason", key=f"{key}_reason", height=90, placeholder="One sentence: what decides it")
        st.form_submit_button(
            "Give verdict", type="primary", on_click=_give, args=(view.line.id, view.version, key, against)
        )


def wording_form(view: ClaimView, *, actor: Actor) -> None:
    """Another way to say the claim, or one that goes too far."""
    if not allows(actor, May.EDIT_CLAIMS):
        return
    key = f"wording_{view.line.id}"
    with st.container(border=True):
        kind = st.radio(
            "This wording is", list(_KINDS), format_func=_KINDS.__getitem__, key=f"{key}_kind", horizontal=True
        )
        verdict = st.selectbox("What the evidence allows of it", _ALLOWED[kind], format_func=_sign, key=f"{key}_{kind}")
        st.text_input("Wording", key=f"{key}_text", max_chars=claims.MAX_STATEMENT)
        st.button("Add wording", key=f"{key}_add", on_click=_add, args=(view.line.id, key, kind, verdict))


def withdraw_buttons(view: ClaimView, *, actor: Actor) -> None:
    """Take a link back: one's own, or any for a lead."""
    rows = [row for row in view.evidence if _may_withdraw(row, actor)]
    if not rows:
        return
    with st.expander(f"Withdraw a link ({len(rows)})"):
        for row in rows:
            where, act = st.columns([4, 1.3], vertical_alignment="center")
            where.markdown(f"{row.stance.value}: {plain_words(row.quote[:120] or row.reference)}")
            act.button("Withdraw", key=f"withdraw_{row.row_id}", on_click=_withdraw, args=(row.row_id,))


def new_claim_form(*, actor: Actor, topics: Sequence[str]) -> None:
    """A claim of the members' own, as a draft."""
    if not allows(actor, May.EDIT_CLAIMS):
        return
    with st.expander("Write a claim"), st.form("new_claim", border=False):
        st.text_area("Statement: the strongest wording that you think holds", key="new_claim_statement", height=80)
        st.multiselect("Topics", list(topics), format_func=words, key="new_claim_topics")
        st.text_input("Search that finds its studies (optional)", key="new_claim_query")
        st.form_submit_button("Write claim", on_click=_create)


def _may_withdraw(row: ClaimSource, actor: Actor) -> bool:
    mine = row.linked_by_id is not None and row.linked_by_id == actor.id
    return allows(actor, May.QUOTE) and (mine or actor.role is Role.LEAD)


def _sign(verdict: Verdict) -> str:
    mark = VERDICTS[verdict.value]
    return f"{mark.sign} {mark.words}"


def _certainty(certainty: Certainty) -> str:
    return "not graded: rests on a label or a notice" if certainty is Certainty.NOT_APPLICABLE else words(certainty)


def _give(claim_id: str, version: int, key: str, seen: Sequence[int]) -> None:
    verdict: Verdict | None = st.session_state[f"{key}_verdict"]
    certainty: Certainty | None = st.session_state[f"{key}_certainty"]
    if verdict is None or certainty is None:
        what = "a verdict" if verdict is None else "the certainty of the evidence"
        st.session_state[_TROUBLE] = f"Choose {what} first; nothing was kept."
        return
    with explaining(_TROUBLE), writing(engine()) as session:
        claims.give_verdict(
            session,
            actor=auth.current_actor(),
            claim_id=claim_id,
            version_number=version,
            verdict=verdict,
            certainty=certainty,
            reason=st.session_state[f"{key}_reason"] or "",
            contradicting_seen=seen,
        )
        st.session_state[state.FLASH] = "Verdict kept"


def _add(claim_id: str, key: str, kind: WordingKind, verdict: Verdict) -> None:
    with explaining(_TROUBLE), writing(engine()) as session:
        claims.add_wording(
            session,
            actor=auth.current_actor(),
            claim_id=claim_id,
            text=st.session_state[f"{key}_text"] or "",
            kind=kind,
            verdict=verdict,
        )
        st.session_state[f"{key}_text"] = ""
        st.session_state[state.FLASH] = "Wording added"


def _withdraw(row_id: int) -> None:
    with explaining(_TROUBLE), writing(engine()) as session:
        claims.withdraw_evidence(session, actor=auth.current_actor(), evidence_id=row_id)
        st.session_state[state.FLASH] = "Link withdrawn"


def _create() -> None:
    with explaining(_TROUBLE), writing(engine()) as session:
        made = claims.create_claim(
            session,
            actor=auth.current_actor(),
            topic_id=config.settings().footnote_topic,
            statement=st.session_state["new_claim_statement"] or "",
            topics=st.session_state["new_claim_topics"],
            search_query=st.session_state["new_claim_query"] or "",
        )
        st.query_params["claim"] = made.id
        st.session_state[state.FLASH] = "Claim written as a draft"
