"""A night of PubMed: 5,000 records fetched again of which half have changed, in CPU seconds, parsing included, and a
reviewer's saves meanwhile; then what a night without news asks for.

`PYTHONPATH=tests python -m bench.refresh 300000` has them among 300,000 articles. The local PubMed is a process of its
own and waits for nobody: a real one gives a batch every third of a second, and disturbs nobody in between.
"""

import gzip
import json
import multiprocessing
import random
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import invented_pubmed
from baseline_folder import sign
from bench import invented_pubmed_file
from bench.invented_pubmed_file import PROLOG, Record, records
from bench.measured import fixed_work
from bench.save_during_load import saves
from bench.tagging_desk import Desk
from local_pubmed import LocalPubMed
from refreshed_library import SETTINGS
from sqlalchemy import Engine
from synced_library import client

from db import migrate
from db.engine import open_engine
from db.models import HarvestRun
from harvester.baseline import Baseline
from harvester.refresh import Refresh
from harvester.refresh_command import seldom_look_for_garbage
from harvester.topic import TopicFile

RECORDS, REFRESHED, QUIET = 30_000, 5_000, 9_000
TOPIC = TopicFile("ketamine-depression", "Everything that this PubMed has", "1:99999999[uid]")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS
    with tempfile.TemporaryDirectory() as place:
        one_night(Path(place), count)
        quiet_night(Path(place))


def one_night(folder: Path, count: int) -> None:
    invented_pubmed_file.FIRST_PMID = 95_000_001  # none of these is the study that Ben tags
    again = publish(folder / "files", count)
    url = f"sqlite:///{folder}/library/library.db"
    engine = open_engine(url)
    migrate.ensure(engine)
    Baseline(engine, folder / "files", None).load()
    desk = Desk(engine)
    alone, speed = saves(desk, None), fixed_work()
    with LocalPubMed([again]) as pubmed:
        night = multiprocessing.get_context("spawn").Process(target=refreshed, args=(url, pubmed.url, folder / "told"))
        night.start()
        during = saves(desk, night)
        night.join()
    engine.dispose()
    told = json.loads((folder / "told").read_text(encoding="utf-8"))
    print(f"## A night: {told['unchanged'] + told['changed']:,} records again of {count:,}\n")
    print("| changed | unchanged | CPU s | the same per 1,000 records | ten million additions meanwhile, CPU s |")
    print("|---|---|---|---|---|")
    each = told["cpu"] / (told["unchanged"] + told["changed"]) * 1000
    print(f"| {told['changed']:,} | {told['unchanged']:,} | {told['cpu']:.1f} | {each:.2f} | {speed:.2f} |")
    print("\n| a reviewer saves while | saves | p50 ms | p95 ms | longest ms | failed |")
    print("|---|---|---|---|---|---|")
    print(f"| nothing else happens | {alone.row()} |")
    print(f"| the night goes on | {during.row()} |")


def publish(folder: Path, count: int) -> Path:
    """A baseline file of so many records, some of which the local PubMed has again, half of them changed."""
    folder.mkdir()
    wanted = set(random.Random(5).sample(range(count), min(REFRESHED, count)))
    chosen: list[str] = []
    with gzip.open(folder / "pubmed26n0001.xml.gz", "wt", compresslevel=1, encoding="utf-8") as file:
        file.write(PROLOG)
        for number, record in enumerate(records(Record, count, 90)):
            file.write(f"{record}\n")
            if number in wanted:
                revised = record.replace("<ArticleTitle>", "<ArticleTitle>Revised: ", 1)
                chosen.append(revised if len(chosen) % 2 else record)
        file.write("</PubmedArticleSet>\n")
    sign(folder / "pubmed26n0001.xml.gz")
    return invented_pubmed.write_records(folder.parent / "again.xml", chosen)


def refreshed(url: str, pubmed: str, told: Path) -> None:
    """A refresh in this process: what it did, and the CPU seconds it took."""
    engine = open_engine(url)
    seldom_look_for_garbage()
    start = time.process_time()
    run = refresh(engine, pubmed)
    spent = {"cpu": time.process_time() - start, "changed": run.changed, "unchanged": run.unchanged}
    told.write_text(json.dumps(spent), encoding="utf-8")
    engine.dispose()


def refresh(engine: Engine, pubmed: str) -> HarvestRun:
    with client(pubmed) as eutils:
        return Refresh(engine, eutils, TOPIC, SETTINGS).run()


def quiet_night(folder: Path) -> None:
    short: Iterable[str] = (invented_pubmed.invented(invented_pubmed.FIRST + number) for number in range(QUIET))
    with LocalPubMed([invented_pubmed.write_records(folder / "quiet.xml", short)], day=0) as pubmed:
        engine = open_engine(f"sqlite:///{folder}/quiet/library.db")
        migrate.ensure(engine)
        refresh(engine, pubmed.url)
        pubmed.move_to(1)
        before, start = len(pubmed.journal()), time.process_time()
        run = refresh(engine, pubmed.url)
        spent, asked = time.process_time() - start, len(pubmed.journal()) - before
        engine.dispose()
    print(f"\n## A night without news on {QUIET:,} articles\n")
    print("| requests | records again | changed | CPU s |")
    print("|---|---|---|---|")
    print(f"| {asked} | {run.unchanged:,} | {run.changed} | {spent:.1f} |")


if __name__ == "__main__":
    main()
