"""Suggestions by the words that a lead gave the terms of their form, beside those that the tagger makes by its own.

Words count in the title, the keywords and the abstract but for its background and notes, which name the field and not
the study. What a lead's words find is more specific than what shipped: it takes the place of `not stated`, and of the
one choice where a field takes one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from review_app.tagging.directions import direction_of
from review_app.tagging.form import Choice, Field, TagForm
from review_app.tagging.lexicon import all_hits, words
from review_app.tagging.model import Basis, StudyText, SuggestedTags
from review_app.tagging.passages import Hit, Passages, plain, read

PARTS = frozenset({"molecule", "route", "domain", "instrument"})  # of rows that words are looked for
_NOT_SAID = frozenset({"not_stated", "none"})
_ELSEWHERE = frozenset({"background", "notes"})
_SHOWN = 3
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Found:
    """One term of a lead's, with its hits in the text and the words it was found by."""

    id: str
    hits: tuple[Hit, ...]
    basis: tuple[Basis, ...]


def with_own_terms(tags: SuggestedTags, study: StudyText, form: TagForm, entry: Mapping[str, Any]) -> SuggestedTags:
    """The suggestion with what the form's own words find; `entry` is what the tagger suggests, as a form may ask it."""
    asked = [field for field in form.active() if _has_words(field)]
    if not asked:
        return tags
    passages = read(study)
    own: dict[str, Any] = {}
    value: Any
    basis = dict(tags.basis)
    for field in asked:
        match field.kind:
            case "one":
                value, said = _one(_found(field.choices, study, passages), field.id)
            case "several":
                value, said = _several(_found(field.choices, study, passages), field.id, entry.get(field.id) or [])
            case _:
                found = {part.id: _found(part.choices, study, passages) for part in field.parts if part.id in PARTS}
                rows = [dict(row) for row in entry.get(field.id) or ()]
                if field.id == "interventions":
                    value, said = _interventions(rows, found, tags.basis)
                else:
                    value, said = _outcomes(rows, found, tags, passages)
        if said:
            own[field.id] = value
            basis |= said
    return replace(tags, own=own, basis=basis)


def _has_words(field: Field) -> bool:
    lists = (field, *(part for part in field.parts if part.id in PARTS))
    return any(each.words and not each.retired for asked in lists for each in asked.choices)


def _found(choices: Iterable[Choice], study: StudyText, passages: Passages) -> list[_Found]:
    found = []
    for choice in choices:
        if choice.retired or not choice.words:
            continue
        known = words({"id": choice.id, "terms": [plain(each) for each in choice.words]})
        hits = [hit for hit in all_hits([known], passages.text) if passages.role_at(hit.start) not in _ELSEWHERE]
        named = [Basis("keyword", each) for each in study.keywords if known.first(plain(each))]
        basis = [*(passages.basis(hit.start, hit.end) for hit in hits), *named][:_SHOWN]
        if basis:
            found.append(_Found(choice.id, tuple(hits), tuple(basis)))
    return found


Said = dict[str, tuple[Basis, ...]]


def _one(found: list[_Found], field: str) -> tuple[str | None, Said]:
    return (found[0].id, {field: found[0].basis}) if found else (None, {})


def _several(found: list[_Found], field: str, suggested: Iterable[str]) -> tuple[list[str], Said]:
    said = [each for each in suggested if each not in _NOT_SAID]
    values = dict.fromkeys([*said, *(each.id for each in found)])
    return list(values), {f"{field}:{each.id}": each.basis for each in found}


def _interventions(rows: list[Row], found: Mapping[str, list[_Found]], basis: Said) -> tuple[list[Row], Said]:
    """A molecule is a row of its own; a route is that of the rows whose route no shipped term says."""
    said: Said = {}
    for molecule in found["molecule"]:
        if molecule.id not in {row["molecule"] for row in rows}:
            rows.append({"molecule": molecule.id, "route": "not_stated"})
            said[f"interventions:{molecule.id}/not_stated"] = molecule.basis
    for route in found["route"][:1]:
        for row in rows:
            if row["route"] in {"not_stated", "other"}:
                key = f"interventions:{row['molecule']}/{row['route']}"
                row["route"] = route.id
                before = said.pop(key, None) or basis.get(key, ())
                said[f"interventions:{row['molecule']}/{route.id}"] = (*before, *route.basis)
    return rows, said


def _outcomes(
    rows: list[Row], found: Mapping[str, list[_Found]], tags: SuggestedTags, passages: Passages
) -> tuple[list[Row], Said]:
    """A domain is a row of its own; an instrument belongs to the outcomes that its sentence tells."""
    said: Said = {}
    compared = "none" not in tags.comparators
    for domain in found["domain"]:
        if domain.hits and domain.id not in {row["domain"] for row in rows}:
            direction = direction_of(domain.id, domain.hits, passages, tags.study_design, compared)
            rows.append({"domain": domain.id, "instrument": None, "direction": direction})
            said[f"outcomes:{domain.id}/-"] = domain.basis
    for instrument in found["instrument"]:
        sentences = [passages.sentence_at(hit.start) for hit in instrument.hits]
        told = [passages.basis(each.start, each.end) for each in sentences]
        for row in rows:
            key = f"outcomes:{row['domain']}/-"
            before = said.get(key) or tags.basis.get(key, ())
            if row["instrument"] is None and any(_within(each, span) for each in before for span in told):
                row["instrument"] = instrument.id
                said.pop(key, None)
                said[f"outcomes:{row['domain']}/{instrument.id}"] = (*before, *instrument.basis)
    return rows, said


def _within(words: Basis, sentence: Basis) -> bool:
    if (words.source, words.section) != (sentence.source, sentence.section) or words.start is None:
        return False
    return (sentence.start or 0) <= words.start < (sentence.end or 0)
