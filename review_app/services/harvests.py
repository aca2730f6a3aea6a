"""Start, watch and stop the harvester, which runs as a process of its own and reports through the database."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from db import audit, config
from db.models import HarvestRun, Lease
from db.queries import harvesting
from db.types import Actor, RunStatus
from review_app.services.errors import Conflict
from review_app.services.permissions import May, require


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the harvest is; `lease` is None when nobody harvests."""

    lease: Lease | None
    run: HarvestRun | None

    @property
    def is_running(self) -> bool:
        return self.lease is not None and self.run is not None and self.run.status is RunStatus.RUNNING


def progress(session: Session) -> Progress:
    lease = harvesting.lease(session)
    if lease is not None and lease.run_id is not None:
        return Progress(lease, session.get(HarvestRun, lease.run_id))
    return Progress(None, harvesting.last_run(session))


def start_sync(session: Session, engine: Engine, *, actor: Actor, topic_id: str) -> None:
    """Begin `harvest sync` in a process that outlives the browser's session."""
    _start(session, engine, actor, ["sync", "--topic", topic_id], "harvest_started")


def start_import(session: Session, engine: Engine, *, actor: Actor, topic_id: str, files: Sequence[Path]) -> None:
    """Begin `harvest import` of uploaded files."""
    _start(session, engine, actor, ["import", *map(str, files), "--topic", topic_id], "import_started")


def stop(session: Session, *, actor: Actor) -> None:
    """Ask the running harvest to stop after its batch; everything fetched so far is kept."""
    require(actor, May.HARVEST)
    lease = harvesting.lease(session)
    if lease is None:
        return
    lease.cancel_requested_at, lease.cancel_requested_by = config.now(), actor.name
    session.add(lease)
    audit.record(session, actor=actor, action="harvest_stopped", subject_kind="run", subject_id=lease.run_id)
    session.commit()


def log_file(engine: Engine) -> Path:
    """Where the last harvest that the app started wrote what a terminal would show."""
    return config.CHECKOUT / "data" / "harvest.log"


def _start(session: Session, engine: Engine, actor: Actor, arguments: list[str], action: str) -> None:
    require(actor, May.HARVEST)
    if progress(session).is_running:
        raise Conflict("A harvest is running already. Wait for it, or stop it first.")
    log = log_file(engine)
    log.parent.mkdir(parents=True, exist_ok=True)
    audit.record(session, actor=actor, action=action, subject_kind="topic", subject_id=arguments[-1])
    session.commit()
    url = engine.url.render_as_string(hide_password=False)
    with log.open("wb") as output:
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "harvester.cli", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, "DATABASE_URL": url},
        )
