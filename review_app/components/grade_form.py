"""How certain the evidence is for one outcome or claim: where it starts, each step with its reason, what results."""

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from db import config
from db.engine import reading, writing
from db.models import Grade
from db.types import Actor
from db.vocabulary import vocabulary
from review_app import auth, state
from review_app.components.study_act import study_trouble
from review_app.components.study_consensus import compared_sides
from review_app.components.trouble import explaining, show_trouble
from review_app.database import engine
from review_app.services import appraisals
from review_app.services.appraisals import StepTaken
from review_app.services.compared import Compared
from review_app.services.dual_extraction import consensus_certainty, level_label
from review_app.services.grading import Graded, graded
from review_app.services.permissions import May, allows
from review_app.tagging import grade


def grades_of_claim(*, actor: Actor, claim_id: str) -> Graded:
    """The grades of a claim that the reader may see."""
    return _rows(actor, None, claim_id)


def grade_form(*, actor: Actor, outcome: str | None = None, claim_id: str | None = None) -> None:
    """What members graded, as far as the reader may see it, and the form to grade."""
    key = f"grade_{claim_id or outcome}"
    show_trouble(state.GRADE_TROUBLE)
    found = _rows(actor, outcome, claim_id)
    for row in found.rows:
        st.html(_markup(row, found.members.get(row.member_id, "somebody")))
    if found.compared is not None:
        _consensus(found.compared, found.members, may_settle=allows(actor, May.ADJUDICATE))
    if not allows(actor, May.JUDGE_CLAIMS):
        st.caption("Your role reads grades; reviewers and medical reviewers give them.")
        return
    _keep_draft(key, claim_id or outcome or "", found.draft)
    starts = {each.id: each.label for each in grade.starts().values()}
    start = st.radio(
        "The evidence is from",
        list(starts),
        format_func=starts.__getitem__,
        key=f"{key}_start",
        persist_state="page",
    )
    for step in grade.steps().values():
        _step(key, step)
    taken = _taken(key)
    certainty = grade.certainty(start, {name: each.levels for name, each in taken.items()})
    st.html(f'<p class="fn-head">Certainty: {escape(vocabulary().label("certainty", certainty))}</p>')
    st.text_input("In a sentence", key=f"{key}_reason", placeholder="What decides it", persist_state="page")
    st.button("Save grade", type="primary", key=f"{key}_save", on_click=_save, args=(key, outcome, claim_id))


def _consensus(compared: Compared, members: Mapping[int, str], *, may_settle: bool) -> None:
    """Both grades step by step; once they agree or are settled, the certainty that follows."""
    study_trouble()
    with st.container(key=f"consensus_of_{compared.key}"):
        compared_sides(compared, {}, members, may_settle=may_settle)
        if certainty := consensus_certainty(compared):
            level = escape(vocabulary().label("certainty", certainty))
            st.html(f'<p class="fn-head">Certainty by consensus: {level}</p>')


def _step(key: str, step: grade.Step) -> None:
    levels = {each: level_label(each) for each in (0, *step.levels)}
    name, choice = st.columns([3, 4], vertical_alignment="center")
    name.html(f'<p class="fn-line"><b>{escape(step.label)}</b></p><p class="fn-by">{escape(step.asks)}</p>')
    moved = choice.segmented_control(
        step.label,
        list(levels),
        format_func=levels.__getitem__,
        required=True,
        key=f"{key}_{step.id}",
        label_visibility="collapsed",
        persist_state="page",
    )
    if moved:
        st.text_input(
            f"Why {step.label.lower()}", key=f"{key}_{step.id}_reason", placeholder="Why", persist_state="page"
        )


def _keep_draft(key: str, subject: str, draft: Mapping[str, Any]) -> None:
    """What was chosen and typed on an earlier visit, once; what is, as soon as it changes."""
    kept = f"{key}_kept"
    if f"{key}_reason" not in st.session_state:  # Streamlit forgets it when the reader leaves the page
        begun = {f"{key}_start": next(iter(grade.starts())), **{f"{key}_{name}": 0 for name in grade.steps()}}
        st.session_state.update(begun | dict(draft))
        st.session_state[kept] = _typed(key)
    typed = _typed(key)
    if typed != st.session_state[kept]:
        with explaining(state.GRADE_TROUBLE), writing(engine()) as session:
            appraisals.keep_grade_draft(session, actor=auth.current_actor(), subject=subject, value=typed)
            st.session_state[kept] = typed


def _typed(key: str) -> dict[str, Any]:
    """The widgets of the form, by key, without what nobody touched."""
    names = ["start", "reason", *grade.steps(), *(f"{name}_reason" for name in grade.steps())]
    found = {f"{key}_{name}": st.session_state.get(f"{key}_{name}") for name in names}
    return {name: value for name, value in found.items() if value}


def _taken(key: str) -> dict[str, StepTaken]:
    found = {}
    for name in grade.steps():
        if levels := st.session_state.get(f"{key}_{name}"):
            found[name] = StepTaken(levels, str(st.session_state.get(f"{key}_{name}_reason") or ""))
    return found


def _save(key: str, outcome: str | None, claim_id: str | None) -> None:
    with explaining(state.GRADE_TROUBLE), writing(engine()) as session:
        appraisals.save_grade(
            session,
            actor=auth.current_actor(),
            topic_id=config.settings().footnote_topic,
            start=st.session_state[f"{key}_start"],
            steps=_taken(key),
            reason=str(st.session_state.get(f"{key}_reason") or ""),
            outcome=outcome,
            claim_id=claim_id,
        )
        st.session_state[state.FLASH] = "Grade saved"


def _markup(row: Grade, name: str) -> str:
    start, *steps = row.steps
    lines = "".join(
        f"<dt>{escape(grade.steps()[step['id']].label)} {step['levels']:+d}</dt><dd>{escape(step['reason'])}</dd>"
        for step in steps
    )
    said = f'<p class="fn-line">{escape(row.reason)}</p>' if row.reason else ""
    level = escape(vocabulary().label("certainty", row.certainty))
    begun = escape(grade.starts()[start["start"]].label.lower())
    return (
        f'<details class="fn-others"><summary>{level} · {escape(name)}, {row.judged_at:%d %B %Y}</summary>'
        f'<p class="fn-by">Starts from {begun}</p><dl class="fn-facts">{lines}</dl>{said}</details>'
    )


def _rows(actor: Actor, outcome: str | None, claim_id: str | None) -> Graded:
    with reading(engine()) as session:
        topic_id = config.settings().footnote_topic
        return graded(session, viewer=actor, topic_id=topic_id, outcome=outcome, claim_id=claim_id)
