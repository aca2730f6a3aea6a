"""Which way a result went, for the ketamine arm."""

import re
from collections import Counter
from functools import cache

from review_app.tagging.passages import Hit, Passages, data

DATA = "directions.toml"


@cache
def _cue(table: str, key: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in data(DATA)[table][key]))


@cache
def _domain(kind: str) -> frozenset[str]:
    return frozenset(data(DATA)["domains"][kind])


def _says(key: str, words: str) -> bool:
    return _cue("cues", key).search(words) is not None


def direction_of(domain: str, hits: tuple[Hit, ...], passages: Passages, design: str | None, compared: bool) -> str:
    """One of the guide's directions, from the clauses that tell the domain's result and from the design.

    `compared` says that the study has a second arm, whatever its design.
    """
    clauses = _clauses(hits, passages)
    asks = _cue("titles", "association").search(passages.sentences[0].text) is not None
    if domain in _domain("association"):
        return _marker(clauses)
    if domain in _domain("harm"):
        return "association" if asks and _all_say("association", clauses) else _harm(clauses, design)
    designs = data(DATA)["designs"]
    if design in designs["told"]:
        return _told(clauses)
    if design in designs["compared"]:
        return "association" if asks and _all_say("association", clauses) else _polarity(clauses)
    if design in designs["secondary"]:
        return _secondary(clauses, asks, compared)
    return "association" if asks or _all_say("association", clauses) else "not_comparative"


def _clauses(hits: tuple[Hit, ...], passages: Passages) -> list[str]:
    """The clause around each hit: of the results when there are any, else of the conclusions, else of the title."""
    by_role: dict[str, list[str]] = {}
    for hit in hits:
        sentence = passages.sentence_at(hit.start)
        start, end = sentence.start, sentence.end
        for cut in _cue("clauses", "cuts").finditer(passages.text, sentence.start, sentence.end):
            if cut.end() <= hit.start:
                start = cut.end()
            elif cut.start() >= hit.end:
                end = cut.start()
                break
        by_role.setdefault(sentence.role, []).append(passages.text[start:end])
    for role in data(DATA)["clauses"]["roles"]:
        if role in by_role:
            return list(dict.fromkeys(by_role[role]))
    return [clause for clauses in by_role.values() for clause in clauses]


def _all_say(key: str, clauses: list[str]) -> bool:
    return bool(clauses) and all(_says(key, clause) for clause in clauses)


def _marker(clauses: list[str]) -> str:
    unchanged = _all_say("no_difference", clauses) and not any(_says("association", c) for c in clauses)
    return "no_difference" if unchanged else "association"


def _harm(clauses: list[str], design: str | None) -> str:
    raised = [c for c in clauses if _says("more_harm", c) and not _says("denied", c)]
    if raised:
        return "harm"
    compared = design in data(DATA)["designs"]["compared"]
    if compared and any(_says("no_difference", c) for c in clauses):
        return "no_difference"
    return "favours_intervention" if compared and _all_say("less_harm", clauses) else "not_comparative"


def _secondary(clauses: list[str], asks: bool, compared: bool) -> str:
    if not compared:
        return "association" if asks else "not_comparative"
    if asks:
        return "association"
    contrasts = [c for c in clauses if _says("contrast", c) and not _says("association", c)]
    return _polarity(contrasts) if contrasts else "association"


def _told(clauses: list[str]) -> str:
    if any(_says("mixed", c) for c in clauses):
        return "mixed"
    return "association" if _all_say("association", clauses) else "favours_intervention"


def _polarity(clauses: list[str]) -> str:
    """The verdict of most clauses; the earlier one when they are even."""
    order = ("favours_comparator", "mixed", "no_difference", "favours_intervention")
    cues = ("worse", "mixed", "no_difference", "better")
    votes = [next((v for v, cue in zip(order, cues, strict=True) if _says(cue, c)), None) for c in clauses]
    counted = Counter(v for v in votes if v)
    return counted.most_common(1)[0][0] if counted else "favours_intervention"
