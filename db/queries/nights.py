"""How the nightly job stands: derived, so that one that did not run shows by itself. Never commits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlmodel import Session, col, select

from db.models import HarvestRun
from db.types import RunKind, RunStatus

# A night may begin late and take long; a day and a half without one that came to its end is a night missed.
LONGEST_PAUSE = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class NightState:
    """`state` is `never` where no night has ever run; `message` is what the last one said of itself."""

    state: Literal["never", "running", "complete", "partial", "failed"]
    overdue: bool
    last: HarvestRun | None
    last_complete: HarvestRun | None
    message: str | None

    @property
    def is_well(self) -> bool:
        return not self.overdue and self.state not in {"partial", "failed"}


def night_state(session: Session, *, now: datetime) -> NightState:
    """The last nightly run, and whether one is overdue: none complete for 36 hours although one has ever been."""
    newest = select(HarvestRun).where(HarvestRun.kind == RunKind.REFRESH).order_by(col(HarvestRun.id).desc()).limit(1)
    last = session.exec(newest).first()
    complete = session.exec(newest.where(HarvestRun.status == RunStatus.COMPLETE)).first()
    ended = None if complete is None else complete.finished_at or complete.started_at
    return NightState(
        state=last.status.value if last else "never",
        overdue=ended is not None and now - ended > LONGEST_PAUSE,
        last=last,
        last_complete=complete,
        message=last.message if last else None,
    )
