"""Which claim of the library a sentence makes: likeness to its statement, its wordings and its overstatements.

Likeness is the weighted overlap of stems and concepts (tf-idf cosine, Salton 1988), so that the drug's name alone
counts for almost nothing. Different figures or a negation on one side only forbid a match.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from rapidfuzz import fuzz

from review_app.factcheck import snowball, synonyms
from review_app.factcheck.folding import folded_text
from review_app.factcheck.model import Claim, ClaimMatch, Match, Verdict, Wording
from review_app.factcheck.topic_data import TopicData, load

# Below this a likeness says nothing: of two sentences on ketamine any two have as much in common.
RESEMBLES = 0.3
NEAR = 0.4
# Below this a likeness names a claim to look at; the claim's verdict is then no more than a suggestion.
SURE = 0.5
VARIANT = 0.8
# The likeness of the same words in another order, or of another product: 1 is word for word.
_ALL_BUT_EXACT = 0.999
_RATIO_OF_VARIANT = 88.0
_OTHER_DIRECTION = 0.55
_OTHER_NUMBERS = 0.75
_OTHER_MOLECULE = 0.85
_OTHER_POINT = 0.8
_UNSEEN_SHARE = 0.65
_OTHER_STRENGTH = 0.97
_TOPIC_BONUS = 0.25
_LEAST = (RESEMBLES - _TOPIC_BONUS) / (1 - _TOPIC_BONUS)  # below it no topic makes up for the words
_HOLDS = (None, "supported", "needs_qualification")
_POPULATIONS = ("population.pregnancy", "population.young", "population.old")
_CAUTIOUS = ("hedge.may", "hedge.can", "hedge.often", "quantity.some", "says.limits")
_ABSOLUTE = ("strength.absolute", "strength.cure", "strength.proven", "quantity.all")
_TOKEN = re.compile(r"~\w+|[a-z]+(?:'[a-z]+)?|\d+(?:[.,]\d+)*")
_WORD = re.compile(r"\w+(?:'\w+)?")
_CONTRAST = re.compile(
    r"(?<=rather than )[^,.;]+|(?<=instead of )[^,.;]+|(?<=as opposed to )[^,.;]+|(?<=, not )[^,.;]+"
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_STOP = frozenset(
    "a an the of to in for on at by as and or but that this these those it its is are was were be been being with from"
    " who whom which when where while than then them they their there has have had do does did will would so such into"
    " also more very just about over after before during your you our we us his her he she i if rather ketamin"
    " esketamin can may might could should must often usual general typic some mani most".split()
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What must not differ between a sentence and a wording it matches; `esketamine` is None for both or neither.

    `strength` is 0 for a cautious wording, 1 for a plain and 2 for an absolute one. `negated` is None for what may be
    and may not be. `unique` is True for the one of its kind, False for one of several, None where neither is said.
    """

    numbers: frozenset[str]
    negated: bool | None
    worse: bool
    esketamine: bool | None
    benign: bool
    comparative: bool
    populations: frozenset[str]
    unique: bool | None
    strength: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """One wording of a claim, ready to be compared. `verdict` is None for the statement itself.

    `telling`: of a wording that goes too far, the tokens that no wording that holds has, with their rarity.
    """

    claim: Claim
    text: str
    plain: str
    verdict: Verdict | None
    facts: Facts
    telling: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Likeness:
    """`told` is the share, by rarity, of the candidate's telling words that the sentence has; 1 where it has none, or
    the likeness is too weak to name the claim."""

    candidate: Candidate
    score: float
    told: float = 1.0


@dataclass(frozen=True, slots=True)
class _Statement:
    text: str
    verdict: None = None


class ClaimIndex:
    """All wordings of a library, indexed by what they have in common with a sentence."""

    def __init__(self, claims: Sequence[Claim], data: TopicData) -> None:
        self._data = data
        self._signals = {signal.id: signal for signal in data.signals}
        texts = [(claim, wording) for claim in claims for wording in _wordings(claim)]
        tokens = [Counter(_tokens(folded_text(wording.text), data)) for _, wording in texts]
        present = Counter(token for counted in tokens for token in counted)
        self._rarity = {token: math.log(1 + len(texts) / count) for token, count in present.items()}
        self._unseen = math.log(1 + len(texts)) if texts else 1.0
        self._candidates: list[Candidate] = []
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        held = defaultdict[str, set[str]](set)
        for (claim, wording), counted in zip(texts, tokens, strict=True):
            if wording.verdict in _HOLDS:
                held[claim.id].update(counted)
        for (claim, wording), counted in zip(texts, tokens, strict=True):
            telling = () if wording.verdict in _HOLDS else counted.keys() - held[claim.id]
            self._add(claim, wording, counted, {token: self._rarity[token] for token in sorted(telling)})

    def _add(
        self, claim: Claim, wording: Wording | _Statement, counted: Counter[str], telling: Mapping[str, float]
    ) -> None:
        plain = folded_text(wording.text)
        for token, weight in self._weights(counted).items():
            self._postings[token].append((len(self._candidates), weight))
        facts = self._facts(plain)
        self._candidates.append(Candidate(claim, wording.text, _bare(plain), wording.verdict, facts, telling))

    def _weights(self, counted: Mapping[str, int]) -> dict[str, float]:
        """Unit-length weights; a word that no wording uses still lengthens the sentence, but half as much."""
        raw = {
            token: self._rarity.get(token, self._unseen * _UNSEEN_SHARE) * (1 + math.log(n))
            for token, n in counted.items()
        }
        length = math.sqrt(sum(value * value for value in raw.values())) or 1.0
        return {token: value / length for token, value in raw.items()}

    def _facts(self, folded: str) -> Facts:
        esketamine, ketamine = self._says("drug.esketamine", folded), self._says("drug.ketamine", folded)
        return Facts(
            numbers=_numbers(folded),
            negated=None if self._says("hedge.may_not", folded) else self._says("negation", folded),
            worse=self._says("direction.worse", folded),
            esketamine=esketamine if esketamine != ketamine else None,
            benign=self._says("says.benign", folded),
            comparative=self._says("comparison.degree", folded),
            populations=frozenset(one for one in _POPULATIONS if self._says(one, folded)),
            unique=self._unique(folded),
            strength=self._strength(folded),
        )

    def _unique(self, folded: str) -> bool | None:
        return self._says("says.unique", folded) or (False if self._says("says.one_of_several", folded) else None)

    def _strength(self, folded: str) -> int:
        if any(self._says(signal, folded) for signal in _ABSOLUTE):
            return 2
        return 0 if any(self._says(signal, folded) for signal in _CAUTIOUS) else 1

    def _says(self, signal: str, folded: str) -> bool:
        known = self._signals.get(signal)
        return known is not None and known.find(folded) is not None

    def likest(self, folded: str, topics: Mapping[str, float], limit: int = 40) -> tuple[Likeness, ...]:
        """The wordings that resemble a folded sentence, best first. `topics` are the sentence's topic scores."""
        scores: dict[int, float] = defaultdict(float)
        tokens = Counter(_tokens(folded, self._data))
        for token, weight in self._weights(tokens).items():
            for number, candidate_weight in self._postings.get(token, ()):
                scores[number] += weight * candidate_weight
        total = sum(sorted(topics.values(), reverse=True)[:2]) or 1.0
        bonus = cache(lambda claim_topics: _topic_bonus(claim_topics, topics, total))
        facts = self._facts(folded)
        bare = _bare(folded)
        found = []
        for number in [number for number, overlap in scores.items() if overlap >= _LEAST]:
            candidate, overlap = self._candidates[number], scores[number]
            score = overlap * (1 - _TOPIC_BONUS) + bonus(candidate.claim.topics)
            if candidate.plain == bare:
                found.append(Likeness(candidate, 1.0))
            elif score >= RESEMBLES and (score := _lowered(score, candidate.facts, facts)) >= RESEMBLES:
                found.append(Likeness(candidate, min(score, _ALL_BUT_EXACT)))
        found.sort(key=lambda likeness: (-likeness.score, likeness.candidate.claim.id, likeness.candidate.text))
        near = [replace(one, told=_told(one.candidate, tokens)) for one in found[:limit] if one.score >= NEAR]
        return (*near, *found[len(near) : limit])

    def match(self, folded: str, likest: Sequence[Likeness]) -> ClaimMatch | None:
        """The best likeness as a match, or None when it is too weak to name a claim."""
        if not likest or likest[0].score < NEAR:
            return None
        best = likest[0]
        kind = _kind(best, _bare(folded), self._facts(folded))
        score = 1.0 if kind == "exact" else round(min(best.score, 0.999), 4)
        differing = _differing(folded, best.candidate.text)
        return ClaimMatch(best.candidate.claim, kind, score, best.candidate.text, differing)


@lru_cache(maxsize=8)
def index(claims: tuple[Claim, ...], topic: str) -> ClaimIndex:
    """The index of a library's claims, kept while the library stays the same."""
    return ClaimIndex(claims, load(topic))


def _wordings(claim: Claim) -> tuple[Wording | _Statement, ...]:
    return (_Statement(claim.statement), *claim.wordings, *claim.overstatements)


def _tokens(folded: str, data: TopicData) -> list[str]:
    for concept in data.concepts:
        folded = concept.pattern.sub(f" ~{concept.id} ", folded)
    # What something is contrasted with is not what is said of it: "glutamate rather than serotonin".
    stems = synonyms.folded(_stems(_CONTRAST.sub(_contrasted, folded)), _synonyms(data.topic))
    return [
        stem for stem in stems if stem not in _STOP and stem.removeprefix("~") not in {"patients", "esketamine"}
    ] or [stem for stem in stems if stem.startswith("~")]


def _stems(folded: str) -> list[str]:
    return [token if token.startswith("~") else snowball.stem(token) for token in _TOKEN.findall(folded)]


@cache
def _synonyms(topic: str) -> synonyms.Phrases:
    """A topic's synonyms in the stems that likeness is counted in."""
    return synonyms.phrases((name, _stems(words)) for name, said in synonyms.entries(topic) for words in said)


def _contrasted(clause: re.Match[str]) -> str:
    return " ".join(f"~not_{token.removeprefix('~')}" for token in _TOKEN.findall(clause.group()))


def _topic_bonus(claim_topics: Sequence[str], topics: Mapping[str, float], total: float) -> float:
    share = max((topics.get(topic, 0.0) / (1 + place) for place, topic in enumerate(claim_topics)), default=0)
    return _TOPIC_BONUS * min(1.0, 1.5 * share / total)


def _told(candidate: Candidate, tokens: Collection[str]) -> float:
    whole = sum(candidate.telling.values())
    said = sum(rarity for token, rarity in candidate.telling.items() if token in tokens)
    return said / whole if whole else 1.0


def _lowered(score: float, own: Facts, facts: Facts) -> float:
    """The score, less for each thing in which a sentence and a wording must not differ and do."""
    if own.numbers and facts.numbers and not own.numbers & facts.numbers:
        score *= _OTHER_NUMBERS
    if _differ(own.negated, facts.negated) or own.worse != facts.worse:
        score *= _OTHER_DIRECTION
    if own.benign != facts.benign or own.comparative != facts.comparative or own.populations != facts.populations:
        score *= _OTHER_POINT
    if _differ(own.unique, facts.unique):
        score *= _OTHER_POINT
    if _differ(own.esketamine, facts.esketamine):
        score *= _OTHER_MOLECULE
    return score * _OTHER_STRENGTH ** abs(own.strength - facts.strength)


def _differ(one: bool | None, other: bool | None) -> bool:
    return None not in (one, other) and one != other


def _kind(best: Likeness, bare: str, facts: Facts) -> Match:
    candidate = best.candidate
    if candidate.plain == bare:
        return "exact"
    same = replace(candidate.facts, esketamine=None) == replace(facts, esketamine=None)
    alike = fuzz.token_sort_ratio(candidate.plain, bare) >= _RATIO_OF_VARIANT or best.score >= VARIANT
    return "variant" if same and alike else "near"


def _bare(folded: str) -> str:
    return " ".join(re.findall(r"[\w%]+", folded))


def _numbers(folded: str) -> frozenset[str]:
    return frozenset(number.replace(",", "") for number in _NUMBER.findall(folded))


def _differing(folded: str, wording: str) -> tuple[str, ...]:
    """Words of the sentence that the wording does not have, in order, each once."""
    known = {snowball.stem(word) for word in re.findall(r"\w+", folded_text(wording))}
    words = dict.fromkeys(_WORD.findall(folded))
    return tuple(word for word in words if (stem := snowball.stem(word)) not in known and stem not in _STOP)
