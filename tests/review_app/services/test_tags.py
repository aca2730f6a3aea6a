"""Tags and findings on both engines: appended, checked, refused, and blinded in a dual review."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import invented_studies
import pytest
from invented_people import members
from sqlalchemy import Engine
from sqlmodel import select
from study_page import article as trial_article

from db import audit
from db.engine import reading, writing
from db.models import Article, AuditEvent, Finding, Review, Tagging
from db.queries import literature
from db.queries import review as review_queries
from db.queries.blinding import default_review
from db.types import Actor, Role
from harvester.records import Section
from review_app.services import studies as study_service
from review_app.services import tags
from review_app.services.errors import Conflict, Invalid, NotFound, Refused
from review_app.services.study_page import Asked, StudyPage, study_history, study_page
from review_app.tagging.suggest import TAGGER_VERSION

EVE = Actor(None, "Eve", Role.READ_ONLY)
RCT: dict[str, Any] = {
    "study_design": "rct",
    "population": ["trd"],
    "interventions": [{"molecule": "ketamine", "route": "iv"}],
    "comparators": ["active_placebo"],
    "sample_size": 60,
    "outcomes": [{"domain": "depression_severity", "instrument": "MADRS", "direction": "favours_intervention"}],
}
People = dict[str, Actor]


@pytest.fixture
def people(engine: Engine) -> People:
    """Ada leads a library of invented studies that Ben and Cleo review."""
    found = members(engine, Ada=Role.LEAD, Ben=Role.REVIEWER, Cleo=Role.REVIEWER, Dov=Role.WRITER)
    invented_studies.fill(engine, lead=found["Ada"], plain=3)
    return found


@pytest.fixture
def article(engine: Engine, people: People) -> Article:
    return trial_article(engine)


@pytest.fixture
def save(engine: Engine, article: Article) -> Callable[..., Tagging]:
    """`save(actor, tags=..., content_hash=...)`: tags of the trial by this person."""

    def save_as(actor: Actor, given: dict[str, Any] = RCT, **more: Any) -> Tagging:
        content_hash = more.pop("content_hash", article.content_hash)
        with writing(engine) as session:
            return tags.save_tags(
                session,
                actor=actor,
                topic_id=invented_studies.TOPIC,
                article_id=article.id,
                tags=given,
                suggested=more.pop("suggested", []),
                content_hash=content_hash,
                **more,
            )

    return save_as


@pytest.fixture
def record(engine: Engine, article: Article) -> Callable[..., Finding]:
    def record_as(actor: Actor, **more: Any) -> Finding:
        given = {"domain": "depression_severity", "direction": "favours_intervention", **more}
        with writing(engine) as session:
            return tags.record_finding(
                session,
                actor=actor,
                topic_id=invented_studies.TOPIC,
                article_id=article.id,
                content_hash=article.content_hash,
                **given,
            )

    return record_as


def revise(engine: Engine) -> None:
    with writing(engine) as session:
        changed = replace(invented_studies.trial(), sections=(Section("A corrected abstract says something else."),))
        invented_studies.keep(session, [changed])
        session.commit()


def make_dual(engine: Engine) -> None:
    with writing(engine) as session:
        review = session.exec(select(Review)).one()
        review.dual = review.blinded = True
        session.add(review)
        session.commit()


def seen(engine: Engine, viewer: Actor, article: Article) -> StudyPage:
    with reading(engine) as session:
        page = study_page(session, viewer=viewer, topic_id=invented_studies.TOPIC, asked=Asked(article.id))
    assert page is not None
    return page


def events(engine: Engine, viewer: Actor, article: Article) -> list[str]:
    with reading(engine) as session:
        history = study_history(session, viewer=viewer, topic_id=invented_studies.TOPIC, article_id=article.id)
    return [f"{event.actor_name} {event.action}" for event in history.events]


def count(engine: Engine, kind: type[Tagging] | type[Finding]) -> int:
    with reading(engine) as session:
        return len(session.exec(select(kind)).all())


def test_tags_are_appended_and_audited(
    engine: Engine, people: People, save: Callable[..., Tagging], article: Article
) -> None:
    save(people["Ben"], suggested=["study_design"])
    save(people["Ben"], {**RCT, "sample_size": 58}, note="58 were analysed")
    page = seen(engine, people["Ben"], article)
    assert count(engine, Tagging) == 2
    assert page.own is not None
    assert page.own.tags["sample_size"] == 58
    assert page.own.note == "58 were analysed"
    assert events(engine, people["Ben"], article) == ["Ben tagged", "Ben tagged"]
    with reading(engine) as session:
        assert audit.problems(session) == []
        detail = session.exec(select(AuditEvent).where(AuditEvent.action == "tagged")).first()
    assert detail is not None
    assert "rct" not in str(detail.detail)  # the audit says that it was judged, not how


@pytest.mark.parametrize("outsider", ["Eve", "Dov"])
def test_who_does_not_review_is_refused(
    engine: Engine, people: People, save: Callable[..., Tagging], record: Callable[..., Finding], outsider: str
) -> None:
    actor = people.get(outsider, EVE)
    with pytest.raises(Refused, match="may not tag studies"):
        save(actor)
    with pytest.raises(Refused, match="may not tag studies"):
        record(actor)
    assert count(engine, Tagging) == count(engine, Finding) == 0


def test_tags_of_what_changed_meanwhile_are_a_conflict(
    engine: Engine, people: People, save: Callable[..., Tagging]
) -> None:
    revise(engine)
    with pytest.raises(Conflict, match="changed while you read it"):
        save(people["Ben"])
    assert count(engine, Tagging) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"study_design": "rtc"},
        {"population": ["everybody"]},
        {"interventions": [{"molecule": "ketamine", "route": "by post"}]},
        {"comparators": ["nothing"]},
        {"sample_size": 0},
        {"sample_size": 10**12},
        {"outcomes": [{"domain": "mood", "instrument": None, "direction": "harm"}]},
        {"outcomes": [{"domain": "response", "instrument": None, "direction": "up"}]},
    ],
)
def test_a_term_outside_the_vocabulary_is_refused(
    engine: Engine, people: People, save: Callable[..., Tagging], wrong: dict[str, Any]
) -> None:
    with pytest.raises(Invalid):
        save(people["Ben"], {**RCT, **wrong})
    assert count(engine, Tagging) == 0


def test_in_a_dual_review_ben_does_not_see_cleos_tags_before_giving_his_own(
    engine: Engine, people: People, save: Callable[..., Tagging], record: Callable[..., Finding], article: Article
) -> None:
    make_dual(engine)
    save(people["Cleo"])
    record(people["Cleo"])
    page = seen(engine, people["Ben"], article)
    assert (page.own, page.others, page.findings) == (None, (), ())
    assert events(engine, people["Ben"], article) == []
    with reading(engine) as session:
        review = default_review(session, topic_id=invented_studies.TOPIC)
        assert review is not None
        settled = review_queries.settled_tags(session, viewer=people["Ben"], review=review, article_ids=[article.id])
    assert settled == {}
    save(people["Ben"])
    page = seen(engine, people["Ben"], article)
    assert [row.member_id for row in page.others] == [people["Cleo"].id]
    assert page.findings == (), "findings are given by themselves"
    assert events(engine, people["Ben"], article) == ["Ben tagged", "Cleo tagged"]


def test_the_lead_of_a_dual_review_is_blinded_too_until_she_tags(
    engine: Engine, people: People, save: Callable[..., Tagging], article: Article
) -> None:
    make_dual(engine)
    save(people["Cleo"])
    assert seen(engine, people["Ada"], article).others == ()


def test_a_finding_keeps_its_quote_verbatim(
    engine: Engine, people: People, record: Callable[..., Finding], article: Article
) -> None:
    finding = record(people["Ben"], quote=invented_studies.RESULT, time_point="h24", instrument="MADRS")
    quote, anchor = seen(engine, people["Cleo"], article).quotes[finding.quote_id or 0]
    assert quote.exact == invented_studies.RESULT
    assert article.sections[anchor.section or 0]["text"][anchor.start : anchor.end] == invented_studies.RESULT


@pytest.mark.parametrize(
    "words", ["Ketamine cures everybody at once.", "ketamine", "7.4 points lower with ketamine th"]
)
def test_words_that_do_not_stand_in_the_study_are_no_quote(
    engine: Engine, people: People, record: Callable[..., Finding], words: str
) -> None:
    with pytest.raises(Invalid):
        record(people["Ben"], quote=words)
    assert count(engine, Finding) == 0


def test_only_its_author_or_a_lead_withdraws_a_finding_and_only_once(
    engine: Engine, people: People, record: Callable[..., Finding], article: Article
) -> None:
    finding = record(people["Ben"])
    with writing(engine) as session, pytest.raises(Refused, match="or a lead"):
        tags.withdraw_finding(session, actor=people["Cleo"], finding_id=finding.id)
    with writing(engine) as session:
        tags.withdraw_finding(session, actor=people["Ada"], finding_id=finding.id)
    with writing(engine) as session, pytest.raises(NotFound):
        tags.withdraw_finding(session, actor=people["Ben"], finding_id=finding.id)
    assert seen(engine, people["Ben"], article).findings == ()
    assert "Ada finding_withdrawn" in events(engine, people["Ben"], article)


def test_suggestions_are_read_a_batch_at_a_time_and_again_after_a_revision(
    engine: Engine, people: People, article: Article
) -> None:
    assert study_service.refresh_suggestions(engine, limit=5) == 3
    assert study_service.refresh_suggestions(engine, limit=5) == 0
    assert study_service.refresh_suggestions(engine) == 0
    with reading(engine) as session:
        assert literature.suggestions(session, ids=[article.id])[article.id].study_design == "rct"
    revise(engine)
    with reading(engine) as session:
        assert literature.without_suggestion_count(session, tagger_version=TAGGER_VERSION) == 1


def test_reading_suggestions_does_not_wait_for_a_writer(
    engine: Engine, people: People, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What takes long must not stand in anybody's way: somebody saves tags while studies are being read."""
    saved: list[int] = []
    module: Any = study_service
    really = module.suggest

    def suggest_while_somebody_saves(text: Any) -> Any:
        if not saved:
            with writing(engine) as session:
                row = tags.save_tags(
                    session,
                    actor=people["Ben"],
                    topic_id=invented_studies.TOPIC,
                    article_id=article.id,
                    tags=RCT,
                    suggested=[],
                    content_hash=article.content_hash,
                )
                saved.append(row.id)
        return really(text)

    monkeypatch.setattr(module, "suggest", suggest_while_somebody_saves)
    module._suggest.cache_clear()
    study_service.refresh_suggestions(engine)
    module._suggest.cache_clear()
    assert len(saved) == 1
    assert count(engine, Tagging) == 1
