"""`harvest refresh`: the nightly as cron and systemd run it, with what it says while it goes on and at its end.

Off a terminal every phase is one line of `name=value` on stderr. No line has a key, an e-mail address or the address of
the caller: services are named by their names, and what they answer is told without what they know of us.
"""

import gc
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import entry_points
from pathlib import Path

from sqlalchemy import Engine

from db import config
from db.config import Settings
from db.engine import DatabaseUnavailable
from db.models import HarvestRun
from harvester.digest_delivery import deliver
from harvester.errors import HarvestError
from harvester.eutils import pubmed
from harvester.lease import LeaseHeld
from harvester.neighbours import NEIGHBOURS
from harvester.progress import shown
from harvester.refresh import Refresh
from harvester.topic import TopicFile
from harvester.topic_run import Progress


def refresh(
    engine: Engine,
    settings: Settings,
    topic: TopicFile,
    *,
    digest: Path | None,
    off_peak: bool,
    stopped: Callable[[], bool],
) -> HarvestRun:
    """The run as it ended. Raises what `Refresh.run` raises."""
    seldom_look_for_garbage()
    weighs = [each.load() for each in entry_points(group="footnote.bearing")]
    with pubmed(settings) as eutils, _reported() as report:
        night = Refresh(
            engine,
            eutils,
            topic,
            settings,
            neighbours=NEIGHBOURS,
            bearing=weighs[0] if weighs else None,
            off_peak=off_peak,
            report=report,
            log=log,
            stopped=stopped,
        )
        return _told(night, digest)


def seldom_look_for_garbage() -> None:
    """A batch makes many objects and leaves next to none: to look as often as a server must costs a tenth more."""
    gc.set_threshold(50_000, 20, 50)


def _told(night: Refresh, file: Path | None) -> HarvestRun:
    """The run, with its digest written; one that failed has a digest too, and its own error is the one raised."""
    try:
        run = night.run()
    except HarvestError as error:
        if night.begun is not None and not isinstance(error, LeaseHeld):
            log("failed", message=str(error))
            with suppress(HarvestError, DatabaseUnavailable):
                deliver(night.engine, night.settings, run_id=night.begun, file=file)
        raise
    deliver(night.engine, night.settings, run_id=run.id, file=file)
    return run


def summary(run: HarvestRun) -> str:
    done = f"{run.new} new, {run.changed} changed, {run.unchanged} unchanged, {run.rejected} rejected"
    return f"{run.status.value}: {done}" + (f", {run.missing} not at PubMed" if run.missing else "")


def log(phase: str, **facts: object) -> None:
    """A line for who reads it later; on a terminal only what a person has to know."""
    if not sys.stderr.isatty():
        sys.stderr.write(line(phase, **facts) + "\n")
        sys.stderr.flush()
    elif phase == "note":
        sys.stderr.write(f"{facts['message']}\n")


def line(phase: str, **facts: object) -> str:
    told = {"at": f"{config.now():%Y-%m-%dT%H:%M:%SZ}", "phase": phase, **facts}
    return " ".join(f"{name}={_value(value)}" for name, value in told.items() if value is not None)


def _value(value: object) -> str:
    text = str(value)
    return text if text and not set(text) & set(' "=\n') else json.dumps(text, ensure_ascii=False)


@contextmanager
def _reported() -> Iterator[Callable[[Progress], None]]:
    """A bar on a terminal; elsewhere a line a batch."""
    if sys.stderr.isatty():
        with shown() as report:
            yield report
    else:
        yield lambda told: log(told.phase, done=told.done, total=told.total, new=told.new, changed=told.changed)
