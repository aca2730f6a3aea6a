"""`harvest`: PubMed and reference files into the library.

Exit codes: 0 complete, 1 failed and nothing lost, 2 wrong usage, 3 partial: run it again to go on.
"""

import argparse
import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from harvester.errors import HarvestError, Stopped
from harvester.topic import load_topic, topic_names

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from db.config import Settings

COMPLETE, FAILED, USAGE, PARTIAL = 0, 1, 2, 3


class StopSignal:
    """Ctrl-C or SIGTERM: the first ends the run after its batch, the second at once (a batch is whole or not there)."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self) -> bool:
        return self.asked

    def hear(self, _number: int, _frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        print("stopping after this batch; once more to stop at once", file=sys.stderr)


def main(arguments: list[str] | None = None) -> int:
    chosen = _parser().parse_args(arguments)
    stop = StopSignal()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop.hear)
    try:
        return _run(chosen, stop)
    except KeyboardInterrupt:
        return _told("stopped; nothing is lost, run it again to go on", PARTIAL)
    except Stopped as stopped:
        return _told(str(stopped), PARTIAL)
    except HarvestError as error:
        if chosen.debug:
            raise
        return _told(str(error), FAILED)
    except Exception as error:
        if chosen.debug:
            raise
        return _told(_expected(error), FAILED)


def _told(line: str, code: int) -> int:
    print(f"harvest: {line}", file=sys.stderr)
    return code


def _expected(error: Exception) -> str:
    """One line for what the database and the settings say of themselves; anything else is our mistake."""
    from db.config import SettingsError
    from db.engine import DatabaseUnavailable

    if isinstance(error, DatabaseUnavailable | SettingsError):
        return str(error)
    kind, text = type(error).__name__, " ".join(str(error).split())[:200]
    return f"this should not have happened ({kind}: {text}); nothing is lost. `--debug` shows where"


def _run(chosen: argparse.Namespace, stop: StopSignal) -> int:
    from db import migrate
    from db.config import load_settings
    from db.engine import open_engine

    settings = load_settings()
    if chosen.run is _doctor:  # asks, and leaves the library as it is
        return int(_doctor(settings, chosen, stop))
    engine = open_engine(settings.database_url)
    try:
        migrate.ensure(engine)
        _furnish(engine, getattr(chosen, "topic", None) or settings.footnote_topic)
        return int(chosen.run(engine, settings, chosen, stop))
    finally:
        engine.dispose()


def _furnish(engine: "Engine", topic_id: str) -> None:
    """The claims that ship with the topic, brought by whoever announces them: this package imports no sibling."""
    if topic_id in topic_names():
        for each in entry_points(group="footnote.furnish"):
            each.load()(engine, topic_id=topic_id)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="harvest", description="PubMed and reference files into the library.")
    parser.add_argument("--debug", action="store_true", help="show the whole error")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    topical = argparse.ArgumentParser(add_help=False)
    topical.add_argument("--topic", choices=topic_names(), help="default: FOOTNOTE_TOPIC")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    sync = commands.add_parser("sync", parents=[shared, topical], help="what a topic's query finds in PubMed")
    sync.add_argument("--full", action="store_true", help="fetch everything again, not only what is new or revised")
    sync.add_argument("--limit", type=_positive, metavar="N", help="stop after N articles; the run is then partial")
    sync.set_defaults(run=_sync)
    nightly = commands.add_parser("refresh", parents=[shared, topical], help="the nightly: new, revised, cited, gone")
    nightly.add_argument("--digest", type=Path, metavar="FILE", help="write what changed, for people, to FILE")
    nightly.add_argument("--off-peak", action="store_true", help="leave a large job to the hours NCBI asks for it")
    nightly.set_defaults(run=_refresh)
    load = commands.add_parser("import", parents=[shared, topical], help="reference files, also as .gz")
    load.add_argument("files", nargs="+", type=Path, metavar="FILE")
    load.add_argument("--demonstration", action="store_true", help="invented studies, for a library of nothing else")
    load.set_defaults(run=_import)
    baseline = commands.add_parser("baseline", parents=[shared], help="PubMed's baseline and update files in a folder")
    baseline.add_argument("folder", type=Path, metavar="DIR", help="pubmed26n0001.xml.gz and so on, with their .md5")
    which = baseline.add_mutually_exclusive_group()
    which.add_argument("--topic", choices=topic_names(), help="default: FOOTNOTE_TOPIC")
    which.add_argument("--everything", action="store_true", help="every record, not only a topic's")
    baseline.set_defaults(run=_baseline)
    again = commands.add_parser("reparse", parents=[shared, topical], help="stored records, by a better parser")
    again.add_argument("--all", action="store_true", help="those that this parser has read too")
    again.set_defaults(run=_reparse)
    doctor = commands.add_parser("doctor", parents=[shared, topical], help="do the services still answer as expected")
    doctor.add_argument("--json", action="store_true", help="for programs")
    doctor.set_defaults(run=_doctor)
    status = commands.add_parser("status", parents=[shared], help="size, last complete run, what is pending, alerts")
    status.add_argument("--json", action="store_true", help="for programs")
    status.set_defaults(run=_status)
    return parser


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 on")
    return int(text)


def _sync(engine: "Engine", settings: "Settings", chosen: argparse.Namespace, stop: StopSignal) -> int:
    from db.engine import reading
    from db.types import RunStatus
    from harvester.eutils import pubmed
    from harvester.progress import shown
    from harvester.status import not_stored
    from harvester.sync import Sync
    from harvester.translation import translation_change, translation_lines

    topic = load_topic(chosen.topic or settings.footnote_topic)
    with pubmed(settings) as eutils, shown() as report:
        run = Sync(engine, eutils, topic, full=chosen.full, limit=chosen.limit, report=report, stopped=stop).run()
    if run.not_found:
        print(f"PubMed does not know {', '.join(run.not_found)}", file=sys.stderr)
    with reading(engine) as session:
        for lost in not_stored(session, run.id or 0):
            print(f"PMID {lost['pmid']} is not stored: {lost['reason']}", file=sys.stderr)
        if (change := translation_change(session, topic.id)) and change.run == run.id:
            print("\n".join(translation_lines(change)), file=sys.stderr)
    done = f"{run.new} new, {run.changed} changed, {run.unchanged} unchanged, {run.rejected} rejected"
    print(f"{run.status.value}: {done}" + (f", {run.missing} gone from PubMed" if run.missing else ""))
    code = COMPLETE if run.status is RunStatus.COMPLETE else PARTIAL
    return _told(run.message, code) if run.message else code


def _refresh(engine: "Engine", settings: "Settings", chosen: argparse.Namespace, stop: StopSignal) -> int:
    from db.types import RunStatus
    from harvester.refresh_command import refresh, summary

    topic = load_topic(chosen.topic or settings.footnote_topic)
    run = refresh(engine, settings, topic, digest=chosen.digest, off_peak=chosen.off_peak, stopped=stop)
    print(summary(run))
    code = COMPLETE if run.status is RunStatus.COMPLETE else PARTIAL
    return _told(run.message, code) if run.message else code


def _import(engine: "Engine", settings: "Settings", chosen: argparse.Namespace, stop: StopSignal) -> int:
    from harvester.file_import import import_file
    from harvester.unreadable import UnreadableFile

    topic, code = load_topic(chosen.topic or settings.footnote_topic), COMPLETE
    for path in chosen.files:
        try:
            with _bar(path.name) as report:
                found = import_file(
                    engine, path, topic, report=report, stopped=stop, demonstration=chosen.demonstration
                )
        except UnreadableFile as error:
            code = _told(str(error), FAILED)
            continue
        print(
            f"{path}: read {found.read}, new {found.new}, changed {found.changed}, unchanged {found.unchanged},"
            f" rejected {found.rejected}"
        )
        for rejected in found.first_rejected:
            pmid = f" (PMID {rejected.pmid})" if rejected.pmid else ""
            print(f"  record {rejected.position}{pmid} rejected: {rejected.reason}")
        if more := found.rejected - len(found.first_rejected):
            print(f"  and {more:,} more rejected")
        if found.ignored_columns:
            print(f"  columns not used: {', '.join(found.ignored_columns)}")
        for note in found.notes:
            print(f"  {note}")
        if found.withdrawn:
            print(f"  {found.withdrawn} withdrawals by PubMed are left to `harvest sync`, which confirms them")
    return code


def _baseline(engine: "Engine", settings: "Settings", chosen: argparse.Namespace, stop: StopSignal) -> int:
    from harvester.baseline import Baseline
    from harvester.baseline_report import loading, told
    from harvester.topic_filter import load_filter
    from harvester.unreadable import UnreadableFile

    name = None if chosen.everything else chosen.topic or settings.footnote_topic
    topic, wanted = (load_topic(name), load_filter(name)) if name else (None, None)
    try:
        with loading() as report:
            found = Baseline(engine, chosen.folder, topic, wanted, report=report, stopped=stop).load()
    except UnreadableFile as error:
        return _told(str(error), FAILED)
    print("\n".join(told(found)))
    return COMPLETE


def _reparse(engine: "Engine", _settings: "Settings", chosen: argparse.Namespace, stop: StopSignal) -> int:
    from harvester.reparse import reparse

    with _bar("stored records", "read") as report:
        found = reparse(engine, topic_id=chosen.topic, everything=chosen.all, report=report, stopped=stop)
    told = f"{found.changed} say something else now, {found.rejected} rejected"
    print(f"read {found.read} stored records again: {told}")
    for line in found.first_rejected:
        print(f"  {line}")
    if more := found.rejected - len(found.first_rejected):
        print(f"  and {more:,} more rejected")
    return COMPLETE


def _status(engine: "Engine", _settings: "Settings", chosen: argparse.Namespace, _stop: StopSignal) -> int:
    from db.engine import reading
    from harvester.status import library_status, status_lines

    with reading(engine) as session:
        status = library_status(session)
    print(json.dumps(status, ensure_ascii=False, indent=2) if chosen.json else "\n".join(status_lines(status)))
    return COMPLETE


def _doctor(settings: "Settings", chosen: argparse.Namespace, stop: StopSignal) -> int:
    from harvester.doctor import Doctor, as_object, as_table, verdict

    topic = load_topic(chosen.topic or settings.footnote_topic)
    with Doctor(settings, topic, stop) as doctor:
        found = doctor.examine()
    print(json.dumps(as_object(found, topic), ensure_ascii=False, indent=2) if chosen.json else as_table(found))
    code, line = verdict(found)
    return _told(line, code)


@contextmanager
def _bar(name: str, done_to_them: str = "imported") -> Iterator[Callable[[int, int], None]]:
    from harvester.progress import Bar

    with Bar(name) as bar:
        yield lambda done, total: bar.show(done, total, f"{done_to_them} {done} of {total}")


if __name__ == "__main__":
    sys.exit(main())
