"""PubMed's format, read back by Biopython and by the nbib package."""

import io
from dataclasses import replace
from datetime import datetime
from typing import Any

import nbib as nbib_package
import pytest
from Bio import Medline
from exported_articles import FULL, author, bare, of_the_same
from hypothesis import given, settings
from nasty_text import articles, on_one_line

from review_app.export.model import ExportedArticle
from review_app.export.nbib import nbib

ABSTRACT = "BACKGROUND: Whether 5% of {some} help is unknown. RESULTS: MADRS fell by 7.4 points -- p < 0.05."


def written(*exported: ExportedArticle) -> str:
    return "".join(nbib(exported))


def by_biopython(text: str) -> list[dict[str, Any]]:
    return [dict(record) for record in Medline.parse(io.StringIO(text, newline=""))]


def test_biopython_has_everything_back() -> None:
    (found,) = by_biopython(written(FULL))
    assert found == {
        "PMID": "90000001",
        "STAT": "MEDLINE",
        "DCOM": "20240901",
        "LR": "20260211",
        "IS": "1234-567X (Undetermined)",
        "VI": "12",
        "IP": "3 Suppl 1",
        "DP": "2024 May 3",
        "TI": FULL.title,
        "PG": "S201-9",
        "LID": "10.5555/invented_1 [doi]",
        "AB": ABSTRACT,
        "FAU": ["Lindqvist, Astrid Maria", "van der Berg, Jan Jr", "Núñez-Čapek, Žofie"],
        "AU": ["Lindqvist AM", "van der Berg J Jr", "Núñez-Čapek Ž"],
        "AUID": ["ORCID: 0000-0000-0000-0001"],
        "AD": ["Ward 1, Uppsala.", "Ward 2, Utrecht.", "Ward 1, Uppsala."],
        "CN": ["Invented Ketamine and Mood Study Group"],
        "LA": ["ger", "eng"],
        "SI": ["ClinicalTrials.gov/NCT90000001"],
        "PT": ["Journal Article", "Retracted Publication"],
        "DEP": "20240430",
        "TT": "Ketamin bei Depression",
        "TA": "Invented J. Psychiatry",
        "JT": "Invented Journal of Psychiatry",
        "MH": ["Ketamine/*administration & dosage/adverse effects", "*Depressive Disorder, Treatment-Resistant"],
        "OT": ["ketamine", "mood; state"],
        "RIN": ["Invented J Psychiatry. 2025;13:1. PMID: 90000003"],
        "EIN": ["Invented J Psychiatry. 2024;12(5):400 (dose corrected)"],
        "CON": ["Made-up Acta. 2023;1:9. PMID: 90000004"],
        "GN": [
            "Associated dataset: Invented Repository. 10.5555/data",
            "RETRACTED: see PMID 90000003 (Invented J Psychiatry. 2025;13:1) (record read on 2026-03-01)",
        ],
        "PMC": "PMC90000001",
        "EDAT": "2024/05/04 00:00",
        "AID": ["10.5555/invented_1 [doi]"],
        "SO": "Invented J Psychiatry. 2024 May 3;12(3 Suppl 1):S201-9. doi: 10.5555/invented_1.",
    }


def test_the_nbib_package_has_each_author_with_the_affiliations() -> None:
    (found,) = nbib_package.read(written(FULL))
    assert found["pubmed_id"] == 90000001
    assert (found["title"], found["abstract"], found["doi"]) == (FULL.title, ABSTRACT, FULL.doi)
    assert (found["undetermined_issn"], found["pmcid"]) == (FULL.issn, 90000001)
    assert found["electronic_publication_date"] == datetime(2024, 4, 30)  # noqa: DTZ001
    assert found["corporate_author"] == "Invented Ketamine and Mood Study Group"
    names = [(each["author"], each["author_abbreviated"], each.get("affiliations", [])) for each in found["authors"]]
    assert names == [
        ("Lindqvist, Astrid Maria", "Lindqvist AM", ["Ward 1, Uppsala."]),
        ("van der Berg, Jan Jr", "van der Berg J Jr", ["Ward 2, Utrecht.", "Ward 1, Uppsala."]),
        ("Núñez-Čapek, Žofie", "Núñez-Čapek Ž", []),
    ]
    assert found["descriptors"] == [
        {"descriptor": "Ketamine", "qualifier": "administration & dosage", "major": True},
        {"descriptor": "Ketamine", "qualifier": "adverse effects", "major": False},
        {"descriptor": "Depressive Disorder, Treatment-Resistant", "major": True},
    ]
    assert found["keywords"] == ["ketamine", "mood; state"]
    assert found["publication_types"] == ["Journal Article", "Retracted Publication"]


def test_lines_are_as_wide_as_pubmed_s_and_go_on_in_the_seventh_column() -> None:
    text = written(replace(FULL, abstract="Eight words that are here said once again. " * 40))
    lines = text.splitlines()
    assert max(len(line) for line in lines if not line.startswith("GN")) <= 88
    assert all(line[:6] == "      " or line[4:6] == "- " for line in lines if line)
    assert text.endswith("\n\n")


@pytest.mark.parametrize("nasty", ["a\n\nPMID- 90000009\nTI  - another", "x\r\nTI  - y", "TI  - y", "a\u2028PMID- 1"])
def test_no_text_ends_a_record_or_begins_a_field(nasty: str) -> None:
    found = by_biopython(written(replace(FULL, title=nasty), FULL))
    assert [each["TI"] for each in found] == [on_one_line(nasty), FULL.title]


def test_a_month_is_in_words_and_a_range_as_the_source_gives_it() -> None:
    dated = [bare(title="x", year=2024, month=2), bare(title="x", year=1998, medline_date="1998 Dec-1999 Jan")]
    assert [each["DP"] for each in by_biopython(written(*dated))] == ["2024 Feb", "1998 Dec-1999 Jan"]


def test_an_issn_or_pmcid_of_another_shape_is_not_written_where_readers_would_stumble() -> None:
    (found,) = nbib_package.read(written(bare(title="x", issn="unknown", pmcid="manuscript 7")))
    assert found == {"title": "x"}


def test_a_value_of_a_list_stays_on_its_line_so_that_it_stays_one() -> None:
    long = "a keyword of many words " * 8
    (found,) = by_biopython(written(bare(title="x", keywords=[long, "y"], authors=[author(collective=long)])))
    assert (found["OT"], found["CN"]) == ([long.strip(), "y"], [long.strip()])


def test_initials_are_made_from_fore_names_where_the_source_gives_none() -> None:
    people = [author("Moreau", "Jean-Marie Anne"), author("Silva", "Ada", suffix="3rd"), author(fore="Ada")]
    (found,) = by_biopython(written(bare(title="x", authors=people)))
    assert found["AU"] == ["Moreau JMA", "Silva A 3rd", "Ada"]
    assert found["FAU"] == ["Moreau, Jean-Marie Anne", "Silva, Ada 3rd", "Ada"]


@settings(max_examples=30)
@given(article=articles())
def test_whatever_a_text_holds_comes_back(article: ExportedArticle) -> None:
    text = written(article, FULL)
    assert text.splitlines() == text.split("\n")[:-1]
    ours, after = by_biopython(text)
    theirs, last = nbib_package.read(text)
    assert after["TI"] == last["title"] == FULL.title
    for tag, name, value in (("TI", "title", article.title), ("AB", "abstract", article.abstract)):
        assert ours.get(tag, "") == theirs.get(name, "") == on_one_line(value)
    assert ours["MH"] == [on_one_line(_heading(each)) for each in article.mesh]
    assert theirs.get("keywords", []) == [on_one_line(each) for each in article.keywords]


def _heading(mesh: dict[str, Any]) -> str:
    (qualifier,) = mesh["qualifiers"]
    return f"{'*' * mesh['major']}{mesh['name']}/{'*' * qualifier['major']}{qualifier['name']}"


def test_many_articles_are_many_records() -> None:
    assert [each["PMID"] for each in by_biopython(written(*of_the_same(120)))] == [
        str(90000001 + n) for n in range(120)
    ]
