"""Dual extraction on both engines: two blinded entries, and the consensus that counts from then on."""

from collections.abc import Callable
from typing import Any

import invented_studies
import pytest
from invented_people import members
from sqlalchemy import Engine
from sqlmodel import select
from study_page import article as trial_article

from db import audit
from db.engine import reading, writing
from db.models import Adjudication, Article, Review, Tagging
from db.types import Actor, Role
from review_app.services import consensus, exporting, studies, tags, waiting_consensus
from review_app.services.consensus import TagComparison, comparison
from review_app.services.errors import Conflict, Invalid, Refused
from review_app.services.study_page import Asked, study_page
from review_app.services.tags import QUOTES, Quoted
from review_app.tagging.comparison import Choice

TOPIC, RESULT = invented_studies.TOPIC, invented_studies.RESULT
OUTCOME = {"domain": "depression_severity", "instrument": "MADRS", "direction": "favours_intervention"}
RCT: dict[str, Any] = {
    "study_design": "rct",
    "population": ["trd", "geriatric"],
    "sample_size": 60,
    "outcomes": [OUTCOME],
}
People = dict[str, Actor]


@pytest.fixture
def people(engine: Engine) -> People:
    """Ada leads a dual, blinded review of invented studies that Ben and Cleo tag; Eve reads."""
    found = members(engine, Ada=Role.LEAD, Ben=Role.REVIEWER, Cleo=Role.REVIEWER, Eve=Role.READ_ONLY)
    invented_studies.fill(engine, lead=found["Ada"], plain=0)
    with writing(engine) as session:
        review = session.exec(select(Review)).one()
        review.dual = review.blinded = True
        session.add(review)
        session.commit()
    return found


@pytest.fixture
def article(engine: Engine, people: People) -> Article:
    return trial_article(engine)


@pytest.fixture
def save(engine: Engine, people: People, article: Article) -> Callable[..., Tagging]:
    def save_as(name: str, *, quoted: tuple[Quoted, ...] = (), **changes: Any) -> Tagging:
        with writing(engine) as session:
            return tags.save_tags(
                session,
                actor=people[name],
                topic_id=TOPIC,
                article_id=article.id,
                tags={**RCT, **changes},
                suggested=[],
                content_hash=article.content_hash,
                quoted=quoted,
            )

    return save_as


@pytest.fixture
def settle(engine: Engine, people: People, article: Article) -> Callable[..., Tagging]:
    def settle_as(name: str, settles: list[Tagging], reason: str = "", **choices: Choice) -> Tagging:
        with writing(engine) as session:
            return consensus.settle_tags(
                session,
                actor=people[name],
                topic_id=TOPIC,
                article_id=article.id,
                form_version=1,
                settles=[row.id for row in settles],
                choices=choices,
                reason=reason,
            )

    return settle_as


def compared(engine: Engine, viewer: Actor, article: Article) -> TagComparison | None:
    with reading(engine) as session:
        page = study_page(session, viewer=viewer, topic_id=TOPIC, asked=Asked(article.id))
    assert page is not None
    return comparison(page)


def waiting(engine: Engine, viewer: Actor) -> list[str]:
    with reading(engine) as session:
        return [each.title for each in waiting_consensus.waiting(session, viewer=viewer, topic_id=TOPIC)]


def test_sides_are_compared_once_both_have_tagged_and_by_who_may_see_them(
    engine: Engine, people: People, article: Article, save: Callable[..., Tagging]
) -> None:
    save("Ben", sample_size=58)
    for name in people:
        assert compared(engine, people[name], article) is None
        assert waiting(engine, people[name]) == []
    save("Cleo", population=["geriatric", "trd"])
    for name in ("Ada", "Ben", "Cleo"):
        found = compared(engine, people[name], article)
        assert found is not None
        assert [side.name for side in found.sides] == ["Ben", "Cleo"]
        assert [field.id for field in found.differing] == ["sample_size"], "the order of a list says nothing"
        assert waiting(engine, people[name]) == [article.title]
    assert compared(engine, people["Eve"], article) is None
    assert waiting(engine, people["Eve"]) == []


def test_one_value_is_chosen_another_written_and_the_entries_stay(
    engine: Engine, people: People, article: Article, save: Callable[..., Tagging], settle: Callable[..., Tagging]
) -> None:
    ben, cleo = save("Ben", sample_size=58), save("Cleo", study_design="cohort_prospective")
    third = Choice(None, 59, "59 were analysed")
    kept = settle("Ada", [ben, cleo], "the methods say so", sample_size=third, study_design=Choice(ben.id))
    assert kept.consensus
    assert (kept.tags["study_design"], kept.tags["sample_size"]) == ("rct", 59)
    assert kept.tags["population"] == ["trd", "geriatric"]
    assert kept.note == "Study design: the methods say so\nSample size: 59 were analysed"
    assert waiting(engine, people["Ada"]) == []
    with reading(engine) as session:
        assert [session.get_one(Tagging, row.id).tags for row in (ben, cleo)] == [ben.tags, cleo.tags]
        rows = session.exec(select(Adjudication).order_by(Adjudication.id)).all()  # type: ignore[arg-type]
        assert [(row.field, row.decision["from"], row.decision["value"], row.reason) for row in rows] == [
            ("study_design", ben.id, "rct", "the methods say so"),
            ("sample_size", None, 59, "59 were analysed"),
        ]
        assert all(row.settles == [ben.id, cleo.id] and row.subject == "tagging" for row in rows)
        assert audit.problems(session) == []


def test_the_consensus_is_what_claims_and_exports_use(
    engine: Engine, people: People, article: Article, save: Callable[..., Tagging], settle: Callable[..., Tagging]
) -> None:
    command = Actor(None, "command", Role.READ_ONLY)
    ben, cleo = save("Ben", sample_size=58), save("Cleo")

    def seen() -> tuple[Any, Any]:
        with reading(engine) as session:
            (line,) = exporting.articles(session, viewer=command, topic_id=TOPIC, pmids=[article.pmid or 0])
            study = studies.studies(session, viewer=command, topic_id=TOPIC, ids=[article.id])[article.id]
        return line.reviewed_entry, study.sample_size

    assert seen() == (None, 60)
    settle("Ada", [ben, cleo], "58 finished", sample_size=Choice(ben.id))
    entry, size = seen()
    assert size == 58
    assert entry["consensus"] is True
    assert entry["form"]["version"] == 1


def test_the_quotes_of_the_chosen_side_come_with_it(
    engine: Engine, people: People, article: Article, save: Callable[..., Tagging], settle: Callable[..., Tagging]
) -> None:
    ben = save("Ben", sample_size=58, quoted=(Quoted("sample_size", RESULT), Quoted("study_design", RESULT)))
    cleo = save("Cleo", quoted=(Quoted("outcomes:0", RESULT),))
    kept = settle("Ada", [ben, cleo], "so it is", sample_size=Choice(cleo.id))
    assert set(kept.tags[QUOTES]) == {"study_design"}
    assert kept.tags[QUOTES]["study_design"] == ben.tags[QUOTES]["study_design"]


def test_a_difference_wants_a_choice_and_a_reason(
    people: People, save: Callable[..., Tagging], settle: Callable[..., Tagging]
) -> None:
    ben, cleo = save("Ben", sample_size=58), save("Cleo")
    with pytest.raises(Invalid, match="Choose what holds of Sample size"):
        settle("Ada", [ben, cleo], "so it is")
    with pytest.raises(Invalid, match="Say why for Sample size"):
        settle("Ada", [ben, cleo], sample_size=Choice(ben.id))
    with pytest.raises(Invalid, match="Sample size: a whole number"):
        settle("Ada", [ben, cleo], "so it is", sample_size=Choice(None, -1))
    with pytest.raises(Invalid, match="Choose one of the reviewers"):
        settle("Ada", [ben, cleo], "so it is", sample_size=Choice(999))
    with pytest.raises(Refused, match="may not settle conflicts"):
        settle("Ben", [ben, cleo], "so it is", sample_size=Choice(ben.id))


def test_who_tags_again_meanwhile_is_looked_at_again(
    engine: Engine, people: People, article: Article, save: Callable[..., Tagging], settle: Callable[..., Tagging]
) -> None:
    ben, cleo = save("Ben"), save("Cleo")
    again = save("Cleo", sample_size=57)
    with pytest.raises(Conflict, match="tagged this study meanwhile"):
        settle("Ada", [ben, cleo])
    settle("Ada", [ben, again], "57 it is", sample_size=Choice(again.id))
    assert waiting(engine, people["Ada"]) == []
    save("Ben", sample_size=56)
    assert waiting(engine, people["Ada"]) == [article.title]
    found = compared(engine, people["Ada"], article)
    assert found is not None
    assert not found.is_settled


def test_two_who_agree_on_everything_are_settled_without_a_word(
    engine: Engine, people: People, save: Callable[..., Tagging], settle: Callable[..., Tagging]
) -> None:
    kept = settle("Ada", [save("Ben"), save("Cleo")])
    assert kept.note is None
    with reading(engine) as session:
        assert session.exec(select(Adjudication)).all() == []
