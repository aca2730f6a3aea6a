"""The tagging form as its lead sees it: each question with its choices, to rename, retire, bring back or add to."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

import streamlit as st

from db.engine import reading, writing
from review_app import auth, state
from review_app.components.empty_state import empty_state
from review_app.components.plain_words import plain_words
from review_app.components.trouble import explaining
from review_app.components.vocabulary_desk import list_label
from review_app.database import engine
from review_app.services import tag_forms
from review_app.services.errors import NotFound
from review_app.tagging import form_changes
from review_app.tagging.form import Field, TagForm

_KIND_WORDS = {
    "one": "one choice",
    "several": "several choices",
    "whole": "a whole number",
    "number": "a number",
    "text": "words",
    "rows": "rows",
}
_NEW = ("form_label", "form_choices", "form_help")


@dataclass(frozen=True, slots=True)
class Shown:
    """The form as it stands, with the version that a change is based on."""

    form: TagForm
    version: int


def form_head() -> Shown:
    """Say which version this is, and who changed what before."""
    try:
        with reading(engine()) as session:
            row, form = tag_forms.current_form(session)
            changes = tag_forms.changes(session)
    except NotFound as error:
        empty_state("There is no form yet.", str(error))
        st.stop()
    st.html(
        f'<p class="fn-count"><strong>Version {row.version}</strong> · since {row.created_at:%d %B %Y}</p>'
        '<p class="fn-by">A change makes a new version. What was tagged stays as it is, with the form it was made '
        "with, and is exported with the number of that version.</p>"
    )
    if len(changes) > 1:
        with st.expander("Earlier versions"):
            lines = "".join(
                f"<li><time>{each.at:%Y-%m-%d}</time>{each.version}: {escape(each.what)} ({escape(each.by)})</li>"
                for each in changes
            )
            st.html(f'<ul class="fn-log">{lines}</ul>')
    return Shown(form, row.version)


def questions(shown: Shown) -> None:
    """Each field in a fold; the retired ones last."""
    for field in sorted(shown.form.fields, key=lambda each: each.retired):
        gone = " (retired)" if field.retired else ""
        with st.expander(f"{field.label}: {_KIND_WORDS[field.kind]}{gone}", key=f"form_{field.id}"):
            _field(shown, field)


def add_question(shown: Shown) -> None:
    """A field of the lead's own."""
    st.html('<p class="fn-head">Ask something more</p>')
    with st.container(border=True):
        st.text_input("Label", key="form_label", max_chars=form_changes.MAX_LABEL, persist_state="page")
        kind = st.selectbox(
            "Answered with",
            form_changes.LEADS_KINDS,
            format_func=_KIND_WORDS.__getitem__,
            key="form_kind",
            persist_state="page",
        )
        if kind in ("one", "several"):
            st.text_area("Choices, one a line", key="form_choices", height=110, persist_state="page")
        st.text_input("Help", key="form_help", max_chars=form_changes.MAX_HELP, persist_state="page")
        st.button("Add to the form", type="primary", on_click=_add, args=(shown.version,))


def _field(shown: Shown, field: Field) -> None:
    key = f"form_{field.id}"
    label, rename, retire = st.columns([5, 2, 2], vertical_alignment="bottom")
    label.text_input("Label", value=field.label, key=f"{key}_label", max_chars=form_changes.MAX_LABEL)
    rename.button("Rename", key=f"{key}_rename", on_click=_rename, args=(shown.version, field.id), width="stretch")
    retire.button(
        "Bring back" if field.retired else "Retire",
        key=f"{key}_retire",
        on_click=_retire,
        args=(shown.version, field),
        help=None if field.retired else "New entries are not asked it any more; earlier answers stay.",
        width="stretch",
    )
    if field.help:
        st.caption(field.help)
    for part in field.parts or (field,):
        if part.choices:
            _choices(field, part)


def _choices(field: Field, part: Field) -> None:
    address = quote(list_label(field, None if part is field else part))
    head = "" if part is field else f"<strong>{escape(part.label)}:</strong> "
    terms = ", ".join(part.label_of(each) for each in part.offered())
    st.html(f'<p class="fn-line">{head}{escape(terms)}</p>')
    if not field.retired:
        st.html(f'<p class="fn-by"><a href="/settings?list={address}" target="_self">Change its terms</a></p>')


def _change(version: int, change: Callable[[TagForm], TagForm], what: str) -> bool:
    with explaining(state.FORM_TROUBLE), writing(engine()) as session:
        row = tag_forms.change_form(session, actor=auth.current_actor(), seen=version, change=change, what=what)
        st.session_state[state.FLASH] = f"The form is at version {row.version}: {plain_words(what)}"
    return state.FORM_TROUBLE not in st.session_state


def _add(version: int) -> None:
    label, choices, help_ = (str(st.session_state.get(key) or "") for key in _NEW)
    kind = st.session_state["form_kind"]
    added = _change(
        version,
        lambda form: form_changes.add_field(form, label=label, kind=kind, choices=choices.splitlines(), help_=help_),
        f"added {label}",
    )
    if added:
        for key in _NEW:
            st.session_state[key] = ""


def _rename(version: int, field_id: str) -> None:
    label = str(st.session_state[f"form_{field_id}_label"])
    _change(version, lambda form: form_changes.change_field(form, field_id, label=label), f"renamed to {label}")


def _retire(version: int, field: Field) -> None:
    what = f"{'brought back' if field.retired else 'retired'} {field.label}"
    _change(version, lambda form: form_changes.change_field(form, field.id, retired=not field.retired), what)
