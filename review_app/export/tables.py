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
    yield _row(COLUMNS)
    for article in articles:
        yield _row([_cell(name, getattr(article, name)) for name in COLUMNS])


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return _safe("; ".join(_name(name, item) for item in value))
    return _safe(value) if isinstance(value, str) else str(value)


def _name(column: str, item: Any) -> str:
    if isinstance(item, str):
        return item
    if column == "authors":
        return names.part(item, "collective") or names.full(item)
    special = {"notices": notices.in_words, "mesh": heading}.get(column)
    return special(item) if special else str(item["name"])


def _safe(text: str) -> str:
    return "'" + text if text.startswith(_FORMULA) else text


def table_row(cells: Sequence[str]) -> str:
    """A row of a CSV file that no spreadsheet takes for formulas."""
    return _row([_safe(cell) for cell in cells])


def _row(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()
