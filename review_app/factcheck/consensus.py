"""How far each candidate is like the best ones: what they have in common is what the question is about.

Feedback from the first ranking (Rocchio 1971) without new words for the search: where a question of the topic has
dozens of studies, a study that shares the vocabulary of the best twenty answers it more likely than one that shares a
word with the sentence.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain

BEST = 20


def likeness(features: Sequence[Mapping[str, float]], best: Sequence[int]) -> list[float]:
    """The likeness of each item to the others among the best, as cosine, against the likest: 0 to 1.

    `features` are each item's counts, weighed here by rarity; `best` are places in it. What one item alone has is left
    out: it is shared with nobody.
    """
    having = Counter(chain.from_iterable(features))
    of_all = len(features)
    rarity = {name: math.log(1 + (of_all - n + 0.5) / (n + 0.5)) if n > 1 else 0.0 for name, n in having.items()}
    square = {name: value * value for name, value in rarity.items()}
    lengths = [math.sqrt(sum([n * n * square[name] for name, n in each.items()])) or 1.0 for each in features]
    centre = dict.fromkeys(rarity, 0.0)
    for place in best:
        for name, n in features[place].items():
            centre[name] += n * square[name] / lengths[place]
    among = frozenset(best)
    # A unit vector is like itself by 1, which says nothing.
    alike = [
        max(0.0, sum([n * centre[name] for name, n in each.items()]) / length - (place in among))
        for place, (each, length) in enumerate(zip(features, lengths, strict=True))
    ]
    most = max(alike, default=0.0) or 1.0
    return [each / most for each in alike]
