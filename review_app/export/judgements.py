"""Findings, judgements of the risk of bias and grades as CSV and as JSON lines: one a row."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from review_app.export.plain_text import json_line
from review_app.export.tables import table_row


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedJudgement:
    """One row; what its `kind` does not have is None.

    `outcome`, `instrument` and `time_point` say which result was found or judged, `outcome` or `claim` what was graded,
    in the terms of the vocabulary. `domain` and `judgement` are in the words of the tool; `overall` is a domain too.
    `steps` of a grade are `{id, label, levels, reason}`. `reason` is that of the judgement, or of who settled it.
    `form` and `form_version` are what it was given with: the tagging form, or the tool and its edition. `consensus`:
    two gave it and this is what holds; else it is what one reviewer gave. Times are ISO 8601, in UTC.
    """

    kind: Literal["finding", "risk_of_bias", "grade"]
    article_id: int | None = None
    pmid: int | None = None
    doi: str | None = None
    title: str | None = None
    year: int | None = None
    outcome: str | None = None
    instrument: str | None = None
    time_point: str | None = None
    direction: str | None = None
    effect_measure: str | None = None
    estimate: float | None = None
    interval_low: float | None = None
    interval_high: float | None = None
    p_value: str | None = None
    summary: str | None = None
    quote: str | None = None
    domain: str | None = None
    judgement: str | None = None
    claim_id: str | None = None
    claim: str | None = None
    start: str | None = None
    steps: list[dict[str, Any]] | None = None
    certainty: str | None = None
    reason: str | None = None
    form: str
    form_version: str
    consensus: bool
    given_at_utc: str


COLUMNS = tuple(item.name for item in fields(ExportedJudgement))


def jsonl(rows: Iterable[ExportedJudgement]) -> Iterator[str]:
    for row in rows:
        yield json_line(asdict(row)) + "\n"


def csv_lines(rows: Iterable[ExportedJudgement]) -> Iterator[str]:
    """After a header; the steps of a grade stand in one cell, such as `Imprecision -1: one small trial`."""
    yield table_row(COLUMNS)
    for row in rows:
        steps = None if row.steps is None else "; ".join(map(_step, row.steps))
        yield table_row([steps if name == "steps" else getattr(row, name) for name in COLUMNS])


def _step(step: Mapping[str, Any]) -> str:
    return f"{step['label']} {step['levels']:+d}: {step['reason']}"


WRITERS: Mapping[str, Callable[[Iterable[ExportedJudgement]], Iterator[str]]] = {"csv": csv_lines, "jsonl": jsonl}
