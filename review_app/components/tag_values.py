"""What stands in the tag form of a study: its widgets' keys, filled from tags and read back as tags."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from review_app.components.tag_words import FIELDS

Tags = Mapping[str, Any]
OUTCOME = ("domain", "instrument", "direction")


def field_key(article_id: int, field: str) -> str:
    return f"tag_{article_id}_{field}"


def outcome_key(article_id: int, row: int, part: str) -> str:
    return f"tag_{article_id}_outcome_{row}_{part}"


def is_filled(article_id: int) -> bool:
    """Whether the form stands already; Streamlit forgets it when the reader leaves the page."""
    return field_key(article_id, "study_design") in st.session_state


def fill(article_id: int, tags: Tags, *, note: str = "") -> None:
    """Put tags into the form; call before its widgets are drawn."""
    values: dict[str, Any] = {
        "study_design": tags.get("study_design"),
        "population": list(tags.get("population", ())),
        "interventions": [f"{item['molecule']}/{item['route']}" for item in tags.get("interventions", ())],
        "comparators": list(tags.get("comparators", ())),
        "sample_size": tags.get("sample_size"),
        "note": note,
    }
    for field, value in values.items():
        st.session_state[field_key(article_id, field)] = value
    outcomes = tags.get("outcomes", ())
    st.session_state[field_key(article_id, "outcomes")] = []
    for outcome in outcomes:
        row = add_outcome(article_id)
        for part in OUTCOME:
            st.session_state[outcome_key(article_id, row, part)] = outcome.get(part)


def written(article_id: int) -> dict[str, Any]:
    """The form as tags. A row of outcomes without a domain or a direction is not there yet."""
    state = st.session_state
    rows = [outcome_at(article_id, row) for row in outcome_rows(article_id)]
    size = state.get(field_key(article_id, "sample_size"))
    pairs = [value.partition("/") for value in state.get(field_key(article_id, "interventions"), ())]
    return {
        "study_design": state.get(field_key(article_id, "study_design")),
        "population": list(state.get(field_key(article_id, "population"), ())),
        "interventions": [{"molecule": molecule, "route": route} for molecule, _, route in pairs],
        "comparators": list(state.get(field_key(article_id, "comparators"), ())),
        "sample_size": None if size is None else int(size),
        "outcomes": [row for row in rows if row["domain"] and row["direction"]],
    }


def note_of(article_id: int) -> str:
    return str(st.session_state.get(field_key(article_id, "note")) or "").strip()


def outcome_rows(article_id: int) -> list[int]:
    """The numbers of the rows of outcomes in the form."""
    return list(st.session_state.get(field_key(article_id, "outcomes"), ()))


def outcome_at(article_id: int, row: int) -> dict[str, Any]:
    """What stands in one row of outcomes; a part that nobody chose is None."""
    return {part: st.session_state.get(outcome_key(article_id, row, part)) for part in OUTCOME}


def add_outcome(article_id: int) -> int:
    """Another, empty row; its number. No number is used twice: what stood in a removed row lives on for a while."""
    counter = field_key(article_id, "outcomes_made")
    row = int(st.session_state.get(counter, 0))
    st.session_state[counter] = row + 1
    st.session_state[field_key(article_id, "outcomes")] = [*outcome_rows(article_id), row]
    return row


def remove_outcome(article_id: int, row: int) -> None:
    st.session_state[field_key(article_id, "outcomes")] = [n for n in outcome_rows(article_id) if n != row]


def taken_over(tags: Tags, suggestion: Tags, *, own_suggested: Sequence[str] | None) -> list[str]:
    """The fields that say what was suggested; `own_suggested` are those of the reader's last tags, None at first.

    A value that somebody once chose against the suggestion and that fits it now is still theirs.
    """
    return [
        field
        for field in FIELDS
        if suggestion.get(field)
        and same(tags.get(field), suggestion[field])
        and (own_suggested is None or field in own_suggested)
    ]


def unconfirmed(tags: Tags, suggestion: Tags, own: Tags | None) -> dict[str, list[Any]]:
    """By field, the values in the form that are only suggested: neither chosen against the suggestion nor saved.

    `own` are the reader's last saved tags, None before they saved any. A value of a list stands or falls by itself.
    """
    found = {field: _unconfirmed(tags.get(field), suggestion.get(field), (own or {}).get(field)) for field in FIELDS}
    return {field: values for field, values in found.items() if values}


def same(one: Any, other: Any) -> bool:
    """Whether two values of a field say the same, whatever their order."""
    if isinstance(one, list) and isinstance(other, list):
        return sorted(map(_plain, one)) == sorted(map(_plain, other))
    return bool(one == other)


def _unconfirmed(now: Any, suggested: Any, saved: Any) -> list[Any]:
    if isinstance(now, list):
        offered, kept = set(map(_plain, suggested or [])), set(map(_plain, saved or []))
        return [item for item in now if _plain(item) in offered and _plain(item) not in kept]
    return [now] if now is not None and now == suggested and now != saved else []


def _plain(item: Any) -> str:
    return "/".join(str(item[key]) for key in sorted(item)) if isinstance(item, dict) else str(item)
