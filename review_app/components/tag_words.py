"""How tags are said to people: in the labels of the form they were made with, and the words a suggestion came from."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from db.models import Tagging
from db.vocabulary import Vocabulary
from review_app.components.badges import suggested
from review_app.components.library_words import library_words
from review_app.components.plain_words import in_sentence
from review_app.components.plain_words import words as in_words
from review_app.services.tag_forms import own_group
from review_app.tagging.form import Field, TagForm
from review_app.tagging.model import Basis, SuggestedTags

# What the tagger suggests of itself; a lead's own fields are called as they are.
SUGGESTED = {
    "study_design": "Study design",
    "population": "Population",
    "interventions": "Interventions",
    "comparators": "Comparators",
    "sample_size": "Sample size",
    "registration": "Registration",
    "outcomes": "Outcomes",
}
_GROUPS = {"study_design": "study_design", "population": "population", "comparators": "comparator"}
NOTHING = "—"
_SHOWN = 3  # words of a basis that are shown; the rest lights up in the abstract


def value_label(words: Vocabulary, field: str, value: str) -> str:
    """What people read for one suggested value: `molecule/route` of interventions, `domain/instrument` of outcomes."""
    first, _, second = value.partition("/")
    if field == "interventions":
        return f"{words.label('molecule', first)}, {in_sentence(words.label('route', second))}"
    if field == "outcomes":
        domain = words.label("outcome_domain", first)
        return domain if second in {"", "-"} else f"{domain} ({words.label('instrument', second)})"
    return words.label(_GROUPS.get(field, own_group(field)), value)


def field_label(words: Vocabulary, field: str, value: str) -> str:
    """Such as `Population: Older adults`; without a value the field alone."""
    label = SUGGESTED.get(field) or in_words(field).capitalize()
    return f"{label}: {value_label(words, field, value)}" if value else label


def came_from(suggestion: SuggestedTags, field: str, values: Sequence[str] = ()) -> str:
    """One line of markup: the suggested values of a field in italics, each with the words it came from.

    `values` are those to speak of, as `value_label` takes them; a field of one value needs none.
    """
    found = {key: words for key, words in suggestion.basis.items() if key.partition(":")[0] == field}
    found = {key: words for key, words in found.items() if not values or key.partition(":")[2] in {"", *values}}
    if not found:
        return "<i>suggested</i>, nothing in the record says otherwise"
    parts, words = [], library_words()
    for key, basis in found.items():
        value = key.partition(":")[2]
        label = value_label(words, field, value)
        name = suggested(label, "suggested, not reviewed") + " " if value else "<i>suggested</i> "
        parts.append(f"{name}from {basis_words(basis)}")
    return " · ".join(parts)


def basis_words(basis: tuple[Basis, ...]) -> str:
    """The words, quoted, with where they stand when that is not the abstract."""
    said = dict.fromkeys(_said(item) for item in basis)
    more = f" and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
    return ", ".join(list(said)[:_SHOWN]) + more


def tag_lines(form: TagForm, tags: Mapping[str, Any]) -> str:
    """An entry as a list of markup, for reading only; a field that it does not answer is left out."""
    lines = [(field.label, told(field, tags.get(field.id))) for field in form.fields if field.id in tags]
    rows = "".join(f"<dt>{escape(label)}</dt><dd>{escape(words)}</dd>" for label, words in lines)
    return f'<dl class="fn-facts">{rows}</dl>'


def tagging_head(row: Tagging, members: Mapping[int, str]) -> str:
    """Whose tags these are, and since when, as markup; `members` gives the name behind each member id."""
    name = escape(members.get(row.member_id, "somebody"))
    who = f"Consensus, settled by {name}" if row.consensus else f"Tags of {name}"
    return f"{who}, {row.tagged_at.day} {row.tagged_at:%B %Y}"


def value_id(field: str, item: Any) -> str:
    """One stored value as `value_label` takes it: `ketamine/iv`, `response/madrs`."""
    if field == "interventions":
        return f"{item['molecule']}/{item['route']}"
    return f"{item['domain']}/{item['instrument'] or '-'}" if field == "outcomes" else str(item)


def told(field: Field, value: Any) -> str:
    """The value of a field in the labels of its form; a dash where there is none."""
    if value is None or value in ("", []):
        return NOTHING
    if field.kind == "rows":
        return "; ".join(row_told(field, row) for row in value)
    if field.kind == "several":
        return "; ".join(map(field.label_of, value))
    if field.kind == "one":
        return field.label_of(str(value))
    return f"{value:,}" if isinstance(value, int) else str(value)


def row_told(field: Field, row: Mapping[str, Any]) -> str:
    """Such as `Response · MADRS · Favours intervention · p 0.01`."""
    return " · ".join(words for part in field.parts if (words := part_told(part, row)))


def part_told(part: Field, row: Mapping[str, Any]) -> str:
    """One part of a row, with its label where the value alone would say too little; nothing where there is none."""
    words = told(part, row.get(part.id))
    if words == NOTHING:
        return ""
    return words if part.kind in {"one", "text"} and part.id != "p_value" else f"{part.label} {words}"


def _said(item: Basis) -> str:
    place = "" if item.source == "abstract" else f" ({item.source.replace('_', ' ')})"
    return f"<q>{escape(item.words)}</q>{place}"
