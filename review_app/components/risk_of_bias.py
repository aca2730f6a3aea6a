"""The risk of bias of a study: each domain of a tool judged with its reason, and the overall judgement by its rule."""

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from db import config
from db.models import RiskOfBias
from review_app.components.library_words import library_words
from review_app.components.study_act import act, keep_as_typed
from review_app.services import appraisals
from review_app.services.appraisals import Judged
from review_app.services.dual_extraction import result_label
from review_app.services.study_page import StudyPage
from review_app.tagging.risk_of_bias import OVERALL, Term, Tool, overall, tool_for, tools

_SIGNS = {"low": "✓", "yes": "✓", "high": "▲", "serious": "▲", "critical": "✕", "no": "✕", "critically_low": "✕"}


def risk_of_bias(study: StudyPage, *, may_tag: bool) -> None:
    """What was judged, as far as the reader may see it, and the form to judge."""
    for (member_id, tool_id, finding_id), rows in _judgements(study).items():
        if tool_id in tools():
            _judged(study, tools()[tool_id], member_id, finding_id, rows)
    if may_tag:
        _form(study)
    elif not study.bias:
        st.html('<p class="fn-by">Nobody whose judgement you may see has judged this study.</p>')


def _judgements(study: StudyPage) -> dict[tuple[int, str, int | None], dict[str, RiskOfBias]]:
    found: dict[tuple[int, str, int | None], dict[str, RiskOfBias]] = {}
    for row in study.bias:
        found.setdefault((row.member_id, row.tool, row.finding_id), {})[row.domain] = row
    return found


def _judged(
    study: StudyPage, tool: Tool, member_id: int, finding_id: int | None, rows: Mapping[str, RiskOfBias]
) -> None:
    total = rows[OVERALL]
    lines = "".join(
        f"<dt>{escape(domain.label)}</dt><dd>{_mark(tool.judgements, rows[domain.id].judgement)}: "
        f"{escape(rows[domain.id].reason)}</dd>"
        for domain in tool.domains
        if domain.id in rows
    )
    name = escape(study.members.get(member_id, "somebody"))
    of = f", {escape(_result(study, finding_id))}" if finding_id else ""
    head = f"{tool.name}{of}: {_mark(tool.overall, total.judgement)} overall"
    st.html(
        f'<details class="fn-others"><summary>{head} · {name}, {total.judged_at:%d %B %Y}</summary>'
        f'<p class="fn-line">{escape(total.reason)}</p><dl class="fn-facts">{lines}</dl></details>'
    )


def _form(study: StudyPage) -> None:
    key = _key(study, "tool")
    if key not in st.session_state:
        _begin(study)
    _keep_draft(study, tools()[st.session_state[key]])
    chosen = st.selectbox(
        "Tool",
        list(tools()),
        key=key,
        format_func=lambda name: f"{tools()[name].name}: {tools()[name].used_for}",
        persist_state="page",
    )
    tool = tools()[chosen]
    results = {None: "The study as a whole"} | {row.id: _result(study, row.id) for row in study.findings}
    st.selectbox(
        "Which result",
        list(results),
        key=_key(study, "finding"),
        format_func=results.__getitem__,
        persist_state="page",
    )
    for domain in tool.domains:
        with st.container(gap="xsmall"):
            _domain(study, tool, domain)
    _overall(study, tool)
    st.button("Save risk of bias", type="primary", shortcut="Alt+S", on_click=_save, args=(study, tool))
    st.html(f'<p class="fn-by">{escape(tool.explained)} {escape(tool.source)}.</p>')


def _domain(study: StudyPage, tool: Tool, domain: Term) -> None:
    st.html(f'<p class="fn-head">{escape(domain.label)}</p><p class="fn-by">{escape(domain.asks)}</p>')
    labels = {each.id: each.label for each in tool.judgements}
    st.segmented_control(
        f"Judgement of {domain.label}",
        list(labels),
        key=_key(study, f"{tool.id}_{domain.id}"),
        format_func=labels.__getitem__,
        label_visibility="collapsed",
        persist_state="page",
    )
    st.text_input(
        f"Reason for {domain.label}",
        key=_key(study, f"{tool.id}_{domain.id}_reason"),
        placeholder="What the report says about it",
        label_visibility="collapsed",
        max_chars=appraisals.MAX_REASON,
        persist_state="page",
    )


def _overall(study: StudyPage, tool: Tool) -> None:
    found = overall(tool, {name: each.judgement for name, each in _given(study, tool).items()})
    labels = {each.id: each.label for each in tool.overall}
    if found is None:
        st.html('<p class="fn-head">Overall: follows once every domain is judged</p>')
        return
    because = f" <small>({escape(', '.join(found.because))})</small>" if found.because else ""
    st.html(f'<p class="fn-head">Overall by the rule: {_mark(tool.overall, found.judgement)}{because}</p>')
    st.selectbox(
        "Another overall judgement",
        [name for name in labels if name != found.judgement],
        index=None,
        key=_key(study, f"{tool.id}_overall"),
        format_func=lambda name: labels.get(name, name),
        placeholder="Only where the rule does not fit",
        persist_state="page",
    )
    st.text_input(
        "Why another",
        key=_key(study, f"{tool.id}_overall_reason"),
        placeholder="Needed only with another judgement",
        label_visibility="collapsed",
        persist_state="page",
    )


def _save(study: StudyPage, tool: Tool) -> None:
    article, state = study.article, st.session_state
    other = state.get(_key(study, f"{tool.id}_overall"))
    override = Judged(other, str(state.get(_key(study, f"{tool.id}_overall_reason")) or "")) if other else None
    act(
        lambda session, actor: appraisals.save_risk_of_bias(
            session,
            actor=actor,
            topic_id=config.settings().footnote_topic,
            article_id=article.id,
            tool_id=tool.id,
            judged=_given(study, tool),
            content_hash=article.content_hash,
            override=override,
            finding_id=state.get(_key(study, "finding")),
        ),
        done="Risk of bias saved",
    )


def _given(study: StudyPage, tool: Tool) -> dict[str, Judged]:
    """What is judged in the form so far."""
    found = {}
    for domain in tool.domains:
        key = _key(study, f"{tool.id}_{domain.id}")
        if judgement := st.session_state.get(key):
            found[domain.id] = Judged(judgement, str(st.session_state.get(f"{key}_reason") or ""))
    return found


def _begin(study: StudyPage) -> None:
    """The tool that fits the design; what was typed and not saved, else what the reader saved."""
    design = study.own.tags.get("study_design") if study.own else study.suggestion.study_design
    draft: dict[str, Any] = study.bias_draft
    mine = [row for row in study.bias if row.member_id == study.viewer_id]
    st.session_state[_key(study, "tool")] = draft.get("tool") or (mine[-1].tool if mine else tool_for(design)) or "rob2"
    for row in mine:
        if row.domain != OVERALL and row.finding_id is None:
            _put(study, f"{row.tool}_{row.domain}", row.judgement, row.reason)
    for name, (judgement, reason) in draft.get("judged", {}).items():
        _put(study, f"{draft['tool']}_{name}", judgement, reason)
    if draft.get("finding") in {row.id for row in study.findings}:
        st.session_state[_key(study, "finding")] = draft["finding"]
    st.session_state[_key(study, "kept")] = _typed(study, tools()[st.session_state[_key(study, "tool")]])


def _put(study: StudyPage, name: str, judgement: str, reason: str) -> None:
    st.session_state[_key(study, name)] = judgement
    st.session_state[_key(study, f"{name}_reason")] = reason


def _keep_draft(study: StudyPage, tool: Tool) -> None:
    typed = _typed(study, tool)
    keep_as_typed(
        _key(study, "kept"),
        typed,
        lambda session, actor: appraisals.keep_draft(session, actor=actor, article_id=study.article.id, value=typed),
    )


def _typed(study: StudyPage, tool: Tool) -> dict[str, Any]:
    given = _given(study, tool)
    judged = {name: [each.judgement, each.reason] for name, each in given.items()}
    return {"tool": tool.id, "finding": st.session_state.get(_key(study, "finding")), "judged": judged}


def _result(study: StudyPage, finding_id: int | None) -> str:
    row = next((each for each in study.findings if each.id == finding_id), None)
    if row is None:
        return "a result that was withdrawn, or that you do not see yet"
    return result_label(library_words(), (row.domain, row.instrument, row.time_point))


def _mark(terms: tuple[Term, ...], judgement: str) -> str:
    label = next((each.label for each in terms if each.id == judgement), judgement)
    return f'<span aria-hidden="true">{_SIGNS.get(judgement, "◐")}</span> {escape(label)}'


def _key(study: StudyPage, name: str) -> str:
    return f"bias_{study.article.id}_{name}"
