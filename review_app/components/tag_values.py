"""What stands in the tag form of a study: its widgets' keys, filled from an entry and read back as one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from review_app.services.tags import Quoted
from review_app.tagging.form import Entry, Field, TagForm, same_value, value_key

_LEFT_OUT = ("", None)


def field_key(article_id: int | str, field: str) -> str:
    """Of a field of the form of an article; a word instead of the id is another form on the same page."""
    return f"tag_{article_id}_{field}"


def row_key(article_id: int | str, field: str, row: int, part: str) -> str:
    return f"tag_{article_id}_{field}_{row}_{part}"


def is_filled(article_id: int | str) -> bool:
    """Whether the form stands already; Streamlit forgets it when the reader leaves the page."""
    return field_key(article_id, "note") in st.session_state


def fill(
    article_id: int | str,
    form: TagForm,
    entry: Entry,
    *,
    note: str = "",
    quoted: Iterable[Quoted] = (),
    accepted: Iterable[str] = (),
) -> None:
    """Put an entry into the form; call before its widgets are drawn."""
    for field in form.active():
        if field.kind == "rows":
            st.session_state[field_key(article_id, field.id)] = []
            for row in entry[field.id]:
                _fill_row(article_id, field, add_row(article_id, field.id), row)
        else:
            st.session_state[field_key(article_id, field.id)] = _shown(field, entry[field.id])
    st.session_state[field_key(article_id, "note")] = note
    st.session_state[field_key(article_id, "accepted")] = list(accepted)
    st.session_state[field_key(article_id, "quotes")] = [_in_place(article_id, each) for each in quoted]


def written(article_id: int | str, form: TagForm) -> Entry:
    """The form as an entry. A row in which nothing was chosen is not there yet; a half-filled one is."""
    return {
        field.id: [row for row in _rows(article_id, field) if not _is_empty(row)]
        if field.kind == "rows"
        else _read(field, st.session_state.get(field_key(article_id, field.id)))
        for field in form.active()
    }


def note_of(article_id: int | str) -> str:
    return str(st.session_state.get(field_key(article_id, "note")) or "").strip()


def row_numbers(article_id: int | str, field: str) -> list[int]:
    """The numbers of the rows of a field in the form."""
    return list(st.session_state.get(field_key(article_id, field), ()))


def row_at(article_id: int | str, field: Field, row: int) -> dict[str, Any]:
    """What stands in one row; a part that nobody filled in is None."""
    keys = {part.id: row_key(article_id, field.id, row, part.id) for part in field.parts}
    return {part.id: _read(part, st.session_state.get(keys[part.id])) for part in field.parts}


def add_row(article_id: int | str, field: str) -> int:
    """Another, empty row; its number. No number is used twice: what stood in a removed row lives on for a while."""
    counter = field_key(article_id, f"{field}_made")
    row = int(st.session_state.get(counter, 0))
    st.session_state[counter] = row + 1
    st.session_state[field_key(article_id, field)] = [*row_numbers(article_id, field), row]
    return row


def remove_row(article_id: int | str, field: str, row: int) -> None:
    key = field_key(article_id, field)
    st.session_state[key] = [n for n in row_numbers(article_id, field) if n != row]
    detach(article_id, f"{field}_{row}")


def accepted(article_id: int | str) -> list[str]:
    """The fields whose suggestion the reader accepted and has not saved yet."""
    return list(st.session_state.get(field_key(article_id, "accepted"), ()))


def accept(article_id: int | str, field: str) -> None:
    st.session_state[field_key(article_id, "accepted")] = [*accepted(article_id), field]


def attached(article_id: int | str) -> list[tuple[str, str, int | None]]:
    """The quotes in the form: the field or the row (`outcomes_3`, by its number), the words, the id once kept."""
    return list(st.session_state.get(field_key(article_id, "quotes"), ()))


def attach(article_id: int | str, place: str, words: str) -> None:
    if words not in [said for where, said, _ in attached(article_id) if where == place]:
        st.session_state[field_key(article_id, "quotes")] = [*attached(article_id), (place, words, None)]


def detach(article_id: int | str, place: str, words: str | None = None) -> None:
    """Take the quotes of a place off, or the one with these words."""
    kept = [each for each in attached(article_id) if each[0] != place or words not in (None, each[1])]
    st.session_state[field_key(article_id, "quotes")] = kept


def quoted(article_id: int | str, form: TagForm) -> list[Quoted]:
    """The quotes as an entry keeps them, rows by their position among those that it keeps."""
    target = {field.id: field.id for field in form.active()}
    for field in (each for each in form.active() if each.kind == "rows"):
        numbers = [n for n in row_numbers(article_id, field.id) if not _is_empty(row_at(article_id, field, n))]
        target |= {f"{field.id}_{number}": f"{field.id}:{place}" for place, number in enumerate(numbers)}
    return [Quoted(target[place], words, kept) for place, words, kept in attached(article_id) if place in target]


def taken_over(
    entry: Entry, suggestion: Entry, *, own_suggested: Sequence[str] | None, fields: Iterable[str]
) -> list[str]:
    """The fields that say what was suggested; `own_suggested` are those of the reader's last tags, None at first.

    A value that somebody once chose against the suggestion and that fits it now is still theirs.
    """
    return [
        field
        for field in fields
        if suggestion.get(field)
        and same_value(entry.get(field), suggestion[field])
        and (own_suggested is None or field in own_suggested)
    ]


def unconfirmed(entry: Entry, suggestion: Entry, own: Entry | None, accepted: Sequence[str]) -> dict[str, list[Any]]:
    """By field, the values in the form that are only suggested: neither chosen against it, nor accepted, nor saved.

    `own` are the reader's last saved tags, None before they saved any. A value of a list stands or falls by itself.
    """
    open_ = [field for field in entry if field not in accepted]
    found = {field: _unconfirmed(entry[field], suggestion.get(field), (own or {}).get(field)) for field in open_}
    return {field: values for field, values in found.items() if values}


def _unconfirmed(now: Any, suggested: Any, saved: Any) -> list[Any]:
    if isinstance(now, list):
        offered, kept = set(map(value_key, suggested or [])), set(map(value_key, saved or []))
        return [item for item in now if value_key(item) in offered and value_key(item) not in kept]
    return [now] if now is not None and now == suggested and now != saved else []


def _in_place(article_id: int | str, quote: Quoted) -> tuple[str, str, int | None]:
    field, _, position = quote.target.partition(":")
    numbers = row_numbers(article_id, field) if position else []
    place = f"{field}_{numbers[int(position)]}" if position and int(position) < len(numbers) else field
    return place, quote.words, quote.quote_id


def _rows(article_id: int | str, field: Field) -> list[dict[str, Any]]:
    return [row_at(article_id, field, number) for number in row_numbers(article_id, field.id)]


def _fill_row(article_id: int | str, field: Field, number: int, row: Mapping[str, Any]) -> None:
    for part in field.parts:
        st.session_state[row_key(article_id, field.id, number, part.id)] = _shown(part, row.get(part.id))


def _shown(field: Field, value: Any) -> Any:
    return (value or "") if field.kind == "text" else value


def _read(field: Field, value: Any) -> Any:
    if field.kind == "several":
        return list(value or ())
    if field.kind == "text":
        return str(value or "").strip() or None
    return int(value) if field.kind == "whole" and value is not None else value


def _is_empty(row: Mapping[str, Any]) -> bool:
    return all(value in _LEFT_OUT for value in row.values())
