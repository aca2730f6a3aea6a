"""CSV and JSON lines, read back by Python's own readers."""

import csv
import io
import json
from dataclasses import asdict

from exported_articles import FULL, of_the_same
from hypothesis import given, settings
from nasty_text import articles

from review_app.export.model import ExportedArticle
from review_app.export.tables import COLUMNS, csv_lines, jsonl

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def rows(*exported: ExportedArticle) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(csv_lines(exported)), newline=""), strict=True))


def test_a_row_has_the_scalar_fields_and_lists_joined() -> None:
    (row,) = rows(FULL)
    assert list(row) == COLUMNS
    scalar = {name: value for name, value in asdict(FULL).items() if isinstance(value, str | int) and name in COLUMNS}
    assert {name: row[name] for name in scalar} == {name: str(value) for name, value in scalar.items()}
    assert row["authors"].split("; ")[1:] == [
        "van der Berg, Jan Jr",
        "Núñez-Čapek, Žofie",
        "Invented Ketamine and Mood Study Group",
    ]
    assert row["mesh"].startswith("Ketamine/*administration & dosage/adverse effects; *Depressive")
    assert row["notices"].startswith("Retraction in: PMID 90000003")
    assert (row["integrity"], row["medline_date"], row["citation_count"]) == ("retracted", "", "")


def test_a_line_of_json_has_everything() -> None:
    assert [json.loads(line) for line in jsonl([FULL])] == [asdict(FULL)]


@settings(max_examples=30)
@given(article=articles())
def test_whatever_a_text_holds_comes_back(article: ExportedArticle) -> None:
    lines = list(jsonl([article, FULL]))
    assert [json.loads(line) for line in lines] == [asdict(article), asdict(FULL)]
    assert all(len(line.splitlines()) == 1 for line in lines)
    row, after = rows(article, FULL)
    assert after["title"] == FULL.title
    for name in ("title", "abstract", "journal", "volume"):
        value = getattr(article, name) or ""
        assert row[name] == f"{chr(39) * value.startswith(FORMULA)}{value}"


def test_many_articles_are_many_rows_under_one_header() -> None:
    assert [int(row["pmid"]) for row in rows(*of_the_same(200))] == list(range(90000001, 90000201))
