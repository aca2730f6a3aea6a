"""Alerts as people read them: cards, their tree, counts, who sees what."""

from collections.abc import Callable
from datetime import timedelta

from rested_library import FOUND, METHODS, OTHER, QUOTE, alerts, article, put, take_away, trial
from sqlalchemy import Engine
from sqlmodel import Session, select

from db import config, impact
from db.engine import reading, writing
from db.models import AlertResolution, HarvestRun, Member, Review
from db.queries import alerts as queries
from db.queries.alerts import AlertCard
from db.queries.nights import NightState, night_state
from db.types import Actor, AlertState, AnchorState, Role, RunKind, RunStatus
from harvester.records import NoticeLink, Section

Clock = Callable[..., None]
RETRACTION = NoticeLink("RetractionIn", "retraction", True, 90000999, "Invented J. 2026;1:1")
ADA, BEN, CLEO, DOV = (
    Actor(number, name, role)
    for number, (name, role) in enumerate(
        {"Ada": Role.LEAD, "Ben": Role.REVIEWER, "Cleo": Role.REVIEWER, "Dov": Role.WRITER}.items(), 1
    )
)
COMMAND = Actor(None, "digest", Role.READ_ONLY)


def cards(engine: Engine, viewer: Actor, *, mine: bool = False, state: queries.State = "open") -> tuple[AlertCard, ...]:
    with reading(engine) as session:
        return queries.alert_cards(session, viewer=viewer, state=state, mine=mine, limit=20)


def answer(engine: Engine, what: str, state: AlertState) -> None:
    with writing(engine) as session:
        (row,) = (row for row in alerts(engine) if row.key.endswith(f"|{what}"))
        session.add(AlertResolution(alert_id=row.id, state=state, reason="Seen", member_id=1, at=config.now()))
        session.commit()


def test_a_change_is_one_card_with_the_tree_of_what_rests_on_it(rested_on_both: Engine) -> None:
    put(rested_on_both, trial(sections=(Section(METHODS, "METHODS"), Section(FOUND, "RESULTS")), notices=(RETRACTION,)))
    (card,) = cards(rested_on_both, ADA)
    assert card.kind == "retracted"
    assert card.article is not None
    assert card.run is not None
    assert [(row.kind, row.source) for row in card.notices] == [("retraction", "pubmed")]
    onset, shipped = card.tree.claims
    assert [(quote.exact, anchor.state) for quote, anchor in onset.quotes] == [(QUOTE, AnchorState.ORPHANED)]
    assert (onset.owner, shipped.owner) == ("Ben", None)
    assert [each.sentence.text for each in (*onset.sentences, *shipped.sentences)] == ["One.", "Two."]
    assert [[each.sentence.text for each in document.sentences] for document in card.tree.documents] == [["Three."]]
    assert [finding.member_id for finding in card.tree.findings] == [2]
    assert onset.page.verdict is not None
    assert onset.page.verdict.stale_since is not None


def test_before_and_after_are_those_of_the_change_also_later(rested: Engine, clock: Clock) -> None:
    for text in (f"{QUOTE} It was liked.", f"{QUOTE} It was loved."):
        put(rested, trial(sections=(Section(text, "RESULTS"),)))
        clock(days=1)
    newer, older = cards(rested, ADA)
    assert older.before is not None
    assert older.after is not None
    assert newer.before == older.after
    assert [section.text for section in older.before.sections] == [METHODS, f"{QUOTE} {FOUND}"]
    assert [section.text for section in older.after.sections] == [f"{QUOTE} It was liked."]
    assert newer.after is not None
    assert [section.label for section in newer.after.sections] == ["RESULTS"]


def test_where_no_word_changed_there_is_no_before_and_after(rested: Engine) -> None:
    put(rested, trial(notices=(RETRACTION,)))
    (card,) = cards(rested, ADA)
    assert (card.kind, card.before, card.after) == ("retracted", None, None)


def test_an_article_that_goes_and_comes_back_has_no_before_and_after(rested: Engine, clock: Clock) -> None:
    take_away(rested)
    clock(days=1)
    put(rested, trial())
    assert [(card.kind, card.before, card.after) for card in cards(rested, ADA)] == [
        ("returned", None, None),
        ("gone", None, None),
    ]


def test_mine_are_my_own_and_for_a_lead_those_of_nobody(rested: Engine) -> None:
    put(rested, trial(notices=(RETRACTION,)))
    for viewer, number in ((ADA, 1), (BEN, 1), (CLEO, 1), (DOV, 1), (COMMAND, 0)):
        with reading(rested) as session:
            assert queries.open_count(session, viewer=viewer) == number, viewer.name
        assert len(cards(rested, viewer, mine=True)) == number, viewer.name
        assert len(cards(rested, viewer)) == 1
    (card,) = cards(rested, BEN)
    assert [row.alert.key.partition("|")[2] for row in card.rows if row.mine] == ["claim:onset", "member:2"]
    assert [row.for_whom for row in card.rows] == ["Ben", None, "Dov", "Ben", "Cleo"]


def test_a_card_is_open_until_all_that_is_asked_for_is_answered(rested: Engine) -> None:
    put(rested, trial(notices=(RETRACTION,)))
    answer(rested, "claim:onset", AlertState.ACCEPTED)
    assert len(cards(rested, BEN, mine=True)) == 1
    answer(rested, "member:2", AlertState.DISMISSED)
    assert cards(rested, BEN, mine=True) == ()
    (card,) = cards(rested, BEN, mine=True, state="resolved")
    said = {row.alert.key.partition("|")[2]: row.resolution for row in card.rows if row.resolution}
    assert {what: (each.state, each.reason, each.by) for what, each in said.items()} == {
        "claim:onset": (AlertState.ACCEPTED, "Seen", "Ada"),
        "member:2": (AlertState.DISMISSED, "Seen", "Ada"),
    }
    assert len(cards(rested, BEN)) == 1
    answer(rested, "member:2", AlertState.OPEN)
    assert len(cards(rested, BEN, mine=True)) == 1


def test_cards_come_a_page_at_a_time(rested: Engine, clock: Clock) -> None:
    for number in range(3):
        put(rested, trial(title=f"An invented trial, version {number}"))
        clock(days=1)
    with reading(rested) as session:
        first = queries.alert_cards(session, viewer=ADA, state="open", mine=False, limit=2)
        last = queries.alert_cards(session, viewer=ADA, state="open", mine=False, limit=2, before=first[-1].cursor)
    assert [card.raised_at.day for card in (*first, *last)] == [3, 2, 1]
    assert first[1].cursor < first[0].cursor


def test_other_articles_of_the_study_are_named_as_such(rested: Engine) -> None:
    with writing(rested) as session:
        other = article(session, OTHER)
        other.study_id = article(session).study_id
        session.add(other)
        session.commit()
    put(rested, trial(notices=(RETRACTION,)))
    (card,) = cards(rested, ADA)
    assert [each.pmid for each in card.same_study] == [OTHER]


def test_that_somebody_judged_a_study_is_not_told_while_a_review_is_blinded(rested: Engine) -> None:
    put(rested, trial(notices=(RETRACTION,)))
    with writing(rested) as session:
        review = session.exec(select(Review)).one()
        review.dual = review.blinded = True
        session.add(review)
        session.commit()
    shown = {who.name: [row.alert.key.partition("|")[2] for row in cards(rested, who)[0].rows] for who in (ADA, BEN)}
    assert shown == {
        "Ada": ["claim:onset", "claim:shipped", "document:1"],
        "Ben": ["claim:onset", "claim:shipped", "document:1", "member:2"],
    }
    of_cleo = next(row.id for row in alerts(rested) if row.key.endswith("member:3"))
    with reading(rested) as session:
        assert queries.alert(session, viewer=BEN, alert_id=of_cleo) is None
        assert queries.alert(session, viewer=CLEO, alert_id=of_cleo) is not None
    (card,) = cards(rested, CLEO)
    assert [row.member_id for row in card.tree.claims[0].page.verdicts] == [2, 3]
    (card,) = cards(rested, ADA)
    assert (card.tree.findings, card.tree.claims[0].page.verdicts) == ((), ())


def test_counts_say_how_many_of_one_s_claims_and_documents_are_affected(rested: Engine) -> None:
    put(rested, trial(notices=(RETRACTION,)))

    def counts(viewer: Actor) -> tuple[int, ...]:
        with reading(rested) as session:
            found = queries.affected_counts(session, member=viewer)
        return (found.claims, found.of_claims, found.documents, found.of_documents, found.findings)

    assert counts(BEN) == (1, 2, 0, 0, 1)
    assert counts(ADA) == (1, 1, 0, 0, 0)
    assert counts(DOV) == (0, 0, 1, 1, 0)
    answer(rested, "claim:onset", AlertState.ACCEPTED)
    assert counts(BEN) == (0, 2, 0, 0, 1)
    with writing(rested) as session:
        ben = session.get_one(Member, 2)
        ben.left_at = config.now()
        session.add(ben)
        session.commit()
    assert counts(ADA) == (1, 3, 0, 0, 0)


def test_trouble_of_a_night_is_a_card_for_the_leads_once_a_day(rested: Engine, clock: Clock) -> None:
    def trouble() -> None:
        with writing(rested) as session:
            impact.night_trouble(session, run_id=1, kind="night_partial", summary="Half of it.", detail={"of": "x"})
            session.commit()

    trouble()
    trouble()
    assert [(card.kind, card.summary, card.article) for card in cards(rested, ADA, mine=True)] == [
        ("night_partial", "Half of it.", None)
    ]
    assert cards(rested, BEN, mine=True) == ()
    clock(days=1)
    trouble()
    assert len(cards(rested, ADA)) == 2


def ran(session: Session, status: RunStatus, kind: RunKind = RunKind.REFRESH) -> None:
    now = config.now()
    session.add(HarvestRun(kind=kind, status=status, started_at=now, finished_at=now, message="As it went."))
    session.commit()


def state(engine: Engine) -> tuple[str, bool, bool]:
    with reading(engine) as session:
        found: NightState = night_state(session, now=config.now())
    return found.state, found.overdue, found.is_well


def test_a_night_that_did_not_run_shows_by_itself(engine: Engine, clock: Clock) -> None:
    assert state(engine) == ("never", False, True)
    with writing(engine) as session:
        ran(session, RunStatus.COMPLETE, RunKind.SYNC)
    assert state(engine) == ("never", False, True)
    with writing(engine) as session:
        ran(session, RunStatus.COMPLETE)
    clock(hours=36)
    assert state(engine) == ("complete", False, True)
    clock(seconds=1)
    assert state(engine) == ("complete", True, False)
    with writing(engine) as session:
        ran(session, RunStatus.PARTIAL)
    assert state(engine) == ("partial", True, False)
    with reading(engine) as session:
        assert night_state(session, now=config.now() - timedelta(days=9)).message == "As it went."
