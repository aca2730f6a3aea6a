"""Which outcomes the abstract reports a result for, and the instruments they were rated with."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Any

from review_app.tagging.directions import direction_of
from review_app.tagging.lexicon import Words, all_hits, lexicon, pattern
from review_app.tagging.model import Basis, Outcome
from review_app.tagging.passages import Hit, Passages, Sentence, data

DATA = "outcomes.toml"


@dataclass(frozen=True, slots=True)
class Told:
    """One domain's words, and the sentences that tell a result about it."""

    domain: str
    hits: tuple[Hit, ...]
    sentences: tuple[Sentence, ...]


@cache
def _instruments() -> dict[str, Words]:
    return {entry.id: entry for entry in lexicon("instruments.toml", "instruments")}


def suggest_outcomes(passages: Passages, design: str | None) -> dict[Outcome, tuple[Basis, ...]]:
    """Outcomes with a reported result, in the order of the data file; a protocol has none."""
    if design in data(DATA)["tellers"]["never"]:
        return {}
    rated = all_hits(lexicon("instruments.toml", "instruments"), passages.text)
    out: dict[Outcome, tuple[Basis, ...]] = {}
    for told in _told(passages, rated, design):
        direction = direction_of(told.domain, told.sentences, passages, design)
        basis = tuple(passages.basis(h.start, h.end) for h in told.hits[:3])
        for instrument, where in _rated_with(told, rated, passages):
            more = (passages.basis(where.start, where.end),) if where else ()
            out[Outcome(told.domain, instrument, direction)] = basis + more
    return out


def _told(passages: Passages, rated: list[Hit], design: str | None) -> list[Told]:
    tellers = data(DATA)["tellers"]
    hits = [h for entry in lexicon(DATA, "domains") for h in all_hits([entry], passages.text)]
    hits += [Hit(h.start, h.end, _instruments()[h.term].about["domain"]) for h in rated]
    points: dict[str, float] = defaultdict(float)
    where: dict[str, list[Hit]] = defaultdict(list)
    for hit in sorted(hits, key=lambda h: h.start):
        worth = _worth(hit, passages, tellers, design)
        if worth:
            points[hit.term] += worth
            where[hit.term].append(hit)
    out = []
    for entry in lexicon(DATA, "domains"):
        if points[entry.id] >= tellers["minimum"]:
            sentences = tuple(dict.fromkeys(passages.sentence_at(h.start) for h in where[entry.id]))
            out.append(Told(entry.id, tuple(where[entry.id]), sentences))
    return out


def _worth(hit: Hit, passages: Passages, tellers: dict[str, Any], design: str | None) -> float:
    sentence = passages.sentence_at(hit.start)
    worth = float(tellers.get(sentence.role, 0))
    if sentence.role == "methods" and pattern(DATA, "primary").search(sentence.text):
        return float(tellers["primary"])
    if design in tellers["anywhere"] and sentence.role in ("background", "aim", "methods"):
        worth = float(tellers["conclusions"])
    if not worth:
        return 0
    if sentence.role != "title":
        told = pattern(DATA, "told").search(sentence.text)
        if not told or (pattern(DATA, "measured_only").search(sentence.text) and sentence.role != "results"):
            return 0
    before = passages.text[max(sentence.start, hit.start - 25) : hit.start]
    if pattern(DATA, "trait").search(before):
        return 0
    if hit.term in data(DATA)["listed"]["domains"] and _in_event_list(hit, sentence, passages):
        return 0
    return worth


def _in_event_list(hit: Hit, sentence: Sentence, passages: Passages) -> bool:
    after = passages.text[hit.end : min(hit.end + 12, sentence.end)]
    return pattern(DATA, "event_list").search(sentence.text) is not None and not pattern(DATA, "unlisted").search(after)


def _rated_with(told: Told, rated: list[Hit], passages: Passages) -> list[tuple[str | None, Hit | None]]:
    """The instruments of the domain; response and remission take one only from their own sentence."""
    found: dict[str, Hit] = {}
    for hit in rated:
        domain = _instruments()[hit.term].about["domain"]
        if domain == told.domain and passages.role_at(hit.start) != "background":
            found.setdefault(hit.term, hit)
    return list(found.items()) or [(None, None)]
