"""Which topics the words of a sentence speak for, learnt from the wordings of the claims library.

A lexicon holds the words that somebody thought of. The wordings of a library say the same things in many more, and each
stands under a claim whose first topic is known: enough to learn by counting how likely each topic uses each word.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

from review_app.factcheck.model import Claim
from review_app.factcheck.terms import NUMBER, function_words, stems

# A word that no wording of a topic uses counts as used this often (Laplace): it speaks against the topic and does not
# forbid it.
_SMOOTHING = 1.0


class TopicLikelihood:
    """Multinomial naive Bayes over the stems of wordings (McCallum and Nigam 1998), each stem once per wording.

    Every topic is as likely beforehand: how many wordings a library has of one says nothing about copy.
    """

    def __init__(self, claims: Sequence[Claim]) -> None:
        uses: dict[str, Counter[str]] = defaultdict(Counter)
        for claim in (claim for claim in claims if claim.topics):
            for text in _texts(claim):
                for word in _words(text):
                    uses[word][claim.topics[0]] += 1
        self._topics = tuple(sorted({claim.topics[0] for claim in claims if claim.topics}))
        total = sum(uses.values(), Counter[str]())
        length = {topic: total[topic] + _SMOOTHING * len(uses) for topic in self._topics}
        self._weights = {
            word: [math.log((used[topic] + _SMOOTHING) / length[topic]) for topic in self._topics]
            for word, used in uses.items()
        }

    def of(self, text: str) -> Mapping[str, float]:
        """How much likelier than chance the words make a topic, as a natural logarithm; for each topic that they do.

        Where the wordings use only some of the words, what these say counts for their share.
        """
        words = _words(text)
        known = [self._weights[word] for word in sorted(words) if word in self._weights]
        if not known:
            return {}
        scores = [sum(column) for column in zip(*known, strict=True)]
        best = max(scores)
        chance = best + math.log(sum(math.exp(score - best) for score in scores) / len(scores))
        share = len(known) / len(words)
        return {
            topic: share * (score - chance) for topic, score in zip(self._topics, scores, strict=True) if score > chance
        }


@lru_cache(maxsize=8)
def likelihood(claims: tuple[Claim, ...]) -> TopicLikelihood:
    """What a library's wordings teach, kept while the library stays the same."""
    return TopicLikelihood(claims)


def _texts(claim: Claim) -> tuple[str, ...]:
    return (claim.statement, *(wording.text for wording in (*claim.wordings, *claim.overstatements)))


def _words(text: str) -> frozenset[str]:
    return frozenset(NUMBER if word[0].isdigit() else word for word in stems(text)) - function_words()
