"""Kill a harvest at random moments, run it again, and compare with one that nobody killed."""

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine
from torture.canonical import Rows, canonical, different, loose_ends, untrue
from torture.killed_process import Ended, Moment, run, run_killed
from torture.phases import Held, look, phase, runs_over

from db import health, migrate
from db.engine import is_sqlite, open_engine, sqlite_path


@dataclass(frozen=True, slots=True)
class Subject:
    """A command to kill: `fresh(name)` makes a place for a library, with `runs_there` in it, and returns its URL."""

    name: str
    arguments: Sequence[str]
    settings: Mapping[str, str]
    fresh: Callable[[str], str]
    runs_there: int = 0

    def environment(self, url: str) -> dict[str, str]:
        return {**os.environ, "FOOTNOTE_SETTINGS_FILE": os.devnull, **self.settings, "DATABASE_URL": url}


@dataclass(frozen=True, slots=True)
class Clean:
    """What a run that nobody killed takes and leaves."""

    ended: Ended
    library: dict[str, Rows]


@dataclass(frozen=True, slots=True)
class Left:
    """What a command has yet to do, as far as is known: seconds, and bytes to write."""

    seconds: float
    written: int


@dataclass(slots=True)
class Tally:
    """What happened; `late` moments came after the command had ended and killed nothing."""

    kills: int = 0
    late: int = 0
    phases: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def clean_run(subject: Subject, folder: Path) -> Clean:
    """Raises RuntimeError when the command fails by itself."""
    url = subject.fresh("clean")
    ended = run(subject.arguments, subject.environment(url), folder / "clean.log")
    engine = open_engine(url)
    try:
        wrong = [*loose_ends(engine), *health.problems(engine)]
        if ended.code or wrong:
            raise RuntimeError(f"{subject.name} does not end well by itself: {ended.code} {ended.said} {wrong}")
        return Clean(ended, canonical(engine))
    finally:
        engine.dispose()


def torture(subject: Subject, folder: Path, *, kills: int, seed: int) -> Iterator[Tally]:
    """Kills until `kills` have struck, one to three a library; gives the tally after each library."""
    chance = random.Random(f"{subject.name} {seed}")
    clean, tally, number = clean_run(subject, folder), Tally(), 0
    seconds = clean.ended.seconds
    while tally.kills < kills and tally.late < kills + 50:
        number += 1
        url = subject.fresh(str(number))
        engine = open_engine(url)
        left = Left(seconds, clean.ended.written)
        try:
            for _ in range(min(chance.choice((1, 1, 1, 2, 3)), kills - tally.kills)):
                ended = _kill_once(subject, engine, folder / "killed.log", _moment(chance, left), clean, tally)
                if not ended.code:  # it was quicker than the one that was measured
                    seconds = min(seconds, ended.seconds)
                    break
                left = Left(max(0.2, left.seconds - ended.seconds), max(1, left.written - ended.written))
            _run_again(subject, engine, folder / "again.log", clean, tally, f"seed {seed}, library {number}")
        finally:
            engine.dispose()
        yield tally


def _moment(chance: random.Random, left: Left) -> Moment:
    """Half by time, half by what was written, which falls into commits more often."""
    if chance.random() < 0.5:
        return Moment("seconds", chance.uniform(0, left.seconds))
    return Moment("bytes", chance.uniform(0, left.written))


def _kill_once(subject: Subject, engine: Engine, log: Path, moment: Moment, clean: Clean, tally: Tally) -> Ended:
    held, before = Held(), 0
    if not is_sqlite(engine) or sqlite_path(engine).exists():  # looking would make the file
        before = runs_over(engine) if migrate.current_revision(engine) else 0
    url = engine.url.render_as_string(hide_password=False)
    engine.dispose()  # nobody else has the library open when its writer dies
    ended = run_killed(subject.arguments, subject.environment(url), log, moment, lambda: look(engine, held))
    engine.dispose()
    if ended.code >= 0:
        tally.late += 1
        if ended.code:
            tally.wrong.append(f"{moment}: it failed by itself: {ended.said}")
        return ended
    tally.kills += 1
    tally.phases[phase(engine, held, ended.pid, before)] += 1
    made = not is_sqlite(engine) or sqlite_path(engine).exists()
    if made and migrate.current_revision(engine) == migrate.latest_revision():
        tally.wrong += [f"{moment}: {line}" for line in untrue(engine, clean.library, subject.runs_there)]
    return ended


def _run_again(subject: Subject, engine: Engine, log: Path, clean: Clean, tally: Tally, where: str) -> None:
    url = engine.url.render_as_string(hide_password=False)
    engine.dispose()
    ended = run(subject.arguments, subject.environment(url), log)
    wrong = [f"run again, it failed: {ended.said}"] if ended.code else []
    if not wrong:
        wrong = [*loose_ends(engine), *health.problems(engine), *different(canonical(engine), clean.library)]
    tally.wrong += [f"{where}: {line}" for line in wrong]
