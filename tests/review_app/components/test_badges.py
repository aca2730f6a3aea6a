"""Badges, the article's head, the status line: every word escaped, nothing by colour alone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from review_app.components.abstract import AbstractPart, abstract_sentences, places
from review_app.components.article_card import ArticleView, article_head
from review_app.components.badges import integrity_badge, suggested, verdict_badge
from review_app.components.marked_text.sentences import Highlight
from review_app.components.marks import BASES, VERDICTS
from review_app.components.status_line import Status, status_words

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def test_every_verdict_has_its_own_sign_and_line() -> None:
    assert len({mark.sign for mark in VERDICTS.values()}) == len(VERDICTS) == 5
    assert len({mark.line for mark in VERDICTS.values()}) == len(VERDICTS)


@pytest.mark.parametrize("basis", list(BASES))
def test_a_verdict_badge_says_what_it_rests_on_in_words(basis: str) -> None:
    badge = verdict_badge("overstated", basis)  # type: ignore[arg-type]
    assert "▲" in badge
    assert "overstated" in badge
    assert f'data-basis="{basis}"' in badge
    assert BASES[basis] in badge  # type: ignore[index]


def test_a_standing_that_is_not_current_is_said_beside_the_verdict() -> None:
    assert "↻ ✓" in verdict_badge("supported", "reviewed", "stale")
    assert "stale, reviewed" in verdict_badge("supported", "reviewed", "stale")


def test_a_title_with_markup_stays_text() -> None:
    head = article_head(ArticleView(title="<script>alert(1)</script> & more", journal="J <b>x</b>", doi='10.1/"><i>'))
    assert "<script>" not in head
    assert "&lt;script&gt;" in head
    assert "<b>" not in head
    assert "<i>" not in head
    assert 'href="https://doi.org/10.1/%22%3E%3Ci%3E"' in head


def test_a_retracted_article_is_struck_through_and_says_so() -> None:
    head = article_head(ArticleView(title="A trial", integrity="retracted"))
    assert "<s>A trial</s>" in head
    assert "retracted" in integrity_badge("retracted")


def test_a_correction_is_said_and_does_not_strike_the_title() -> None:
    head = article_head(ArticleView(title="A trial", integrity="corrected"))
    assert "<s>" not in head
    assert "corrected" in head


def test_an_integrity_the_app_does_not_know_is_shown_and_not_hidden() -> None:
    assert "under investigation" in integrity_badge("under_investigation")
    assert integrity_badge("none_known") == ""


def test_what_is_missing_leaves_no_gap_in_the_meta_line() -> None:
    assert "· ·" not in article_head(ArticleView(title="A trial", year=2021, doi="10.1/x"))


def test_a_suggested_value_is_italic_says_so_to_who_does_not_see_it_and_names_its_words() -> None:
    assert suggested("adults", 'in "40 adults"') == (
        '<span class="fn-spoken">suggested: </span><i class="fn-suggested" title="in &quot;40 adults&quot;">adults</i>'
    )


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(hours=7), "refreshed today 03:00"),
        (timedelta(hours=11), "refreshed yesterday 23:00"),
        (timedelta(days=4), "refreshed 6 March 2026, 4 days ago"),
    ],
)
def test_the_status_line_says_when_in_the_members_zone(ago: timedelta, words: str) -> None:
    assert status_words(Status(4812, NOW - ago), now=NOW, zone=BERLIN) == f"4,812 studies · {words}"


def test_the_status_line_of_a_new_library_does_not_pretend() -> None:
    assert status_words(Status(0, None), now=NOW, zone=BERLIN) == "0 studies · never refreshed"
    assert status_words(Status(1, None, open_alerts=1), now=NOW, zone=BERLIN).endswith("1 open alert")


ABSTRACT = (
    AbstractPart("Background", "Depression is common. It costs."),
    AbstractPart("Results", "Scores fell. They rose later.", (Highlight(7, 17, "term"),)),
)


def test_an_abstract_is_cut_into_sentences_that_know_their_place() -> None:
    sentences = abstract_sentences(ABSTRACT)
    assert [(s.id, s.section, s.text) for s in sentences] == [
        (0, "Background", "Depression is common."),
        (1, "Background", "It costs."),
        (2, "Results", "Scores fell."),
        (3, "Results", "They rose later."),
    ]
    for sentence, place in zip(sentences, places(ABSTRACT), strict=True):
        assert ABSTRACT[place.section].text[place.start : place.end] == sentence.text


def test_a_highlight_over_two_sentences_shows_in_both() -> None:
    third, fourth = abstract_sentences(ABSTRACT)[2:]
    assert [third.text[h.start : h.end] for h in third.highlights] == ["fell."]
    assert [fourth.text[h.start : h.end] for h in fourth.highlights] == ["They"]
