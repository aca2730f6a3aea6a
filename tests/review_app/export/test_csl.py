"""CSL-JSON: its shape, and a bibliography that citeproc-py makes of it."""

import json
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import jsonschema
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from exported_articles import FULL, author, bare, of_the_same
from hypothesis import given, settings
from nasty_text import articles, on_one_line, squeezed

from review_app.export.csl import csl_json
from review_app.export.model import ExportedArticle

TEXT = {"type": "string", "minLength": 1}
_NAME = {
    "type": "object",
    "properties": {"family": TEXT, "given": TEXT, "suffix": TEXT, "literal": TEXT},
    "additionalProperties": False,
    "minProperties": 1,
}
_PART = {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 3}
_DATE = {
    "type": "object",
    "properties": {"date-parts": {"type": "array", "items": _PART, "minItems": 1, "maxItems": 2}, "literal": TEXT},
    "additionalProperties": False,
}
# What we use of the schema of CSL-JSON 1.0.2 (citation-style-language/schema, csl-data.json), in our own words.
_STRINGS = (
    "id title container-title container-title-short volume issue page abstract keyword language original-title status "
    "source DOI PMID PMCID ISSN note"
).split()
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["id", "type"],
        "additionalProperties": False,
        "properties": dict.fromkeys(_STRINGS, TEXT)
        | {"type": {"enum": ["article-journal", "article"]}, "issued": _DATE}
        | {"author": {"type": "array", "items": _NAME, "minItems": 1}},
    },
}


def read(*exported: ExportedArticle) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads("".join(csl_json(exported)))
    jsonschema.validate(items, SCHEMA)
    assert len({item["id"] for item in items}) == len(items)
    return items


def test_all_that_csl_can_hold_comes_back() -> None:
    (found,) = read(FULL)
    assert found == {
        "id": "lindqvist2024ketamine",
        "type": "article-journal",
        "title": FULL.title,
        "author": [
            {"family": "Lindqvist", "given": "Astrid Maria"},
            {"family": "van der Berg", "given": "Jan", "suffix": "Jr"},
            {"family": "Núñez-Čapek", "given": "Žofie"},
            {"literal": "Invented Ketamine and Mood Study Group"},
        ],
        "container-title": "Invented Journal of Psychiatry",
        "container-title-short": "Invented J. Psychiatry",
        "volume": "12",
        "issue": "3 Suppl 1",
        "page": "S201-S209",
        "issued": {"date-parts": [[2024, 5, 3]]},
        "abstract": FULL.abstract,
        "keyword": (
            "ketamine; mood; state; Ketamine/*administration & dosage/adverse effects; "
            "*Depressive Disorder, Treatment-Resistant"
        ),
        "language": "de",
        "original-title": "Ketamin bei Depression",
        "status": "retracted",
        "source": "PubMed",
        "DOI": "10.5555/invented_1",
        "PMID": "90000001",
        "PMCID": "PMC90000001",
        "ISSN": "1234-567X",
        "note": (
            "RETRACTED: see PMID 90000003 (Invented J Psychiatry. 2025;13:1) (record read on 2026-03-01)\n"
            "Erratum in: Invented J Psychiatry. 2024;12(5):400 [dose corrected]\n"
            "Comment on: PMID 90000004 (Made-up Acta. 2023;1:9.)\n"
            "Associated dataset: Invented Repository. 10.5555/data\n"
            "Original title: Ketamin bei Depression\n"
            "Registered as: ClinicalTrials.gov/NCT90000001\n"
            "Published electronically: 2024-04-30\n"
            "Publication types: Journal Article; Retracted Publication\n"
            "Languages: de; en"
        ),
    }


def test_a_date_has_the_parts_that_are_known() -> None:
    dated = [bare(title="x", year=2024, month=2), bare(title="x", year=2024), bare(title="x", medline_date="Winter")]
    parts = [item["issued"] for item in read(*dated)]
    assert parts == [{"date-parts": [[2024, 2]]}, {"date-parts": [[2024]]}, {"literal": "Winter"}]
    (ranged,) = read(bare(title="x", year=1998, medline_date="1998 Dec-1999 Jan"))
    assert ranged["issued"] == {"date-parts": [[1998]]}
    assert "Published: 1998 Dec-1999 Jan" in ranged["note"]


def test_no_article_at_all_is_an_empty_array() -> None:
    assert read() == []
    assert len(read(*of_the_same(30))) == 30


@contextmanager
def third_party_warnings() -> Iterator[list[warnings.WarningMessage]]:
    """citeproc-py 0.11 leaves its style files to the garbage collector; what it says of references is kept."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", ResourceWarning)
        yield seen


def bibliography(items: list[dict[str, Any]]) -> list[str]:
    with third_party_warnings() as seen:
        style = CitationStylesStyle("harvard-cite-them-right", validate=False)
        about_the_style = len(seen)
        made = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
        for item in items:
            made.register(Citation([CitationItem(item["id"])]))
        lines = [str(line) for line in made.bibliography()]
    assert [str(each.message) for each in seen[about_the_style:]] == []
    return lines


def test_citeproc_makes_a_bibliography_of_it_without_a_warning() -> None:
    other = bare(title="A title", authors=[author("Nemo", "Xaver")], journal="Annals", year=1998, pages="101-9")
    first, second = sorted(bibliography(read(FULL, other)))
    assert first.startswith("Lindqvist, A.M.")
    assert "(2024)" in first
    assert "Invented Journal of Psychiatry" in first
    assert "pp. S201–S209" in first or "S201-S209" in first
    assert second.startswith("Nemo, X. (1998)")
    assert re.search(r"pp?\. 101[-–]109", second)


@settings(max_examples=30)
@given(article=articles())
def test_whatever_a_text_holds_comes_back(article: ExportedArticle) -> None:
    found, after = read(article, FULL)
    assert after["title"] == FULL.title
    for name, value in (("title", article.title), ("abstract", article.abstract), ("volume", article.volume or "")):
        assert found.get(name, "") == value
    for person, stated in zip(article.authors, found.get("author", []), strict=True):
        expected = [on_one_line(person[part] or "") for part in ("collective", "last", "fore", "suffix")]
        assert [stated.get(part, "") for part in ("literal", "family", "given", "suffix")] == expected
    assert squeezed(found["note"]).startswith("RETRACTED: see PMID 90000003")
