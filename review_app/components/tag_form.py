"""The tag form of a study in the words of the vocabulary, prefilled, each suggested value marked as one."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import streamlit as st

from db import config
from db.vocabulary import vocabulary
from review_app.components import tag_values
from review_app.components.outcome_rows import outcome_rows
from review_app.components.study_act import act
from review_app.components.tag_values import field_key
from review_app.components.tag_words import came_from, tag_lines, tagging_head, value_id, value_label
from review_app.services import tags as tag_service
from review_app.services.studies import tags_as_json
from review_app.services.study_page import StudyPage
from review_app.tagging.model import SuggestedTags

_MOLECULES_AND_ROUTES = [
    f"{molecule}/{route}" for molecule in vocabulary().ids("molecule") for route in vocabulary().ids("route")
]


def tag_form(study: StudyPage) -> None:
    """The form with its two ways to save: as it stands, or all suggestions at once."""
    article_id, suggestion = study.article.id, tags_as_json(study.suggestion)
    if not tag_values.is_filled(article_id):
        tag_values.fill(article_id, study.own.tags if study.own else suggestion, note=_own_note(study))
    tags_of_others(study)
    with st.container(key="tag_form", gap="xsmall"):
        _draw(study, suggestion)


def _draw(study: StudyPage, suggestion: dict[str, Any]) -> None:
    article_id = study.article.id
    now = tag_values.written(article_id)
    st.html(f'<p class="fn-by">{_standing(study, now)}</p>')
    unconfirmed = tag_values.unconfirmed(now, suggestion, _own_tags(study))
    for field in ("study_design", "population", "interventions", "comparators", "sample_size"):
        with st.container(key=f"field_{field}", gap="xsmall"):
            _field(article_id, field)
            if field in unconfirmed:
                st.html(_from(study.suggestion, field, now[field], unconfirmed[field]))
    with st.container(key="field_outcomes", gap="xsmall"):
        outcome_rows(article_id, study.suggestion, unconfirmed.get("outcomes", []))
    st.text_area(
        "Note", key=field_key(article_id, "note"), height=68, placeholder="Why, if not plain", persist_state="page"
    )
    _buttons(study, now, suggestion)


def _from(suggestion: SuggestedTags, field: str, now: Any, unconfirmed: Sequence[Any]) -> str:
    """Where the suggested values of a field came from; in part, where others beside them are decided."""
    several = isinstance(now, list)
    part = ' data-part="true"' if several and len(unconfirmed) < len(now) else ""
    values = [value_id(field, item) for item in unconfirmed] if several else []
    return f'<p class="fn-from"{part}>{came_from(suggestion, field, values)}</p>'


def tags_of_others(study: StudyPage) -> None:
    """What other members said, as far as the reader may see it; open until the reader has said something too."""
    unfolded = "" if study.own else " open"
    for row in study.others:
        head, body = tagging_head(row, study.members), tag_lines(row.tags)
        note = f'<p class="fn-line">{escape(row.note)}</p>' if row.note else ""
        st.html(f'<details class="fn-others"{unfolded}><summary>{head}</summary>{body}{note}</details>')


def tags_to_read(study: StudyPage) -> None:
    """For members who do not tag: what people said, else what is suggested."""
    if study.others:
        tags_of_others(study)
        return
    st.html('<p class="fn-by">Nobody whose tags you may see has tagged this study. These tags are only suggested:</p>')
    st.html(f'<div class="fn-unreviewed">{tag_lines(tags_as_json(study.suggestion))}</div>')


def _field(article_id: int, field: str) -> None:
    key = field_key(article_id, field)
    if field == "sample_size":
        st.number_input(
            "Sample size",
            min_value=1,
            max_value=tag_service.MAX_SAMPLE,
            value=None,
            step=1,
            key=key,
            placeholder="not stated",
            persist_state="page",
        )
    elif field == "study_design":
        options = _with_present(vocabulary().ids("study_design"), [st.session_state.get(key)])
        st.selectbox(
            "Study design",
            options,
            index=None,
            key=key,
            format_func=lambda value: value_label("study_design", value),
            placeholder="Choose one",
            persist_state="page",
        )
    else:
        _several(key, field)


def _several(key: str, field: str) -> None:
    labels = {
        "population": ("Population", vocabulary().ids("population")),
        "interventions": ("Interventions (molecule, route)", _MOLECULES_AND_ROUTES),
        "comparators": ("Comparators", vocabulary().ids("comparator")),
    }
    label, options = labels[field]
    st.multiselect(
        label,
        _with_present(options, st.session_state.get(key, ())),
        key=key,
        format_func=lambda value: value_label(field, value),
        placeholder="Choose any",
        select_all=False,
        persist_state="page",
    )


def _with_present(options: Sequence[str], present: Iterable[str | None]) -> list[str]:
    """A value that has left the vocabulary stays until somebody changes it."""
    return [*options, *(value for value in present if value and value not in options)]


def _buttons(study: StudyPage, now: dict[str, Any], suggestion: dict[str, Any]) -> None:
    article_id = study.article.id
    untouched = all(tag_values.same(now[field], suggestion[field]) for field in now)
    with st.container(horizontal=True):
        st.button("Save tags", type="primary", on_click=_save, args=(study, suggestion), shortcut="Alt+S")
        if study.own is None:
            st.button(
                "Accept all suggestions",
                on_click=_accept,
                args=(study, suggestion),
                help="Saves every suggested value as it is, in one click.",
            )
        if not untouched:
            st.button(
                "Back to the suggestions", type="tertiary", on_click=tag_values.fill, args=(article_id, suggestion)
            )


def _save(study: StudyPage, suggestion: dict[str, Any]) -> None:
    article = study.article
    tags = tag_values.written(article.id)
    suggested = tag_values.taken_over(tags, suggestion, own_suggested=_own_suggested(study))
    act(
        lambda session, actor: tag_service.save_tags(
            session,
            actor=actor,
            topic_id=config.settings().footnote_topic,
            article_id=article.id,
            tags=tags,
            suggested=suggested,
            content_hash=article.content_hash,
            note=tag_values.note_of(article.id),
        ),
        done="Tags saved",
    )


def _accept(study: StudyPage, suggestion: dict[str, Any]) -> None:
    tag_values.fill(study.article.id, suggestion, note=tag_values.note_of(study.article.id))
    _save(study, suggestion)


def _standing(study: StudyPage, now: dict[str, Any]) -> str:
    if study.own is None:
        return "Values in <i>italics</i> are suggested from the record. Change them, or save them as they are."
    changed = study.own.content_hash != study.article.content_hash
    after = " The record has changed since: look at them again." if changed else ""
    when = f"{study.own.tagged_at.day} {study.own.tagged_at:%B %Y}"
    if all(tag_values.same(now[field], study.own.tags[field]) for field in now):
        return f"<b>✓ You saved these tags on {when}.</b>{after}"
    return f"<b>Changed since you saved on {when}, and not saved yet.</b>{after} Saving again keeps both."


def _own_note(study: StudyPage) -> str:
    return (study.own.note or "") if study.own else ""


def _own_tags(study: StudyPage) -> dict[str, Any] | None:
    return study.own.tags if study.own else None


def _own_suggested(study: StudyPage) -> list[str] | None:
    return study.own.suggested if study.own else None
