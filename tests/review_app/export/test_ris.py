"""RIS, read back by rispy."""

from dataclasses import replace
from typing import Any

import pytest
import rispy
from exported_articles import FULL, author, bare, of_the_same
from hypothesis import given, settings
from nasty_text import articles, on_one_line

from review_app.export.model import ExportedArticle
from review_app.export.ris import ris


def read(*exported: ExportedArticle) -> list[dict[str, Any]]:
    return rispy.loads("".join(ris(exported)))


def test_all_that_ris_can_hold_comes_back() -> None:
    (found,) = read(FULL)
    assert found == {
        "type_of_reference": "JOUR",
        "authors": [
            "Lindqvist, Astrid Maria",
            "van der Berg, Jan, Jr",
            "Núñez-Čapek, Žofie",
            "Invented Ketamine and Mood Study Group",
        ],
        "title": FULL.title,
        "secondary_title": "Invented Journal of Psychiatry",
        "alternate_title1": "Invented J. Psychiatry",
        "year": "2024",
        "date": "2024/05/03/",
        "edition": "2024/04/30",
        "volume": "12",
        "number": "3 Suppl 1",
        "start_page": "S201",
        "end_page": "S209",
        "issn": "1234-567X",
        "doi": "10.5555/invented_1",
        "accession_number": "90000001",
        "name_of_database": "PubMed",
        "urls": ["https://pubmed.ncbi.nlm.nih.gov/90000001/"],
        "custom2": "PMC90000001",
        "language": "ger; eng",
        "abstract": "BACKGROUND: Whether 5% of {some} help is unknown. RESULTS: MADRS fell by 7.4 points -- p < 0.05.",
        "keywords": [
            "ketamine",
            "mood; state",
            "Ketamine/*administration & dosage/adverse effects",
            "*Depressive Disorder, Treatment-Resistant",
        ],
        "author_address": "Ward 1, Uppsala.; Ward 2, Utrecht.",
        "type_of_work": "Journal Article; Retracted Publication",
        "notes": [
            "RETRACTED: see PMID 90000003 (Invented J Psychiatry. 2025;13:1) (record read on 2026-03-01)",
            "Erratum in: Invented J Psychiatry. 2024;12(5):400 [dose corrected]",
            "Comment on: PMID 90000004 (Made-up Acta. 2023;1:9.)",
            "Associated dataset: Invented Repository. 10.5555/data",
            "Original title: Ketamin bei Depression",
            "Registered as: ClinicalTrials.gov/NCT90000001",
        ],
    }


def test_lines_end_as_the_specification_says() -> None:
    text = "".join(ris([FULL]))
    assert text.startswith("TY  - JOUR\r\n")
    assert text.endswith("\r\nER  - \r\n\r\n")
    assert text.replace("\r\n", "").isprintable()


@pytest.mark.parametrize("nasty", ["a\nER  - \nTY  - JOUR\nTI  - another", "TY  - \rER  - ", "x\u2028ER  - y"])
def test_no_text_ends_a_reference_or_begins_one(nasty: str) -> None:
    found = read(replace(FULL, title=nasty, abstract=nasty, keywords=[nasty]), FULL)
    assert len(found) == 2
    assert found[0]["title"] == found[0]["abstract"] == on_one_line(nasty)
    assert found[1]["title"] == FULL.title


def test_a_range_in_words_stays_with_the_date() -> None:
    (found,) = read(bare(title="x", year=1998, medline_date="1998 Dec-1999 Jan"))
    assert (found["year"], found["date"]) == ("1998", "1998///1998 Dec-1999 Jan")


def test_pages_that_are_no_range_stay_whole() -> None:
    (found,) = read(bare(title="x", pages="89-90; discussion 91-3"))
    assert (found["start_page"], "end_page" in found) == ("89-90; discussion 91-93", False)


def test_a_record_of_which_little_is_known_says_no_more() -> None:
    (found,) = read(bare(title="A title", authors=[author("Nemo")]))
    notes = ["Integrity: nothing known against it (record read on 2026-03-01)"]
    assert found == {"type_of_reference": "GEN", "authors": ["Nemo"], "title": "A title", "notes": notes}


@settings(max_examples=30)
@given(article=articles())
def test_whatever_a_text_holds_comes_back(article: ExportedArticle) -> None:
    text = "".join(ris([article, FULL]))
    assert text.splitlines() == text.split("\r\n")[:-1]
    found, after = rispy.loads(text)
    assert after["title"] == FULL.title
    for name, value in {"title": article.title, "abstract": article.abstract, "volume": article.volume}.items():
        assert found.get(name, "") == on_one_line(value or "")
    assert found["keywords"][: len(set(article.keywords))] == [
        on_one_line(each) for each in dict.fromkeys(article.keywords)
    ]
    assert len(found.get("authors", [])) == len(article.authors)
    assert found["notes"][0].startswith("RETRACTED: see PMID 90000003")


def test_many_articles_are_many_references() -> None:
    assert [int(each["accession_number"]) for each in read(*of_the_same(250))] == list(range(90000001, 90000251))
