"""How far each candidate is like the best ones: what they have in common is what the question is about.

Feedback from the first ranking (Rocchio 1971) without new words for the search: a study that shares the vocabulary of
the best answers the question more likely than one that shares a word with the sentence. The better one ranks, the more
it speaks for the rest, as in relevance models (Lavrenko and Croft 2001).
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain


def likeness(features: Sequence[Mapping[str, float]], scores: Sequence[float], best: int) -> list[float]:
    """The likeness of each item to the `best` others by score, as cosine, against the likest: 0 to 1.

    `features` are each item's damped counts, weighed here by rarity. What one item alone has is left out: it is shared
    with nobody.
    """
    having = Counter(chain.from_iterable(features))
    of_all = len(features)
    rarity = [math.log(1 + (of_all - n + 0.5) / (n + 0.5)) if n > 1 else 0.0 for n in range(of_all + 1)]
    square = {name: rarity[n] * rarity[n] for name, n in having.items()}
    lengths = [math.sqrt(sum([n * n * square[name] for name, n in each.items()])) or 1.0 for each in features]
    voices = _voices(scores, best)
    centre = dict.fromkeys(square, 0.0)
    for place, voice in voices.items():
        for name, n in features[place].items():
            centre[name] += voice * n * square[name] / lengths[place]
    together = sum(voices.values())
    alike = []
    for place, (each, length) in enumerate(zip(features, lengths, strict=True)):
        # A unit vector is like itself by 1, which says nothing: only the others are heard.
        own = voices.get(place, 0.0)
        near = sum([n * centre[name] for name, n in each.items()]) / length - own
        alike.append(max(0.0, near) / ((together - own) or 1.0))
    most = max(alike, default=0.0) or 1.0
    return [each / most for each in alike]


def _voices(scores: Sequence[float], best: int) -> dict[int, float]:
    """How much each of the best speaks for the rest, by its place: the square of its share of the best score."""
    ranked = sorted(range(len(scores)), key=lambda place: -scores[place])[:best]
    highest = max(scores, default=0.0)
    return {place: (max(0.0, scores[place]) / highest) ** 2 for place in ranked} if highest > 0 else {}
