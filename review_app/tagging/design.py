"""Study design: what the publication type says, unless the text says something more specific."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from review_app.tagging.lexicon import Words, words
from review_app.tagging.model import Basis, StudyText
from review_app.tagging.passages import Hit, Passages, data


@dataclass(frozen=True, slots=True)
class Design:
    """`by` is "publication_type" or "text"; MeSH counts as text, the words of a record rather than its type."""

    design: str | None = None
    by: str | None = None
    basis: tuple[Basis, ...] = ()


@cache
def _rules() -> tuple[tuple[Words, dict[str, Any]], ...]:
    return tuple((words(rule, "design"), rule) for rule in data("design.toml")["rules"])


@cache
def _groups() -> dict[str, Words]:
    return {name: words({**group, "id": name}) for name, group in data("design.toml")["groups"].items()}


def suggest_design(study: StudyText, passages: Passages) -> Design:
    """The design and what decided it. Which text wins over which type is in data/design.toml (`yields_to`)."""
    spoken = _from_text(passages)
    typed = _from_types(study.publication_types)
    if typed is not None:
        name, design, yields_to = typed
        if spoken is None or not (spoken[0] in yields_to or "*" in yields_to):
            return Design(design, "publication_type", (Basis("publication_type", name),))
    if spoken is not None:
        design, hit = spoken
        return Design(design, "text", (passages.basis(hit.start, hit.end),))
    return _from_mesh(study.mesh)


def _from_types(types: tuple[str, ...]) -> tuple[str, str, list[str]] | None:
    for rule in data("design.toml")["publication_types"]:
        for name in types:
            if name == rule["name"] or name.startswith(rule["name"] + ","):
                return name, rule["design"], rule["yields_to"]
    return None


def _from_mesh(mesh: tuple[str, ...]) -> Design:
    if "Animals" in mesh and "Humans" not in mesh:
        return Design("nonclinical", "text", (Basis("mesh", "Animals"),))
    return Design()


def _from_text(passages: Passages) -> tuple[str, Hit] | None:
    present: dict[str, bool] = {}

    def anywhere(group: str) -> bool:
        if group not in present:
            present[group] = _groups()[group].first(passages.text) is not None
        return present[group]

    for lexicon, rule in _rules():
        hit = _holds(lexicon, rule, passages)
        if (
            hit
            and all(anywhere(g) for g in rule.get("needs", ()))
            and not any(anywhere(g) for g in rule.get("unless", ()))
        ):
            return lexicon.id, hit
    return None


def _holds(lexicon: Words, rule: dict[str, Any], passages: Passages) -> Hit | None:
    title_end = passages.sentences[0].end
    if any(_groups()[g].first(passages.text, 0, title_end) for g in rule.get("unless_title", ())):
        return None
    stop = title_end if rule["where"] == ["title"] else None
    for hit in sorted(lexicon.hits(passages.text, 0, stop), key=lambda h: h.start):
        sentence = passages.sentence_at(hit.start)
        vetoes = rule.get("not_near", ())
        if sentence.role in rule["where"] and not any(_groups()[g].first(sentence.text) for g in vetoes):
            return hit
    return None
