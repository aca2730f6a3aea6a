"""Named patterns found in a sentence, and conditions over them. Rules in the data speak only of such names."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from review_app.factcheck.folding import Folded


@dataclass(frozen=True, slots=True)
class Signal:
    """A name for a way of saying something. `pattern` runs over folded text; `unless` suppresses it."""

    id: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    source: str

    def find(self, folded: str) -> tuple[int, int] | None:
        match = self.pattern.search(folded)
        if match is None or (self.unless is not None and self.unless.search(folded)):
            return None
        return match.span()


@dataclass(frozen=True, slots=True)
class Signals:
    """The names that hold for one sentence, with their spans in its folded text where they have one."""

    folded: Folded
    spans: Mapping[str, tuple[int, int] | None] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.spans

    def adding(self, names: Iterable[str]) -> "Signals":
        return Signals(self.folded, {**dict.fromkeys(names), **self.spans})

    def span(self, name: str) -> tuple[int, int] | None:
        return self.spans.get(name)


@dataclass(frozen=True, slots=True)
class Condition:
    """All terms must hold. A term is alternatives of names; a name with `!` must be absent; `x.*` is any name in x."""

    terms: tuple[tuple[str, ...], ...]

    def holds(self, signals: Signals) -> bool:
        # Loops, because a check asks this thousands of times: all() of any() takes twice as long.
        for term in self.terms:
            for name in term:
                if _present(name, signals.spans):
                    break
            else:
                return False
        return True

    def names(self) -> frozenset[str]:
        return frozenset(name.lstrip("!") for term in self.terms for name in term)


def condition(terms: Iterable[str]) -> Condition:
    """`["drug.ketamine", "!hedge.may", "a|b"]` as a condition."""
    return Condition(tuple(tuple(part.strip() for part in term.split("|")) for term in terms))


def _present(name: str, known: Collection[str]) -> bool:
    if name in known:
        return True
    if name.startswith("!"):
        return not _present(name[1:], known)
    return name.endswith(".*") and any(each.startswith(name[:-1]) for each in known)


def read(folded: Folded, known: Iterable[Signal]) -> Signals:
    """The signals that occur in a folded sentence."""
    found: dict[str, tuple[int, int] | None] = {}
    for signal in known:
        span = signal.find(folded.text)
        if span is not None:
            found[signal.id] = span
    return Signals(folded, found)
