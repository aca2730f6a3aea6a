"""CSV with a header row to article records. Comma, semicolon or tab, quoted as in RFC 4180.

Headers in any case: `title`, and any of `pmid abstract year journal authors doi publication_types mesh`, or what
others call them (`csv_headers`). A row needs a PMID, a DOI or a title. `raw` stays empty: a row says less than a
record of PubMed and must not pass for one.
"""

import csv
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import TextIO, TypeVar

from harvester.author_names import author_named
from harvester.csv_headers import COLUMNS, Header, recognise_header
from harvester.identifiers import normal_pmcid
from harvester.mesh_text import mesh_heading, registry_id
from harvester.not_pubmed import one_line
from harvester.parsed import Parsed, Rejected
from harvester.publication_dates import publication_date
from harvester.records import ArticleRecord, PublicationType, Section
from harvester.stated_ids import doi_in, one_pmid, pmids_in, stated_doi, stated_pmid
from harvester.stated_standing import standing_notices
from harvester.text_encoding import undecoded
from harvester.unreadable import UnreadableFile

LONGEST_LINE = 1 << 20
HEAD = 1 << 16
# A few bytes of gzip can unpack to rows without end; PubMed's own list of ketamine is fifty times shorter.
MOST_ROWS = 1_000_000

T = TypeVar("T")

_WHOLE = re.compile(r"(\d+)(?:\.0+)?", re.ASCII)
_COMMA_LIST = re.compile(r"[^,;]+ (?:[A-Z]\.?-?){1,4}(?:, [^,;]+ (?:[A-Z]\.?-?){1,4})+\.?")
# Our own export puts a quote before what a spreadsheet would take for a formula.
_GUARDED = re.compile(r"'(?=[=+\-@\t\r\n＝＋－＠])")
_CITED = re.compile(r"\. \d{4}[^;.]*;([^(:;.]*)(?:\(([^)]*)\))?(?::([\w.,-]*\w))?")


def read_rows(text: TextIO) -> Iterator[Parsed]:
    """The records of a CSV; a row that cannot be one is Rejected under its row number (the header is row 1)."""
    first = text.readline(HEAD)
    # A header may hold line ends inside quotes.
    while first.count('"') % 2 and (more := text.readline(HEAD)) and len(first) < HEAD:
        first += more
    header = recognise_header(first)
    begun = first.count("\n") or 1
    # A line without an end must not be read into memory whole.
    rows = csv.reader(iter(lambda: text.readline(LONGEST_LINE), ""), delimiter=header.delimiter, strict=True)
    number = 1
    while True:
        number, begins = number + 1, begun + rows.line_num + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Rejected(number, None, f"lines {begins} to {begun + rows.line_num} are not well quoted ({error})")
            continue
        if number > MOST_ROWS + 1:
            raise UnreadableFile(f"it has more than {MOST_ROWS:,} rows; split it, or export less")
        if any(cell.strip() for cell in cells):
            yield _record_or_rejected(number, header, cells)


def _record_or_rejected(number: int, header: Header, cells: list[str]) -> Parsed:
    pmid = None
    try:
        if len(cells) != len(header.names):
            raise ValueError(f"the row has {len(cells)} cells, the header {len(header.names)}")
        if why := undecoded("".join(cells)):
            raise ValueError(why)
        row = dict(zip(header.names, cells, strict=True))
        given = {name: _GUARDED.sub("", row.get(name, "").strip(), count=1) for name in COLUMNS}
        pmid = _pmid(given)
        return _record(pmid, given)
    except ValueError as error:
        return Rejected(number, pmid, one_line(str(error)))


def _record(pmid: int | None, given: dict[str, str]) -> ArticleRecord:
    if any("\0" in cell for cell in given.values()):
        raise ValueError("the row holds a NUL character")
    year, types = _year(given["year"]), _listed(given["publication_types"], lambda name: PublicationType(None, name))
    published = publication_date(str(year or ""), given["month"], given["day"])
    volume, issue, pages = _place(given)
    return ArticleRecord(
        title=" ".join(given["title"].split()),
        pmid=pmid,
        sections=(Section(given["abstract"]),) if given["abstract"] else (),
        authors=tuple(author_named(name) for name in _author_names(given["authors"])),
        journal=given["journal"] or given["iso_abbreviation"] or None,
        iso_abbreviation=given["iso_abbreviation"] or None,
        issn=given["issn"].split(";")[0].split(",")[0].strip() or None,
        volume=volume or None,
        issue=issue or None,
        pages=pages or None,
        year=year,
        month=published.month,
        day=published.day,
        medline_date=given["medline_date"] or None,
        vernacular_title=given["vernacular_title"] or None,
        doi=stated_doi(given["doi"]) or doi_in(f"{given['url']}\n{given['notes']}"),
        pmcid=normal_pmcid(given["pmcid"]),
        languages=_listed(given["language"], str),
        publication_types=types,
        mesh=_listed(given["mesh"], mesh_heading),
        keywords=_listed(given["keywords"], str),
        registry_ids=tuple(part for part in _listed(given["registry_ids"], registry_id) if part),
        notices=standing_notices(given["integrity"], types),
        date_entered=_date(given["date_entered"]),
    )


def _pmid(given: dict[str, str]) -> int | None:
    return stated_pmid(given["pmid"]) or one_pmid(pmids_in(f"{given['url']}\n{given['notes']}"))


def _year(text: str) -> int | None:
    if not text:
        return None
    whole = _WHOLE.fullmatch(text)
    if whole is None or not 1500 <= int(whole[1]) <= 2199:
        raise ValueError(f"year “{text}” is not a year")
    return int(whole[1])


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text.replace("/", "-")) if text else None
    except ValueError:
        return None


def _place(given: dict[str, str]) -> tuple[str, str, str]:
    """Volume, issue and pages; PubMed's CSV has them in its citation only."""
    pages = given["pages"] or "-".join(dict.fromkeys(p for p in (given["page_start"], given["page_end"]) if p))
    if given["volume"] or pages or not (cited := _CITED.search(given["citation"])):
        return given["volume"], given["issue"], pages
    return cited[1], cited[2] or "", cited[3] or ""


def _listed(text: str, make: Callable[[str], T]) -> tuple[T, ...]:
    return tuple(make(part.strip()) for part in text.split(";") if part.strip())


def _author_names(text: str) -> list[str]:
    """ "Smith J, Jones AB." is how PubMed's own CSV lists its authors, "Smith, J. and Jones, A." how Rayyan does."""
    linked = [name.strip() for name in text.split(" and ")]
    if ";" not in text and len(linked) > 1 and all("," in name for name in linked):
        return linked
    mark = "," if _COMMA_LIST.fullmatch(text) else ";"
    return [name.strip().rstrip(".") if mark == "," else name.strip() for name in text.split(mark) if name.strip()]
