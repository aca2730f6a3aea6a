"""Different words for one thing, read as one when a sentence is compared with the wordings of the claims library."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from review_app.factcheck.terms import load

# A phrase as words, and what it is read as.
Phrases = Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]


def folded(stems: Sequence[str], phrases: Phrases) -> list[str]:
    """The stems of a text, each phrase that has a synonym replaced by `~` and its id; the longest phrase first."""
    found: list[str] = []
    place = 0
    while place < len(stems):
        for phrase, name in phrases.get(stems[place], ()):
            if tuple(stems[place : place + len(phrase)]) == phrase:
                found.append(name)
                place += len(phrase)
                break
        else:
            found.append(stems[place])
            place += 1
    return found


@cache
def entries(topic: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The ids of a topic's synonyms with their phrases."""
    table: dict[str, Any] = load(f"topics/{topic}/synonyms.toml")
    return tuple((entry["id"], tuple(entry["words"])) for entry in table["synonym"])


def phrases(stemmed: Iterable[tuple[str, Sequence[str]]]) -> Phrases:
    """Phrases by their first stem, from pairs of id and stems."""
    known: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, stems in stemmed:
        known.setdefault(stems[0], []).append((tuple(stems), f"~{name}"))
    return {first: tuple(sorted(found, key=lambda each: (-len(each[0]), each))) for first, found in known.items()}
