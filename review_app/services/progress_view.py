"""What the page of progress shows: how far each has come, how far they agree, and the flow of records.

How many records each has voted on is no judgement, and everybody who screens reads it. Agreement is read over records
on which both have voted, and by a reviewer only where they have voted too.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from sqlmodel import Session

from db.models import Review
from db.queries import accounts, assignments, screening
from db.queries import agreement as agreement_queries
from db.queries.assignments import Assigned
from db.queries.blinding import default_review, is_blinded
from db.queries.flow import identified, study_count
from db.queries.parked import parked_count
from db.queries.screening_progress import record_count, voters_by_record, votes_by_member
from db.queries.screening_rules import ADJUDICATORS, stages, votes_needed
from db.queries.settled import Settled, settled_decisions
from db.types import Actor, Stage
from review_app.screening.agreement import agreement
from review_app.screening.exclusion_reasons import Reasons, is_reason_required
from review_app.screening.prisma import Flow, Screened, flow
from review_app.services.calibration_view import CHOICES, PairAgreement
from review_app.services.excluded import blocks, reported_reasons
from review_app.services.permissions import May, allows
from review_app.services.review_settings import criteria_of


@dataclass(frozen=True, slots=True)
class Reviewer:
    """How many records a member has voted on at the stage, and what was assigned to them in the review."""

    name: str
    votes: int
    assigned: Assigned


@dataclass(frozen=True, slots=True)
class StageProgress:
    """`voters`: on how many records so many members have voted. `pairs`: of those whose votes the viewer may see."""

    stage: Stage
    records: int
    needed: int
    voters: Mapping[int, int]
    included: int
    excluded: int
    conflicts: int
    parked: int
    reviewers: tuple[Reviewer, ...]
    pairs: tuple[PairAgreement, ...]


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """`sees_all`: the viewer reads of every conflict, not only of those they voted on. `reasons` for excluding are by
    stage, as they are called now."""

    name: str
    blinded: bool
    sees_all: bool
    stages: tuple[StageProgress, ...]
    reasons: Reasons
    flow: Flow
    sources: tuple[tuple[str, str, int], ...]


def progress_page(session: Session, *, viewer: Actor, topic_id: str) -> ProgressPage | None:
    """None when the topic has no open review."""
    review = default_review(session, topic_id=topic_id)
    if review is None:
        return None
    settled = {stage: settled_decisions(session, viewer=viewer, review=review, stage=stage) for stage in stages(review)}
    found = identified(session, topic_id=topic_id)
    reasons = criteria_of(session, review_id=review.id).reasons
    counted = {stage: _screened(session, viewer, review, stage, rows, reasons) for stage, rows in settled.items()}
    first, *later = counted.values()
    included = [row.article_id for row in list(settled.values())[-1] if row.included]
    return ProgressPage(
        name=review.name,
        blinded=is_blinded(review),
        sees_all=viewer.role in ADJUDICATORS,
        stages=tuple(_stage(session, viewer, review, stage, counted[stage]) for stage in settled),
        reasons=reasons,
        flow=flow(
            identified=sum(number for *_, number in found.sources),
            articles=found.articles,
            gone=found.gone,
            first=first,
            second=later[0] if later else None,
            reports=len(included),
            studies=sum(study_count(session, article_ids=block) for block in blocks(included)),
        ),
        sources=found.sources,
    )


def _stage(session: Session, viewer: Actor, review: Review, stage: Stage, counted: Screened) -> StageProgress:
    return StageProgress(
        stage=stage,
        records=counted.records,
        needed=votes_needed(review),
        voters=voters_by_record(session, review=review, stage=stage),
        included=counted.included,
        excluded=counted.excluded,
        conflicts=screening.conflict_count(session, viewer=viewer, review=review, stage=stage),
        parked=parked_count(session, viewer=viewer, review=review, stage=stage),
        reviewers=tuple(_reviewers(session, review, stage)),
        pairs=tuple(_pairs(session, viewer, review, stage)),
    )


def _reviewers(session: Session, review: Review, stage: Stage) -> Iterator[Reviewer]:
    votes = votes_by_member(session, review=review, stage=stage)
    held = assignments.assigned_by_member(session, review=review)
    for member in accounts.members(session):
        screens = member.left_at is None and allows(accounts.actor_of(member), May.SCREEN)
        if screens or member.id in votes:
            yield Reviewer(member.name, votes.get(member.id, 0), held.get(member.id, Assigned(0, 0)))


def _pairs(session: Session, viewer: Actor, review: Review, stage: Stage) -> Iterator[PairAgreement]:
    names = {member.id: member.name for member in accounts.members(session)}
    rows = agreement_queries.vote_pairs(session, viewer=viewer, review=review, stage=stage)
    for (one, two), group in groupby(rows, key=lambda row: (row.one, row.two)):
        counts = Counter({(row.first.value, row.second.value): row.number for row in group})
        found = agreement(counts.elements(), CHOICES)
        if found is not None:
            yield PairAgreement((names[one], names[two]), found)


def _screened(
    session: Session, viewer: Actor, review: Review, stage: Stage, rows: list[Settled], ranked: Reasons
) -> Screened:
    excluded = [row for row in rows if not row.included]
    told = is_reason_required(stage.value)  # the diagram tells reasons only where each exclusion has one
    ids = [each.id for each in ranked[stage.value]]  # the retired ones too: what was excluded by them is counted
    given = reported_reasons(session, viewer=viewer, review=review, stage=stage, rows=excluded, ranked=ids)
    reasons = given if told else [None] * len(excluded)
    records = record_count(session, review=review, stage=stage)
    return Screened(records, len(rows) - len(excluded), Counter(reasons))
