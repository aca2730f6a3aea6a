"""Quotes of a changed article are found again exactly, or are orphans."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rested_library import FOUND, METHODS, QUOTE, add_quote, alerts, anchored, article, put, told, trial
from sqlalchemy import Engine
from sqlmodel import col, select

from db import anchors
from db.engine import reading, writing
from db.impact_quotes import find_again
from db.models import Article, AuditEvent, Quote, QuoteAnchor
from db.types import AnchorState
from harvester.records import ArticleRecord, Section

Clock = Callable[..., None]
ANCHORED, ORPHANED = AnchorState.ANCHORED, AnchorState.ORPHANED


def results(text: str) -> ArticleRecord:
    return trial(sections=(Section(METHODS, "METHODS"), Section(text, "RESULTS")))


def newest(engine: Engine) -> QuoteAnchor:
    with reading(engine) as session:
        rows = select(QuoteAnchor).join(Quote).where(Quote.exact == QUOTE).order_by(col(QuoteAnchor.id).desc())
        return session.exec(rows.limit(1)).one()


def test_a_quote_that_moved_gets_its_new_place(rested_on_both: Engine) -> None:
    put(
        rested_on_both,
        trial(sections=(Section(METHODS), Section("Well liked.", "AIM"), Section(f"{FOUND} {QUOTE}", "FINDINGS"))),
    )
    place = newest(rested_on_both)
    with reading(rested_on_both) as session:
        text = article(session).sections[place.section or 0]["text"]
    assert (place.state, place.section, place.section_label) == (ANCHORED, 2, "FINDINGS")
    assert text[place.start : place.end] == QUOTE
    assert place.run_id is not None
    assert place.text_hash == anchors.text_hash(text)


def test_a_quote_that_stands_where_it_stood_gets_no_new_row(rested: Engine) -> None:
    put(rested, trial(title="Another title"))
    assert anchored(rested, QUOTE) == [ANCHORED]


def test_a_lost_quote_that_is_there_again_says_so(rested: Engine, clock: Clock) -> None:
    put(rested, results(f"Scores fell by 8.2 points more, with ketamine. {FOUND}"))
    clock(days=1)
    put(rested, results(f"{QUOTE} {FOUND}"))
    assert anchored(rested, QUOTE) == [ANCHORED, ORPHANED, ANCHORED]
    assert [kind for kind, what in told(rested) if what == "claim:onset"] == ["quote_orphaned", "reworded"]
    states = [row.detail["quotes"] for row in alerts(rested) if row.claim_id == "onset"]
    assert [list(each.values()) for each in states] == [["orphaned"], ["anchored"]]


def test_a_lost_quote_stays_lost_and_is_told_of_once(rested: Engine, clock: Clock) -> None:
    put(rested, results(FOUND))
    clock(days=1)
    put(rested, results(f"{FOUND} It was well liked."))
    assert anchored(rested, QUOTE) == [ANCHORED, ORPHANED]
    assert [kind for kind, what in told(rested) if what == "claim:onset"] == ["quote_orphaned", "reworded"]


def test_a_reviewer_s_finding_whose_quote_is_lost_is_told_as_that(rested: Engine) -> None:
    put(rested, results(QUOTE))
    assert [each for each in told(rested) if each[1].startswith("member")] == [
        ("quote_orphaned", "member:2"),
        ("reworded", "member:3"),
    ]
    assert anchored(rested, FOUND) == [ANCHORED, ORPHANED]


def test_a_quote_of_a_title_survives_that_the_article_gets_an_abstract(rested: Engine) -> None:
    put(rested, trial(90000600, title="Ketamine helps some people", sections=()))
    with writing(rested) as session:
        add_quote(session, "Ketamine helps some people", pmid=90000600)
        session.commit()
    put(rested, trial(90000600, title="Ketamine helps some people"))
    assert anchored(rested, "Ketamine helps some people") == [ANCHORED]
    put(rested, trial(90000600, title="Ketamine helps few people"))
    assert anchored(rested, "Ketamine helps some people") == [ANCHORED, ORPHANED]


def test_an_abstract_that_was_taken_away_takes_its_quotes(rested: Engine) -> None:
    put(rested, trial(sections=()))
    assert anchored(rested, QUOTE) == [ANCHORED, ORPHANED]


def test_what_the_machine_marked_is_in_the_audit_trail(rested: Engine) -> None:
    put(rested, results(FOUND))
    with reading(rested) as session:
        event = session.exec(select(AuditEvent).where(AuditEvent.action == "impact.walk")).one()
    assert event.detail == {"alerts": 5, "stale_verdicts": [1, 2, 3], "stale_links": [1], "quotes": {"1": "orphaned"}}
    assert (event.actor_id, event.subject_kind) == (None, "harvest_run")


PIECES = st.lists(
    st.sampled_from(
        [
            QUOTE,
            FOUND,
            METHODS,
            QUOTE.replace("8.2", "2.8"),
            QUOTE.replace("fell", "did not fall"),
            "It was well liked.",
        ]
    )
)


@given(st.lists(PIECES, min_size=1, max_size=3))
def test_wherever_it_is_found_again_its_very_words_stand(texts: list[list[str]]) -> None:
    old = [anchors.Passage("RESULTS", f"{QUOTE} {FOUND}")]
    quote = anchors.make(old, 0, 0, len(QUOTE))
    sections = [{"label": "RESULTS", "text": " ".join(words)} for words in texts]
    now = find_again(quote, Article(title="Invented", sections=sections))
    if now is not None:
        assert sections[now.section]["text"][now.start : now.end] == QUOTE
    elif sum(words.count(QUOTE) for words in texts) == 1:
        pytest.fail("it stands there once, as it stood")
