"""In a dual, blinded review nobody sees another's judgement before giving their own, whatever they ask the library."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, select

import db.queries
from db import audit, config, models
from db.engine import reading, writing
from db.models import Alert, Claim, ClaimVerdict, ClaimVersion, Finding, Form, Record, Review, Tagging
from db.models import ScreeningDecision as Vote
from db.queries import accounts, activity, alert_tree, alerts, appraisal, claims, dual_extraction, review, screening
from db.queries.screening_desk import own_last
from db.queries.screening_progress import own_votes, progress
from db.types import Actor, Certainty, ClaimOrigin, Decision, Role, Stage, Verdict

COMMAND = Actor(None, "command", Role.READ_ONLY)
# What one person decides about a study or a claim, and what a dual review hides until the other has decided too.
BLINDED = {"Tagging", "Finding", "ScreeningDecision", "Adjudication", "RiskOfBias", "Grade", "ClaimVerdict", "OwnVote"}
# What one person decided about copy; members see it all, but whoever asks says who is asking.
DECIDED = BLINDED | {"SentenceLink", "Dismissal", "SignOff", "AuditEvent", "AuditLine"}
People = dict[str, Actor]
Read = Callable[[Session, Actor, Review], Iterable[Any]]
STAGE = Stage.TITLE_ABSTRACT
OWN = {"own_tagging", "own_votes", "own_last", "progress"}
SETTLED = {"rulings"}  # by who settles differences
# Who settles sees both sides once two have given theirs; of votes, once nobody else is asked for one.
TO_SETTLE = {"votes", "taggings", "findings", "risk_of_bias", "grades", "alert", "alert_cards", "branches"}

# How each query that returns judgements is asked here. A new one fails the test below until it stands here too.
READS: dict[str, Read] = {
    "taggings": lambda s, who, r: _all(review.taggings(s, viewer=who, review=r, article_ids=[1]).values()),
    "settled_tags": lambda s, who, r: review.settled_tags(s, viewer=who, review=r, article_ids=[1]).values(),
    "own_tagging": lambda s, who, r: filter(None, [review.own_tagging(s, viewer=who, review=r, article_id=1)]),
    "findings": lambda s, who, r: review.findings(s, viewer=who, review=r, article_ids=[1]),
    "votes": lambda s, who, r: _all(screening.votes(s, **_at(who, r), record_ids=[1]).values()),
    "own_votes": lambda s, who, r: own_votes(s, **_at(who, r), limit=9),
    "progress": lambda s, who, r: progress(s, **_at(who, r)).votes,
    "own_last": lambda s, who, r: own_last(s, viewer=who, stage=STAGE, record_ids=[1]).values(),
    "risk_of_bias": lambda s, who, r: appraisal.risk_of_bias(s, viewer=who, review=r, article_ids=[1]),
    "rulings": lambda s, who, r: dual_extraction.rulings(s, viewer=who, review=r, subject="finding"),
    "grades": lambda s, who, r: appraisal.grades(s, viewer=who, review=r, claim_id="invented"),
    "claim": lambda s, who, r: _of(claims.claim(s, viewer=who, claim_id="invented")),
    "claims_by_id": lambda s, who, r: _of(claims.claims_by_id(s, viewer=who, ids=["invented"])["invented"]),
    "claims": lambda s, who, r: _all(_of(page) for page in claims.claims(s, viewer=who, topic_id="invented")),
    "alert": lambda s, who, r: _under([alerts.alert(s, viewer=who, alert_id=1)]),
    "alert_cards": lambda s, who, r: _under(alerts.alert_cards(s, viewer=who, state="open", mine=False, limit=9)),
    "branches": lambda s, who, r: _judged(alert_tree.branches(s, viewer=who, changes=[s.exec(select(Alert)).all()])[0]),
}


def _at(who: Actor, only: Review) -> dict[str, Any]:
    return {"viewer": who, "review": only, "stage": STAGE}


def _all(groups: Iterable[Iterable[Any]]) -> list[Any]:
    return [each for group in groups for each in group]


def _of(page: claims.ClaimPage | None) -> tuple[ClaimVerdict, ...]:
    assert page is not None
    return page.verdicts


def _under(cards: Iterable[alerts.AlertCard | None]) -> list[Any]:
    return _all(_judged(card.tree) for card in cards if card is not None)


def _judged(tree: alert_tree.Branches) -> list[Any]:
    return [*_all(claim.page.verdicts for claim in tree.claims), *tree.findings]


def queries() -> dict[str, Callable[..., Any]]:
    """Every public function of db.queries."""
    names = [each.name for each in pkgutil.iter_modules(db.queries.__path__)]
    modules = [importlib.import_module(f"db.queries.{name}") for name in names]
    return {
        f"{module.__name__.rsplit('.', 1)[1]}.{name}": function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


def returned(hint: Any, seen: set[Any] | None = None) -> set[str]:
    """The names of everything that a return type holds, through containers and dataclasses."""
    seen = set() if seen is None else seen
    if hint in seen:
        return set()
    seen.add(hint)
    names = {hint.__name__} if inspect.isclass(hint) else set()
    inner = [each for each in get_args(hint) if not isinstance(each, list)]  # what a function takes
    if inspect.isclass(hint) and is_dataclass(hint) and not issubclass(hint, SQLModel):
        kinds = get_type_hints(hint)
        inner += [kinds[each.name] for each in fields(hint)]
    return names.union(*(returned(each, seen) for each in inner))


def those_that_return(kinds: set[str]) -> list[str]:
    return [name for name, function in queries().items() if returned(get_type_hints(function)["return"]) & kinds]


def test_what_is_looked_for_are_models_of_the_library() -> None:
    assert DECIDED - {"AuditLine", "OwnVote"} <= {
        name for name in dir(models) if inspect.isclass(getattr(models, name))
    }


def test_every_query_that_returns_a_judgement_asks_who_is_looking() -> None:
    found = those_that_return(DECIDED)
    assert found
    assert [name for name in found if "viewer" not in inspect.signature(queries()[name]).parameters] == []


def test_every_query_that_returns_a_blinded_judgement_is_tried_here() -> None:
    assert {name.rsplit(".", 1)[1] for name in those_that_return(BLINDED)} == set(READS)


@pytest.fixture
def dual(library: Engine, people: People) -> Engine:
    """A library in which Ben has tagged article 1, recorded a finding and given a verdict."""
    begin(library)
    judge(library, people["Ben"])
    return library


def begin(engine: Engine) -> None:
    """A form, a claim with an alert on it, and a record: what can be judged."""
    with writing(engine) as session:
        session.add(Form(name="study-tags", version=1, definition={}, created_at=config.now()))
        session.add(Claim(id="invented", topic_id="invented", origin=ClaimOrigin.CREATED, created_at=config.now()))
        session.flush()
        version = ClaimVersion(
            claim_id="invented",
            number=1,
            statement="Invented",
            certainty=Certainty.LOW,
            content_hash="x",
            created_at=config.now(),
        )
        session.add_all([version, changed(), Record(id=1, review_id=1, article_id=1, added_at=config.now())])
        session.commit()


def changed() -> Alert:
    """That an article changed on which the claim rests."""
    about: dict[str, Any] = {"article_id": 1, "claim_id": "invented", "summary": "Invented"}
    return Alert(id=1, key="pmid:1:1|claim:invented", kind="reworded", raised_at=config.now(), **about)


def judge(engine: Engine, who: Actor, *, consensus: bool = False) -> None:
    with writing(engine) as session:
        mine: dict[str, Any] = {"review_id": 1, "article_id": 1, "member_id": who.member_id}
        tagging = Tagging(
            form_id=1, consensus=consensus, tags={}, content_hash="hash-1", tagged_at=config.now(), **mine
        )
        finding = Finding(domain="response", direction="favours_intervention", recorded_at=config.now(), **mine)
        verdict = ClaimVerdict(
            claim_id="invented",
            version_number=1,
            member_id=who.member_id,
            verdict=Verdict.SUPPORTED,
            certainty=Certainty.LOW,
            reason="Invented",
            decided_at=config.now(),
        )
        vote = Vote(
            record_id=1, stage=STAGE, member_id=who.member_id, decision=Decision.INCLUDE, decided_at=config.now()
        )
        about: dict[str, Any] = {"review_id": 1, "member_id": who.member_id, "reason": "Invented"}
        bias = models.RiskOfBias(
            article_id=1, tool="rob2", domain="overall", judgement="low", judged_at=config.now(), **about
        )
        grade = models.Grade(claim_id="invented", certainty="low", judged_at=config.now(), **about)
        ruling = models.Adjudication(subject="finding", decision={"sides": []}, decided_at=config.now(), **about)
        session.add_all([tagging, ruling] if consensus else [tagging, finding, verdict, vote, bias, grade])
        given: dict[str, Any] = {"subject_kind": "article", "subject_id": 1, "detail": {"review": 1}}
        audit.record(session, actor=who, action=dual_extraction.FINDINGS_GIVEN, **given)
        detail = {"verdict": "supported"}
        audit.record(
            session, actor=who, action="verdict_given", subject_kind="claim", subject_id="invented", detail=detail
        )
        session.commit()


def authors(engine: Engine, name: str, viewer: Actor) -> set[int]:
    """Whose judgements `viewer` gets from a query."""
    with reading(engine) as session:
        only = session.exec(select(Review)).one()
        return {row.member_id for row in READS[name](session, viewer, only)}


def unblind(engine: Engine, **change: bool) -> None:
    with writing(engine) as session:
        only = session.exec(select(Review)).one()
        for name, value in change.items():
            setattr(only, name, value)
        session.add(only)
        session.commit()


def test_another_s_judgement_is_hidden_until_one_s_own_is_given(dual: Engine, people: People) -> None:
    ben, cleo = people["Ben"], people["Cleo"]
    for name in set(READS) - SETTLED:
        assert authors(dual, name, cleo) == set(), name
        assert authors(dual, name, people["Ada"]) == set(), name
        assert authors(dual, name, ben) == {ben.id}, name
    judge(dual, cleo)
    for name in set(READS) - OWN - SETTLED - {"settled_tags"}:
        assert authors(dual, name, cleo) == {ben.id, cleo.id}, name
    for name in set(READS) - {"settled_tags"}:
        seen = {ben.id, cleo.id} if name in TO_SETTLE else set()
        assert authors(dual, name, people["Ada"]) == seen, name


def test_a_command_sees_only_what_is_settled(dual: Engine, people: People) -> None:
    judge(dual, people["Cleo"])
    assert [name for name in READS if authors(dual, name, COMMAND)] == []
    judge(dual, people["Ada"], consensus=True)
    seen = {name: authors(dual, name, COMMAND) for name in READS if authors(dual, name, COMMAND)}
    assert seen == {name: {people["Ada"].id} for name in ("taggings", "settled_tags", "rulings")}


@pytest.mark.parametrize("change", [{"blinded": False}, {"dual": False}])
def test_where_a_review_is_not_dual_or_not_blinded_all_see_all(
    change: dict[str, bool], sqlite_engine: Engine, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue("sqlite_library")
    with writing(sqlite_engine) as session:
        member = models.Member(name="Ben", name_key="ben", role=Role.REVIEWER, created_at=config.now())
        session.add(member)
        session.commit()
        ben = accounts.actor_of(member)
    begin(sqlite_engine)
    judge(sqlite_engine, ben)
    unblind(sqlite_engine, **change)
    for name in set(READS) - OWN - SETTLED:
        assert authors(sqlite_engine, name, COMMAND) == {ben.id}, name


def test_a_new_version_of_a_claim_is_judged_blind_again(dual: Engine, people: People) -> None:
    judge(dual, people["Cleo"])
    with writing(dual) as session:
        newer = ClaimVersion(
            claim_id="invented",
            number=2,
            statement="Invented anew",
            certainty=Certainty.LOW,
            content_hash="y",
            created_at=config.now(),
        )
        verdict = ClaimVerdict(
            claim_id="invented",
            version_number=2,
            member_id=people["Ben"].member_id,
            verdict=Verdict.OVERSTATED,
            certainty=Certainty.LOW,
            reason="Invented",
            decided_at=config.now(),
        )
        session.add_all([newer, verdict])
        session.commit()
    with reading(dual) as session:
        page = claims.claim(session, viewer=people["Cleo"], claim_id="invented")
    assert page is not None
    assert {row.version_number for row in page.verdicts} == {1}
    assert page.verdict is None


def test_the_figures_do_not_give_a_hidden_judgement_away(dual: Engine, people: People) -> None:
    with reading(dual) as session:
        only = session.exec(select(Review)).one()
        assert review.tagged_count(session, viewer=people["Cleo"], review=only) == (0, 0)
        assert review.tagged_count(session, viewer=people["Ben"], review=only) == (1, 1)


def test_the_audit_trail_does_not_say_how_another_judged(dual: Engine, people: People) -> None:
    def detail(viewer: Actor) -> dict[str, Any] | None:
        with reading(dual) as session:
            return activity.events(session, viewer=viewer, limit=1)[0].detail

    assert detail(people["Cleo"]) is None
    assert detail(people["Ada"]) is None
    assert detail(COMMAND) is None
    assert detail(people["Ben"]) == {"verdict": "supported"}
    unblind(dual, blinded=False)
    assert detail(people["Cleo"]) == {"verdict": "supported"}
