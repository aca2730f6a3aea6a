"""`harvest refresh` as cron and systemd run it: exit codes, lines for who reads them later, and manners."""

import json
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from invented_pubmed import FIRST
from local_pubmed import LocalPubMed
from refreshed_library import nights
from sqlalchemy import Engine

from db import demonstration
from db.engine import writing
from harvester.cli import main
from harvester.neighbours import NEIGHBOURS
from harvester.store import HARVESTER

EMAIL, KEY, CALLER = "ada@invented.example", "invented-key", "203.0.113.7"
HELD_BACK = {"endpoint": "efetch", "nth": 1, "times": 99, "do": "drop", "pmids": [FIRST]}


@dataclass(frozen=True, slots=True)
class Said:
    code: int
    out: str
    err: str


Harvest = Callable[..., Said]


@pytest.fixture
def harvest(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Harvest]:
    """The command in this process, asking this PubMed and its neighbours."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def run(pubmed: LocalPubMed, *arguments: str, **settings: str) -> Said:
        for name, value in {**pubmed.settings(), "DATABASE_URL": sqlite_url, "NCBI_EMAIL": EMAIL, **settings}.items():
            monkeypatch.setenv(name, value)
        code = main(list(arguments))
        return Said(code, *capsys.readouterr())

    yield run
    for number, handler in before.items():
        signal.signal(number, handler)


def lines(said: str) -> list[dict[str, str]]:
    """Lines of `name=value` by name."""
    told = [line for line in said.splitlines() if line.startswith("at=")]
    return [dict(part.partition("=")[::2] for part in line.split(" ") if "=" in part) for line in told]


def test_a_whole_night_tells_every_phase_in_a_line_and_ends_with_0(harvest: Harvest, tmp_path: Path) -> None:
    with nights(tmp_path, {"day": 1, "do": "delete", "pmid": FIRST}) as pubmed:
        assert harvest(pubmed, "refresh").code == 0
        pubmed.move_to(1)
        done = harvest(pubmed, "refresh", "--digest", str(tmp_path / "night.md"))
        status = json.loads(harvest(pubmed, "status", "--json").out)
    assert done.code == 0, done.err
    assert done.out.startswith("complete: 0 new, 0 changed, ")
    told = lines(done.err)
    assert [line["phase"] for line in told[:3]] == ["start", "listing", "listed"]
    assert told[0]["night"] == "2030/01/02"
    assert {"fetching", "vanished", "source", "offer", "complete"} <= {line["phase"] for line in told}
    assert "ended" not in {line["phase"] for line in told}
    last = status["topics"][0]["last_night"]
    assert (last["status"], last["night"], last["sources"][0]["state"]) == ("complete", "2030/01/02", "checked")
    assert len(last["sources"]) == 1 + len(NEIGHBOURS)
    assert [lost["pmid"] for lost in last["missing"]] == [FIRST]
    assert (tmp_path / "night.md").read_text(encoding="utf-8")


def test_a_night_that_lacks_something_ends_with_3_and_says_what(harvest: Harvest, tmp_path: Path) -> None:
    with nights(tmp_path, faults=[HELD_BACK]) as pubmed:
        done = harvest(pubmed, "refresh", ICITE_URL="http://127.0.0.1:9/")
        status = harvest(pubmed, "status").out
    assert done.code == 3
    said = done.err.splitlines()[-1]
    assert said.startswith("harvest: PubMed lists 1 articles that it did not send; run it again later; iCite could not")
    assert "  last night: partial, begun " in status
    assert "    PubMed: PubMed lists 1 articles that it did not send; run it again later" in status


def test_no_line_has_the_key_or_the_e_mail_or_the_address_of_the_caller(harvest: Harvest, tmp_path: Path) -> None:
    body = json.dumps({"error": "API key invalid", "api-key": CALLER, "email": EMAIL, "api_key": KEY})
    refused: dict[str, Any] = {"endpoint": "esearch", "nth": 1, "times": 99, "do": "status", "status": 400}
    with nights(tmp_path, faults=[refused | {"body": body}]) as pubmed:
        done = harvest(pubmed, "refresh", "--digest", str(tmp_path / "night.md"), NCBI_API_KEY=KEY)
    assert done.code == 1
    assert "API key invalid" in done.err
    for said in (done.err, done.out, (tmp_path / "night.md").read_text(encoding="utf-8")):
        assert not any(secret in said for secret in (KEY, EMAIL, CALLER))


def test_a_night_that_may_not_begin_says_why(harvest: Harvest, tmp_path: Path, sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        demonstration.mark(session, actor=HARVESTER)
        session.commit()
    with nights(tmp_path) as pubmed:
        done = harvest(pubmed, "refresh")
    assert done.code == 1
    assert "harvest: this library holds demonstration data" in done.err
    assert "should not have happened" not in done.err


@pytest.mark.parametrize("wrong", [("--nights", "2"), ("--topic", "none")])
def test_wrong_usage_ends_with_2(wrong: tuple[str, str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["refresh", *wrong])
    assert ended.value.code == 2


def test_pubmed_is_asked_politely(harvest: Harvest, tmp_path: Path) -> None:
    with nights(tmp_path, unlimited=False) as pubmed:
        assert harvest(pubmed, "refresh").code == 0
        asked = [row for row in pubmed.journal() if row["params"].get("db") == "pubmed"]
    assert {row["status"] for row in asked} == {200}, "no 429"
    assert all(row["has_tool"] and row["has_email"] and not row["has_api_key"] for row in asked)
    assert {row["method"] for row in asked} == {"POST"}
    seconds = [later["at"] - first["at"] for first, later in zip(asked, asked[3:], strict=False)]
    assert min(seconds) >= 0.99, "never more than three in a second"
