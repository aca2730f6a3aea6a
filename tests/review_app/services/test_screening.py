"""Voting, taking back, settling; and that queue and conflicts say what the rules of two votes say."""

import random
from collections import defaultdict

import invented_screening
import invented_studies
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select
from study_page import actor
from two_votes import State, Vote, may_vote, state_of

from db import audit, config
from db.engine import reading, writing
from db.models import Adjudication, AuditEvent, Draft, Record, Review, ScreeningDecision
from db.queries import screening as queries
from db.queries.screening import Position
from db.types import Actor, Decision, Stage
from review_app.services import screening, screening_view
from review_app.services.errors import Conflict, Invalid, NotFound, Refused
from review_app.services.screening_view import OnDesk, ScreeningDesk

STAGE, TOPIC = Stage.TITLE_ABSTRACT, invented_studies.TOPIC
INCLUDE, EXCLUDE, MAYBE = Decision.INCLUDE, Decision.EXCLUDE, Decision.MAYBE


@pytest.fixture
def review(library: Engine) -> Review:
    return invented_screening.begin(library)


def desk_of(engine: Engine, name: str, *first: int) -> ScreeningDesk:
    with reading(engine) as session:
        desk = screening_view.screening_desk(
            session, viewer=actor(engine, name), topic_id=TOPIC, stage=STAGE, first=first
        )
    assert desk is not None
    return desk


def shown(engine: Engine, name: str) -> OnDesk:
    on_desk = desk_of(engine, name).on_desk
    assert on_desk is not None
    return on_desk


def vote(engine: Engine, name: str, decision: Decision, *, on: OnDesk | None = None, **more: object) -> OnDesk:
    """A vote on what lies on this person's desk, or on `on`."""
    on_desk = on or shown(engine, name)
    given = {"content_hash": on_desk.article.content_hash, "position": on_desk.position} | more
    with writing(engine) as session:
        screening.vote(
            session,
            actor=actor(engine, name),
            record_id=on_desk.record_id,
            stage=STAGE,
            decision=decision,
            **given,  # type: ignore[arg-type]
        )
    return on_desk


def undo(engine: Engine, name: str, record_id: int) -> None:
    with writing(engine) as session:
        screening.undo(session, actor=actor(engine, name), record_id=record_id, stage=STAGE)


def adjudicate(engine: Engine, name: str, record_id: int, decision: Decision = INCLUDE, reason: str = "Fits") -> None:
    with writing(engine) as session:
        screening.adjudicate(
            session, actor=actor(engine, name), record_id=record_id, stage=STAGE, decision=decision, reason=reason
        )


def conflict(engine: Engine) -> int:
    """Ben and Cleo disagree on a record; its id."""
    record_id = vote(engine, "Ben", INCLUDE, note="A trial", labels=["key"]).record_id
    assert vote(engine, "Cleo", EXCLUDE, reason="population").record_id == record_id
    return record_id


def count(engine: Engine, kind: type) -> int:
    with reading(engine) as session:
        return session.exec(select(func.count()).select_from(kind)).one()


def test_starting_again_adds_only_what_came_since(library: Engine, review: Review) -> None:
    ada, before = actor(library, "Ada"), count(library, Record)
    assert before == 8
    with writing(library) as session:
        assert screening.start(session, actor=ada, review_id=review.id) == 0
    with writing(library) as session:
        invented_studies.keep(session, [invented_studies._plain(70)])
        session.commit()
    with writing(library) as session:
        assert screening.start(session, actor=ada, review_id=review.id) == 1
    assert count(library, Record) == before + 1


def test_a_vote_is_kept_with_its_note_and_labels_and_the_next_record_comes(library: Engine, review: Review) -> None:
    first = vote(library, "Ben", EXCLUDE, reason="design", note=" A letter ", labels=["letter", "letter "])
    with reading(library) as session:
        row = session.exec(select(ScreeningDecision)).one()
        assert audit.problems(session) == []
    assert (row.decision, row.exclusion_reason, row.note, row.labels) == (EXCLUDE, "design", "A letter", ["letter"])
    assert shown(library, "Ben").record_id != first.record_id
    assert desk_of(library, "Ben").progress.mine == 1


def test_one_resumes_where_one_left(library: Engine, review: Review) -> None:
    for _ in range(3):
        vote(library, "Ben", INCLUDE)
    with reading(library) as session:
        kept = Position(**queries.draft(session, viewer=actor(library, "Ben"), key=f"queue:{STAGE.value}:{review.id}"))
        assert shown(library, "Ben").record_id > kept.record > 0


def test_a_record_that_comes_before_its_turn_leaves_the_queue_where_it_is(library: Engine, review: Review) -> None:
    first, second, third = desk_of(library, "Ben").records[:3]
    asked = desk_of(library, "Ben", third.record_id, first.record_id).records
    assert [each.record_id for each in asked[:3]] == [third.record_id, first.record_id, second.record_id]
    assert [each.position is None for each in asked[:3]] == [True, False, False]
    vote(library, "Ben", INCLUDE, on=asked[0])
    assert [each.record_id for each in desk_of(library, "Ben").records[:2]] == [first.record_id, second.record_id]


def test_a_note_never_wipes_labels_nor_labels_a_note(library: Engine, review: Review) -> None:
    ben, record_id = actor(library, "Ben"), shown(library, "Ben").record_id
    for typed in ({"labels": ["key"]}, {"note": "Look again"}, {"labels": ["key", "late"]}):
        with writing(library) as session:
            screening.keep_draft(session, actor=ben, record_id=record_id, stage=STAGE, **typed)  # type: ignore[arg-type]
    on_desk = shown(library, "Ben")
    assert (on_desk.labels, on_desk.note) == (("key", "late"), "Look again")
    assert shown(library, "Cleo").labels == ()


def test_undo_brings_the_record_back_with_its_note_and_labels_and_keeps_the_vote(
    library: Engine, review: Review
) -> None:
    first = vote(library, "Ben", INCLUDE, note="A trial", labels=["key"])
    undo(library, "Ben", first.record_id)
    again = desk_of(library, "Ben", first.record_id).on_desk
    assert again is not None
    assert (again.record_id, again.note, again.labels) == (first.record_id, "A trial", ("key",))
    assert count(library, ScreeningDecision) == 2
    assert count(library, Draft) == 1  # the place in the queue; the draft went with the vote
    undo(library, "Ben", first.record_id)
    assert count(library, ScreeningDecision) == 2
    with pytest.raises(NotFound):
        undo(library, "Cleo", first.record_id)


def test_undo_takes_back_the_vote_on_the_record_that_is_named(library: Engine, review: Review) -> None:
    given = [vote(library, "Ben", INCLUDE).record_id for _ in range(3)]
    undo(library, "Ben", given[1])
    assert [each.record_id for each in desk_of(library, "Ben").progress.votes] == [given[2], given[0]]
    assert desk_of(library, "Ben").progress.mine == 2


def test_a_vote_that_stands_just_so_is_given_once(library: Engine, review: Review) -> None:
    seen = vote(library, "Ben", EXCLUDE, reason="design", note="A letter", labels=["letter"])
    vote(library, "Ben", EXCLUDE, on=seen, reason="design", note="A letter ", labels=["letter"])
    assert count(library, ScreeningDecision) == 1
    with pytest.raises(Conflict):
        vote(library, "Ben", EXCLUDE, on=seen, reason="design")


def test_a_vote_that_is_not_needed_any_more_is_refused(library: Engine, review: Review) -> None:
    late = shown(library, "Ada")
    record_id = conflict(library)
    assert late.record_id == record_id
    with pytest.raises(Conflict, match="decided meanwhile"):
        vote(library, "Ada", INCLUDE, on=late)
    with pytest.raises(Conflict):
        vote(library, "Ben", EXCLUDE, on=late)


def test_a_vote_on_an_article_that_changed_meanwhile_is_refused(library: Engine, review: Review) -> None:
    with pytest.raises(Conflict, match="changed while you read"):
        vote(library, "Ben", INCLUDE, content_hash="before")


def test_a_reason_belongs_to_the_stage_and_to_an_exclusion(library: Engine, review: Review) -> None:
    for decision, reason in ((EXCLUDE, "not_retrieved"), (EXCLUDE, "dull"), (INCLUDE, "population")):
        with pytest.raises(Invalid):
            vote(library, "Ben", decision, reason=reason)
    on_desk = shown(library, "Ben")
    with writing(library) as session, pytest.raises(Invalid, match="in full text"):
        screening.vote(
            session,
            actor=actor(library, "Ben"),
            record_id=on_desk.record_id,
            stage=Stage.FULL_TEXT,
            decision=EXCLUDE,
            content_hash=on_desk.article.content_hash,
        )


def test_a_note_that_is_too_long_is_refused_and_not_cut(library: Engine, review: Review) -> None:
    with pytest.raises(Invalid, match="10,001"):
        vote(library, "Ben", INCLUDE, note="x" * 10_001)


def test_ada_settles_a_conflict_with_a_reason_and_the_votes_stay(library: Engine, review: Review) -> None:
    record_id = conflict(library)
    with pytest.raises(Refused):
        adjudicate(library, "Ben", record_id)
    with pytest.raises(Invalid):
        adjudicate(library, "Ada", record_id, reason=" ")
    with pytest.raises(Invalid):
        adjudicate(library, "Ada", record_id, MAYBE)
    adjudicate(library, "Ada", record_id, reason="Adults with depression")
    with reading(library) as session:
        row = session.exec(select(Adjudication)).one()
        assert [each.id for each in session.exec(select(ScreeningDecision))] == row.settles
    with pytest.raises(Conflict):
        adjudicate(library, "Ada", record_id)
    with pytest.raises(Conflict, match="settled"):
        undo(library, "Cleo", record_id)


def test_the_sides_of_a_conflict_are_for_its_voters_and_for_who_settles_it(library: Engine, review: Review) -> None:
    record_id = vote(library, "Ben", INCLUDE).record_id
    for name in ("Ada", "Cleo"):
        assert _conflict(library, name).record is None
    vote(library, "Cleo", EXCLUDE)
    for name in ("Ada", "Ben", "Cleo"):
        page = _conflict(library, name)
        assert page.record is not None
        assert page.record.id == record_id
        assert [side.name for side in page.sides] == ["Ben", "Cleo"]
    assert _conflict(library, "Dov").record is None


def _conflict(engine: Engine, name: str) -> screening_view.ConflictPage:
    with reading(engine) as session:
        page = screening_view.conflict_page(session, viewer=actor(engine, name), topic_id=TOPIC, stage=STAGE)
    assert page is not None
    return page


def test_the_audit_trail_names_the_act_and_not_the_decision(library: Engine, review: Review) -> None:
    vote(library, "Ben", INCLUDE)
    with reading(library) as session:
        event = session.exec(select(AuditEvent).order_by(col(AuditEvent.id).desc())).first()
    assert event is not None
    assert event.action == "screened"
    assert "include" not in str(event.detail)


@pytest.mark.parametrize("dual", [True, False])
def test_queue_and_conflicts_agree_with_the_rules_of_two_votes(library: Engine, review: Review, dual: bool) -> None:
    """Votes by chance, taken back and repeated; the library answers as `two_votes` does."""
    chance, people = random.Random(7), {name: actor(library, name) for name in ("Ada", "Ben", "Cleo")}
    given: dict[int, list[Vote]] = defaultdict(list)
    with writing(library) as session:
        session.get_one(Review, review.id).dual = dual
        ids = list(session.exec(select(Record.id)))
        for _ in range(30):
            record_id, who = chance.choice(ids), chance.choice(list(people.values()))
            decision = chance.choice(list(Decision))
            now = config.now()
            session.add(
                ScreeningDecision(
                    record_id=record_id, stage=STAGE, member_id=who.member_id, decision=decision, decided_at=now
                )
            )
            session.flush()
            given[record_id].append(Vote(who.member_id, decision.value))
        session.commit()
    with reading(library) as session:
        now_review = session.get_one(Review, review.id)
        for who in people.values():
            asked = _asked(session, who, now_review)
            assert asked == {each for each in ids if may_vote(given[each], member=who.member_id, dual=dual)}
        waits = {State.CONFLICT, State.MAYBE} if dual else {State.CONFLICT}
        unsettled = {each for each in ids if state_of(given[each], dual=dual) in waits}
        found = queries.conflicts(session, viewer=people["Ada"], review=now_review, stage=STAGE, limit=99)
        assert {row.record.id for row in found} == unsettled
        assert unsettled


def _asked(session: Session, who: Actor, review: Review) -> set[int]:
    found = queries.next_records(session, viewer=who, review=review, stage=STAGE, after=Position(), limit=99)
    return {row.record.id for row in found}
