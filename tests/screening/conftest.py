"""An invented review: a tenth of its records are about ketamine and mood, and those were included."""

import random

import pytest

from review_app.screening.prioritise import RecordText
from review_app.screening.simulate import FinishedReview

ABOUT = "ketamine esketamine depression mood suicidality infusion antidepressant remission".split()
BESIDE = "surgery anaesthesia pain cancer asthma diabetes children hip knee fracture sepsis vaccine".split()
ANY = "trial patients methods results placebo randomised weeks study outcome conclusion dose group".split()


@pytest.fixture(scope="session")
def invented_review() -> FinishedReview:
    chance = random.Random(7)
    records, included = [], []
    for number in range(200):
        wanted = number % 10 == 4
        words = (
            chance.choices(ABOUT if wanted else BESIDE, k=6) + chance.choices(ANY, k=12) + chance.choices(ABOUT, k=1)
        )
        chance.shuffle(words)
        records.append(RecordText(number, " ".join(words[:5]), "" if number % 7 == 0 else " ".join(words[5:])))
        included.append(wanted)
    return FinishedReview(tuple(records), tuple(included))
