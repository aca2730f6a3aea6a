"""What an abstract says, sentence by sentence: its stems, its concepts, and whether it reports a result."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import Any

from review_app.factcheck.model import AbstractSection, Study
from review_app.factcheck.sentences import split
from review_app.factcheck.terms import PhraseIndex, load, phrase_index, stem, stems


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of an abstract. `effect`, -1 to 1, says how far it reports: results over 0, aims and methods under."""

    text: str
    stems: tuple[str, ...]
    concepts: frozenset[str]
    kinds: frozenset[str]
    effect: float


@dataclass(frozen=True, slots=True)
class Abstract:
    """`counts` says how often each stem occurs, the title twice; `words` the same damped, `shown` of each concept."""

    title: tuple[str, ...]
    title_concepts: frozenset[str]
    passages: tuple[Passage, ...]
    concepts: frozenset[str]
    named_design: str
    on_subject: bool
    counts: Mapping[str, int]
    words: Mapping[str, float]
    shown: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Concepts:
    """The concepts of a topic: what raises them in copy, what shows them in an abstract, by topic of the sentence."""

    asked: PhraseIndex
    shown: PhraseIndex
    by_topic: Mapping[str, frozenset[str]]
    facets: Mapping[str, str]
    subject: frozenset[str]
    other_treatments: frozenset[str]
    not_by_results: frozenset[str]

    def of(self, query: tuple[str, ...], topics: tuple[str, ...]) -> frozenset[str]:
        raised = self.asked.find(query)
        for topic in topics:
            raised |= self.by_topic.get(topic, frozenset())
        return raised


@cache
def concepts(topic: str) -> Concepts:
    """The concepts of a topic folder (`topics/<topic>/concepts.toml`)."""
    data = load(f"topics/{topic}/concepts.toml")
    entries = data["concept"]
    by_topic: dict[str, set[str]] = {}
    for entry in entries:
        for name in () if entry.get("requires_asked") else entry["topics"]:
            by_topic.setdefault(name, set()).add(entry["id"])
    return Concepts(
        asked=phrase_index({entry["id"]: entry["asked"] for entry in entries}),
        shown=phrase_index({entry["id"]: entry["shown"] for entry in entries}),
        by_topic={name: frozenset(ids) for name, ids in by_topic.items()},
        facets={entry["id"]: entry["facet"] for entry in entries},
        subject=frozenset(stem(word) for word in data["subject"]["words"]),
        other_treatments=frozenset(stem(word) for word in data["other_treatments"]["words"]),
        not_by_results=frozenset(data["not_by_results"]["topics"]),
    )


def read(study: Study, topic: str) -> Abstract:
    """The title and abstract of a study, read once and kept."""
    return _read(study.title, study.sections, topic)


@lru_cache(maxsize=4096)
def _read(title: str, sections: tuple[AbstractSection, ...], topic: str) -> Abstract:
    known = concepts(topic)
    title_stems = stems(title)
    passages = tuple(passage for section in sections for passage in _passages(section, topic))
    title_concepts = known.shown.find(title_stems)
    counts = Counter(chain(title_stems, title_stems, *(each.stems for each in passages)))
    shown = Counter(chain(sorted(title_concepts) * 2, *(sorted(each.concepts) for each in passages)))
    return Abstract(
        title=title_stems,
        title_concepts=title_concepts,
        passages=passages,
        concepts=frozenset().union(*(passage.concepts for passage in passages)),
        named_design=_named_design(title_stems),
        on_subject=not known.subject.isdisjoint(counts),
        counts=counts,
        words=_damped(counts),
        shown=_damped(shown),
    )


def _damped(counts: Mapping[str, int]) -> dict[str, float]:
    """The tenth mention says little more than the ninth."""
    return {name: math.log1p(times) for name, times in counts.items()}


def _passages(section: AbstractSection, topic: str) -> Iterator[Passage]:
    spans = split(section.text)
    named = _named(topic)
    of_section = _section_effect(section.label) if section.label else None
    for position, (start, end) in enumerate(spans):
        text = section.text[start:end]
        words = stems(text)
        place = _place_effect((position + 0.5) / len(spans)) if of_section is None else of_section
        yield Passage(text, words, *_meaning(named.find(words), place))


@lru_cache(maxsize=8192)
def _meaning(found: frozenset[str], place: float) -> tuple[frozenset[str], frozenset[str], float]:
    """The concepts and the kinds of passages among the names found in a sentence, and its effect."""
    effects = _effects()
    kinds = found.intersection(effects)
    # Rounded: a set has another order in each process, and what cancels out must not be a little over 0 in one.
    effect = max(-1.0, min(1.0, round(place + sum([effects[kind] for kind in kinds]), 6)))
    return found - kinds, kinds, effect


def _place_effect(share: float) -> float:
    places = load("language/evidence.toml")["places"]
    if share < places["opening_share"]:
        return float(places["opening"])
    return float(places["closing"]) if share > 1 - places["closing_share"] else 0.0


@cache
def _named(topic: str) -> PhraseIndex:
    """The concepts of a topic and the kinds of passages, to be found in one reading."""
    concept_phrases = {entry["id"]: entry["shown"] for entry in load(f"topics/{topic}/concepts.toml")["concept"]}
    return phrase_index({**concept_phrases, **{entry["id"]: entry["phrases"] for entry in _kinds()}})


@cache
def _effects() -> Mapping[str, float]:
    return {entry["id"]: float(entry["effect"]) for entry in _kinds()}


def _kinds() -> Sequence[Mapping[str, Any]]:
    kinds: Sequence[Mapping[str, Any]] = load("language/evidence.toml")["passage"]
    return kinds


@lru_cache(maxsize=1024)
def _section_effect(label: str) -> float:
    known = load("language/evidence.toml")["section_effects"]["effect"]
    effects = [float(known[word]) for word in label.lower().split() if word in known]
    return max(effects, default=0.0)


@cache
def _design_names() -> PhraseIndex:
    return phrase_index({entry["design"]: entry["phrases"] for entry in _named_designs()})


def _named_designs() -> Sequence[Mapping[str, Any]]:
    designs: Sequence[Mapping[str, Any]] = load("language/evidence.toml")["named_design"]
    return designs


def _named_design(title: tuple[str, ...]) -> str:
    named = _design_names().find(title)
    return next((entry["design"] for entry in _named_designs() if entry["design"] in named), "unknown")
