"""Which risks and limits a document states, for the products it speaks of."""

import re
from collections.abc import Sequence

from review_app.factcheck.folding import fold
from review_app.factcheck.model import BalanceItem
from review_app.factcheck.reading import Reading
from review_app.factcheck.topic_data import BalanceConcept, TopicData

_PRODUCTS = {"spravato": "drug.esketamine", "ketamine": "drug.ketamine"}


def ledger(found: Sequence[Reading], topics: frozenset[str], data: TopicData) -> tuple[BalanceItem, ...]:
    """The concepts that the named products and topics call for, each with the first sentence that states it."""
    needed = [concept for concept in data.balance if _is_needed(concept, found, topics)]
    return tuple(_item(concept, found) for concept in needed)


def _is_needed(concept: BalanceConcept, found: Sequence[Reading], topics: frozenset[str]) -> bool:
    signal = _PRODUCTS.get(concept.product, "drug.any")
    named = any(signal in reading.signals for reading in found)
    return named and (not concept.needed_when or bool(topics & set(concept.needed_when)))


def _item(concept: BalanceConcept, found: Sequence[Reading]) -> BalanceItem:
    cues = "|".join(re.escape(fold(cue).text) for cue in concept.cues)
    pattern = re.compile(rf"(?<!\w)(?:{cues})(?!\w)") if cues else None
    for reading in found:
        # A heading names what follows; what a document says of a risk stands in its sentences.
        if pattern is not None and reading.sentence.kind != "heading" and pattern.search(reading.folded.text):
            return BalanceItem(concept.id, present=True, sentence=reading.sentence.index)
    return BalanceItem(concept.id, present=False, sentence=None)
