"""The review queue under hands: from a key to the next record on the screen of a Chromium and to the saved vote, and
what a server does for one, ten and thirty people who judge a record every two seconds, with 100,000 records of which
90,000 are decided."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from bench import crowded_queue
from bench.desk_browser import Watched, first_paint, keys_in_browser
from bench.desk_client import Person, together
from free_port import free_port
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Engine

from db import migrate
from db.engine import open_engine
from review_app import app

RECORDS, DECIDED, SESSIONS, KEYS, CLICKS, PAUSE = 100_000, 90_000, (1, 10, 30, 30), 60, 20, 2.0
# Some minutes.
LONG = True
TRIVIAL = Path(__file__).with_name("trivial_rerun.py")
CHECKOUT = Path(app.__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Server:
    """A Streamlit server of its own; what it has used so far."""

    url: str
    pid: int

    def cpu(self) -> float:
        """Seconds; `proc(5)`, fields 14 and 15 of stat."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def megabytes(self) -> float:
        told = Path(f"/proc/{self.pid}/status").read_text().split("VmRSS:")[1].split()[0]
        return int(told) / 1024


@contextmanager
def serving(script: Path, database: str) -> Iterator[Server]:
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
    environment = {**os.environ, "DATABASE_URL": database, "FOOTNOTE_PORT": str(port)}
    process = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=subprocess.DEVNULL)
    try:
        url = f"http://localhost:{port}"
        transport = httpx.HTTPTransport(retries=30)
        with httpx.Client(transport=transport, timeout=60) as client:
            client.get(f"{url}/_stcore/health").raise_for_status()
        yield Server(url, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        engine = open_engine(f"sqlite:///{place}/library.db")
        migrate.ensure(engine)
        names = crowded_queue.fill(engine, records=RECORDS, decided=DECIDED, screeners=max(SESSIONS))
        print(f"## The queue: {RECORDS:,} invented records, {DECIDED:,} of them decided\n")
        with serving(Path(app.__file__), str(engine.url)) as desk, serving(TRIVIAL, str(engine.url)) as trivial:
            from_key_to_paint(engine, names, desk, trivial)
            people_at_once(engine, names, desk)
        engine.dispose()


def from_key_to_paint(engine: Engine, names: list[str], desk: Server, trivial: Server) -> None:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        print("No Chromium on this machine: nothing was painted.")
        return
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        token = crowded_queue.enter(engine, names[0])
        print("| from a key, one session | keys | p50 ms | p95 ms | longest ms | CPU ms a key, page load included |")
        print("|---|---|---|---|---|---|")
        for name, server, page, watched in (
            ("trivial rerun painted", trivial, "", Watched(".shown")),
            ("next record painted", desk, "queue", Watched(".fn-record h2")),
            ("vote saved", desk, "queue", Watched(".fn-progress", unless="aria-busy")),
            ("trivial rerun painted again", trivial, "", Watched(".shown")),
        ):
            before = server.cpu()
            took = keys_in_browser(browser, f"{server.url}/{page}", token, key="i", watched=watched, times=KEYS)
            used = (server.cpu() - before) / len(took) * 1000
            print(f"| {name} | {_row(took)} | {used:.0f} |", flush=True)
        painted = [first_paint(browser, f"{desk.url}/queue", token, shown=".fn-record h2") for _ in range(5)]
        print(f"\nFirst paint of the queue in a new browser: {' '.join(f'{each:.0f}' for each in painted)} ms.\n")
        browser.close()


def people_at_once(engine: Engine, names: list[str], desk: Server) -> None:
    print(f"| server, a vote every {PAUSE:.0f} s each | votes | p50 ms | p95 ms | longest ms | CPU ms a vote | MB |")
    print("|---|---|---|---|---|---|---|")
    for number in SESSIONS:
        people = [Person(desk.url, crowded_queue.enter(engine, name), "queue") for name in names[:number]]
        before = desk.cpu()
        took = together(people, times=CLICKS, pause=PAUSE)
        used = (desk.cpu() - before) / (len(took) + number) * 1000
        print(f"| {number} sessions | {_row(took)} | {used:.0f} | {desk.megabytes():.0f} |", flush=True)


def _row(took: list[float]) -> str:
    ranked = sorted(took)
    at = [ranked[min(len(ranked) - 1, int(share * len(ranked)))] for share in (0.5, 0.95)]
    return f"{len(ranked)} | {at[0]:.0f} | {at[1]:.0f} | {ranked[-1]:.0f}"


if __name__ == "__main__":
    main()
