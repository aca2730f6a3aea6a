"""Whether a sentence asserts something that evidence could support or contradict, and why."""

import math

from review_app.factcheck.reading import Reading
from review_app.factcheck.topic_data import TopicData

THRESHOLD = 0.5


def checkability(reading: Reading, data: TopicData) -> tuple[float, tuple[str, ...]]:
    """Probability 0..1, and the reasons that moved it, strongest first."""
    holding = [weight for weight in data.checkworthiness if weight.when.holds(reading.signals)]
    total = sum(weight.weight for weight in holding)
    reasons = sorted((weight for weight in holding if weight.when.terms), key=lambda weight: -abs(weight.weight))
    return round(1 / (1 + math.exp(-total)), 4), tuple(weight.reason for weight in reasons)
