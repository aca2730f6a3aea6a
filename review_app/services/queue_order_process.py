"""The process that keeps the order of a queue: a line of JSON in, a line of JSON out, until nothing more is asked.

Trained on what is settled, so that nobody's vote on a record shows in the order before others have voted on it.
"""

import json
import os
import sys
from dataclasses import asdict, astuple
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from db import config
from db.engine import open_engine, reading
from db.models import Review
from db.queries.record_texts import newest_record, record_ids, record_texts
from db.queries.settled import settled_decisions
from db.types import Actor, Role, Stage
from review_app.screening.prioritise import Ranker, RecordText, random_order
from review_app.screening.stopping import stopping

STAGE = Stage.TITLE_ABSTRACT
NOBODY = Actor(None, "order of the queue", Role.READ_ONLY)
EXPLAINED = 300  # of the first records it is told why they come first


class Orders:
    """Answers what the app asks. What is made of a review's texts is kept while no record is added to it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._made: tuple[tuple[int, int, int], Ranker] | None = None

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The fields of a `QueueOrder` for a review, a kind and a seed."""
        with reading(self._engine) as session:
            review = session.get_one(Review, asked["review"])
            settled = settled_decisions(session, viewer=NOBODY, review=review, stage=STAGE)
            ids = record_ids(session, review=review)
            ranker = self._ranker(session, review, asked["seed"]) if asked["kind"] == "prioritised" else None
        decisions = {each.record_id: each.included for each in settled}
        seen, at_random = list(decisions.values()), asked["kind"] == "random"
        ranking = ranker.fit({each: decisions[each] for each in ids if each in decisions}) if ranker else None
        drawn = (each for each in random_order(ids, seed=asked["seed"]) if each not in decisions)
        ordered = ranking.ids if ranking else tuple(drawn)
        return {
            "ids": ordered,
            "trained": ranking is not None and ranking.trained,
            "decided": len(settled),
            "why": {each: [astuple(reason) for reason in ranking.why(each)] for each in ordered[:EXPLAINED]}
            if ranking
            else {},
            "stopping": asdict(stopping(seen, max(len(ids), len(seen)), at_random=at_random)),
        }

    def _ranker(self, session: Session, review: Review, seed: int) -> Ranker:
        key = (review.id, newest_record(session, review=review), seed)
        if self._made is None or self._made[0] != key:
            self._made = None  # or both would be in memory for a while
            texts = record_texts(session, review=review)
            self._made = key, Ranker((RecordText(*text) for text in texts), seed=seed)
        return self._made[1]


def main() -> None:
    if hasattr(os, "nice"):
        os.nice(10)  # whoever screens goes first, on a busy machine too
    orders = Orders(open_engine(config.settings().database_url))
    for line in sys.stdin:
        sys.stdout.write(json.dumps(orders.answer(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
