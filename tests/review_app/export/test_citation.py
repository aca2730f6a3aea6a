"""Citations as NLM prints them, pages and dates in full, and what an article is called by."""

from dataclasses import replace

import pytest
from exported_articles import FULL, author, bare, notice

from review_app.export import dates
from review_app.export.citation import citation
from review_app.export.citation_key import CitationKeys
from review_app.export.pages import first_and_last, full_pages
from review_app.export.remarks import remarks, standing


def test_a_citation_is_as_nlm_prints_it() -> None:
    assert citation(replace(FULL, title="A trial.")) == (
        "Lindqvist AM, van der Berg J Jr, Núñez-Čapek Ž, Invented Ketamine and Mood Study Group. A trial. "
        "Invented J Psychiatry. 2024 May 3;12(3 Suppl 1):S201-9. doi: 10.5555/invented_1. "
        "PMID: 90000001; PMCID: PMC90000001. RETRACTED: see PMID 90000003 (Invented J Psychiatry. 2025;13:1)."
    )


def test_six_authors_are_named_and_the_seventh_is_et_al() -> None:
    people = [author(name, initials="A") for name in ("One", "Two", "Three", "Four", "Five", "Six", "Seven")]
    assert citation(bare(title="x", authors=people[:6])) == "One A, Two A, Three A, Four A, Five A, Six A. x."
    assert citation(bare(title="x", authors=people)) == "One A, Two A, Three A, Four A, Five A, Six A, et al. x."


@pytest.mark.parametrize("title", ["Does it help?", "It helps!", "[Ketamin hilft.]", "It helps."])
def test_a_title_keeps_its_own_end(title: str) -> None:
    assert citation(bare(title=title, year=2024)) == f"{title} 2024."


@pytest.mark.parametrize(
    ("pages", "full"),
    [
        ("123-9", "123-129"),
        ("1101-9", "1101-1109"),
        ("1199-203", "1199-1203"),
        ("S12-8", "S12-S18"),
        ("S9-12", "S9-S12"),
        ("e1-12", "e1-e12"),
        ("e123-e129", "e123-e129"),
        ("123-129", "123-129"),
        ("89-90; discussion 91-3", "89-90; discussion 91-93"),
        ("12-3, 15", "12-13, 15"),
        ("iii-vi", "iii-vi"),
        ("e0123456", "e0123456"),
        ("1-2-3", "1-2-3"),
        ("129-3", "129-3"),
        ("", ""),
    ],
)
def test_pages_are_in_full(pages: str, full: str) -> None:
    assert full_pages(pages) == full
    assert full_pages(full) == full


def test_first_and_last_page_only_of_a_single_range() -> None:
    assert first_and_last("123-9") == ("123", "129")
    assert first_and_last("e0123") == ("e0123", None)
    assert first_and_last("12-3, 15") == ("12-13, 15", None)


def test_a_date_is_as_much_as_is_known() -> None:
    assert dates.in_words(bare(title="x", year=2024, month=12, day=1)) == "2024 Dec 1"
    assert dates.in_words(bare(title="x", year=2024, month=12)) == "2024 Dec"
    assert dates.in_words(bare(title="x", month=12, day=1)) == ""
    assert dates.with_slashes(bare(title="x", year=2024)) == "2024///"


def keys(*titles: str, name: str | None = "Núñez-Čapek", year: int | None = 2024) -> list[str]:
    given = CitationKeys()
    people = [author(name)] if name else []
    return [given.of(bare(title=title, authors=people, year=year, pmid=90000001)) for title in titles]


def test_a_key_is_author_year_and_word_in_ascii() -> None:
    assert keys("The effect of Ketamine") == ["nunezcapek2024effect"]
    assert keys("β-Blockers", name="Łoś") == ["los2024blockers"]
    assert keys("Ketamine", name="山田") == ["article2024ketamine"]
    assert keys("", name=None, year=None) == ["article90000001"]


def test_keys_stay_apart_even_from_one_that_looks_like_a_suffixed_one() -> None:
    assert keys("Cat", "Cata", "Cat", "Cat") == [f"nunezcapek2024{end}" for end in ("cat", "cata", "catb", "catc")]
    many = keys(*["Cat"] * 60)
    assert len(set(many)) == 60
    assert many[27] == "nunezcapek2024cataa"


def test_the_same_articles_have_the_same_keys_again() -> None:
    assert keys("Cat", "Dog", "Cat") == keys("Cat", "Dog", "Cat")


def test_a_notice_that_is_withdrawn_from_the_list_leaves_the_state_without_a_place() -> None:
    assert standing(bare(title="x", integrity="retracted")) == "RETRACTED (record read on 2026-03-01)"
    assert standing(bare(title="x", integrity="reinstated")) == "REINSTATED (record read on 2026-03-01)"


def test_a_retraction_notice_is_not_itself_called_retracted() -> None:
    article = bare(title="Retraction notice", notices=[notice("retraction", is_subject=False, pmid=90000002)])
    assert remarks(article) == [
        "Integrity: nothing known against it (record read on 2026-03-01)",
        "Retraction of: PMID 90000002",
    ]


@pytest.mark.parametrize(
    ("integrity", "kind", "words"),
    [
        ("retracted", "retraction", "RETRACTED: see PMID 90000003"),
        ("retracted_and_replaced", "retracted_and_republished", "RETRACTED AND REPLACED: see PMID 90000003"),
        ("partially_retracted", "partial_retraction", "PARTIALLY RETRACTED: see PMID 90000003"),
        ("expression_of_concern", "expression_of_concern", "EXPRESSION OF CONCERN: see PMID 90000003"),
        ("corrected", "erratum", "CORRECTED: see PMID 90000003"),
        ("withdrawn", "withdrawal", "WITHDRAWN: see PMID 90000003"),
    ],
)
def test_the_state_comes_first_and_says_where_the_notice_is(integrity: str, kind: str, words: str) -> None:
    told = [notice("comment", pmid=90000009), notice(kind, pmid=90000003)]
    first, *rest = remarks(bare(title="x", integrity=integrity, notices=told))
    assert first == f"{words} (record read on 2026-03-01)"
    assert rest == ["Comment in: PMID 90000009"]
