"""How alike the words of a question and of abstracts are by their parts: `immunodeficient` and `immunity`.

A stem matches or it does not. Names of genes, compounds and diseases are spelt in more ways than any stemmer knows;
what they keep is a run of letters (character n-grams: McNamee and Mayfield 2004).
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain

from review_app.factcheck.abstracts import Abstract

_LENGTH = 3
# BM25 as SQLite computes it (Robertson and Zaragoza 2009), with the candidates standing in for the library.
_SATURATION, _BY_LENGTH = 1.2, 0.75


def shared_parts(words: Iterable[str], abstracts: Sequence[Abstract]) -> list[float]:
    """BM25 of each abstract over the parts of these stems, against the best one: 0 to 1. The title counts twice."""
    asked = Counter(part for word in words for part in _parts(word))
    vocabulary = frozenset().union(*(each.counts for each in abstracts))
    shared = {word: found for word in vocabulary if (found := [part for part in _parts(word) if part in asked])}
    counts = [_counts(each.counts, shared) for each in abstracts]
    having = Counter(chain.from_iterable(counts))
    weight = {
        part: times * math.log(1 + (len(abstracts) - having[part] + 0.5) / (having[part] + 0.5))
        for part, times in asked.items()
    }
    lengths = [sum(each.counts.values()) for each in abstracts]
    usual = sum(lengths) / (len(lengths) or 1) or 1.0
    scores = [_bm25(parts, weight, length / usual) for parts, length in zip(counts, lengths, strict=True)]
    best = max(scores, default=0.0) or 1.0
    return [score / best for score in scores]


def _counts(words: Mapping[str, int], shared: Mapping[str, list[str]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word, times in words.items():
        for part in shared.get(word, ()):
            counts[part] = counts.get(part, 0) + times
    return counts


def _bm25(parts: Mapping[str, int], weight: Mapping[str, float], length: float) -> float:
    damping = _SATURATION * (1 - _BY_LENGTH + _BY_LENGTH * length)
    return sum([weight[part] * times / (times + damping) for part, times in parts.items()])


@lru_cache(maxsize=100_000)
def _parts(word: str) -> tuple[str, ...]:
    """The runs of three letters of a stem, with the mark of its start; its end is only where the stemmer cut."""
    marked = f"_{word}"
    return tuple(marked[start : start + _LENGTH] for start in range(max(1, len(marked) - _LENGTH + 1)))
