"""What the pages of screening show: the record to vote on with what stands beside it, and conflicts with both sides."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from db.models import Article, Attachment, Record, Review, ScreeningDecision
from db.queries import accounts
from db.queries import screening as queries
from db.queries.blinding import default_review, is_blinded
from db.queries.full_texts import FullTextQuote, attachments, full_text_quotes
from db.queries.parked import parked, parked_count
from db.queries.screening import Position, Queued
from db.queries.screening_desk import drafts, own_last, publication_types
from db.queries.screening_progress import Progress, progress
from db.queries.screening_rules import on_hold
from db.types import Actor, Decision, Stage
from review_app.services.queue_order import Kind, QueueOrder, live_order, order_kind
from review_app.services.review_settings import Criteria, criteria_of
from review_app.services.screening import draft_key, position_key

AT_ONCE = {Stage.TITLE_ABSTRACT: 4, Stage.FULL_TEXT: 1}  # records that lie on a desk: the next ones are read unasked


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """How the review is done, as everybody in it may know. `on_hold`: all but a calibration round waits."""

    id: int
    name: str
    stage: Stage
    stages: tuple[Stage, ...]
    dual: bool
    blinded: bool
    criteria: Criteria
    on_hold: bool
    order: Kind


@dataclass(frozen=True, slots=True)
class OnDesk:
    """The record to vote on. `position` is None where it was asked for by name and the queue stays where it is; `feed`
    says where it comes from, as for `Queued`, and `asked` that it was asked for. `voted`: a vote of the viewer stands,
    which is Maybe."""

    record_id: int
    article: Article
    types: tuple[str, ...]
    position: Position | None
    labels: tuple[str, ...]
    note: str
    feed: str
    voted: bool


@dataclass(frozen=True, slots=True)
class ScreeningDesk:
    """What waits for `member`, who looks: `records` come one after the other; none when nothing waits. Then
    `new_articles` says how many are not in the review, `elsewhere` is the other stage if the viewer's vote is wanted
    there, and `parked` how many records are kept as Maybe. The labels of one's last votes are offered again. `order` is
    that in which new records come; None as they were added, or while the first one is being made."""

    member: int | None
    review: ReviewFacts
    records: tuple[OnDesk, ...]
    progress: Progress
    own_labels: tuple[str, ...]
    new_articles: int
    elsewhere: Stage | None
    parked: int
    order: QueueOrder | None

    @property
    def on_desk(self) -> OnDesk | None:
        """The one to vote on now."""
        return self.records[0] if self.records else None


@dataclass(frozen=True, slots=True)
class Side:
    """One vote of a conflict, who gave it, and what they quoted from the full text for it."""

    name: str
    vote: ScreeningDecision
    quotes: tuple[FullTextQuote, ...] = ()


@dataclass(frozen=True, slots=True)
class ConflictPage:
    """The next conflict with its sides, as far as the viewer may see them, and how many wait. In full text the files
    that were read."""

    review: ReviewFacts
    record: Record | None
    article: Article | None
    types: tuple[str, ...]
    sides: tuple[Side, ...]
    attachments: tuple[Attachment, ...]
    waiting: int


def review_facts(session: Session, *, topic_id: str) -> ReviewFacts | None:
    """How the topic's open review is done now."""
    review = default_review(session, topic_id=topic_id)
    return _facts(session, review, Stage.TITLE_ABSTRACT) if review else None


def screening_desk(
    session: Session,
    *,
    viewer: Actor,
    topic_id: str,
    stage: Stage,
    first: Sequence[int] = (),
    before: Progress | None = None,
    maybe: bool = False,
) -> ScreeningDesk | None:
    """The records of `first` come first while a vote on them is wanted; a stage that the review does not have is its
    first. `maybe`: not the queue, but the records that are parked. None when the topic has no open review. A new order
    is begun in the background when one is due."""
    review = default_review(session, topic_id=topic_id)
    if review is None:
        return None
    stage = _held(review, stage)
    live = live_order(session.get_bind().engine, review) if stage is Stage.TITLE_ABSTRACT else None
    order = live.newest if live else None
    waiting = _parked(session, viewer, review, stage) if maybe else _next(session, viewer, review, stage, order)
    queued = _queued(session, viewer, review, stage, waiting, first)
    figures = progress(session, viewer=viewer, review=review, stage=stage, before=before)
    labels = sorted({label for vote in figures.votes for label in vote.labels}, key=str.casefold)
    if live:
        live.renew(figures.counted.vote)
    return ScreeningDesk(
        member=viewer.id,
        review=_facts(session, review, stage),
        records=tuple(_on_desk(session, viewer, stage, queued)),
        progress=figures,
        own_labels=tuple(labels),
        new_articles=0 if queued else queries.new_article_count(session, review=review),
        elsewhere=None if queued else _elsewhere(session, viewer, review, stage),
        parked=0 if queued else parked_count(session, viewer=viewer, review=review, stage=stage),
        order=order,
    )


def conflict_page(
    session: Session, *, viewer: Actor, topic_id: str, stage: Stage, skip: int = 0
) -> ConflictPage | None:
    """The conflict to settle next, `skip` further on; None when the topic has no open review."""
    review = default_review(session, topic_id=topic_id)
    if review is None:
        return None
    stage = _held(review, stage)
    waiting = queries.conflict_count(session, viewer=viewer, review=review, stage=stage)
    place = skip % waiting if waiting else 0
    found = queries.conflicts(session, viewer=viewer, review=review, stage=stage, limit=place + 1)
    item = found[-1] if found else None
    return ConflictPage(
        review=_facts(session, review, stage),
        record=item.record if item else None,
        article=item.article if item else None,
        types=_types(session, item.article) if item else (),
        sides=_sides(session, viewer, review, stage, item.record.id) if item else (),
        attachments=_full_texts(session, item.article, stage) if item else (),
        waiting=waiting,
    )


def _held(review: Review, stage: Stage) -> Stage:
    held = queries.stages(review)
    return stage if stage in held else held[0]


def _elsewhere(session: Session, viewer: Actor, review: Review, stage: Stage) -> Stage | None:
    others = (each for each in queries.stages(review) if each is not stage)
    return next((each for each in others if waits_for(session, viewer=viewer, review=review, stage=each)), None)


def waits_for(session: Session, *, viewer: Actor, review: Review, stage: Stage) -> bool:
    """Whether the queue has something for this member, as far as they have come in it."""
    kept = _kept_position(session, viewer, review, stage)
    return bool(queries.next_records(session, viewer=viewer, review=review, stage=stage, after=kept, limit=1))


def _queued(
    session: Session, viewer: Actor, review: Review, stage: Stage, waiting: Sequence[Queued], first: Sequence[int]
) -> list[Queued]:
    """A record that comes before its turn leaves the queue where it is."""
    queue = {each.record.id: each for each in waiting}
    ahead = {}
    for record_id in dict.fromkeys(first):
        found = queue.get(record_id) or _asked_for(session, viewer, review, stage, record_id)
        if found:
            ahead[record_id] = found if record_id == next(iter(queue), None) else replace(found, position=None)
    return [*ahead.values(), *(each for record_id, each in queue.items() if record_id not in ahead)]


def _parked(session: Session, viewer: Actor, review: Review, stage: Stage) -> list[Queued]:
    return parked(session, viewer=viewer, review=review, stage=stage, limit=AT_ONCE[stage])


def _next(session: Session, viewer: Actor, review: Review, stage: Stage, order: QueueOrder | None) -> list[Queued]:
    """The next records after the place that was kept; at the end the whole queue is gone through again."""
    for after in (_kept_position(session, viewer, review, stage), Position()):
        found = queries.next_records(
            session,
            viewer=viewer,
            review=review,
            stage=stage,
            after=after,
            limit=AT_ONCE[stage],
            ranked=order.ids if order else (),
        )
        if found:
            return found
    return []


def _asked_for(session: Session, viewer: Actor, review: Review, stage: Stage, record_id: int) -> Queued | None:
    wanted = queries.asked_of(session, viewer=viewer, review=review, stage=stage, record_id=record_id)
    found = queries.record_with_article(session, record_id=record_id) if wanted else None
    return Queued(*found, None, "asked") if found else None


def _kept_position(session: Session, viewer: Actor, review: Review, stage: Stage) -> Position:
    return Position(**queries.draft(session, viewer=viewer, key=position_key(review.id, stage)))


def _on_desk(session: Session, viewer: Actor, stage: Stage, queued: Sequence[Queued]) -> Iterator[OnDesk]:
    """With what was typed and not saved, else what stood with a vote that was taken back."""
    keys = {each.record.id: draft_key(each.record.id, stage) for each in queued}
    said = own_last(session, viewer=viewer, stage=stage, record_ids=keys)
    typed = drafts(session, viewer=viewer, keys=list(keys.values()))
    types = publication_types(session, article_ids=[each.article.id for each in queued])
    for each in queued:
        before, kept = said.get(each.record.id), typed.get(keys[each.record.id], {})
        yield OnDesk(
            record_id=each.record.id,
            article=each.article,
            types=tuple(types.get(each.article.id, ())),
            position=each.position,
            labels=tuple(kept.get("labels", before.labels if before else ())),
            note=kept.get("note", (before.note if before else None) or ""),
            feed=each.feed,
            voted=before is not None and before.decision is not Decision.WITHDRAWN,
        )


def _types(session: Session, article: Article) -> tuple[str, ...]:
    return tuple(publication_types(session, article_ids=[article.id]).get(article.id, ()))


def _full_texts(session: Session, article: Article, stage: Stage) -> tuple[Attachment, ...]:
    return tuple(attachments(session, article_id=article.id)) if stage is Stage.FULL_TEXT else ()


def _facts(session: Session, review: Review, stage: Stage) -> ReviewFacts:
    return ReviewFacts(
        id=review.id,
        name=review.name,
        stage=stage,
        stages=queries.stages(review),
        dual=review.dual,
        blinded=is_blinded(review),
        criteria=criteria_of(session, review_id=review.id),
        on_hold=on_hold(review),
        order=order_kind(review),
    )


def _sides(session: Session, viewer: Actor, review: Review, stage: Stage, record_id: int) -> tuple[Side, ...]:
    given = queries.votes(session, viewer=viewer, review=review, stage=stage, record_ids=[record_id])
    names = {member.id: member.name for member in accounts.members(session)}
    quoted = full_text_quotes(session, viewer=viewer, review=review, stage=stage, record_id=record_id)
    return tuple(
        Side(names[row.member_id], row, tuple(each for each in quoted if each.member_id == row.member_id))
        for row in given.get(record_id, ())
    )
