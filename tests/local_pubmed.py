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

    `records`: PubMed XML files, also gzipped. `faults`: as `eutils_server/faults.py` describes them.
    `unlimited=False` has it count requests as NCBI does. Raises RuntimeError, with what the server said, when it does
    not start.
    """

    def __init__(
        self,
        records: Sequence[Path],
        faults: Sequence[Mapping[str, Any]] | None = None,
        unlimited: bool = True,
    ) -> None:
        self.records, self.faults, self.unlimited = records, faults, unlimited
        self.url = ""

    def __enter__(self) -> Self:
        self.folder = tempfile.TemporaryDirectory(prefix="local-pubmed-")
        folder = Path(self.folder.name)
        command = [sys.executable, str(SERVER), "--records", *map(str, self.records), "--port", "0"]
        if self.faults is not None:
            (folder / "faults.json").write_text(json.dumps(list(self.faults)), encoding="utf-8")
            command += ["--faults", str(folder / "faults.json")]
        if self.unlimited:
            command.append("--unlimited")
        said = folder / "stderr"
        with said.open("wb") as stderr:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True)
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line.startswith("listening on "):
            told = said.read_text(encoding="utf-8", errors="replace")
            self.stop()
            raise RuntimeError(f"the local PubMed did not start: {line}{told}")
        self.url = line.removeprefix("listening on ").strip()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def journal(self) -> list[dict[str, Any]]:
        """The requests seen so far, as `eutils_server/journal.py` describes them."""
        with urllib.request.urlopen(f"{self.url}journal", timeout=120) as answer:
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
