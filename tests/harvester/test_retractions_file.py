"""The Retraction Watch file as it is, and as it should not be."""

import csv
import io
import random
from contextlib import suppress
from datetime import date

import pytest

from harvester.retractions_file import NEEDED, NotTheFile, Row, WatchFile, is_the_file, read_file

ROWS = 40


def written(
    rows: list[dict[str, str]], *, comma: str = ",", end: str = "\n", header: tuple[str, ...] = NEEDED
) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, header, lineterminator=f"{comma}{end}")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def row(number: int, **said: str) -> dict[str, str]:
    plain = {"RetractionDate": "8/16/2023 0:00", "RetractionNature": "Retraction", "RetractionDOI": "unavailable"}
    plain |= {"OriginalPaperPubMedID": str(90000000 + number), "RetractionPubMedID": "0", "Reason": "+Error in Data;"}
    return {"Record ID": str(number), "OriginalPaperDOI": "", **plain, **said}


def read(body: bytes) -> WatchFile:
    return read_file(io.BytesIO(body), lambda pmid, doi: pmid is not None or doi is not None)


def only(**said: str) -> Row:
    return read(written([row(1, **said)])).rows[1]


def test_a_row_says_what_was_published_about_which_paper() -> None:
    assert only(
        OriginalPaperDOI=" 10.5555/ABC ", RetractionDOI="https://doi.org/10.5555/N", RetractionPubMedID="7"
    ) == Row(1, "retraction", 90000001, "10.5555/abc", 7, "10.5555/n", date(2023, 8, 16), ("Error in Data",))


@pytest.mark.parametrize("doi", ["unavailable", "Unavailable", "", "none"])
def test_what_stands_for_no_identifier_is_none(doi: str) -> None:
    found = only(RetractionDOI=doi, OriginalPaperDOI=doi)
    assert (found.doi, found.notice_doi, found.notice_pmid) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8/16/2023 0:00", date(2023, 8, 16)),
        ("12/1/2009", date(2009, 12, 1)),
        ("2023-08-16", date(2023, 8, 16)),
        ("2023-08-16 00:00:00", date(2023, 8, 16)),
        ("16/8/2023 0:00", None),
        ("", None),
        ("soon", None),
    ],
)
def test_dates_are_american_or_iso(text: str, expected: date | None) -> None:
    assert only(RetractionDate=text).dated == expected


@pytest.mark.parametrize(
    ("nature", "reasons", "kind"),
    [
        ("Retraction", "+Error in Data;", "retraction"),
        ("Expression of concern", "", "expression_of_concern"),
        ("Expression of Concern", "", "expression_of_concern"),
        ("Correction", "", "erratum"),
        ("Reinstatement", "", "reinstatement"),
        ("Retraction", "+Error in Data;+Retract and Replace;", "retracted_and_republished"),
        ("Correction", "+Retract and Replace;", "erratum"),
        ("Partial retraction", "", "partial_retraction"),
        ("Something new", "", "something_new"),
    ],
)
def test_the_nature_is_a_kind_of_notice(nature: str, reasons: str, kind: str) -> None:
    assert only(RetractionNature=nature, Reason=reasons).kind == kind


def test_lists_end_in_a_semicolon_and_reasons_begin_with_a_plus() -> None:
    assert only(Reason="+Error in Data;+Concerns/Issues;; ").reasons == ("Error in Data", "Concerns/Issues")


@pytest.mark.parametrize(("comma", "end"), [(",", "\n"), ("", "\n"), (",", "\r\n")])
def test_the_extra_comma_may_be_there_or_not(comma: str, end: str) -> None:
    found = read(b"\xef\xbb\xbf" + written([row(1), row(2)], comma=comma, end=end))
    assert (found.count, found.rejected, set(found.rows)) == (2, 0, {1, 2})


def test_columns_are_found_by_their_names() -> None:
    other = ("Title", *reversed(NEEDED))
    assert read(written([row(1, Title='Invented, "quoted"\npaper')], header=other)).rows == {1: only()}


def test_only_wanted_rows_are_kept() -> None:
    found = read_file(io.BytesIO(written([row(n) for n in range(1, 9)])), lambda pmid, doi: pmid == 90000003)
    assert (found.count, set(found.rows)) == (8, {3})


def test_a_row_that_cannot_be_read_is_counted_and_the_others_are_read() -> None:
    rows = [row(n) for n in range(1, 301)]
    rows[7]["Record ID"] = "seven"
    found = read(written(rows))
    assert (found.count, found.rejected, len(found.rows)) == (300, 1, 299)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "has no column Record ID"),
        (b"<html>Sign in</html>", "has no column Record ID"),
        (b"Record ID,RetractionDate\n1,2\n", "has no column"),
        (written([row(1), row(2)])[:-40], "was cut short in its row 2"),
        (written([row(n, **({"Record ID": "x"} if n % 2 else {})) for n in range(9)]), "of 9 rows .* cannot be read"),
        (written([row(1)]) + b"1," + b"x" * 200_000, "cannot be read: field larger"),
        (written([row(1)]) + b"x" * 2_000_000, "a line without an end"),
        (written([row(1)]).replace(b"8/16", b'"8/16'), "was cut short in its row 1"),
    ],
    ids=["empty", "html", "columns", "cut", "rubbish", "field", "line", "quote"],
)
def test_a_file_that_is_not_the_whole_one_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(NotTheFile, match=why):
        read(body)


def test_the_file_is_known_by_its_beginning() -> None:
    assert is_the_file(written([]))
    assert is_the_file(b"\xef\xbb\xbf" + written([]))
    assert is_the_file(b'"Record ID","Title"')
    assert not is_the_file(b"<!DOCTYPE html>")


def damaged(seed: int) -> bytes:
    """The file with a few bytes lost, doubled or replaced, or cut short."""
    chance = random.Random(seed)
    body = written([row(n, RetractionDOI=f"10.5555/n.{n}") for n in range(1, ROWS)])
    for _ in range(chance.randint(1, 6)):
        at, size = chance.randrange(len(body) + 1), chance.choice((1, 1, 2, 10, 200))
        noise = chance.choice((b"", b'"', b",", b"\n", b"\0", b"\xff", b'","', chance.randbytes(size)))
        body = chance.choice((body[:at] + noise + body[at + size :], body[:at] + noise + body[at:], body[:at]))
    return body


def test_a_damaged_file_is_refused_or_its_rows_could_have_been_in_it() -> None:
    files: list[WatchFile] = []
    for seed in range(200):
        with suppress(NotTheFile):
            files.append(read(damaged(seed)))
    assert 0 < len(files) < 200
    assert all(found.count >= len(found.rows) for found in files)
    rows = [(number, each) for found in files for number, each in found.rows.items()]
    assert all(number == each.record > 0 and each.kind for number, each in rows)
    assert not any("\0" in f"{each.kind}{each.doi}{each.notice_doi}{each.reasons}" for _, each in rows)
