"""One night as its sources see it: what they are given, what they give back, and what they remember until the next.

A source asks one service and writes what it says. What goes wrong with one stops no other: it says that it could not
check, and why. `harvester/neighbours.py` names them all.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Literal

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from db.config import Settings
from db.engine import writing
from db.models import HarvestRun
from db.types import RunKind
from harvester.errors import HarvestError, Stopped
from harvester.lease import Lease, LeaseHeld
from harvester.pace import pace_of
from harvester.topic import TopicFile
from harvester.transport import Service, Transport

State = Literal["checked", "unchanged", "could not check"]
REMEMBERED = "remembered"
# A source that failed for longer than this begins anew.
NIGHTS_BACK = 400


@dataclass(frozen=True, slots=True)
class SourceResult:
    """What one source did. `checked` and `changed` count articles or labels, also before it came to a halt; `message`
    says why it did, or what else a person should know."""

    source: str
    state: State
    checked: int = 0
    changed: int = 0
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Night:
    """`cited`: ids of the articles that something rests on. `stopped` is asked before every request and while waiting.

    `transport` makes the transport to a service; from outside it can be given another clock.
    """

    engine: Engine
    run_id: int
    topic: TopicFile
    lease: Lease
    settings: Settings
    stopped: Callable[[], bool]
    cited: frozenset[int]
    transport: Callable[..., Transport] = Transport

    @contextmanager
    def asking(self, service: Service) -> Iterator[Transport]:
        """A transport to this service, at the pace that we keep with every service without a key."""
        pace, email = pace_of(service.url, None), self.settings.ncbi_email
        transport = self.transport(service, pace=pace, email=email, stopped=self._interrupted)
        try:
            yield transport
        finally:
            transport.close()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One short transaction of this run, which commits at its end. Raises `LeaseHeld` or `Stopped`."""
        with writing(self.engine) as session:
            self.lease.confirm(session)
            yield session
            session.commit()

    def _interrupted(self) -> bool:
        self.lease.beat()
        return self.stopped()


@dataclass(slots=True)
class Tally:
    """What a source has done so far; `notes` are for a person."""

    checked: int = 0
    changed: int = 0
    notes: list[str] = field(default_factory=list)


def source(name: str) -> Callable[[Callable[[Night, Tally], None]], Callable[[Night], SourceResult]]:
    """Makes of a check one that says what it did, or that it could not; only a stop and a lost lease end the night."""

    def decorate(check: Callable[[Night, Tally], None]) -> Callable[[Night], SourceResult]:
        @wraps(check)
        def checked(night: Night) -> SourceResult:
            tally, trouble = Tally(), []
            try:
                check(night, tally)
            except (Stopped, LeaseHeld):
                raise
            except HarvestError as error:
                trouble = [str(error)]
            state: State = "could not check" if trouble else "checked" if tally.checked else "unchanged"
            message = "; ".join([*trouble, *tally.notes]) or None
            return SourceResult(name, state, tally.checked, tally.changed, message)

        return checked

    return decorate


def remembered(session: Session, night: Night, name: str) -> dict[str, Any]:
    """What this source remembered when it last came to its end on this topic; empty when it never did."""
    runs = select(HarvestRun.options).where(
        HarvestRun.kind == RunKind.REFRESH, HarvestRun.topic_id == night.topic.id, col(HarvestRun.id) <= night.run_id
    )
    newest = session.exec(runs.order_by(col(HarvestRun.id).desc()).limit(NIGHTS_BACK))
    return next((found for options in newest if (found := options.get(REMEMBERED, {}).get(name))), {})


def remember(session: Session, night: Night, name: str, what: dict[str, Any]) -> None:
    """For the nights to come, beside what else the run keeps in its options."""
    run = session.get_one(HarvestRun, night.run_id, populate_existing=True)
    run.options = run.options | {REMEMBERED: run.options.get(REMEMBERED, {}) | {name: what}}
    session.add(run)
