"""Which outcomes the abstract reports a result for, and the instruments they were rated with."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Any

from review_app.tagging.directions import direction_of
from review_app.tagging.lexicon import Words, all_hits, lexicon, pattern, words
from review_app.tagging.model import Basis, Outcome
from review_app.tagging.passages import Hit, Passages, Sentence, data

DATA = "outcomes.toml"


@dataclass(frozen=True, slots=True)
class Told:
    """One domain and the words that tell a result about it."""

    domain: str
    hits: tuple[Hit, ...]


@cache
def _instruments() -> dict[str, Words]:
    return {entry.id: entry for entry in lexicon("instruments.toml", "instruments")}


@cache
def _untraited() -> frozenset[str]:
    """Domains that are results even right after `patients with`: nobody is enrolled for a response."""
    return frozenset(entry.id for entry in lexicon(DATA, "domains") if entry.about.get("untraited"))


@cache
def _weak() -> tuple[Words, ...]:
    entries = lexicon(DATA, "domains")
    return tuple(words({"id": e.id, "terms": e.about["weak"]}) for e in entries if "weak" in e.about)


def suggest_outcomes(passages: Passages, design: str | None, compared: bool) -> dict[Outcome, tuple[Basis, ...]]:
    """Outcomes with a reported result, in the order of the data file; a protocol has none.

    `compared`: the study has a second arm.
    """
    if design in data(DATA)["tellers"]["never"]:
        return {}
    rated = all_hits(lexicon("instruments.toml", "instruments"), passages.text)
    out: dict[Outcome, tuple[Basis, ...]] = {}
    all_told = _told(passages, rated, design)
    for told in all_told:
        direction = direction_of(told.domain, told.hits, passages, design, compared)
        basis = tuple(passages.basis(h.start, h.end) for h in told.hits[:3])
        for instrument, where in _rated_with(_scale_of(told.domain, all_told), rated, passages):
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
    _add_weak(points, where, rated, passages)
    out = []
    for entry in lexicon(DATA, "domains"):
        if points[entry.id] >= tellers["minimum"]:
            out.append(Told(entry.id, tuple(where[entry.id])))
    return out


def _add_weak(points: dict[str, float], where: dict[str, list[Hit]], rated: list[Hit], passages: Passages) -> None:
    """`Ketamine was effective` is about what the study rates, when a scale or the title says what that is."""
    tellers = data(DATA)["tellers"]
    for entry in _weak():
        scales = any(_instruments()[h.term].about["domain"] == entry.id for h in rated)
        if not scales and not pattern(DATA, "titled").search(passages.sentences[0].text):
            continue
        seen: set[str] = set()
        for hit in entry.hits(passages.text):
            role = passages.role_at(hit.start)
            if role in ("results", "conclusions") and role not in seen:
                seen.add(role)
                points[entry.id] += float(tellers["weak"])
                where[entry.id].append(hit)


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
    if hit.term not in _untraited() and pattern(DATA, "trait").search(before):
        return 0
    if hit.term in data(DATA)["listed"]["domains"] and _in_event_list(hit, sentence, passages):
        return 0
    return worth


def _in_event_list(hit: Hit, sentence: Sentence, passages: Passages) -> bool:
    after = passages.text[hit.end : min(hit.end + 12, sentence.end)]
    return pattern(DATA, "event_list").search(sentence.text) is not None and not pattern(DATA, "unlisted").search(after)


def _scale_of(domain: str, all_told: list[Told]) -> str:
    """Response and remission are read off a depression scale: they name it when severity itself is not told."""
    like = next(e for e in lexicon(DATA, "domains") if e.id == domain).about.get("rated_like", domain)
    return domain if any(t.domain == like for t in all_told) else str(like)


def _rated_with(scale: str, rated: list[Hit], passages: Passages) -> list[tuple[str | None, Hit | None]]:
    """The instruments that rate this domain, each with where it is named first; (None, None) without one."""
    found: dict[str, Hit] = {}
    for hit in rated:
        if _instruments()[hit.term].about["domain"] == scale and passages.role_at(hit.start) != "background":
            found.setdefault(hit.term, hit)
    return list(found.items()) or [(None, None)]
