"""The tags of two reviewers beside each other, and what holds of each field on which they differ."""

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from db import config
from db.types import AnchorState
from review_app.components import tag_values
from review_app.components.chosen_sentence import kept_quote
from review_app.components.empty_state import empty_state
from review_app.components.study_act import act, keep_as_typed
from review_app.components.tag_rows import part_widget, tag_rows
from review_app.components.tag_words import tag_lines, tagging_head, told
from review_app.services import consensus as consensus_service
from review_app.services.consensus import Choice, Comparison, Side, comparison
from review_app.services.study_page import StudyPage
from review_app.services.tags import QUOTES
from review_app.tagging.form import Field, TagForm, blank

_WRITTEN = 0  # chosen instead of a side: another value is written


def consensus(study: StudyPage, *, may_settle: bool) -> None:
    """Both sides with their quotes, and for who settles them the way to do it; entries stay as they are."""
    compared = comparison(study)
    if compared is None:
        empty_state(
            "Nothing to settle yet.",
            "Two reviewers tag a study, each without seeing the other's tags; then their tags stand here side by side.",
        )
        return
    if compared.settled is not None:
        _settled(study, compared)
    if compared.is_settled:
        return
    _head(compared)
    if may_settle:
        _restore(study, compared)
        _keep_draft(study, compared)
    for field in compared.differing:
        with st.container(key=f"consensus_{field.id}", gap="xsmall"):
            _sides(study, compared, field)
            if may_settle:
                _choose(study, compared, field)
    if compared.agreed:
        with st.expander(f"They agree on {len(compared.agreed)} fields"):
            entry = {field.id: compared.sides[0].entry[field.id] for field in compared.agreed}
            st.html(tag_lines(study.form, entry))
    if may_settle:
        _settle_button(study, compared)
    else:
        st.caption("A lead or an adjudicator settles it.")


def _head(compared: Comparison) -> None:
    names = " and ".join(escape(side.name) for side in compared.sides)
    differ = len(compared.differing)
    fields = f"differ on {differ} {'field' if differ == 1 else 'fields'}" if differ else "agree on every field"
    st.html(f'<p class="fn-count"><strong>{names} {fields}</strong></p>')


def _settled(study: StudyPage, compared: Comparison) -> None:
    row = compared.settled
    if row is None:
        return
    after = "" if compared.is_settled else '<p class="fn-by">↻ Somebody tagged the study again since.</p>'
    reasons = "".join(f'<p class="fn-line">{escape(line)}</p>' for line in (row.note or "").splitlines())
    body = tag_lines(study.forms[row.form_id], row.tags)
    st.html(f'<p class="fn-head">{tagging_head(row, study.members)}</p>{after}{body}{reasons}')


def _sides(study: StudyPage, compared: Comparison, field: Field) -> None:
    boxes = "".join(_side(study, side, field) for side in compared.sides)
    st.html(f'<p class="fn-head">{escape(field.label)}</p><div class="fn-sides">{boxes}</div>')


def _side(study: StudyPage, side: Side, field: Field) -> str:
    value = side.entry[field.id]
    lines = [told(field, [row]) for row in value] if field.kind == "rows" and value else [told(field, value)]
    said = "".join(f"<p>{escape(line)}</p>" for line in lines)
    kept: Mapping[str, list[int]] = side.tagging.tags.get(QUOTES, {})
    ids = [each for target, some in kept.items() if target.partition(":")[0] == field.id for each in some]
    quotes = "".join(
        kept_quote(study.quotes[each][0].exact, orphaned=study.quotes[each][1].state is AnchorState.ORPHANED)
        for each in ids
    )
    return f'<section class="fn-side"><h3>{escape(side.name)}</h3>{said}{quotes}</section>'


def _choose(study: StudyPage, compared: Comparison, field: Field) -> None:
    place, key = _place(study), _key(study, field.id)
    names = {side.tagging.id: side.name for side in compared.sides} | {_WRITTEN: "Another value"}
    chosen = st.segmented_control(
        f"What holds of {field.label}",
        list(names),
        format_func=names.__getitem__,
        key=f"{key}_choice",
        label_visibility="collapsed",
        persist_state="page",
    )
    if chosen == _WRITTEN:
        if field.kind == "rows":
            tag_rows(place, field, study.suggestion, ())
        elif field.kind == "several":
            st.multiselect(
                field.label, field.offered(), key=tag_values.field_key(place, field.id), format_func=field.label_of
            )
        else:
            part_widget(field, key=tag_values.field_key(place, field.id))
    st.text_input("Why", key=f"{key}_reason", max_chars=500, placeholder="Why this holds", persist_state="page")


def _settle_button(study: StudyPage, compared: Comparison) -> None:
    if compared.differing:
        st.text_input(
            "For all fields without a reason of their own",
            key=_key(study, "all"),
            max_chars=500,
            placeholder="Such as: read the full text together",
            persist_state="page",
        )
    st.button("Keep the consensus", type="primary", shortcut="Alt+S", on_click=_settle, args=(study, compared))


def _settle(study: StudyPage, compared: Comparison) -> None:
    typed = _typed(study, compared)
    choices = {
        field: Choice(each["side"] or None, each["value"], each["reason"])
        for field, each in typed["fields"].items()
        if each["side"] is not None
    }
    act(
        lambda session, actor: consensus_service.settle_tags(
            session,
            actor=actor,
            topic_id=config.settings().footnote_topic,
            article_id=study.article.id,
            form_version=study.form_version,
            settles=[side.tagging.id for side in compared.sides],
            choices=choices,
            reason=typed["reason"],
        ),
        done="The consensus is kept",
    )


def _restore(study: StudyPage, compared: Comparison) -> None:
    """What was chosen and typed on an earlier visit, once."""
    place = _place(study)
    if tag_values.is_filled(place):
        return
    form, draft = TagForm("", compared.differing), study.consensus_draft.get("fields", {})
    written = {name: each["value"] for name, each in draft.items() if each["value"] is not None}
    tag_values.fill(place, form, blank(form) | {name: written[name] for name in written if form.field(name)})
    for field in compared.differing:
        each = draft.get(field.id, {})
        sides = {side.tagging.id for side in compared.sides} | {_WRITTEN}
        st.session_state[f"{_key(study, field.id)}_choice"] = each.get("side") if each.get("side") in sides else None
        st.session_state[f"{_key(study, field.id)}_reason"] = each.get("reason", "")
    st.session_state[_key(study, "all")] = study.consensus_draft.get("reason", "")
    st.session_state[_key(study, "kept")] = _typed(study, compared)


def _keep_draft(study: StudyPage, compared: Comparison) -> None:
    typed = _typed(study, compared)
    keep_as_typed(
        _key(study, "kept"),
        typed,
        lambda session, actor: consensus_service.keep_draft(
            session, actor=actor, article_id=study.article.id, value=typed
        ),
    )


def _typed(study: StudyPage, compared: Comparison) -> dict[str, Any]:
    written = tag_values.written(_place(study), TagForm("", compared.differing))
    state = st.session_state
    return {
        "fields": {
            name: {
                "side": state.get(f"{_key(study, name)}_choice"),
                "value": value,
                "reason": str(state.get(f"{_key(study, name)}_reason") or ""),
            }
            for name, value in written.items()
        },
        "reason": str(state.get(_key(study, "all")) or ""),
    }


def _place(study: StudyPage) -> str:
    """Where another value is written: a form of its own beside the reader's."""
    return f"consensus_{study.article.id}"


def _key(study: StudyPage, name: str) -> str:
    return f"settle_{study.article.id}_{name}"
