"""How many participants: the number an abstract gives for those randomised, or else enrolled or analysed."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from review_app.tagging.model import Basis
from review_app.tagging.numerals import Number, numbers
from review_app.tagging.passages import Passages, Sentence, data

Size = tuple[int | None, tuple[Basis, ...]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number that may be the sample size, or the several that add up to it."""

    value: int
    points: float
    parts: tuple[Number, ...]


@cache
def _rules() -> dict[str, Any]:
    return data("sample_size.toml")


@cache
def _cues() -> tuple[tuple[float, re.Pattern[str]], ...]:
    return tuple((c["points"], re.compile(c["pattern"])) for c in _rules()["cues"])


@cache
def _pattern(key: str) -> re.Pattern[str]:
    return re.compile(_rules()["patterns"][key])


@cache
def _people(design: str | None) -> re.Pattern[str]:
    people = _rules()["people"]
    kinds = {"nonclinical": "human_only", "pharmacovigilance": "report_nouns"}
    nouns = "|".join(sorted(people[kinds.get(design or "", "nouns")], key=len, reverse=True))
    word = rf"(?:(?!(?:{people['never_between']})\b)[\w'/+-]+|\([^()]{{1,60}}\)),? "
    return re.compile(rf"^ (?:{word}){{0,{people['between']}}}?(?P<noun>{nouns})\b")


@cache
def _people_before(design: str | None) -> re.Pattern[str]:
    people = _rules()["people"]
    if design in _rules()["laboratory"]:
        return re.compile(rf"\b(?:{'|'.join(people['human_only'])}) ?[(,]? ?$")
    return re.compile(rf"\b(?:{'|'.join(people['nouns'])}|{people['before_n']})\b[^.;()]*\(?$")


def suggest_sample_size(passages: Passages, design: str | None) -> Size:
    """Participants randomised or analysed, with the words; None when the abstract does not say."""
    rules = _rules()
    if design in rules["single_case"]:
        return 1, ()
    if design in rules["never"]:
        return None, ()
    best: Candidate | None = None
    for sentence in passages.text_of("title", "aim", "methods", "results", "conclusions", "background"):
        for candidate in _candidates(sentence, passages, design):
            if best is None or candidate.points > best.points:
                best = candidate
    if best is None or best.points < rules["minimum"]:
        return None, ()
    return best.value, tuple(passages.basis(part.start, part.end) for part in best.parts)


def _candidates(sentence: Sentence, passages: Passages, design: str | None) -> list[Candidate]:
    found = []
    listed = []
    for number in numbers(passages, sentence):
        if number.of:
            listed.append(number)
        counted = _counts_people(number, sentence, passages, design)
        if counted:
            found.append(_weighed(number, counted, sentence, passages))
    summed = _summed(listed, found, sentence) if design not in [*_rules()["reviews"], *_rules()["laboratory"]] else None
    if summed:
        found = [*(c for c in found if c.parts[0] not in listed), summed]
    if design not in _rules()["reviews"]:
        found += _added_in_words(list(numbers(passages, sentence)), sentence, passages)
    return [_with_controls(c, passages, design) for c in found]


def _counts_people(number: Number, sentence: Sentence, passages: Passages, design: str | None) -> float:
    """Points for what stands beside the number: N =, n = after people, or people after it; 0 for anything else."""
    points = _rules()["points"]
    if design in _rules()["reviews"] and number.value < _rules()["review_minimum"]:
        return 0
    before = passages.text[max(sentence.start, number.start - 60) : number.start]
    if number.of:
        if design in _rules()["reviews"]:
            return float(points["of_people"]) if _pattern("of_studies").search(before) else 0
        if design in _rules()["laboratory"]:
            return float(points["of_people"]) if _people_before(design).search(before) else 0
        if _pattern("sexes_after").match(passages.text[number.end : sentence.end]):
            return 0
        if number.of == "N":
            return float(points["capital_n"])
        return float(points["of_people" if _people_before(design).search(before) else "small_n"])
    after = passages.text[number.end : sentence.end]
    if _pattern("were_enrolled").match(after):
        return float(points["people"])
    people = _people(design).match(after)
    sexes = people is not None and people["noun"] in _rules()["people"]["sexes"] and before.endswith(("(", "; "))
    return float(points["people"]) if people and not sexes else 0


def _weighed(number: Number, points: float, sentence: Sentence, passages: Passages) -> Candidate:
    around = passages.text[max(sentence.start, number.start - 90) : min(sentence.end, number.end + 90)]
    clause = _pattern("clause_end").split(passages.text[max(sentence.start, number.start - 30) : number.start])[-1]
    clause += "#" + passages.text[number.start : min(sentence.end, number.end + 40)]
    points += max((p for p, cue in _cues() if p > 0 and cue.search(around)), default=0)
    points += sum(p for p, cue in _cues() if p < 0 and cue.search(clause))
    points += _rules()["roles"].get(sentence.role, 0)
    if _is_part(number, sentence, passages):
        points += _rules()["points"]["part"]
    return Candidate(number.value, points, (number,))


def _is_part(number: Number, sentence: Sentence, passages: Passages) -> bool:
    """One arm, those with an event, or the first number of `12 of 40`."""
    after = passages.text[number.end : min(sentence.end, number.end + 70)]
    people = _people(None).match(after)
    rest = after[people.end() :] if people else after
    if _pattern("of_more").match(after) or _pattern("part").match(rest):
        return True
    beside = number.of and (
        _pattern("next_n").match(after)
        or _pattern("last_n").search(passages.text[max(sentence.start, number.start - 60) : number.start])
    )
    return bool(beside)


def _summed(listed: list[Number], found: list[Candidate], sentence: Sentence) -> Candidate | None:
    """Arms given as (n = 12) and (n = 13): their sum, unless one of the numbers already is it."""
    if not 2 <= len(listed) <= _rules()["points"]["most_arms"]:
        return None
    between = sentence.text[listed[0].end - sentence.start : listed[-1].start - sentence.start]
    if len(listed) == 2 and _pattern("subset").search(between):
        return None
    values = [n.value for n in listed]
    for position, number in enumerate(listed):
        rest = values[:position] + values[position + 1 :]
        if number.value == sum(rest) or (len(rest) > 2 and number.value == sum(rest[:2])):
            role = _rules()["roles"].get(sentence.role, 0)
            return Candidate(number.value, _rules()["points"]["total_of_arms"] + role, (number,))
    if any(c.value == sum(values) for c in found) or not _pattern("arms").search(sentence.text):
        return None
    return Candidate(
        sum(values), _rules()["points"]["sum_of_arms"] + _rules()["roles"].get(sentence.role, 0), tuple(listed)
    )


def _added_in_words(all_numbers: list[Number], sentence: Sentence, passages: Passages) -> list[Candidate]:
    """`30 patients were assigned to A and 31 to B`; `20 users, 20 former users and 40 controls were recruited`."""
    running = [n for n in sorted(all_numbers, key=lambda n: n.start) if not n.of]
    points = _rules()["points"]["sum_in_words"] + _rules()["roles"].get(sentence.role, 0)
    out = []
    for position, first in enumerate(running[:-1]):
        parts = [first]
        for following in running[position + 1 :]:
            between = passages.text[parts[-1].end : following.start]
            counted = _people(None).match(passages.text[following.end : sentence.end])
            if (counted and _pattern("listed").match(between)) or (
                len(parts) == 1 and _pattern("second_arm").match(between)
            ):
                parts.append(following)
            else:
                break
        before = passages.text[max(sentence.start, first.start - 60) : first.start]
        if len(parts) > 1 and not _pattern("total_before").search(before):
            out.append(Candidate(sum(p.value for p in parts), points, tuple(parts)))
    return out


def _with_controls(best: Candidate, passages: Passages, design: str | None) -> Candidate:
    """Healthy controls are participants too: added when the sentence gives patients and controls side by side."""
    last = best.parts[-1]
    if design not in _rules()["add_controls"] or len(best.parts) > 1:
        return best
    stop = passages.text.find("\n", last.end, last.end + 300)
    controls = _pattern("controls").search(passages.text, last.end, stop if stop > 0 else last.end + 300)
    between = passages.text[last.end : controls.start()] if controls else ""
    if (
        controls is None
        or not between.strip()
        or _pattern("participants_of").match(between)
        or _pattern("controls_only").match(between)
    ):
        return best
    group = 1 if controls.group(1) else 2
    start, end = controls.span(group)
    added = Number(int(controls.group(group)), start, end)
    return Candidate(best.value + added.value, best.points, (*best.parts, added))
