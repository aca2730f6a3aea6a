"""BibTeX, read back by bibtexparser and by pybtex."""

from dataclasses import replace

import pytest
from exported_articles import FULL, author, bare, of_the_same
from hypothesis import example, given, settings
from nasty_text import TEXT, articles, on_one_line, squeezed
from read_bibtex import by_bibtexparser, by_pybtex, text_of

from review_app.export.bibtex import bibtex, escaped
from review_app.export.model import ExportedArticle


def written(*exported: ExportedArticle) -> str:
    return "".join(bibtex(exported))


FIELDS = {
    "key": "lindqvist2024ketamine",
    "kind": "article",
    "author": [
        ("Lindqvist", "", "Astrid Maria"),
        ("van der Berg", "Jr", "Jan"),
        ("Núñez-Čapek", "", "Žofie"),
        ("Invented Ketamine and Mood Study Group", "", ""),
    ],
    "title": FULL.title,
    "journal": "Invented Journal of Psychiatry",
    "shortjournal": "Invented J. Psychiatry",
    "volume": "12",
    "number": "3 Suppl 1",
    "year": "2024",
    "day": "3",
    "pages": "S201–S209",
    "doi": "10.5555/invented_1",
    "pmid": "90000001",
    "pmcid": "PMC90000001",
    "issn": "1234-567X",
    "language": "ger; eng",
    "electronic-date": "2024-04-30",
    "abstract": "BACKGROUND: Whether 5% of {some} help is unknown. RESULTS: MADRS fell by 7.4 points -- p < 0.05.",
    "keywords": "ketamine; mood; state",
    "mesh": "Ketamine/*administration & dosage/adverse effects; *Depressive Disorder, Treatment-Resistant",
    "publication-types": "Journal Article; Retracted Publication",
    "affiliation": "Ward 1, Uppsala.; Ward 2, Utrecht.",
    "orcid-numbers": "Lindqvist, Astrid Maria/0000-0000-0000-0001",
    "note": (
        "RETRACTED: see PMID 90000003 (Invented J Psychiatry. 2025;13:1) (record read on 2026-03-01). "
        "Erratum in: Invented J Psychiatry. 2024;12(5):400 [dose corrected]. "
        "Comment on: PMID 90000004 (Made-up Acta. 2023;1:9.). "
        "Associated dataset: Invented Repository. 10.5555/data. "
        "Original title: Ketamin bei Depression. Registered as: ClinicalTrials.gov/NCT90000001"
    ),
}


def test_bibtexparser_has_everything_back() -> None:
    assert by_bibtexparser(written(FULL)) == [FIELDS | {"month": "may"}]


def test_pybtex_has_everything_back_and_knows_the_month() -> None:
    assert by_pybtex(written(FULL)) == [FIELDS | {"month": "May"}]


def test_capitals_that_a_style_would_lower_are_in_braces() -> None:
    assert "title = {Ketamine (0.5 mg/kg) \\& {CO2} in {TRD:} 50\\% of" in written(FULL)
    assert "title = {{NMDA} and the others}" in written(bare(title="NMDA and the others"))


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("50% & $5 #1 a_b", r"50\% \& \$5 \#1 a\_b"),
        (r"a\b ~ ^", r"a{\textbackslash}b {\textasciitilde} {\textasciicircum}"),
        ("{x}", r"\{x\}"),
        ("}x{", r"{\textbraceright}x{\textbraceleft}"),
        ("-- ''x'' ?`", "-{}- '{}'x'{}' ?{}`"),
        ("größer, שלום, 😀", "größer, שלום, 😀"),
        ("two\nlines", "two lines"),
    ],
)
def test_what_latex_would_take_for_a_command_is_escaped(text: str, latex: str) -> None:
    assert escaped(text) == latex


@pytest.mark.parametrize("nasty", ["\n@article{x,\n title={y}}", "}\n}\n@string{a = 1}", '"#"', "@comment(", "\\"])
def test_no_text_ends_an_entry_or_begins_one(nasty: str) -> None:
    text = written(replace(FULL, title=nasty, abstract=nasty), FULL)
    for found in (by_bibtexparser(text), by_pybtex(text)):
        assert len(found) == 2
        assert squeezed(found[0]["title"]) == squeezed(found[0]["abstract"]) == squeezed(nasty)
        assert found[1]["title"] == FULL.title


def test_a_name_with_a_comma_or_an_and_stays_one_name() -> None:
    people = [author(collective="Group of Ada, Ben and Cleo"), author("Smith and Sons", "A, B"), author("others", "O")]
    text = written(bare(title="x", authors=people))
    for found in (by_bibtexparser(text), by_pybtex(text)):
        assert found[0]["author"] == [
            ("Group of Ada, Ben and Cleo", "", ""),
            ("Smith and Sons", "", "A, B"),
            ("others", "", "O"),
        ]


def test_an_article_without_a_journal_or_a_month_says_nothing_of_them() -> None:
    (found,) = by_pybtex(written(bare(title="A title", year=1998, medline_date="1998 Winter")))
    assert (found["kind"], found["year"], found["medline-date"]) == ("misc", "1998", "1998 Winter")
    assert not {"journal", "month", "pages"} & set(found)


@settings(max_examples=150)
@given(TEXT)
@example("{\\textbackslash}")
@example("\\{")
def test_any_text_comes_back_from_latex_in_balanced_braces(text: str) -> None:
    latex = escaped(text)
    assert latex.count("{") == latex.count("}")
    assert text_of(latex) == on_one_line(text)


@settings(max_examples=30)
@given(article=articles())
def test_whatever_a_text_holds_comes_back(article: ExportedArticle) -> None:
    text = written(article, FULL)
    ours, after = by_bibtexparser(text)
    theirs, last = by_pybtex(text)
    assert after["title"] == last["title"] == FULL.title
    assert text.isascii() or text.encode()
    for name, value in (("title", article.title), ("abstract", article.abstract), ("volume", article.volume or "")):
        assert ours.get(name, "") == on_one_line(value)
        assert theirs.get(name, "") == squeezed(value)
    assert len(ours["author"]) == len(theirs["author"]) == len(article.authors)


def test_many_articles_are_many_entries_each_with_its_own_key() -> None:
    keys = [found["key"] for found in by_pybtex(written(*of_the_same(60)))]
    assert keys[:3] == ["lindqvist2024ketamine", "lindqvist2024ketaminea", "lindqvist2024ketamineb"]
    assert len(set(keys)) == 60
