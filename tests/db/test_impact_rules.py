"""What a change does to what rests on an article: each line of the table in `db/impact_rules.py`."""

from collections.abc import Callable

import pytest
from rested_library import (
    FOUND,
    METHODS,
    OTHER,
    QUOTE,
    TRIAL,
    alerts,
    links,
    put,
    stale_claims,
    take_away,
    told,
    trial,
)
from sqlalchemy import Engine

from db.types import LinkState
from harvester.records import ArticleRecord, MeshHeading, NoticeLink, PublicationType, Section

EVERYBODY = ["claim:onset", "claim:shipped", "document:1", "member:2", "member:3"]
ALL_STALE = {"onset": 2, "shipped": 1}
Clock = Callable[..., None]


def notice(ref_type: str, kind: str, pmid: int | None = 90000999) -> NoticeLink:
    return NoticeLink(ref_type, kind, True, pmid, "Invented J. 2026;1:1")


def results(text: str) -> ArticleRecord:
    """The trial with other results."""
    return trial(sections=(Section(METHODS, "METHODS"), Section(text, "RESULTS")))


GRAVE = {
    "retracted": notice("RetractionIn", "retraction"),
    "retracted_and_replaced": notice("RetractedandRepublishedIn", "retracted_and_republished"),
    "withdrawn": notice("WithdrawnIn", "withdrawal"),
    "partially_retracted": notice("PartialRetractionIn", "partial_retraction"),
    "concern": notice("ExpressionOfConcernIn", "expression_of_concern"),
    "corrected": notice("ErratumIn", "erratum"),
    "updated": notice("UpdateIn", "update"),
}


@pytest.mark.parametrize("kind", GRAVE)
def test_a_mark_against_an_article_is_told_to_all_and_makes_verdicts_stale(kind: str, rested: Engine) -> None:
    put(rested, trial(notices=(GRAVE[kind],)))
    assert told(rested) == [(kind, what) for what in EVERYBODY]
    assert stale_claims(rested) == ALL_STALE
    assert links(rested)[-1] == ("onset", LinkState.STALE)


def test_the_publication_type_alone_is_a_retraction(rested: Engine) -> None:
    put(rested, trial(publication_types=(PublicationType("D016441", "Retracted Publication"),)))
    assert told(rested) == [("retracted", what) for what in EVERYBODY]


def test_a_summary_says_what_happened_to_which_study(rested: Engine) -> None:
    put(rested, trial(notices=(GRAVE["retracted_and_replaced"],)))
    first = alerts(rested)[0]
    assert first.summary == f"Varga et al. 2025 (PMID {TRIAL}) was retracted and replaced by PMID 90000999."
    assert first.detail["replaced_by"] == 90000999


def test_a_comment_on_an_article_concerns_nobody(rested: Engine) -> None:
    put(rested, trial(notices=(notice("CommentIn", "comment"),)))
    assert told(rested) == []


def test_a_retraction_notice_is_not_itself_retracted(rested: Engine) -> None:
    of = NoticeLink("RetractionOf", "retraction", False, 90000998, "Invented J. 2020;1:1")
    put(rested, trial(notices=(of,)))
    assert told(rested) == []
    assert stale_claims(rested) == {}


def test_a_second_correction_is_told_too(rested: Engine, clock: Clock) -> None:
    put(rested, trial(notices=(GRAVE["corrected"],)))
    clock(days=1)
    put(rested, trial(notices=(GRAVE["corrected"], notice("ErratumIn", "erratum", 90000998))))
    assert told(rested) == [("corrected", what) for what in EVERYBODY] * 2


def test_a_link_that_is_told_with_its_pmid_now_is_no_second_correction(rested: Engine, clock: Clock) -> None:
    put(rested, trial(notices=(notice("ErratumIn", "erratum", None),)))
    clock(days=1)
    put(rested, trial(notices=(notice("ErratumIn", "erratum", 90000999),)))
    assert len(told(rested)) == len(EVERYBODY)


def test_an_article_that_is_gone_and_back_is_told_twice(rested: Engine, clock: Clock) -> None:
    take_away(rested)
    assert told(rested) == [("gone", what) for what in EVERYBODY]
    assert stale_claims(rested) == ALL_STALE
    clock(days=1)
    put(rested, trial())
    assert told(rested)[5:] == [("returned", what) for what in EVERYBODY]


def test_a_quote_that_stands_there_no_more_is_an_orphan(rested: Engine) -> None:
    put(rested, results(f"Scores fell by 2.8 points more with ketamine. {FOUND}"))
    assert told(rested) == [
        ("quote_orphaned", "claim:onset"),
        ("reworded", "claim:shipped"),
        ("quote_orphaned", "document:1"),
        ("reworded", "member:2"),
        ("reworded", "member:3"),
    ]
    assert stale_claims(rested) == ALL_STALE
    assert "a quote from it stands there no more" in alerts(rested)[0].summary


@pytest.mark.parametrize(
    "text",
    [
        f"{QUOTE} {FOUND} The effect had gone by day 3.",
        f"{QUOTE} {FOUND} Response was not more frequent.",
        f"{QUOTE} {FOUND} Response was more frequent (p<0.05).",
    ],
)
def test_a_number_a_sign_or_a_negation_elsewhere_makes_all_verdicts_stale(text: str, rested: Engine) -> None:
    put(rested, results(text))
    assert told(rested) == [("reworded", what) for what in EVERYBODY]
    assert stale_claims(rested) == ALL_STALE


def test_other_words_make_stale_only_what_rests_on_no_quote(rested: Engine) -> None:
    put(rested, results(f"{QUOTE} {FOUND} Ketamine was well liked."))
    assert told(rested) == [("reworded", what) for what in EVERYBODY]
    assert stale_claims(rested) == {"shipped": 1}
    assert LinkState.STALE not in [state for _, state in links(rested)]


@pytest.mark.parametrize(
    "change",
    [
        trial(mesh=(MeshHeading("D007649", "Ketamine"),), status="MEDLINE", keywords=("ketamine",), journal="Another"),
        results(f"{QUOTE}  {FOUND}"),
        trial(sections=(Section(f"{METHODS} {QUOTE} {FOUND}", None),)),
        trial(title="Ketamine in Depression – an invented trial"),
    ],
)
def test_indexing_spacing_and_the_parting_into_sections_concern_nobody(change: ArticleRecord, rested: Engine) -> None:
    put(rested, change)
    assert told(rested) == []
    assert stale_claims(rested) == {}


def test_what_rests_on_another_study_is_left_alone(rested: Engine) -> None:
    put(rested, trial(OTHER, title="Another invented trial", notices=(GRAVE["retracted"],)))
    assert told(rested) == [("retracted", "claim:other")]
    assert stale_claims(rested) == {"other": 1}


def test_a_better_parser_that_reads_other_words_says_so(rested: Engine) -> None:
    raw = trial().raw
    changed = results(f"{QUOTE} {FOUND} It was well liked.")
    put(rested, ArticleRecord(**{name: getattr(changed, name) for name in changed.__slots__} | {"raw": raw}))
    assert told(rested) == [("reworded", what) for what in EVERYBODY]
    assert "as a newer version of Footnote reads its record" in alerts(rested)[0].summary
    assert stale_claims(rested) == {"shipped": 1}
