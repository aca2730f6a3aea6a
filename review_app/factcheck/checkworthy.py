"""Whether a sentence asserts something that evidence could support or contradict, and why."""

import math

from review_app.factcheck.reading import Reading
from review_app.factcheck.topic_data import TopicData

THRESHOLD = 0.5


def checkability(reading: Reading, data: TopicData) -> tuple[float, tuple[str, ...]]:
    """Probability 0..1, and what speaks for the side it falls on, strongest first."""
    holding = [weight for weight in data.checkworthiness if weight.when.holds(reading.signals)]
    probability = round(1 / (1 + math.exp(-sum(weight.weight for weight in holding))), 4)
    side = 1 if probability >= THRESHOLD else -1
    telling = (weight for weight in holding if weight.when.terms and weight.weight * side > 0)
    return probability, tuple(weight.reason for weight in sorted(telling, key=lambda weight: -abs(weight.weight)))
