"""`LocalPubMed`: a local PubMed in a process of its own, for tests that talk to it over a real socket."""

import json
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

SERVER = Path(__file__).resolve().parent / "eutils_server"


class LocalPubMed:
    """`with LocalPubMed([records_file]) as pubmed: ... pubmed.url ... pubmed.journal()`.

    `records`: PubMed XML files, also gzipped. `faults`, `events`: as `eutils_server/faults.py` and
    `eutils_server/events.py` describe them. `day`: where its clock stands at first (0 when there are events, otherwise
    this machine's date), see `eutils_server/clock.py`. `unlimited=False` has it count requests as NCBI does.
    Raises RuntimeError, with what the server said, when it does not start.
    """

    def __init__(
        self,
        records: Sequence[Path],
        faults: Sequence[Mapping[str, Any]] | None = None,
        unlimited: bool = True,
        events: Sequence[Mapping[str, Any]] | None = None,
        day: int | None = None,
    ) -> None:
        self.records, self.faults, self.unlimited = records, faults, unlimited
        self.events, self.day = events, day
        self.url = ""

    def __enter__(self) -> Self:
        self.folder = tempfile.TemporaryDirectory(prefix="local-pubmed-")
        said = Path(self.folder.name) / "stderr"
        with said.open("wb") as stderr:
            self.process = subprocess.Popen(self.command(), stdout=subprocess.PIPE, stderr=stderr, text=True)
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line.startswith("listening on "):
            told = said.read_text(encoding="utf-8", errors="replace")
            self.stop()
            raise RuntimeError(f"the local PubMed did not start: {line}{told}")
        self.url = line.removeprefix("listening on ").strip()
        return self

    def command(self) -> list[str]:
        command = [sys.executable, str(SERVER), "--records", *map(str, self.records), "--port", "0"]
        for option, rows in (("--faults", self.faults), ("--events", self.events)):
            if rows is not None:
                path = Path(self.folder.name) / f"{option.strip('-')}.json"
                path.write_text(json.dumps(list(rows)), encoding="utf-8")
                command += [option, str(path)]
        if self.day is not None:
            command += ["--day", str(self.day)]
        return [*command, "--unlimited"] if self.unlimited else command

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def icite_url(self) -> str:
        return f"{self.url}api/"

    @property
    def crossref_url(self) -> str:
        return self.url

    @property
    def dailymed_url(self) -> str:
        return f"{self.url}dailymed/services/v2/"

    @property
    def retraction_watch_url(self) -> str:
        return f"{self.url}crossref/retraction-watch-data/-/raw/main/retraction_watch.csv"

    @property
    def files_url(self) -> str:
        """The folder with `baseline/` and `updatefiles/`."""
        return f"{self.url}pubmed/"

    def settings(self) -> dict[str, str]:
        """The settings that make Footnote ask this server and its neighbours instead of the public ones."""
        return {
            "EUTILS_URL": self.url,
            "ICITE_URL": self.icite_url,
            "CROSSREF_URL": self.crossref_url,
            "DAILYMED_URL": self.dailymed_url,
            "RETRACTION_WATCH_URL": self.retraction_watch_url,
        }

    def move_to(self, day: int) -> dict[str, Any]:
        """To that day, forwards or back; what it says then: `{"day": 3, "date": "2030-01-04"}`."""
        request = urllib.request.Request(f"{self.url}day?n={day}", data=b"", method="POST")
        with urllib.request.urlopen(request, timeout=120) as answer:
            told: dict[str, Any] = json.load(answer)
        return told

    def happened(self) -> list[dict[str, Any]]:
        """The events that have happened by now: `day`, `date`, `do`, what each takes, `changed` PMIDs."""
        return self.rows("events")

    def journal(self) -> list[dict[str, Any]]:
        """The requests seen so far, as `eutils_server/journal.py` describes them."""
        return self.rows("journal")

    def rows(self, path: str) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{self.url}{path}", timeout=120) as answer:
            rows: list[dict[str, Any]] = json.load(answer)
        return rows

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()
        self.folder.cleanup()
