"""Words as the ranking of evidence compares them: stems of a sentence, and phrases of the data found among them."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from itertools import chain
from typing import Any

from review_app.factcheck.folding import folded_text

NUMBER = "#"
# Plain letters are tried first because most words begin with one.
_TOKEN = re.compile(r"[a-z]++[^\W_]*+|\d+(?:[.,·]\d+)*|[^\W_]+|%")
# Longest first. A light stemmer: it need not be right, only the same for both texts, and it must be cheap.
_SUFFIXES = sorted(
    "ations ation ators ator ational itions ition ments ment nesses ness ances ance ences ence ables able ibles ible "
    "ically ical ically ingly edly ings ing ions ion ities ity ized ised izes ises ize ise ives ive ately ate "
    "ates ated ating ously ous ies ers er ed es ly al s e y".split(),
    key=len,
    reverse=True,
)
_SHORTEST_STEM = 4


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The word without its ending; numbers and short words stay."""
    if len(word) <= _SHORTEST_STEM or word[0].isdigit():
        return word[:-1] if len(word) == _SHORTEST_STEM and word[-1] == "s" and word[-2] not in "su" else word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            return word[: -len(suffix)]
    return word


def stems(text: str) -> tuple[str, ...]:
    """The stems of a text in order; numbers and percent signs stand as they are written."""
    return tuple(chain.from_iterable(map(_stems_between_spaces, text.split())))


@lru_cache(maxsize=100_000)
def _stems_between_spaces(run: str) -> tuple[str, ...]:
    return tuple(map(stem, _TOKEN.findall(folded_text(run))))


@dataclass(frozen=True, slots=True)
class PhraseIndex:
    """Phrases under their names, as a tree of stems. A phrase matches neighbouring stems; `#` matches any number."""

    root: "Node"

    def find(self, text: tuple[str, ...]) -> frozenset[str]:
        """The names of which a phrase occurs among the stems of a text."""
        first = self.root.after
        found: set[str] = set()
        for position, each in enumerate(text):
            node = first.get(NUMBER if each[0].isdigit() else each)
            end = position + 1
            while node is not None:
                found.update(node.names)
                if not node.after or end == len(text):
                    break
                node = node.after.get(NUMBER if text[end][0].isdigit() else text[end])
                end += 1
        return frozenset(found)


@dataclass(slots=True)
class Node:
    """What may come after some stems of a phrase, and the names of the phrases that end there."""

    after: dict[str, "Node"] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


def phrase_index(phrases: Mapping[str, Iterable[str]]) -> PhraseIndex:
    root = Node()
    for name, variants in phrases.items():
        for variant in variants:
            node = root
            for each in _phrase_tokens(variant):
                node = node.after.setdefault(each if each == NUMBER else stem(each), Node())
            node.names.add(name)
    return PhraseIndex(root)


def _phrase_tokens(phrase: str) -> list[str]:
    return re.findall(r"#|%|[^\W_]+", phrase.lower())


@cache
def function_words() -> frozenset[str]:
    """Stems of the words that only hold a sentence together."""
    return frozenset(stem(word) for each in load("language/function_words.toml")["class"] for word in each["words"])


@cache
def load(path: str) -> dict[str, Any]:
    """A data file of the fact-check, by its path under `review_app/factcheck`."""
    return tomllib.loads(resources.files("review_app.factcheck").joinpath(path).read_text("utf-8"))
