"""How tags are said to people: the labels of the vocabulary, and the words a suggested value came from."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from db.models import Tagging
from db.vocabulary import vocabulary
from review_app.components.badges import suggested
from review_app.tagging.model import Basis, SuggestedTags

FIELDS = {
    "study_design": "Study design",
    "population": "Population",
    "interventions": "Interventions",
    "comparators": "Comparators",
    "sample_size": "Sample size",
    "outcomes": "Outcomes",
}
_GROUPS = {"study_design": "study_design", "population": "population", "comparators": "comparator"}
_SHOWN = 3  # words of a basis that are shown; the rest lights up in the abstract


def value_label(field: str, value: str) -> str:
    """What people read for one value: interventions as `molecule/route`, outcomes as `domain/instrument`."""
    words = vocabulary()
    first, _, second = value.partition("/")
    if field == "interventions":
        return f"{words.label('molecule', first)}, {words.label('route', second).lower()}"
    if field == "outcomes":
        domain = words.label("outcome_domain", first)
        return domain if second in {"", "-"} else f"{domain} ({words.label('instrument', second)})"
    return words.label(_GROUPS[field], value) if field in _GROUPS else value


def field_label(field: str, value: str) -> str:
    """Such as `Population: Older adults`; without a value the field alone."""
    return f"{FIELDS[field]}: {value_label(field, value)}" if value else FIELDS[field]


def came_from(suggestion: SuggestedTags, field: str, values: Sequence[str] = ()) -> str:
    """One line of markup: the suggested values of a field in italics, each with the words it came from.

    `values` are those to speak of, as `value_label` takes them; a field of one value needs none.
    """
    found = {key: words for key, words in suggestion.basis.items() if key.partition(":")[0] == field}
    found = {key: words for key, words in found.items() if not values or key.partition(":")[2] in {"", *values}}
    if not found:
        return "<i>suggested</i>, nothing in the record says otherwise"
    parts = []
    for key, words in found.items():
        value = key.partition(":")[2]
        name = suggested(value_label(field, value), "suggested, not reviewed") + " " if value else "<i>suggested</i> "
        parts.append(f"{name}from {basis_words(words)}")
    return " · ".join(parts)


def basis_words(basis: tuple[Basis, ...]) -> str:
    """The words, quoted, with where they stand when that is not the abstract."""
    said = dict.fromkeys(_said(item) for item in basis)
    more = f" and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
    return ", ".join(list(said)[:_SHOWN]) + more


def tag_lines(tags: Mapping[str, Any]) -> str:
    """Stored tags as a list of markup, for reading only."""
    rows = "".join(f"<dt>{label}</dt><dd>{escape(_told(tags, field))}</dd>" for field, label in FIELDS.items())
    return f'<dl class="fn-facts">{rows}</dl>'


def tagging_head(row: Tagging, members: Mapping[int, str]) -> str:
    """Whose tags these are, and since when, as markup; `members` gives the name behind each member id."""
    who = "Consensus" if row.consensus else f"Tags of {escape(members.get(row.member_id, 'somebody'))}"
    return f"{who}, {row.tagged_at.day} {row.tagged_at:%B %Y}"


def value_id(field: str, item: Any) -> str:
    """One stored value as `value_label` takes it: `ketamine/iv`, `response/madrs`."""
    if field == "interventions":
        return f"{item['molecule']}/{item['route']}"
    return f"{item['domain']}/{item['instrument'] or '-'}" if field == "outcomes" else str(item)


def outcome_words(outcome: Mapping[str, Any]) -> str:
    """Such as `Response (MADRS): favours intervention`."""
    name = value_label("outcomes", value_id("outcomes", outcome))
    return f"{name}: {vocabulary().label('direction', outcome['direction']).lower()}"


def _told(tags: Mapping[str, Any], field: str) -> str:
    value = tags.get(field)
    if not value:
        return "—"
    if field == "interventions":
        return "; ".join(value_label(field, value_id(field, item)) for item in value)
    if field == "outcomes":
        return "; ".join(outcome_words(item) for item in value)
    if isinstance(value, list):
        return "; ".join(value_label(field, item) for item in value)
    return f"{value:,}" if isinstance(value, int) else value_label(field, str(value))


def _said(item: Basis) -> str:
    place = "" if item.source == "abstract" else f" ({item.source.replace('_', ' ')})"
    return f"<q>{escape(item.words)}</q>{place}"
