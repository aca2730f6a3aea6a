"""Start, watch and stop the harvester, which runs as a process of its own and reports through the database."""

import hashlib
import re
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from db import audit, config
from db.models import HarvestRun, Lease
from db.queries import harvesting
from db.types import Actor
from review_app.services.errors import Conflict
from review_app.services.permissions import May, require

# The harvester beats at least every quarter of a minute.
QUIET = timedelta(minutes=2)
# What this process started last for each library: it takes a moment until its lease can be seen.
_started: dict[str, "subprocess.Popen[bytes]"] = {}
_starting = threading.Lock()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the harvest is; `lease` is None when nobody harvests."""

    lease: Lease | None
    run: HarvestRun | None

    @property
    def is_running(self) -> bool:
        """Somebody harvests and was heard of lately; whoever starts another takes over from one that died."""
        return self.lease is not None and config.now() - self.lease.heartbeat_at < QUIET

    @property
    def is_stopping(self) -> bool:
        return self.lease is not None and self.lease.cancel_requested_at is not None


def progress(session: Session) -> Progress:
    lease = harvesting.lease(session)
    if lease is not None and lease.run_id is not None:
        return Progress(lease, session.get(HarvestRun, lease.run_id))
    return Progress(None, harvesting.last_run(session))


def start(session: Session, engine: Engine, *, actor: Actor, topic_id: str, file: Path | None = None) -> None:
    """Begin `harvest sync`, or `harvest import` of a file, in a process that outlives the browser's session."""
    require(actor, May.HARVEST)
    what = ["sync"] if file is None else ["import", str(file)]
    action = "harvest_started" if file is None else "import_started"
    detail = {} if file is None else {"file": file.name}
    with _starting:
        if progress(session).is_running or is_beginning(engine):
            raise Conflict("A harvest is running already. Wait for it, or stop it first.")
        audit.record(session, actor=actor, action=action, subject_kind="topic", subject_id=topic_id, detail=detail)
        session.commit()
        _run([*what, "--topic", topic_id], engine)


def import_demonstration(engine: Engine, file: Path, *, topic_id: str) -> None:
    """Bring a file of invented studies in and wait for it. Raises Conflict, in the harvester's own words."""
    command = [sys.executable, "-m", "harvester.cli", "import", "--demonstration", str(file), "--topic", topic_id]
    url = engine.url.render_as_string(hide_password=False)
    environment = config.child_environment(DATABASE_URL=url)
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)  # noqa: S603
    if done.returncode:
        raise Conflict(done.stderr.strip().removeprefix("harvest: "))


def is_beginning(engine: Engine) -> bool:
    """The harvester that we started last still lives, and may not have said so yet: a second one would only overwrite
    what the first has to say."""
    process = _started.get(str(engine.url))
    return process is not None and process.poll() is None


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
    """Where the harvest that the app started last wrote what a terminal would show."""
    return config.data_folder(engine.url) / "harvest.log"


def last_trouble(engine: Engine) -> str:
    """Why it could not do all it was asked, in its own words, a file by its name; empty when it could."""
    log, uploads = log_file(engine), str(config.data_folder(engine.url) / "uploads")
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    told = [line.removeprefix("harvest: ") for line in lines if line.startswith(("harvest: ", "  record ", "  and "))]
    return "\n".join(re.sub(re.escape(uploads) + r"/[0-9a-f]+/", "", line) for line in told[-21:])


def keep_upload(engine: Engine, *, name: str, body: bytes) -> Path:
    """An uploaded file where the harvester can read it, under its own name."""
    folder = config.data_folder(engine.url) / "uploads" / hashlib.sha256(body).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _file_name(name)
    path.write_bytes(body)
    return path


def _file_name(name: str) -> str:
    """The last part of what a browser calls the file, without what leads elsewhere or no system takes."""
    last = "".join(letter for letter in Path(name).name if letter.isprintable()).lstrip(".")
    return last[-100:] or "upload"


def _run(arguments: list[str], engine: Engine) -> None:
    log = log_file(engine)
    log.parent.mkdir(parents=True, exist_ok=True)
    url = engine.url.render_as_string(hide_password=False)
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "harvester.cli", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=config.child_environment(DATABASE_URL=url),
        )
    _started[str(engine.url)] = process
    # A dead process that nobody waits for still counts as alive, and its lease with it.
    threading.Thread(target=process.wait, daemon=True).start()
