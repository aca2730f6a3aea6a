"""A kept document opened the day after says how its sentences stand now; its answer stays as it was given."""

from collections.abc import Callable
from datetime import datetime

import invented_alerts
import invented_claims
import morning_after
import pytest
from morning_after import Night, support_elsewhere
from sqlalchemy import Engine
from sqlmodel import select

from db import config
from db.engine import reading, writing
from db.models import Review
from db.queries import claims
from db.types import Actor, Integrity, LinkState, Verdict
from review_app.services import checking, document_report, documents
from review_app.services.document_view import DocumentView, SentenceView, document_view

AS_STATED, TOO_FAR, QUIET = 1, 2, 3


def copy(night: Night, name: str = "Dov") -> DocumentView:
    with reading(night.engine) as session:
        view = document_view(session, viewer=night.people[name], document_id=night.document)
    assert view is not None
    return view


def sentence(night: Night, at: int = AS_STATED, name: str = "Dov") -> SentenceView:
    return copy(night, name).sentences[at]


def why(night: Night, at: int = AS_STATED, name: str = "Dov") -> str:
    return " ".join(doubt.why for doubt in sentence(night, at, name).doubts)


def check_again(night: Night) -> None:
    answered = invented_claims.answered(night.engine, night.people["Dov"])
    with writing(night.engine) as session:
        documents.check_again(session, actor=night.people["Dov"], document_id=night.document, answered=answered)


def test_a_sentence_whose_study_was_retracted_is_stale_without_being_checked_again(engine: Engine) -> None:
    retracted = morning_after.retracted(engine)
    found = sentence(retracted)
    assert found.standing == "stale"
    assert "retracted, and still linked as support" in why(retracted)
    assert why(retracted).count("retracted") == 2, "each thing is said once"
    assert found.answer["standing"] == "current", "the answer is what was said then"
    assert found.verdict == "supported"


def test_a_sentence_that_rests_on_nothing_that_changed_stays_current(retracted: Night) -> None:
    assert sentence(retracted, QUIET).standing == "current"
    assert sentence(retracted, QUIET).doubts == ()


def test_a_doubt_leads_to_the_alert_on_its_study_or_its_claim(retracted: Night) -> None:
    told = copy(retracted).told
    assert told.claims == {invented_alerts.ONSET: retracted.on_claim}
    with reading(retracted.engine) as session:
        assert told.articles == {invented_alerts.trial(session).id: retracted.on_copy}


def test_an_accepted_link_that_went_stale_names_who_accepted_it(retracted: Night) -> None:
    link = sentence(retracted).link
    assert link is not None
    assert (link.what, link.member) == (LinkState.STALE, "Dov")
    assert not sentence(retracted).is_rejected


def test_what_was_accepted_is_current_again(retracted: Night) -> None:
    support_elsewhere(retracted)
    retracted.accept(retracted.on_claim)
    retracted.accept(retracted.on_copy, by="Dov", reason="It makes the claim still.")
    assert "since this was checked" in why(retracted), "the study that the answer shows is retracted still"
    check_again(retracted)
    assert sentence(retracted).standing == "current"


def test_checking_again_answers_the_writers_alert_and_no_other(retracted: Night) -> None:
    check_again(retracted)
    assert retracted.answer_on(retracted.on_copy).by == "Dov"
    assert retracted.row(retracted.on_claim).is_open
    assert "since this was checked" not in why(retracted)
    assert sentence(retracted).standing == "stale", "the claim is still in doubt"


def test_a_sentence_whose_quote_is_gone_is_orphaned_until_the_quote_is_moved(reworded: Night) -> None:
    assert sentence(reworded).standing == "orphaned"
    reworded.reanchor(holds=True)
    check_again(reworded)
    assert sentence(reworded).standing == "stale", "Dov's link is still to be accepted again"
    assert [doubt.standing for doubt in sentence(reworded).doubts] == ["stale"]


def test_a_reinstated_study_is_said_too(engine: Engine) -> None:
    retracted = morning_after.retracted(engine)
    check_again(retracted)
    with writing(retracted.engine) as session:
        article = invented_alerts.trial(session)
        article.integrity = Integrity.NONE_KNOWN
        session.add(article)
        session.commit()
    assert "no longer retracted since this was checked" in why(retracted)


def test_blinded_nobody_learns_that_others_judged_but_everybody_that_a_study_fell(retracted: Night) -> None:
    with writing(retracted.engine) as session:
        review = session.exec(select(Review)).one()
        review.dual, review.blinded = True, True
        session.add(review)
        session.commit()
    assert invented_alerts.RETRACTED in why(retracted, name="Ben")
    assert sentence(retracted, name="Cleo").standing == "stale"
    assert sentence(retracted, name="Cleo").judged is None


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_a_report_taken_along_the_day_after_says_what_to_look_at_again(reworded: Night, form: str) -> None:
    page = document_report.report(copy(reworded), form)
    assert "to be looked at again: sentence 2" in page


def standing_in_an_answer(engine: Engine, person: Actor) -> tuple[str, str]:
    """What a check says of the sentence that makes the claim: on what it rests, and whether that stands."""
    with reading(engine) as session:
        opened = checking.library(session, viewer=person, topic_id=invented_claims.TOPIC)
        text = checking.document_from(invented_claims.STATEMENT.encode(), name="pasted text")
        (found,) = checking.check_document(opened, text, source="pasted text", profile="clinic").sentences
    assert found.match is not None
    return found.basis, found.standing


def test_a_claim_that_ships_and_that_nobody_judged_is_stale_once_its_label_is_revised(engine: Engine) -> None:
    people = invented_claims.fill(engine)
    assert standing_in_an_answer(engine, people["Dov"]) == ("library", "current")
    document = invented_claims.keep_copy(engine, people["Dov"])
    night = Night(engine, people, document, *invented_alerts.revise_label(engine, document))
    assert standing_in_an_answer(engine, people["Dov"]) == ("library", "stale")
    assert night.standing() == "stale"
    assert "Version 4 of the INVENTEX label" in why(night)
    night.dismiss(night.on_claim, reason="The change does not bear on it.")
    assert standing_in_an_answer(engine, people["Dov"]) == ("library", "current")
    assert night.standing() == "current"


def test_as_the_library_stood_it_is_stale_for_as_long_as_the_alert_was_open(
    engine: Engine, clock: Callable[..., None]
) -> None:
    def stale(moment: datetime) -> bool:
        with reading(engine) as session:
            found = claims.claims(session, viewer=people["Dov"], topic_id=invented_claims.TOPIC, as_of=moment)
        return next(page.stale is not None for page in found if page.claim.id == on)

    people = invented_claims.fill(engine)
    document, before = invented_claims.keep_copy(engine, people["Dov"]), config.now()
    clock(hours=1)
    night = Night(engine, people, document, *invented_alerts.revise_label(engine, document))
    on, during = night.row(night.on_claim).alert.claim_id, config.now()
    clock(hours=1)
    night.dismiss(night.on_claim, reason="The change does not bear on it.")
    assert [stale(each) for each in (before, during, config.now())] == [False, True, False]


def test_a_first_verdict_on_it_takes_the_place_of_what_re_opened_it(engine: Engine) -> None:
    people = invented_claims.fill(engine)
    document = invented_claims.keep_copy(engine, people["Dov"])
    night = Night(engine, people, document, *invented_alerts.revise_label(engine, document))
    invented_claims.judge(engine, people["Ada"], Verdict.SUPPORTED, "Read in version 4.")
    assert night.standing() == "current"
    assert not night.row(night.on_claim).is_open
