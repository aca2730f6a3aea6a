"""What the page of a calibration round shows: how far each has come, and how far they agree, once one has voted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from sqlmodel import Session

from db.models import Article, Review, ScreeningDecision
from db.queries import accounts, screening
from db.queries.blinding import default_review
from db.queries.calibration import votes_by_member
from db.queries.screening_rules import CALIBRATION
from db.types import Actor
from review_app.screening.agreement import Agreement, agreement
from review_app.services.assignments import screeners
from review_app.services.calibration import ROUNDS, STAGE
from review_app.services.exclusion_reasons import ReasonWords, reason_words
from review_app.services.review_settings import Criteria, criteria_of

CHOICES = ("include", "exclude", "maybe")


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """How far two members agree on the records that both voted on, as far as the viewer may see their votes."""

    names: tuple[str, str]
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Split:
    """A record on which they do not all say the same: each vote by the name of who gave it, with its reason."""

    article: Article
    votes: tuple[tuple[str, ScreeningDecision, str], ...]


@dataclass(frozen=True, slots=True)
class Round:
    """`voted`: of its `records`, how many each screening member has voted on. `mine_done`: the viewer has finished."""

    is_open: bool
    hold: bool
    seed: int
    records: int
    drawn_by: str
    criteria_version: int
    voted: tuple[tuple[str, int], ...]
    mine_done: bool
    pairs: tuple[PairAgreement, ...]
    splits: tuple[Split, ...]


@dataclass(frozen=True, slots=True)
class CalibrationPage:
    """`round` is the open one, else the last; `rounds` is how many there were."""

    review_id: int
    criteria: Criteria
    blinded: bool
    round: Round | None
    rounds: int


def calibration_page(session: Session, *, viewer: Actor, topic_id: str) -> CalibrationPage | None:
    """None when the topic has no open review."""
    review = default_review(session, topic_id=topic_id)
    if review is None:
        return None
    ended = review.settings.get(ROUNDS, [])
    shown = review.settings.get(CALIBRATION) or (ended[-1] if ended else None)
    criteria = criteria_of(session, review_id=review.id)
    rounds = len(ended) + (CALIBRATION in review.settings)
    found = _round(session, viewer, review, shown) if shown else None
    return CalibrationPage(review.id, criteria, review.dual and review.blinded, found, rounds)


def _round(session: Session, viewer: Actor, review: Review, drawn: Mapping[str, Any]) -> Round:
    ids, members = drawn["record_ids"], accounts.members(session)
    names = {member.id: member.name for member in members}
    counted = votes_by_member(session, stage=STAGE, record_ids=ids)
    is_open = CALIBRATION in review.settings
    screen = [member.id for member in screeners(session)]
    votes: dict[int, list[ScreeningDecision]] = {}
    mine_done = viewer.id is not None and counted.get(viewer.id, 0) == len(ids)
    if mine_done or not is_open:
        votes = screening.votes(session, viewer=viewer, review=review, stage=STAGE, record_ids=ids)
    return Round(
        is_open=is_open,
        hold=drawn["hold"],
        seed=drawn["seed"],
        records=len(ids),
        drawn_by=drawn["drawn_by"],
        criteria_version=drawn["criteria_version"],
        voted=tuple((names[each], counted.get(each, 0)) for each in dict.fromkeys([*screen, *counted])),
        mine_done=mine_done,
        pairs=tuple(_pairs(votes, names)),
        splits=tuple(_splits(session, votes, names, reason_words(session, review_id=review.id))),
    )


def _pairs(votes: Mapping[int, list[ScreeningDecision]], names: Mapping[int, str]) -> Iterator[PairAgreement]:
    by_record = [{row.member_id: row.decision.value for row in rows} for rows in votes.values()]
    members = sorted({member for given in by_record for member in given}, key=names.__getitem__)
    for one, two in combinations(members, 2):
        found = agreement(((each[one], each[two]) for each in by_record if one in each and two in each), CHOICES)
        if found is not None:
            yield PairAgreement((names[one], names[two]), found)


def _splits(
    session: Session, votes: Mapping[int, list[ScreeningDecision]], names: Mapping[int, str], words: ReasonWords
) -> Iterator[Split]:
    for record_id, rows in votes.items():
        found = screening.record_with_article(session, record_id=record_id)
        if found is not None and len({row.decision for row in rows}) > 1:
            yield Split(found[1], tuple((names[row.member_id], row, words.said(row)) for row in rows))
