"""A library in a form that two runs can be compared by: every row of every table that a harvest writes, less its times
and the numbers that count attempts, with articles and labels named by their own keys."""

from typing import Any

from sqlalchemy import DateTime, Engine, LargeBinary, Table
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel, col, select

from db.engine import reading
from db.models import Article, AuditEvent, HarvestRun, Label, Lease, Topic
from db.types import RunKind, RunStatus

Rows = list[tuple[str, ...]]
Names = dict[str, dict[int, Any]]

# Their rows differ with every interruption, and have rules of their own below.
APART = {"harvest_run", "harvest_slice", "lease", "audit_event", "alembic_version"}


def canonical(engine: Engine) -> dict[str, Rows]:
    """Sorted rows by table; the audit trail as what it tells, without the hashes that cover times."""
    found: dict[str, Rows] = {}
    with reading(engine) as session:
        names: Names = {
            "article": dict(session.exec(select(col(Article.id), col(Article.pmid))).all()),
            "label": {label.id: (label.set_id, label.version) for label in session.exec(select(Label))},
        }
        for table in SQLModel.metadata.sorted_tables:
            if table.name not in APART:
                rows = session.execute(table.select()).mappings()
                found[table.name] = sorted(_row(table, dict(row), names) for row in rows)
        events = session.exec(select(AuditEvent)).all()
        told = [(e.action, repr(sorted((k, v) for k, v in e.detail.items() if k != "change_log"))) for e in events]
        found["audit_event"] = sorted(told)
    return found


def _row(table: Table, row: dict[str, Any], names: Names) -> tuple[str, ...]:
    shown = []
    for column in table.columns:
        value, of = row[column.name], next((key.column.table.name for key in column.foreign_keys), None)
        if isinstance(value, int) and of in names:
            value = names[of][value]
        elif (isinstance(value, int) and (of or column.name == "id")) or _is_time(column.type):
            continue
        elif isinstance(column.type, LargeBinary) and value is not None:
            value = bytes(value).hex()
        shown.append(f"{column.name}={value!r}")
    return tuple(shown)


def _is_time(kind: object) -> bool:
    inner = kind.impl if isinstance(kind, TypeDecorator) else kind
    return isinstance(inner, DateTime)


def different(one: dict[str, Rows], other: dict[str, Rows]) -> list[str]:
    """Where two libraries differ, a line a table."""
    lines = []
    for table in sorted(set(one) | set(other)):
        first, second = one.get(table, []), other.get(table, [])
        if first != second:
            odd = [row for row in first if row not in second][:1] or [row for row in second if row not in first][:1]
            lines.append(f"{table}: {len(first)} rows, expected {len(second)}; for example {str(odd)[:300]}")
    return lines


def untrue(engine: Engine, complete: dict[str, Rows], runs_there: int = 0) -> list[str]:
    """What a killed harvest claims of itself and is not so: complete, or up to date, without the whole library.

    `runs_there`: those that were over before anything was killed.
    """
    with reading(engine) as session:
        runs = session.exec(select(HarvestRun).where(col(HarvestRun.id) > runs_there)).all()
        claims = [f"run {run.id} says complete" for run in runs if _says_complete(run)]
        moved = [topic for topic in session.exec(select(Topic)) if topic.watermark in {run.started_at for run in runs}]
        claims += [f"topic {topic.id} has a watermark" for topic in moved]
    # What the next run has to do is no part of the library.
    there, whole = (
        {k: rows for k, rows in each.items() if k != "harvest_todo"} for each in (canonical(engine), complete)
    )
    return claims if claims and different(there, whole) else []


def _says_complete(run: HarvestRun) -> bool:
    return run.status is RunStatus.COMPLETE


def loose_ends(engine: Engine) -> list[str]:
    """What a harvest that ended well may not leave: a lease, a run that still runs, a last run that is not complete."""
    with reading(engine) as session:
        lines = [f"the lease of {held.holder} is still there" for held in session.exec(select(Lease))]
        runs = session.exec(select(HarvestRun).order_by(col(HarvestRun.id))).all()
        lines += [f"run {run.id} says it is running" for run in runs if run.status is RunStatus.RUNNING]
        if not runs or not _says_complete(runs[-1]):
            lines.append("the last run is not complete")
        syncs = [run for run in runs if run.kind is RunKind.SYNC]
        if syncs and any(topic.watermark is None for topic in session.exec(select(Topic))):
            lines.append("the topic has no watermark")
    return lines
