"""A digest as its readers get it: Markdown, a page, a feed."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from invented_digest import ADDRESS, NASTY, change, digest

from db.types import RunStatus
from harvester import digest_text

ATOM = {"a": digest_text.ATOM}


def page(found: BeautifulSoup) -> str:
    return " ".join(found.get_text(" ").split())


def test_the_first_lines_say_what_is_affected_and_of_how_many() -> None:
    text = digest_text.markdown(digest(change()), address=ADDRESS)
    assert text.startswith("# Footnote, 2030-01-06: 1 change to look at\n")
    assert "- **Ada**: 3 of 41 claims and 1 of 4 documents" in text
    assert "9,012 articles, 2 new, 1 changed" in text


def test_a_changed_number_stands_out_before_and_after() -> None:
    text = digest_text.markdown(digest(change()), address=ADDRESS)
    assert "> Before: MADRS fell by ~~7.4~~ points (p \\< 0.05)." in text
    assert "> Now: MADRS fell by **4.7** points (p \\< 0.05)." in text


def test_a_sentence_that_was_taken_out_is_said_to_be_gone() -> None:
    text = digest_text.markdown(digest(change(passages=(("It helped.", ""),))), address=ADDRESS)
    assert "Now: this stands there no longer" in text


def test_each_change_leads_to_where_it_is_answered() -> None:
    found = BeautifulSoup(digest_text.html(digest(change()), address=ADDRESS), "html.parser")
    assert [link["href"] for link in found("a")] == [f"{ADDRESS}/alerts?alert=7"]
    assert [item.get_text() for item in found.select("li li")] == ["Our page: “It works within a day.”"]


def test_a_quiet_night_says_so_and_is_no_news() -> None:
    quiet = digest()
    assert "nothing to look at" in digest_text.title(quiet)
    assert not quiet.is_news


def test_a_partial_night_is_news_and_names_what_was_not_checked() -> None:
    partial = digest(status=RunStatus.PARTIAL, message="icite could not be checked")
    assert partial.is_news
    text = digest_text.markdown(partial, address=ADDRESS)
    assert "the night is partial" in text.splitlines()[0]
    assert "- icite: could not be checked: it cannot be reached" in text


@pytest.mark.parametrize("place", ["summary", "article"])
def test_what_others_wrote_is_text_and_never_markup(place: str) -> None:
    found = BeautifulSoup(digest_text.html(digest(change(**{place: NASTY})), address=ADDRESS), "html.parser")
    assert found("script") == []
    assert len(found("a")) == 1
    assert NASTY in page(found)


def test_nasty_words_in_passages_and_in_the_tree_are_text_too() -> None:
    nasty = change(passages=(("Old words.", NASTY),), rests_on=((0, NASTY),), whom=(NASTY,))
    found = BeautifulSoup(digest_text.html(digest(nasty), address=ADDRESS), "html.parser")
    assert found("script") == []
    assert len(found("a")) == 1
    assert page(found).count(NASTY) == 3


def test_the_feed_has_the_night_and_an_entry_for_each_change() -> None:
    feed = ElementTree.fromstring(
        digest_text.atom(digest(change(), change(alert_id=8, summary=NASTY)), address=ADDRESS)
    )
    titles = [entry.findtext("a:title", namespaces=ATOM) for entry in feed.findall("a:entry", ATOM)]
    assert titles == ["Footnote, 2030-01-06: 2 changes to look at", change().summary, NASTY]
    ids = [entry.findtext("a:id", namespaces=ATOM) for entry in feed.findall("a:entry", ATOM)]
    assert len(set(ids)) == 3
    for name in ("id", "title", "updated", "author/a:name"):
        assert feed.findtext(f"a:{name}", namespaces=ATOM), name


def test_changes_that_are_not_told_one_by_one_are_counted() -> None:
    many = replace(digest(change()), more=41)
    assert "42 changes to look at" in digest_text.title(many)
    assert "**And 41 more changes**, which [Footnote](http://localhost:8501/alerts) shows." in digest_text.markdown(
        many, address=ADDRESS
    )
