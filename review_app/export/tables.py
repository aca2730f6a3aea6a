"""The library as JSON lines and as CSV."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, fields
from typing import Any

from review_app.export import names, notices
from review_app.export.mesh import heading
from review_app.export.model import ExportedArticle
from review_app.export.plain_text import json_line

# A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NOT_SCALAR = {"sections", "mesh", "notices", "suggested", "reviewed", "reviewed_entry"}
COLUMNS = [item.name for item in fields(ExportedArticle) if item.name not in _NOT_SCALAR] + ["mesh", "notices"]


def jsonl(articles: Iterable[ExportedArticle]) -> Iterator[str]:
    """One article a line."""
    for article in articles:
        yield json_line(asdict(article)) + "\n"


def csv_lines(articles: Iterable[ExportedArticle]) -> Iterator[str]:
    """The scalar fields, lists joined by `; `, one article a row after a header."""
    yield table_row(COLUMNS)
    for article in articles:
        yield table_row([_cell(name, getattr(article, name)) for name in COLUMNS])


def _cell(name: str, value: Any) -> object:
    return "; ".join(_name(name, item) for item in value) if isinstance(value, list) else value


def _name(column: str, item: Any) -> str:
    if isinstance(item, str):
        return item
    if column == "authors":
        return names.part(item, "collective") or names.full(item)
    special = {"notices": notices.in_words, "mesh": heading}.get(column)
    return special(item) if special else str(item["name"])


def table_row(cells: Sequence[object]) -> str:
    """A row of a CSV file that no spreadsheet takes for formulas; a number stays one, None is empty."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([_safe(cell) for cell in cells])
    return line.getvalue()


def _safe(cell: object) -> object:
    return "'" + cell if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
