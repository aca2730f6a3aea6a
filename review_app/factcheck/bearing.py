"""Whether a claim of the library bears on a sentence that resembles one of its wordings.

Shared words are not a shared assertion: "does not cause dissociation" resembles "does not affect blood pressure". What
rules a wording out is written in the match rules of `language/verdict_rules.toml`, over names of the pair.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import cache, lru_cache

from review_app.factcheck import denial
from review_app.factcheck.folding import fold
from review_app.factcheck.matching import Likeness
from review_app.factcheck.model import Claim
from review_app.factcheck.reading import Reading
from review_app.factcheck.signals import Signal, Signals, read
from review_app.factcheck.topic_data import FlagRule, PairRule, TopicData, VerdictRule, load

_ROUTE = "route."
_SUBJECT = "subject."
_OFF_LABEL = "says.off_label"
_OF_PRODUCT = frozenset({"molecule.other", "route.other"})
_OTHER_PRODUCT = 0.85
# Below this share of the words that make a wording go too far, a sentence shares only the wording's subject with it.
_TOLD = 0.3
_NEGATIVE = frozenset({"says.not", "says.denied", "says.not_for"})
_PRODUCTS = frozenset({"drug.ketamine", "drug.esketamine"})


def bearing(reading: Reading, likest: Sequence[Likeness], data: TopicData) -> tuple[Likeness, ...]:
    """The likenesses whose claim bears on the sentence, best first, claims on the same product before others.

    A word-for-word likeness always bears on it.
    """
    judged = (one if one.score == 1.0 else _judged(reading, one, data) for one in likest)
    return tuple(sorted((one for one in judged if one is not None), key=lambda one: -one.score))


def for_product(reading: Reading, claim: Claim, data: TopicData) -> Claim:
    """The claim with what must be said of the sentence's product: the approved one is not asked to say off-label."""
    if sentence_molecule(reading.signals) != "esketamine":
        return claim
    asked = tuple(one for one in claim.qualifiers if _OFF_LABEL not in _said(one.text, data.topic))
    return replace(claim, qualifiers=asked)


def pair_names(reading: Reading, claim: Claim, wording: str, data: TopicData) -> list[str]:
    """Names for what a sentence and a wording of a claim differ in, and for what the claim is about.

    `claim.topic.*` its topics; `stated.*` the signals of its statement; `wording.*` those of the wording;
    `molecule.other` and `route.other` another product; `subject.other` the wording names none of its subjects in common
    with the sentence; `subject.added` the sentence names one that neither wording nor statement has, `subject.unworded`
    one that the wording lacks; `denial.other` one of sentence and wording denies, `denial.turned` one denies by a word
    what the other asserts by it, `denial.whole` the sentence is the wording with a `not`;
    `products.fewer` the wording names both products and the sentence one.
    """
    said = _said(wording, data.topic)
    stated = _said(claim.statement, data.topic)
    names = [f"claim.topic.{topic}" for topic in claim.topics]
    names += [f"stated.{name}" for name in stated] + [f"wording.{name}" for name in said]
    molecule = _molecule(said) if any(name.startswith("drug.") for name in said) else _molecule(stated)
    if {molecule, sentence_molecule(reading.signals)} == {"ketamine", "esketamine"}:
        names.append("molecule.other")
    routes = _among(said, _ROUTE) or _among(stated, _ROUTE)
    own_routes = _among(reading.signals.spans, _ROUTE)
    if routes and own_routes and not routes & own_routes:
        names.append("route.other")
    if _denies(said, reading.signals.spans) or _denies(reading.signals.spans, said):
        names.append("denial.other")
    if denial.turned(reading.in_context, fold(wording).text):
        names.append("denial.turned")
    if denial.denies_all_of(reading.in_context, fold(wording).text):
        names.append("denial.whole")
    if said >= _PRODUCTS and len(_PRODUCTS & reading.signals.spans.keys()) == 1:
        names.append("products.fewer")
    return names + _subject_names(reading, said, stated, data)


def sentence_molecule(signals: Signals) -> str | None:
    """`ketamine` or `esketamine` where a sentence, what it points back to, its lead-in or its document speaks of one
    only."""
    named = _molecule(signals.spans)
    if named is not None or "drug.any" in signals:
        return named
    carried = [drug for drug in ("esketamine", "ketamine") if f"carried.{drug}" in signals]
    if carried:
        return carried[0]
    # Of the two only esketamine is a product to be sprayed into the nose.
    if _among(signals.spans, _ROUTE) == {"route.nasal"} and "document.esketamine" in signals:
        return "esketamine"
    if "racemic" in signals:
        return "ketamine"
    only_esketamine = "document.esketamine" in signals and "document.ketamine" not in signals
    return "esketamine" if only_esketamine else None


def _judged(reading: Reading, likeness: Likeness, data: TopicData) -> Likeness | None:
    candidate = likeness.candidate
    names = pair_names(reading, candidate.claim, candidate.text, data)
    names += ["telling.unsaid"] if likeness.told < _TOLD else []
    signals = reading.signals.adding(names)
    if any(rule.when.holds(signals) for rule in data.match_rules):
        return None
    return replace(likeness, score=likeness.score * _OTHER_PRODUCT) if not _OF_PRODUCT.isdisjoint(names) else likeness


def _subject_names(reading: Reading, said: frozenset[str], stated: frozenset[str], data: TopicData) -> list[str]:
    subjects = _among(said, _SUBJECT)
    own = _among(_said(reading.in_context, data.topic), _SUBJECT)
    around = own | (_among(_said(reading.heading, data.topic), _SUBJECT) if reading.heading else frozenset())
    names = ["subject.other"] if subjects and not subjects & around else []
    names += ["subject.unworded"] if own - subjects else []
    return names + ["subject.added"] * bool(own - subjects - _among(stated, _SUBJECT))


def _denies(one: Collection[str], other: Collection[str]) -> bool:
    """Whether one denies something and the other has no negative word at all."""
    return "says.denied" in one and _NEGATIVE.isdisjoint(other)


def _molecule(names: Iterable[str]) -> str | None:
    named = {name.removeprefix("drug.") for name in names} & {"ketamine", "esketamine"}
    return named.pop() if len(named) == 1 else None


def _among(names: Iterable[str], prefix: str) -> frozenset[str]:
    return frozenset(name for name in names if name.startswith(prefix))


@lru_cache(maxsize=20_000)
def _said(text: str, topic: str) -> frozenset[str]:
    return frozenset(read(fold(text), _asked(topic)).spans)


@cache
def _asked(topic: str) -> tuple[Signal, ...]:
    """The signals that rules ask of a wording or a statement, and those of product, subject and denial."""
    data = load(topic)
    rules: Sequence[PairRule | VerdictRule | FlagRule]
    rules = (*data.match_rules, *data.basis_rules, *data.claim_rules, *data.topic_rules, *data.flag_rules)
    names = {name for rule in rules for name in rule.when.names() if name.startswith(("wording.", "stated."))}
    whole = {name.partition(".")[2] for name in names} | _NEGATIVE | {_OFF_LABEL}
    parts = ("drug.", _ROUTE, _SUBJECT, *(name.rstrip("*") for name in whole if name.endswith("*")))
    return tuple(signal for signal in data.signals if signal.id in whole or signal.id.startswith(parts))
