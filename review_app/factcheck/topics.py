"""Which topics a sentence of copy is about: cues in its words, and the claims it resembles."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from review_app.factcheck.reading import Reading
from review_app.factcheck.signals import Condition, condition
from review_app.factcheck.terms import PhraseIndex, load, phrase_index, stems
from review_app.factcheck.topic_data import TopicData

# In cue weights; a lone weak cue names no topic.
THRESHOLD = 2.0
_SHARE_OF_FIRST = 0.5
_LIMIT = 3
_HEADING_SHARE = 0.4
_CLAIM_WEIGHT = 4.0
_LIKELIHOOD_WEIGHT = 2.0
_SUBORDINATE_SHARE = 0.6
_AHEAD = 0.1
_LAY_WEIGHTS = {"strong": 3, "fair": 2, "weak": 1}
# A clause before the main one sets the scene: "When given in a clinic, ketamine is safe" is about safety.
_SUBORDINATE = re.compile(r"^(?:when|while|although|though|unlike|for|in|by|if|as|with|after|due to|once)\b[^,]{5,},")


def scores(reading: Reading, data: TopicData) -> dict[str, float]:
    """A score per topic, by its cues in the sentence, in what leads it in and in its heading."""
    found: dict[str, float] = defaultdict(float)
    text = reading.folded.text
    scene = _SUBORDINATE.match(text)
    places = [(text[scene.end() :], 1.0), (text, _SUBORDINATE_SHARE)] if scene is not None else [(text, 1.0)]
    places += [(reading.in_context, _SHARE_OF_FIRST)] if reading.in_context != text else []
    places += [(reading.heading, _HEADING_SHARE)] if reading.heading is not None else []
    known: set[str] = set()
    for place, share in places:
        cued = _cued(place, data) - known
        for name in sorted(cued):
            topic, _, weight = name.rpartition(".")
            found[topic] += share * float(weight)
        known |= cued
    return dict(found)


def _cued(text: str, data: TopicData) -> frozenset[str]:
    """The names of the cues that occur in a folded text."""
    return _lay_words(data.topic).find(stems(text)).union(cue.name for cue in data.cues if cue.pattern.search(text))


@cache
def _lay_words(topic: str) -> PhraseIndex:
    """The lay words of a topic's data under the names that cues have: `topic.weight`."""
    return phrase_index(
        {
            f"{entry['topic']}.{weight}": entry.get(strength, ())
            for entry in load(f"topics/{topic}/lay_words.toml")["lay"]
            for strength, weight in _LAY_WEIGHTS.items()
        }
    )


def with_resembled(scored: Mapping[str, float], resembled: Iterable[tuple[tuple[str, ...], float]]) -> dict[str, float]:
    """The scores with those of (topics, similarity 0..1) of the claims that the sentence resembles."""
    found = defaultdict(float, scored)
    for topics, similarity in resembled:
        for place, topic in enumerate(topics):
            found[topic] += _CLAIM_WEIGHT * similarity / (1 + place)
    return dict(found)


def with_likelihood(scored: Mapping[str, float], likelier: Mapping[str, float]) -> dict[str, float]:
    """The scores with how much likelier than chance a sentence's words make each topic."""
    found = defaultdict(float, scored)
    for topic, by in likelier.items():
        found[topic] += _LIKELIHOOD_WEIGHT * by
    return dict(found)


@dataclass(frozen=True, slots=True)
class _Precedence:
    """When `when` holds, a sentence is about `topic` before it is about any topic in `over`."""

    topic: str
    over: frozenset[str]
    when: Condition


@cache
def _precedences(topic: str) -> tuple[_Precedence, ...]:
    return tuple(
        _Precedence(entry["topic"], frozenset(entry["over"]), condition(entry["when"]))
        for entry in load(f"topics/{topic}/lexicon.toml").get("precedence", ())
    )


def with_precedence(scored: Mapping[str, float], reading: Reading, data: TopicData) -> dict[str, float]:
    """The scores, a topic raised over the one that leads where the data say that it is the more central of the two."""
    found = dict(scored)
    for rule in _precedences(data.topic):
        first = max(found, key=lambda topic: found[topic], default=None)
        if first in rule.over and found[first] >= THRESHOLD and rule.when.holds(reading.signals):
            found[rule.topic] = found[first] + _AHEAD
    return found


def ranked(found: dict[str, float], data: TopicData) -> tuple[str, ...]:
    """At most three topics, most central first; ties fall in the order of the topic list."""
    order = {topic: number for number, topic in enumerate(data.topics)}
    best = sorted((topic for topic in found if topic in order), key=lambda topic: (-found[topic], order[topic]))
    if not best or found[best[0]] < THRESHOLD:
        return ()
    floor = max(THRESHOLD, found[best[0]] * _SHARE_OF_FIRST)
    return tuple(topic for topic in best[:_LIMIT] if found[topic] >= floor)
