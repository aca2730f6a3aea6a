"""What a run has yet to fetch, and what became of it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from db.models import HarvestTodo
from db.types import WorkState


def in_state(run_id: int, state: WorkState) -> tuple[ColumnElement[bool], ...]:
    return col(HarvestTodo.run_id) == run_id, col(HarvestTodo.state) == state


def number(run_id: int, state: WorkState) -> SelectOfScalar[int]:
    return select(func.count()).select_from(HarvestTodo).where(*in_state(run_id, state))


def put(session: Session, run_id: int, pmids: Sequence[int], **values: object) -> None:
    """These values, for these PMIDs."""
    if pmids:
        these = (col(HarvestTodo.run_id) == run_id, col(HarvestTodo.pmid).in_(pmids))
        session.connection().execute(update(HarvestTodo).where(*these).values(values))
