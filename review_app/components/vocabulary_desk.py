"""The vocabulary as its lead keeps it: the terms that the tag form offers, and the fixed words beside them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape

import streamlit as st

from db.engine import reading, writing
from db.vocabulary import vocabulary
from review_app import auth, state
from review_app.components.empty_state import empty_state
from review_app.components.plain_words import in_sentence, plain_words
from review_app.components.trouble import explaining
from review_app.database import engine
from review_app.services import tag_forms
from review_app.services.errors import NotFound
from review_app.tagging.form import Choice, Field, TagForm, asked_in
from review_app.tagging.form_changes import MAX_LABEL, MAX_SOURCE, add_choice, change_choice
from review_app.tagging.own_terms import PARTS

_NEW = "+"  # stands for a term that is not there yet; no id is like it


@dataclass(frozen=True, slots=True)
class TermList:
    """The choices of a field, or of a `part` of its rows, in one version of the form."""

    version: int
    field: Field
    part: Field | None

    @property
    def key(self) -> str:
        return f"{self.field.id}.{self.part.id}" if self.part else self.field.id

    @property
    def choices(self) -> tuple[Choice, ...]:
        return (self.part or self.field).choices

    @property
    def is_searched(self) -> bool:
        """Whether words are looked for in a record to suggest its terms."""
        return self.part is None or self.part.id in PARTS


def list_label(field: Field, part: Field | None) -> str:
    """What a list of terms is called, in the address too."""
    return f"{field.label}: {in_sentence(part.label)}" if part else field.label


def own_vocabulary() -> None:
    """One list of terms at a time, in the address too; a change is the next version of the tag form."""
    st.header("Vocabulary")
    try:
        with reading(engine()) as session:
            row, form = tag_forms.current_form(session)
    except NotFound as error:
        empty_state("There is no form yet.", str(error))
        return
    lists = {each.key: each for each in _lists(row.version, form)}
    st.caption(
        f"The terms that tags, findings and grades are chosen from, in version {row.version} of the tag form. A change "
        "makes the next version; what was tagged stays as it was, and is read and exported so."
    )
    names = {key: list_label(each.field, each.part) for key, each in lists.items()}
    chosen = lists[st.selectbox("List", list(names), format_func=names.__getitem__, key="list", bind="query-params")]
    table, editor = st.columns([62, 38], gap="large")
    with table:
        st.html(_table(chosen))
    with editor:
        _editor(chosen)


def fixed_vocabulary() -> None:
    """The words of appraisal tools, verdicts and copy, to be read: they come with Footnote."""
    st.header("Fixed words")
    st.caption(f"Those of appraisal tools, verdicts and copy come with Footnote, in version {vocabulary().version}.")
    for group, terms in vocabulary().groups.items():
        if group not in asked_in():
            with st.expander(f"{vocabulary().names[group]} ({len(terms)})"):
                rows = "".join(_row((term.label, term.definition)) for term in terms.values())
                st.html(f"<table class=fn-table><thead><tr><th>Term</th><th>Definition</th></tr></thead>{rows}</table>")


def _lists(version: int, form: TagForm) -> list[TermList]:
    return [
        TermList(version, field, part)
        for field in form.active()
        for part in (field.parts or (None,))
        if (part or field).choices
    ]


def _table(terms: TermList) -> str:
    shipped = {place: group for group, place in asked_in().items()}
    group = shipped.get((terms.field.id, terms.part.id if terms.part else None))
    known = vocabulary().groups[group] if group else {}
    rows = []
    for each in terms.choices:
        retired = " (retired)" if each.retired else ""
        means = known[each.id].definition if each.id in known else f"Own term. Source: {each.source or 'not given'}"
        rows.append(_row((each.label + retired, means, ", ".join(each.words))))
    head = "<th>Term</th><th>What it means</th><th>Own words it is found by</th>"
    return f"<table class=fn-table><thead><tr>{head}</tr></thead>{''.join(rows)}</table>"


def _row(cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _editor(terms: TermList) -> None:
    names = {_NEW: "A new term"} | {
        each.id: each.label + (" (retired)" if each.retired else "") for each in terms.choices
    }
    chosen = st.selectbox("Term to change", list(names), format_func=names.__getitem__, key=f"term_{terms.key}")
    now = next((each for each in terms.choices if each.id == chosen), None)
    # A key of its own for each version and term: what was typed for an older one is not taken for this.
    key = f"term_{terms.key}_{terms.version}_{chosen}"
    with st.form(key, border=False):
        st.text_input("What it is called", now.label if now else "", max_chars=MAX_LABEL, key=f"{key}_called")
        if terms.is_searched:
            st.text_area(
                "Words it is found by, one a line; * for any ending",
                "\n".join(now.words) if now else "",
                height=100,
                key=f"{key}_words",
                help="Looked for in titles, keywords and abstracts but for their background, beside what ships. What "
                "they find is suggested on the tag form, with the words.",
            )
        st.text_input(
            "Where it comes from",
            now.source if now else "",
            max_chars=MAX_SOURCE,
            key=f"{key}_source",
            placeholder="such as a MeSH heading, a guideline, or local",
        )
        verb = "Save this term" if now else "Add this term"
        st.form_submit_button(verb, type="primary", on_click=_save, args=(terms, now, key))
    if now:
        verb = "Bring back" if now.retired else "Retire"
        st.button(verb, key=f"{key}_retire", on_click=_retire, args=(terms, now))


def _save(terms: TermList, now: Choice | None, key: str) -> None:
    label, source = str(st.session_state[f"{key}_called"]), str(st.session_state[f"{key}_source"])
    words = str(st.session_state.get(f"{key}_words", "")).splitlines()
    change = partial(change_choice, choice_id=now.id) if now else add_choice
    if now is None:
        what = f"added {label}"
    else:
        what = f"changed {now.label}" + (f", now {label}" if label != now.label else "")
    _change(terms, partial(change, label=label, words=words, source=source), what)


def _retire(terms: TermList, now: Choice) -> None:
    what = f"{'brought back' if now.retired else 'retired'} {now.label}"
    _change(terms, partial(change_choice, choice_id=now.id, retired=not now.retired), what)


def _change(terms: TermList, change: Callable[..., TagForm], what: str) -> None:
    within, what = terms.part.id if terms.part else None, f"{list_label(terms.field, terms.part)}: {what}"
    with explaining(state.FORM_TROUBLE), writing(engine()) as session:
        row = tag_forms.change_form(
            session,
            actor=auth.current_actor(),
            seen=terms.version,
            change=partial(change, field_id=terms.field.id, part=within),
            what=what,
        )
        st.session_state[state.FLASH] = f"The form is at version {row.version}: {plain_words(what)}"
