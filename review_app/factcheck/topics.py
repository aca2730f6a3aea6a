"""Which topics a sentence of copy is about: cues in its words, and the claims it resembles."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from review_app.factcheck.reading import Reading
from review_app.factcheck.topic_data import TopicData

# In cue weights; a lone weak cue names no topic.
THRESHOLD = 2.0
_SHARE_OF_FIRST = 0.5
_LIMIT = 3
_HEADING_SHARE = 0.4
_CLAIM_WEIGHT = 4.0
_SUBORDINATE_SHARE = 0.6
# A clause before the main one sets the scene: "When given in a clinic, ketamine is safe" is about safety.
_SUBORDINATE = re.compile(r"^(?:when|while|although|though|unlike|for|in|by|if|as|with|after|due to|once)\b[^,]{5,},")


def scores(reading: Reading, data: TopicData) -> dict[str, float]:
    """A score per topic, by its cues in the sentence, in what leads it in and in its heading."""
    found: dict[str, float] = defaultdict(float)
    scene = _SUBORDINATE.match(reading.folded.text)
    main_from = scene.end() if scene is not None else 0
    for cue in data.cues:
        if cue.pattern.search(reading.folded.text, main_from):
            found[cue.topic] += cue.weight
        elif main_from and cue.pattern.search(reading.folded.text):
            found[cue.topic] += cue.weight * _SUBORDINATE_SHARE
        elif cue.pattern.search(reading.in_context):
            found[cue.topic] += cue.weight * _SHARE_OF_FIRST
        elif reading.heading is not None and cue.pattern.search(reading.heading):
            found[cue.topic] += cue.weight * _HEADING_SHARE
    return dict(found)


def with_resembled(scored: Mapping[str, float], resembled: Iterable[tuple[tuple[str, ...], float]]) -> dict[str, float]:
    """The scores with those of (topics, similarity 0..1) of the claims that the sentence resembles."""
    found = defaultdict(float, scored)
    for topics, similarity in resembled:
        for place, topic in enumerate(topics):
            found[topic] += _CLAIM_WEIGHT * similarity / (1 + place)
    return dict(found)


def ranked(found: dict[str, float], data: TopicData) -> tuple[str, ...]:
    """At most three topics, most central first; ties fall in the order of the topic list."""
    order = {topic: number for number, topic in enumerate(data.topics)}
    best = sorted((topic for topic in found if topic in order), key=lambda topic: (-found[topic], order[topic]))
    if not best or found[best[0]] < THRESHOLD:
        return ()
    floor = max(THRESHOLD, found[best[0]] * _SHARE_OF_FIRST)
    return tuple(topic for topic in best[:_LIMIT] if found[topic] >= floor)
