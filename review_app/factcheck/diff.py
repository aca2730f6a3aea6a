"""What a new version of a document changes: its sentences, and what the fact-check says of them.

Sentences are paired by their text, then by likeness, so that a sentence that was moved is not one added and one gone.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from rapidfuzz import fuzz

from review_app.factcheck.dossier import bears
from review_app.factcheck.model import Check, CheckedSentence, Evidence

Kind = Literal["added", "removed", "changed", "reassessed"]
Run = Literal["same", "removed", "added"]
# Token sort ratio, 0 to 100: below it one sentence was taken out and another put in.
LIKE = 50.0
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Effect:
    """One part of the answer about a sentence that is not what it was; lists are in the order of the answer."""

    what: Literal["checkable", "verdict", "basis", "standing", "claim", "flags", "evidence"]
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence that is not as it was. `reassessed`: the same words, another answer, as what stands around it changed.

    `words` are the runs of a changed sentence, each with whether it is in both versions.
    """

    kind: Kind
    old: CheckedSentence | None
    new: CheckedSentence | None
    words: tuple[tuple[Run, str], ...]
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class BalanceChange:
    """A risk or limit that one version states and the other does not, or is not asked to; None: not asked to."""

    concept: str
    old: bool | None
    new: bool | None


@dataclass(frozen=True, slots=True)
class Diff:
    """`changes` are in the order of the new version, what was taken out where it stood; `unchanged` counts the rest."""

    old: Check
    new: Check
    changes: tuple[Change, ...]
    balance: tuple[BalanceChange, ...]
    unchanged: int


def diff(old: Check, new: Check) -> Diff:
    """What differs between the checks of two versions, made against one library."""
    pairs = _in_order(_pairs(old.sentences, new.sentences), old.sentences, new.sentences)
    changes = tuple(change for pair in pairs if (change := _change(*pair)) is not None)
    return Diff(old, new, changes, tuple(_balance(old, new)), len(pairs) - len(changes))


def _pairs(old: Sequence[CheckedSentence], new: Sequence[CheckedSentence]) -> dict[int, int]:
    """Which sentence of the new version, by place, is which of the old."""
    left, right = [_text(one) for one in old], [_text(one) for one in new]
    pairs: dict[int, int] = {}
    for block in SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks():
        pairs.update((block.b + step, block.a + step) for step in range(block.size))
    _pair_moved(left, right, pairs)
    _pair_like(left, right, pairs)
    return pairs


def _pair_moved(left: Sequence[str], right: Sequence[str], pairs: dict[int, int]) -> None:
    free: dict[str, list[int]] = defaultdict(list)
    for place in _free(left, set(pairs.values())):
        free[left[place]].append(place)
    for place in _free(right, pairs):
        if free[right[place]]:
            pairs[place] = free[right[place]].pop(0)


def _pair_like(left: Sequence[str], right: Sequence[str], pairs: dict[int, int]) -> None:
    """The likest first; of equals the nearest."""
    free = {other: _sorted_words(left[other]) for other in _free(left, set(pairs.values()))}
    scored = []
    for place in _free(right, pairs):
        words_here = _sorted_words(right[place])
        for other, words_there in free.items():
            likeness = fuzz.ratio(words_there, words_here, score_cutoff=LIKE)
            if likeness:
                scored.append((-likeness, abs(other - place), place, other))
    taken: set[int] = set()
    for _, _, place, other in sorted(scored):
        if place not in pairs and other not in taken:
            pairs[place] = other
            taken.add(other)


def _sorted_words(text: str) -> str:
    return " ".join(sorted(text.split()))


def _free(texts: Sequence[str], taken: Collection[int]) -> list[int]:
    return [place for place in range(len(texts)) if place not in taken]


def _in_order(
    pairs: dict[int, int], old: Sequence[CheckedSentence], new: Sequence[CheckedSentence]
) -> list[tuple[CheckedSentence | None, CheckedSentence | None]]:
    """Every sentence of both versions once; one taken out comes after the sentence it followed."""
    followers: dict[int, list[int]] = defaultdict(list)
    home = {other: place for place, other in pairs.items()}
    last = -1
    for place in range(len(old)):
        if place in home:
            last = home[place]
        else:
            followers[last].append(place)
    ordered: list[tuple[CheckedSentence | None, CheckedSentence | None]] = [(old[one], None) for one in followers[-1]]
    for place, sentence in enumerate(new):
        ordered.append((old[pairs[place]] if place in pairs else None, sentence))
        ordered += [(old[one], None) for one in followers[place]]
    return ordered


def _change(old: CheckedSentence | None, new: CheckedSentence | None) -> Change | None:
    effects = tuple(_effects(old, new)) if old is not None and new is not None else ()
    if old is None:
        return Change("added", None, new, (), ())
    if new is None:
        return Change("removed", old, None, (), ())
    if _text(old) != _text(new):
        return Change("changed", old, new, words(old.sentence.text, new.sentence.text), effects)
    return Change("reassessed", old, new, (), effects) if effects else None


def _effects(old: CheckedSentence, new: CheckedSentence) -> Iterator[Effect]:
    if old.checkable != new.checkable:
        yield Effect("checkable", old.checkable, new.checkable)
    if old.verdict != new.verdict:
        yield Effect("verdict", old.verdict, new.verdict)
    if old.basis != new.basis:
        yield Effect("basis", old.basis, new.basis)
    if old.standing != new.standing:
        yield Effect("standing", old.standing, new.standing)
    if _claim(old) != _claim(new):
        yield Effect("claim", _claim(old), _claim(new))
    if _flags(old) != _flags(new):
        yield Effect("flags", _flags(old), _flags(new))
    if sorted(_evidence(old)) != sorted(_evidence(new)):
        yield Effect("evidence", _evidence(old), _evidence(new))


def _claim(checked: CheckedSentence) -> str | None:
    return checked.match.claim.id if checked.match is not None else None


def _flags(checked: CheckedSentence) -> list[str]:
    return sorted({flag.flag for flag in checked.flags})


def _evidence(checked: CheckedSentence) -> list[str]:
    """What takes a side or is linked by the claim, each with its stance."""
    return [f"{one.stance}: {_name(one)}" for one in checked.evidence if bears(one)]


def words(old: str, new: str) -> tuple[tuple[Run, str], ...]:
    """Both sentences as one run of words, each marked with the version that has it; letter case counts."""
    left, right = _WORD.findall(old), _WORD.findall(new)
    runs: list[tuple[Run, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind == "equal":
            runs.append(("same", " ".join(left[a:b])))
            continue
        runs += [("removed", " ".join(left[a:b]))] if a < b else []
        runs += [("added", " ".join(right[c:d]))] if c < d else []
    return tuple(runs)


def _balance(old: Check, new: Check) -> Iterator[BalanceChange]:
    before = {item.concept: item.present for item in old.balance}
    after = {item.concept: item.present for item in new.balance}
    for concept in dict.fromkeys([*before, *after]):
        if before.get(concept) != after.get(concept):
            yield BalanceChange(concept, before.get(concept), after.get(concept))


def _name(evidence: Evidence) -> str:
    return f"{evidence.reference} (PMID {evidence.pmid})" if evidence.pmid is not None else evidence.reference


def _text(checked: CheckedSentence) -> str:
    return " ".join(checked.sentence.text.split())
