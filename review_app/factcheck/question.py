"""A sentence of copy as a question to abstracts: its words by rarity, its word pairs, the concepts it asks for."""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise

from review_app.factcheck.abstracts import Abstract, concepts
from review_app.factcheck.terms import function_words, load, stem, stems

# Two words of the question count as neighbours when at most two others stand between them.
_REACH = 3


@dataclass(frozen=True, slots=True)
class Question:
    """`rarity` is the inverse document frequency of each of its content `words` among the candidates, `weight` their
    sum.

    `figures` are its numbers but for times and doses; `sizes` the numbers of patients that it names: copy that cites a
    study often gives its size.
    """

    stems: tuple[str, ...]
    words: frozenset[str]
    rarity: Mapping[str, float]
    weight: float
    pairs: tuple[tuple[str, str], ...]
    concepts: frozenset[str]
    topics: tuple[str, ...]
    figures: frozenset[str]
    sizes: frozenset[str]

    def words_in(self, terms: Collection[str], besides: frozenset[str] = frozenset()) -> float:
        """The share of the question's words, by rarity, that occur among the terms; leaving out those `besides`."""
        if not besides:
            # Added up exactly, or the order of a set, which differs between processes, would show in the last digit.
            return math.fsum(map(self.rarity.__getitem__, self.words.intersection(terms))) / self.weight
        found = sum([weight for word, weight in self.rarity.items() if word in terms and word not in besides])
        left_out = sum([weight for word, weight in self.rarity.items() if word in besides])
        return found / ((self.weight - left_out) or 1.0)

    def concepts_in(self, shown: frozenset[str]) -> float:
        """The share of the concepts asked for; 0 when none is."""
        return len(self.concepts & shown) / len(self.concepts) if self.concepts else 0.0

    def neighbours_in(self, abstract: Abstract) -> float:
        """The share of the question's word pairs, by rarity, that stand near each other in one sentence."""
        held = abstract.counts
        near = sum(
            self.rarity[first] + self.rarity[second]
            for first, second in self.pairs
            if first in held and second in held and _near(first, second, abstract)
        )
        return near / (2 * self.weight)


def ask(query: str, candidates: Sequence[Abstract], topics: Sequence[str], topic: str) -> Question:
    """The question that a sentence puts to the candidates of its full-text search."""
    words = stems(query)
    content = [word for word in words if word not in function_words() and word != "%"] or list(words)
    rarity = _rarity(dict.fromkeys(content), candidates)
    pairs = tuple(dict.fromkeys(pairwise(content)))
    strange = _is_strange(words, rarity, candidates, topic)
    raised: frozenset[str] = frozenset() if strange else concepts(topic).of(words, tuple(topics))
    return Question(
        stems=words,
        words=frozenset(content),
        rarity=rarity,
        weight=sum(rarity.values()) or 1.0,
        pairs=pairs,
        concepts=raised,
        topics=tuple(topics),
        figures=_figures(words),
        sizes=_sizes(words),
    )


def _is_strange(
    words: tuple[str, ...], content: Mapping[str, float], candidates: Sequence[Abstract], topic: str
) -> bool:
    """Whether a sentence that does not name the topic's drugs speaks of things that no candidate mentions."""
    rule = load("language/evidence.toml")["strange"]
    if len(candidates) < rule["candidates"] or not concepts(topic).subject.isdisjoint(words):
        return False
    mentioned = frozenset().union(*(each.counts for each in candidates))
    return bool(len(content.keys() - mentioned) > rule["share"] * len(content))


def _figures(words: tuple[str, ...]) -> frozenset[str]:
    units = _units()
    return frozenset(word for word, after in pairwise((*words, "")) if word[0].isdigit() and after not in units)


def _sizes(words: tuple[str, ...]) -> frozenset[str]:
    counted = _counted()
    return frozenset(number for number, after in pairwise(words) if number.isdigit() and after in counted)


def _rarity(words: Mapping[str, None], candidates: Sequence[Abstract]) -> dict[str, float]:
    # As in BM25, with the candidates standing in for the library (Robertson and Zaragoza 2009).
    having = Counter(chain.from_iterable(words.keys() & each.counts.keys() for each in candidates))
    return {word: math.log(1 + (len(candidates) - having[word] + 0.5) / (having[word] + 0.5)) for word in words}


@cache
def _units() -> frozenset[str]:
    return frozenset(stem(word) for word in load("language/stance.toml")["units"]["words"])


@cache
def _counted() -> frozenset[str]:
    return frozenset(stem(word) for word in load("language/evidence.toml")["counted"]["words"])


def _near(first: str, second: str, abstract: Abstract) -> bool:
    texts = chain([abstract.title], (passage.stems for passage in abstract.passages))
    return any(_within(text, first, second) for text in texts if first in text and second in text)


def _within(text: tuple[str, ...], first: str, second: str) -> bool:
    places = [position for position, word in enumerate(text) if word == first]
    others = [position for position, word in enumerate(text) if word == second]
    return any(abs(place - other) <= _REACH for place in places for other in others)
