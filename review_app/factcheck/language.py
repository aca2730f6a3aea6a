"""What the wording of a sentence gives away: each flag with the rule that raised it and where."""

from collections.abc import Iterable, Sequence

from review_app.factcheck.model import Flag
from review_app.factcheck.reading import Reading, with_names
from review_app.factcheck.topic_data import FlagRule, TopicData


def flags(reading: Reading, data: TopicData, profile: str) -> tuple[Flag, ...]:
    """The flags of a checkable sentence, in the order of the text. A later rule may depend on an earlier flag."""
    rules = (rule for rule in data.flag_rules if not rule.needs_verdict)
    return _in_order(_found(rules, reading, profile))


def flags_of_verdict(known: tuple[Flag, ...], reading: Reading, data: TopicData, profile: str) -> tuple[Flag, ...]:
    """The flags that are known, with those that follow from them and the verdict, which `reading` names."""
    rules = (rule for rule in data.flag_rules if rule.needs_verdict)
    return _in_order([*known, *_found(rules, reading, profile)])


def _found(rules: Iterable[FlagRule], reading: Reading, profile: str) -> list[Flag]:
    found: list[Flag] = []
    for rule in rules:
        flag = _raised(rule, reading, profile)
        if flag is not None:
            found.append(flag)
            reading = with_names(reading, [f"flag.{flag.flag}", f"rule.{flag.rule}"])
    return found


def _in_order(found: Sequence[Flag]) -> tuple[Flag, ...]:
    return tuple(sorted(_once_per_flag(found), key=lambda flag: (flag.start, flag.end, flag.rule)))


def _raised(rule: FlagRule, reading: Reading, profile: str) -> Flag | None:
    if rule.profiles and profile not in rule.profiles:
        return None
    if not rule.when.holds(reading.signals):
        return None
    span = _span(rule, reading)
    return Flag(rule.flag, rule.id, *span, rule.message, rule.suggestion) if span is not None else None


def _span(rule: FlagRule, reading: Reading) -> tuple[int, int] | None:
    if rule.pattern is not None:
        match = rule.pattern.search(reading.folded.text)
        return reading.offsets(*match.span()) if match is not None else None
    for term in rule.when.terms:
        for name in term:
            span = reading.span(name)
            if span is not None:
                return span
    return reading.sentence.start, reading.sentence.end


def _once_per_flag(found: Iterable[Flag]) -> list[Flag]:
    """Of two rules that raise the same flag on overlapping words, or say the same, only the first speaks."""
    kept: list[Flag] = []
    for flag in found:
        if not any(
            flag.flag == other.flag and (_overlap(flag, other) or flag.message == other.message) for other in kept
        ):
            kept.append(flag)
    return kept


def _overlap(flag: Flag, other: Flag) -> bool:
    return flag.start < other.end and other.start < flag.end
