"""BibTeX and BibLaTeX. All records are invented."""

import io

import pytest

from harvester.bibtex_references import read_records
from harvester.latex_text import plain
from harvester.parsed import Parsed, Rejected
from harvester.records import ArticleRecord, Author


def read(text: str) -> list[Parsed]:
    return list(read_records(io.StringIO(text)))


def only(fields: str, *, before: str = "") -> ArticleRecord:
    (record,) = read(f"{before}@article{{key,\n{fields}\n}}\n")
    assert isinstance(record, ArticleRecord), record
    return record


def test_everything_an_entry_says_is_kept() -> None:
    record = only(
        r"""  title = {{Invented {K}etamine} trial: {\'E}tude of 50\% \& more},
        author = {M{\"u}ller, J{\"o}rg and {Invented Study Group} and van der Berg, Jan and Smith, Jr., John
                  and Ada Lovelace and others},
        journal = inv, year = 2020, month = mar, day = 5, volume = 3, number = {S1}, pages = {1--10},
        doi = {https://doi.org/10.5555/A\_b}, pmid = {90000001}, pmcid = {PMC90000001}, issn = {1234-5678},
        abstract = {A bare 50% is kept, and a second line
                    too.}, keywords = {one, two}, language = {en}""",
        before="@comment{x}\n@string{inv = {J Invent}}\n",
    )
    assert record.title == "Invented Ketamine trial: Étude of 50% & more"
    assert record.authors == (
        Author("Müller", "Jörg"),
        Author(collective="Invented Study Group"),
        Author("van der Berg", "Jan"),
        Author("Smith", "John", suffix="Jr."),
        Author("Lovelace", "Ada"),
    )
    assert (record.journal, record.year, record.month, record.day) == ("J Invent", 2020, 3, 5)
    assert (record.volume, record.issue, record.pages, record.issn) == ("3", "S1", "1-10", "1234-5678")
    assert (record.pmid, record.doi, record.pmcid) == (90000001, "10.5555/a_b", "PMC90000001")
    assert record.abstract == "A bare 50% is kept, and a second line too."
    assert (record.keywords, record.languages) == (("one", "two"), ("en",))


@pytest.mark.parametrize(
    ("fields", "pmid"),
    [
        ("eprint = {90000001}, eprinttype = {pubmed}", 90000001),
        ("eprint = {90000001}, archiveprefix = {arXiv}", None),
        ("note = {PMID: 90000001}", 90000001),
        ("note = {Comment on PMID: 90000001}", None),
        ("url = {https://pubmed.ncbi.nlm.nih.gov/90000001/}", 90000001),
    ],
)
def test_a_pmid_is_taken_only_where_it_is_this_article_s(fields: str, pmid: int | None) -> None:
    assert only(f"title = {{T}}, {fields}").pmid == pmid


@pytest.mark.parametrize(
    ("fields", "published"),
    [
        ("date = {2019-11-03}", (2019, 11, 3, None)),
        ("date = {2019}", (2019, None, None, None)),
        ("year = {2019}, month = {3 mar}", (2019, 3, 3, None)),
        ("year = {2019}, month = {Winter}", (2019, None, None, "2019 Winter")),
        ("year = {in press}", (None, None, None, "in press")),
    ],
)
def test_dates(fields: str, published: tuple[int | None, int | None, int | None, str | None]) -> None:
    record = only(f"title = {{T}}, {fields}")
    assert (record.year, record.month, record.day, record.medline_date) == published


def test_a_broken_entry_is_rejected_with_its_line_and_the_rest_go_on() -> None:
    text = (
        "@article{a, title={One}}\n@article{b, title={unclosed, year=2020\n@article{c, title={Three}}\n"
        "@article{d, year={2020}}\n@article{e, title={T}, pmid={99999999999}}\n@article{f, title={A}, title={B}}\n"
        "@article{g, title={Caf\udce9}}\n@article{h, title={Eight}}"
    )
    found = read(text)
    assert [each.title for each in found if isinstance(each, ArticleRecord)] == ["One", "Three", "Eight"]
    assert [(each.position, each.reason) for each in found if isinstance(each, Rejected)] == [
        (2, "line 2: its braces or quotes do not close"),
        (4, "line 4: a record needs a PMID, a DOI or a title"),
        (5, "line 5: pmid “99999999999” is not a number that PubMed gives"),
        (6, "line 6: it has two fields named title"),
        (7, "line 7: byte 0xe9 is not the text that the rest of the file is; repair its letters"),
    ]


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"na{\"\i}ve {\ss} \o{} {\aa} \c{c} \v{s} {\L}", "naïve ß ø å ç š Ł"),
        (r"5\,mg/kg ~ $\alpha$-blocker 10\textasciicircum{}6", "5 mg/kg α-blocker 10^6"),
        ("costs $5 to $10, 50% of -- them", "costs $5 to $10, 50% of – them"),
        (
            r"\o re, \v s and {\bf two words} of {\'E}mile's $n = 5$ \& more",
            "øre, š and two words of Émile's $n = 5$ & more",
        ),
        (r"\emph{in vivo} and \textit{S. invented}", "in vivo and S. invented"),
    ],
)
def test_latex_is_read_as_it_prints(latex: str, text: str) -> None:
    assert plain(latex) == text


@pytest.mark.parametrize("spoiled", ['@string{jad = "J Invent"}\n', '@string{jad = "J Other\n'])
def test_a_string_that_is_doubled_or_broken_spoils_no_entry(spoiled: str) -> None:
    entries = "@article{a, title = {One}, journal = jad}\n@article{b, title = {Two}, journal = jad}\n"
    found = read('@string{jad = "J Invent"}\n' + spoiled + entries)
    assert [(each.title, each.journal) for each in found if isinstance(each, ArticleRecord)] == [
        ("One", "J Invent"),
        ("Two", "J Invent"),
    ]
