"""What belongs to a topic and what holds for any: signals, cues, rules, balance concepts, read once from TOML.

Every entry names its source. A malformed entry is an error that names the file, the entry and what is wrong.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, cast, get_args

from review_app.factcheck.model import Verdict
from review_app.factcheck.signals import Condition, Signal, condition

Table = Mapping[str, Any]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
_LANGUAGE_FILES = ("hedges.toml", "strength.toml", "promotion.toml", "discourse.toml")
_TOPIC_FILES = ("lexicon.toml", "flags.toml", "profiles.toml")


class BadTopicData(ValueError):
    """A data file of a topic that cannot be used; the message names the file, the entry and the problem."""


@dataclass(frozen=True, slots=True)
class FlagRule:
    """When `when` holds and the pattern, if any, occurs, the sentence gets the flag."""

    id: str
    flag: str
    pattern: re.Pattern[str] | None
    when: Condition
    message: str
    suggestion: str | None
    source: str
    profiles: tuple[str, ...]
    needs_verdict: bool


@dataclass(frozen=True, slots=True)
class VerdictRule:
    """What a condition does to a verdict: `given` are the verdicts it changes, empty for one of its own."""

    id: str
    when: Condition
    given: tuple[Verdict, ...]
    verdict: Verdict
    message: str
    source: str


@dataclass(frozen=True, slots=True)
class PairRule:
    """Holds for a sentence and a wording that resembles it: the claim is about something else, or only suggests."""

    id: str
    when: Condition
    message: str
    source: str


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that speak for a topic; named `topic.weight`, as are the lay words that say the same."""

    name: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Concept:
    """Words that mean the same in this topic; matching reads them as one."""

    id: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Weight:
    """How much a condition counts for or against being checkable, in log odds, and why in words."""

    id: str
    when: Condition
    weight: float
    reason: str


@dataclass(frozen=True, slots=True)
class BalanceConcept:
    """A risk or limit that copy about a product should state: `product` is spravato, ketamine or any."""

    id: str
    product: str
    text: str
    cues: tuple[str, ...]
    needed_when: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class TopicData:
    topic: str
    topics: tuple[str, ...]
    signals: tuple[Signal, ...]
    cues: tuple[Cue, ...]
    concepts: tuple[Concept, ...]
    flag_rules: tuple[FlagRule, ...]
    checkworthiness: tuple[Weight, ...]
    match_rules: tuple[PairRule, ...]
    basis_rules: tuple[PairRule, ...]
    claim_rules: tuple[VerdictRule, ...]
    topic_rules: tuple[VerdictRule, ...]
    balance: tuple[BalanceConcept, ...]
    english: frozenset[str]
    not_english: frozenset[str]

    def rule_messages(self) -> dict[str, str]:
        """What each verdict rule says, by its id."""
        said = {rule.id: rule.message for rule in (*self.claim_rules, *self.topic_rules)}
        return said | {rule.id: rule.message for rule in self.basis_rules}


@cache
def load(topic: str) -> TopicData:
    """The data of a topic. Raises `BadTopicData` for an unknown topic or a malformed file."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", topic):
        raise BadTopicData(f"topic {topic!r}: a topic is named in lower case with hyphens")
    package = resources.files("review_app.factcheck")
    folder = package.joinpath("topics", topic)
    if not folder.is_dir():
        raise BadTopicData(f"topic {topic!r}: no data; known are {', '.join(known_topics())}")
    language = package.joinpath("language")
    tables = {name: _table(language.joinpath(name)) for name in _LANGUAGE_FILES}
    tables |= {name: _table(folder.joinpath(name)) for name in _TOPIC_FILES}
    return build(
        topic,
        tables,
        checkworthiness=_table(language.joinpath("checkworthy.toml")),
        verdict_rules=_table(language.joinpath("verdict_rules.toml")),
        balance=_table(folder.joinpath("balance.toml")),
        english=_table(language.joinpath("english.toml")),
    )


def known_topics() -> tuple[str, ...]:
    folder = resources.files("review_app.factcheck").joinpath("topics")
    return tuple(sorted(child.name for child in folder.iterdir() if child.is_dir()))


def build(
    topic: str,
    tables: Mapping[str, Table],
    *,
    checkworthiness: Table,
    verdict_rules: Table,
    balance: Table,
    english: Table,
) -> TopicData:
    """Topic data from parsed TOML. `tables` hold signals, rules, topics and concepts under their file names."""
    entries = [(name, table) for name, table in tables.items()]
    return TopicData(
        topic=topic,
        topics=tuple(_text(entry, "id", name) for name, table in entries for entry in table.get("topic", ())),
        signals=tuple(_signal(entry, name) for name, table in entries for entry in table.get("signal", ())),
        cues=tuple(cue for name, table in entries for entry in table.get("topic", ()) for cue in _cues(entry, name)),
        concepts=tuple(_concept(entry, name) for name, table in entries for entry in table.get("concept", ())),
        flag_rules=tuple(_flag_rule(entry, name) for name, table in entries for entry in table.get("rule", ())),
        checkworthiness=tuple(_weight(entry) for entry in checkworthiness.get("weight", ())),
        match_rules=tuple(_pair_rule(entry) for entry in verdict_rules.get("match_rule", ())),
        basis_rules=tuple(_pair_rule(entry) for entry in verdict_rules.get("basis_rule", ())),
        claim_rules=tuple(_verdict_rule(entry) for entry in verdict_rules.get("claim_rule", ())),
        topic_rules=tuple(_verdict_rule(entry) for entry in verdict_rules.get("topic_rule", ())),
        balance=tuple(_balance(entry) for entry in balance.get("concept", ())),
        english=frozenset(english.get("english", ())),
        not_english=frozenset(english.get("not_english", ())),
    )


def _table(file: Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise BadTopicData(f"{file.name}: missing") from None
    except tomllib.TOMLDecodeError as problem:
        raise BadTopicData(f"{file.name}: {problem}") from None


def _text(entry: Table, key: str, file: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadTopicData(f"{file}: entry {entry.get('id', '?')!r} needs {key} as text")
    return value


def _texts(entry: Table, key: str, file: str) -> tuple[str, ...]:
    value = entry.get(key, ())
    if not isinstance(value, Sequence) or isinstance(value, str) or not all(isinstance(one, str) for one in value):
        raise BadTopicData(f"{file}: entry {entry.get('id', '?')!r} needs {key} as a list of texts")
    return tuple(value)


def _pattern(patterns: Iterable[str], entry: Table, file: str) -> re.Pattern[str] | None:
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    try:
        return re.compile(joined) if joined else None
    except re.error as problem:
        raise BadTopicData(f"{file}: entry {entry.get('id', '?')!r} has a bad pattern: {problem}") from None


def _required_pattern(entry: Table, file: str) -> re.Pattern[str]:
    pattern = _pattern(_texts(entry, "patterns", file), entry, file)
    if pattern is None:
        raise BadTopicData(f"{file}: entry {entry.get('id', '?')!r} needs patterns")
    return pattern


def _signal(entry: Table, file: str) -> Signal:
    unless = _pattern(_texts(entry, "unless", file), entry, file)
    return Signal(_text(entry, "id", file), _required_pattern(entry, file), unless, _text(entry, "source", file))


def _concept(entry: Table, file: str) -> Concept:
    return Concept(_text(entry, "id", file), _required_pattern(entry, file))


def _cues(entry: Table, file: str) -> tuple[Cue, ...]:
    topic = _text(entry, "id", file)
    _text(entry, "source", file)
    cues = []
    for weight in (3, 2, 1):
        pattern = _pattern(_texts(entry, f"cues_{weight}", file), entry, file)
        if pattern is not None:
            cues.append(Cue(f"{topic}.{weight}", pattern))
    return tuple(cues)


def _flag_rule(entry: Table, file: str) -> FlagRule:
    suggestion = entry.get("suggestion")
    when = condition(_texts(entry, "when", file))
    return FlagRule(
        id=_text(entry, "id", file),
        flag=_text(entry, "flag", file),
        pattern=_pattern(_texts(entry, "patterns", file), entry, file),
        when=when,
        message=_text(entry, "message", file),
        suggestion=suggestion if isinstance(suggestion, str) else None,
        source=_text(entry, "source", file),
        profiles=_texts(entry, "profiles", file),
        needs_verdict=any(name.startswith("verdict.") for name in when.names()),
    )


def _weight(entry: Table) -> Weight:
    file = "checkworthy.toml"
    when = condition(_texts(entry, "when", file))
    return Weight(_text(entry, "id", file), when, float(entry["weight"]), _text(entry, "reason", file))


def _verdict_rule(entry: Table) -> VerdictRule:
    file = "verdict_rules.toml"
    given = _texts(entry, "given", file)
    verdict = _text(entry, "verdict", file)
    for named in (verdict, *given):
        if named not in VERDICTS:
            raise BadTopicData(f"{file}: entry {entry.get('id', '?')!r} names an unknown verdict {named!r}")
    return VerdictRule(
        id=_text(entry, "id", file),
        when=condition(_texts(entry, "when", file)),
        given=cast("tuple[Verdict, ...]", given),
        verdict=cast("Verdict", verdict),
        message=_text(entry, "message", file),
        source=_text(entry, "source", file),
    )


def _pair_rule(entry: Table) -> PairRule:
    file = "verdict_rules.toml"
    when = condition(_texts(entry, "when", file))
    return PairRule(_text(entry, "id", file), when, _text(entry, "message", file), _text(entry, "source", file))


def _balance(entry: Table) -> BalanceConcept:
    file = "balance.toml"
    return BalanceConcept(
        id=_text(entry, "id", file),
        product=_text(entry, "product", file),
        text=_text(entry, "text", file),
        cues=tuple(cue.lower() for cue in _texts(entry, "cues", file)),
        needed_when=_texts(entry, "needed_when", file),
        source=_text(entry, "source", file),
    )
