"""The tag form of a study as the review asks it now: prefilled, suggestions marked as such, what is typed kept."""

from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from itertools import groupby
from typing import Any

import streamlit as st

from db import config
from review_app.components import tag_values
from review_app.components.abstract import Place
from review_app.components.study_act import act, keep_as_typed
from review_app.components.tag_quotes import attach_bar, entry_quotes, quotes_of
from review_app.components.tag_rows import part_widget, tag_rows
from review_app.components.tag_values import field_key
from review_app.components.tag_words import came_from, tag_lines, tagging_head, value_id
from review_app.services import tags as tag_service
from review_app.services.studies import tags_for_form
from review_app.services.study_page import StudyPage
from review_app.services.tags import Quoted
from review_app.tagging.form import Entry, Field, TagForm, in_form, same_value
from review_app.tagging.model import SuggestedTags

_KEYS = 9  # fields whose suggestion is accepted with a number key


def tag_form(study: StudyPage, sentence: Place | None) -> None:
    """The form with its ways to save: as it stands, or all suggestions at once. What is typed is kept at once."""
    article_id, suggestion = study.article.id, suggested_entry(study)
    if not tag_values.is_filled(article_id):
        _fill(study, suggestion)
    _keep_draft(study, suggestion)
    tags_of_others(study)
    with st.container(key="attach_quote", gap="xsmall"):
        attach_bar(article_id, study.form, sentence)
    with st.container(key="tag_form", gap="xsmall"):
        _draw(study, suggestion)


def suggested_entry(study: StudyPage) -> Entry:
    """What the tagger suggests, as the form asks it."""
    return in_form(study.form, tags_for_form(study.suggestion))


def tags_of_others(study: StudyPage) -> None:
    """What other members said, as far as the reader may see it; open until the reader has said something too."""
    unfolded = "" if study.own else " open"
    for row in study.others:
        head, body = tagging_head(row, study.members), tag_lines(study.forms[row.form_id], row.tags)
        note = f'<p class="fn-line">{escape(row.note)}</p>' if row.note else ""
        quotes = entry_quotes(study, row)
        st.html(f'<details class="fn-others"{unfolded}><summary>{head}</summary>{body}{quotes}{note}</details>')


def tags_to_read(study: StudyPage) -> None:
    """For members who do not tag: what people said, else what is suggested."""
    if study.others:
        tags_of_others(study)
        return
    st.html('<p class="fn-by">Nobody whose tags you may see has tagged this study. These tags are only suggested:</p>')
    st.html(f'<div class="fn-unreviewed">{tag_lines(study.form, suggested_entry(study))}</div>')


def _draw(study: StudyPage, suggestion: Entry) -> None:
    article_id, form = study.article.id, study.form
    now = tag_values.written(article_id, form)
    st.html(f'<p class="fn-by">{_standing(study, now)} {_next_study(study)}</p>')
    unconfirmed = tag_values.unconfirmed(now, suggestion, _own_entry(study), tag_values.accepted(article_id))
    for half, some in groupby(form.active(), key=lambda field: field.half):
        fields = list(some)
        pairs = [st.columns(2, gap="small") for _ in fields[::2]] if half else [[st.container()] for _ in fields]
        cells = [cell for pair in pairs for cell in pair]
        for cell, field in zip(cells, fields, strict=False):
            with cell, st.container(key=f"field_{field.id}", gap="xsmall"):
                _field(study, field, now[field.id], unconfirmed)
    st.text_area(
        "Note", key=field_key(article_id, "note"), height=68, placeholder="Why, if not plain", persist_state="page"
    )
    _buttons(study, now, suggestion)


def _field(study: StudyPage, field: Field, now: Any, unconfirmed: Mapping[str, Sequence[Any]]) -> None:
    article_id, open_ = study.article.id, unconfirmed.get(field.id, ())
    if field.kind == "rows":
        st.html(f'<p class="fn-head">{escape(field.label)}</p>')
        tag_rows(article_id, field, study.suggestion, open_)
    elif field.kind == "several":
        _several(field, field_key(article_id, field.id))
    else:
        part_widget(field, key=field_key(article_id, field.id))
    if open_:
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="top", key=f"suggested_{field.id}"):
            if field.kind != "rows":
                st.html(_from(study.suggestion, field.id, now, open_))
            _accept_button(article_id, field, place=list(unconfirmed).index(field.id) + 1)
    quotes_of(article_id, field.id)


def _accept_button(article_id: int, field: Field, *, place: int) -> None:
    """Accept what is suggested of a field; `place` among those that are open is its key."""
    st.button(
        "Accept",
        key=f"tag_{article_id}_{field.id}_accept",
        type="tertiary",
        shortcut=str(place) if place <= _KEYS else None,
        on_click=tag_values.accept,
        args=(article_id, field.id),
        help=f"What is suggested as {field.label} is right",
    )


def _from(suggestion: SuggestedTags, field: str, now: Any, unconfirmed: Sequence[Any]) -> str:
    """Where the suggested values of a field came from; in part, where others beside them are decided."""
    several = isinstance(now, list)
    part = ' data-part="true"' if several and len(unconfirmed) < len(now) else ""
    values = [value_id(field, item) for item in unconfirmed] if several else []
    return f'<p class="fn-from"{part}>{came_from(suggestion, field, values)}</p>'


def _several(field: Field, key: str) -> None:
    gone = [value for value in st.session_state.get(key, ()) if value not in field.offered()]
    st.multiselect(
        field.label,
        [*field.offered(), *gone],  # what has left the form stays until somebody changes it
        key=key,
        format_func=field.label_of,
        placeholder="Choose any",
        select_all=False,
        help=field.help or None,
        persist_state="page",
    )


def _buttons(study: StudyPage, now: Entry, suggestion: Entry) -> None:
    untouched = all(same_value(now[field], suggestion[field]) for field in now)
    with st.container(horizontal=True):
        st.button("Save tags", type="primary", on_click=_save, args=(study, suggestion), shortcut="Alt+S")
        if study.own is None:
            st.button(
                "Accept all suggestions",
                on_click=_accept_all,
                args=(study, suggestion),
                shortcut="A",
                help="Saves every suggested value as it is; what you typed or changed stays.",
            )
        if not untouched:
            st.button("Back to the suggestions", type="tertiary", on_click=_start_again, args=(study, suggestion))
        if study.draft and study.own:
            saved = _own_entry(study) or suggestion
            st.button("Back to what I saved", type="tertiary", on_click=_start_again, args=(study, saved))
        st.html(f'<p class="fn-line">{_next_study(study)}</p>')


def _save(study: StudyPage, suggestion: Entry) -> None:
    article, form = study.article, study.form
    tags = tag_values.written(article.id, form)
    own_suggested = study.own.suggested if study.own else None
    suggested = tag_values.taken_over(tags, suggestion, own_suggested=own_suggested, fields=tags)
    saved = act(
        lambda session, actor: tag_service.save_tags(
            session,
            actor=actor,
            topic_id=config.settings().footnote_topic,
            article_id=article.id,
            tags=tags,
            suggested=suggested,
            content_hash=article.content_hash,
            note=tag_values.note_of(article.id),
            form_version=study.form_version,
            quoted=tag_values.quoted(article.id, form),
        ),
        done="Tags saved",
    )
    if saved:
        st.session_state[field_key(article.id, "kept")] = _typed(article.id, form)


def _accept_all(study: StudyPage, suggestion: Entry) -> None:
    """What somebody typed or chose stays; what is empty is as suggested."""
    article_id = study.article.id
    now, quoted = tag_values.written(article_id, study.form), tag_values.quoted(article_id, study.form)
    entry = {field: now[field] or suggestion[field] for field in now}
    tag_values.fill(article_id, study.form, entry, note=tag_values.note_of(article_id), quoted=quoted)
    _save(study, suggestion)


def _start_again(study: StudyPage, entry: Entry) -> None:
    note = tag_values.note_of(study.article.id)
    tag_values.fill(study.article.id, study.form, entry, note=note, quoted=_own_quotes(study))


def _fill(study: StudyPage, suggestion: Entry) -> None:
    """What was typed and not saved, else what the reader saved, else the suggestions."""
    article_id, draft = study.article.id, study.draft
    if draft:
        quoted = [Quoted(*each) for each in draft["quoted"]]
        entry = in_form(study.form, draft["entry"])
        tag_values.fill(article_id, study.form, entry, note=draft["note"], quoted=quoted, accepted=draft["accepted"])
    else:
        entry = _own_entry(study) or suggestion
        tag_values.fill(article_id, study.form, entry, note=_own_note(study), quoted=_own_quotes(study))
    st.session_state[field_key(article_id, "kept")] = _typed(article_id, study.form)


def _keep_draft(study: StudyPage, suggestion: Entry) -> None:
    """Keep what is typed as soon as it differs from what was kept last; what stood there from the start is no draft."""
    article_id = study.article.id
    typed = _typed(article_id, study.form)
    begun = {"entry": _own_entry(study) or suggestion, "note": _own_note(study), "accepted": []}
    if {**typed, "quoted": _own_quotes(study)} == {**begun, "quoted": tag_values.quoted(article_id, study.form)}:
        service = partial(tag_service.drop_draft, article_id=article_id)
    else:
        service = partial(tag_service.keep_draft, article_id=article_id, value=typed)
    keep_as_typed(field_key(article_id, "kept"), typed, lambda session, actor: service(session, actor=actor))


def _typed(article_id: int, form: TagForm) -> dict[str, Any]:
    return {
        "entry": tag_values.written(article_id, form),
        "note": tag_values.note_of(article_id),
        "quoted": [[each.target, each.words, each.quote_id] for each in tag_values.quoted(article_id, form)],
        "accepted": tag_values.accepted(article_id),
    }


def _standing(study: StudyPage, now: Entry) -> str:
    if study.own is None:
        typed = "<b>What you typed is kept, and not saved yet.</b> " if study.draft else ""
        return f"{typed}Values in <i>italics</i> are suggested from the record. Change them, or save them as they are."
    changed = study.own.content_hash != study.article.content_hash
    after = " The record has changed since: look at them again." if changed else ""
    when = f"{study.own.tagged_at.day} {study.own.tagged_at:%B %Y}"
    saved = _own_entry(study) or {}
    if all(same_value(now[field], saved.get(field)) for field in now):
        return f"<b>✓ You saved these tags on {when}.</b>{after}"
    return f"<b>Changed since you saved on {when}, and not saved yet.</b>{after} Saving again keeps both."


def _next_study(study: StudyPage) -> str:
    if study.next_untagged is None:
        return ""
    return f'<a href="/study?id={study.next_untagged}" target="_self">Tag the next study</a>'


def _own_note(study: StudyPage) -> str:
    return (study.own.note or "") if study.own else ""


def _own_entry(study: StudyPage) -> Entry | None:
    return in_form(study.form, study.own.tags) if study.own else None


def _own_quotes(study: StudyPage) -> list[Quoted]:
    kept: Mapping[str, list[int]] = study.own.tags.get(tag_service.QUOTES, {}) if study.own else {}
    return [
        Quoted(target, study.quotes[quote_id][0].exact, quote_id)
        for target, some in kept.items()
        for quote_id in some
        if quote_id in study.quotes
    ]
