"""Who was studied, from the parts of the record that name participants."""

from functools import cache
from typing import Any

from review_app.tagging.lexicon import Words, all_hits, lexicon, named, words
from review_app.tagging.model import Basis, StudyText
from review_app.tagging.passages import Hit, Passages, data, plain


def suggest_population(study: StudyText, passages: Passages, design: str | None) -> dict[str, tuple[Basis, ...]]:
    """Population terms, each with the words it came from; empty when none is named."""
    rules = data("population.toml")
    found: dict[str, tuple[Basis, ...]] = {}
    for entry in lexicon("population.toml", "population"):
        score, basis = _score(entry, study, passages, rules["weights"])
        if score >= entry.about.get("threshold", rules["default_threshold"]):
            found[entry.id] = basis
    return {term: basis for term, basis in found.items() if not _suppressed(term, set(found), passages, design)}


def _score(
    entry: Words, study: StudyText, passages: Passages, weights: dict[str, Any]
) -> tuple[float, tuple[Basis, ...]]:
    by_role: dict[str, Basis] = {}
    counted = entry.about.get("roles")
    for hit in all_hits([entry], passages.text):
        role = passages.role_at(hit.start)
        if (
            weights.get(role)
            and (not counted or role in counted)
            and role not in by_role
            and _meant(entry, hit, passages)
        ):
            by_role[role] = passages.basis(hit.start, hit.end)
    for source, names in (("keyword", study.keywords), ("mesh", study.mesh)):
        named = _named(entry, source, names)
        if named:
            by_role[source] = Basis(source, named)
    return sum(weights[role] for role in by_role), tuple(by_role.values())


def _named(entry: Words, source: str, names: tuple[str, ...]) -> str | None:
    if source == "mesh":
        return next((name for name in names if name in entry.about.get("mesh", ())), None)
    return next((name for name in names if entry.first(plain(name))), None)


@cache
def _vetoes(population: str) -> tuple[Words, Words]:
    entry = next(e for e in data("population.toml")["population"] if e["id"] == population)
    return words({"terms": entry.get("not_near", [])}), words({"terms": entry.get("not_before", [])})


def _meant(entry: Words, hit: Hit, passages: Passages) -> bool:
    """Not in a sentence about who was left out, and not right after words that make it an outcome."""
    near, before = _vetoes(entry.id)
    sentence = passages.sentence_at(hit.start)
    if near.first(sentence.text):
        return False
    return before.first(passages.text, max(sentence.start, hit.start - 40), hit.end) is None


def _suppressed(term: str, found: set[str], passages: Passages, design: str | None) -> bool:
    stronger = found & set(data("population.toml")["suppress"].get(term, ()))
    if not stronger:
        return False
    keep = data("population.toml")["keep"]
    if term != "mdd":
        return True
    explicit = named("population.toml", "keep")
    title = passages.sentences[0].text
    if design in keep["reviews"] and stronger <= set(keep["beside"]) and explicit.first(title):
        return _names("trd", title) or any(_names("trd", s.text) for s in passages.text_of("aim"))
    return not stronger <= set(keep["with"]) or not any(
        explicit.first(s.text) for s in passages.text_of("title", "aim", "methods", "results")
    )


def _names(population: str, text: str) -> bool:
    return any(e.id == population and e.first(text) for e in lexicon("population.toml", "population"))
