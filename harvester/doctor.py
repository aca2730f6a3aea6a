"""`harvest doctor`: a few harmless questions to the live services, and whether the answers are still what the client
and the local PubMed assume.

Questions and checks are data (`doctor.toml`); each service is asked at its own pace, and not again once it could not
be reached. The library is only read, for what PubMed made of the topic's query last.
"""

import re
import shutil
import textwrap
import tomllib
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from itertools import zip_longest
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from sqlalchemy.engine import make_url
from sqlmodel import col, select

from db import config
from db.config import Settings
from db.engine import DatabaseUnavailable, open_engine, reading
from db.models import HarvestRun
from db.types import RunKind, RunStatus
from harvester.doctor_checks import Drifted, Known, Unchecked, looked_at
from harvester.errors import Fatal, HarvestError, Retry, Stopped
from harvester.eutils import TOOL
from harvester.eutils_answers import ERROR_ELEMENT, error_text, json_object, judged, search_answer
from harvester.pace import pace_of
from harvester.topic import TopicFile
from harvester.transport import Response, Service, Transport

DATA = Path(__file__).with_name("doctor.toml")
PUBMED = "PubMed"
# A doctor who waits long is not asked: two tries tell whether a service answers.
TRIES = 2
READ_TIMEOUT = 60.0
OLDEST = 5


class Outcome(StrEnum):
    PASS = "pass"  # noqa: S105 -- no password
    DRIFTED = "drifted"
    UNCHECKED = "could not check"


@dataclass(frozen=True, slots=True)
class Question:
    """One request; `{…}` in path and fields are filled in from what is known."""

    service: str
    path: str
    fields: Mapping[str, str]
    method: str = "POST"
    beginning: int | None = None
    error_expected: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table; `found` says why when it could not be checked."""

    check: str
    service: str
    expected: str
    found: str
    outcome: Outcome
    source: str
    url: str


@dataclass(slots=True)
class Doctor:
    """Asks the services that the settings name about one topic. `unreachable`: why a service is not asked again."""

    settings: Settings
    topic: TopicFile
    stopped: Callable[[], bool] = lambda: False
    transport: Callable[..., Transport] = Transport
    unreachable: dict[str, str] = field(default_factory=dict)
    transports: dict[str, Transport] = field(default_factory=dict)
    closing: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.close()

    def examine(self) -> list[Finding]:
        """One finding for each check, in the order of the data. Raises `Stopped`."""
        data = tomllib.loads(DATA.read_text(encoding="utf-8"))
        last, no_last = last_translation(self.settings, self.topic.id)
        keyed = self.settings.ncbi_api_key is not None
        known = Known(self.topic, data["unknown_pmid"], keyed, last, no_last)
        answers: dict[str, Response | str] = {}
        found = []
        for check in data["check"]:
            name = check["question"]
            question = Question(**data["question"][name])
            if name not in answers:
                answers[name] = self._asked(question, known)
            found.append(_finding(check, question.service, answers[name], known))
        return found

    def _asked(self, question: Question, known: Known) -> Response | str:
        """The answer, or why there is none."""
        if question.service in self.unreachable:
            return f"not asked: {self.unreachable[question.service]}"
        try:
            path, fields = _filled(question, known)
        except LookupError as lacking:
            return str(lacking.args[0])
        if question.service == PUBMED:
            fields = {"db": "pubmed", "tool": TOOL, **self._caller(), **fields}
        try:
            answer = self._transport(question.service).ask(
                path,
                fields,
                lambda response: _usable(response, question),
                method=question.method,
                beginning=question.beginning,
            )
        except Stopped:
            raise
        except HarvestError as error:
            if not isinstance(error, Fatal):
                self.unreachable[question.service] = str(error)
            return str(error)
        if "usehistory" in fields:
            _remember(answer, known)
        return answer

    def _caller(self) -> dict[str, str]:
        given = {"email": self.settings.ncbi_email, "api_key": self.settings.ncbi_api_key}
        return {name: value for name, value in given.items() if value}

    def _transport(self, name: str) -> Transport:
        if name not in self.transports:
            service, key = self._service(name), self.settings.ncbi_api_key if name == PUBMED else None
            pace = pace_of(service.url, key)
            made = self.transport(
                service,
                pace=pace,
                email=self.settings.ncbi_email,
                tries=TRIES,
                read_timeout=READ_TIMEOUT,
                stopped=self.stopped,
            )
            self.closing.callback(made.close)
            self.transports[name] = made
        return self.transports[name]

    def _service(self, name: str) -> Service:
        urls = {
            PUBMED: (self.settings.eutils_url, "EUTILS_URL"),
            "iCite": (self.settings.icite_url, "ICITE_URL"),
            "Crossref": (self.settings.crossref_url, "CROSSREF_URL"),
            "DailyMed": (self.settings.dailymed_url, "DAILYMED_URL"),
            "Retraction Watch": (self.settings.retraction_watch_url, "RETRACTION_WATCH_URL"),
        }
        return Service(name, *urls[name])


def last_translation(settings: Settings, topic_id: str) -> tuple[str | None, str]:
    """What PubMed made of the query in the last complete run of this topic, or why that is not known."""
    with ExitStack() as stack:
        try:
            url = make_url(settings.database_url)
            if url.drivername == "sqlite" and not Path(url.database or "").exists():
                return None, "there is no library yet"
            engine = open_engine(settings.database_url)
            stack.callback(engine.dispose)
            asked = select(HarvestRun.query_translation).where(
                HarvestRun.topic_id == topic_id,
                HarvestRun.status == RunStatus.COMPLETE,
                col(HarvestRun.kind).in_((RunKind.SYNC, RunKind.REFRESH)),
                col(HarvestRun.query_translation).is_not(None),
            )
            with reading(engine) as session:
                last = session.exec(asked.order_by(col(HarvestRun.id).desc()).limit(1)).first()
        except DatabaseUnavailable as error:
            return None, str(error)
    return last, "" if last is not None else "no run of this topic is complete yet"


def _filled(question: Question, known: Known) -> tuple[str, dict[str, str]]:
    """Path and fields of the request. Raises LookupError with why there is nothing to ask about."""
    values: dict[str, object] = {"query": known.topic.query, "unknown": known.unknown}
    if known.pmids:
        oldest = sorted(known.pmids)[:OLDEST]
        values |= {"pmid": known.pmid, "pmids": ",".join(map(str, oldest)), "ids": ",".join(map(str, known.ids))}
    if known.doi:
        values["doi"] = quote(known.doi, safe="/")

    def fill(text: str) -> str:
        for name in re.findall(r"{(\w+)}", text):
            if name not in values:
                raise LookupError("PubMed named no article with a DOI" if name == "doi" else "PubMed named no article")
            text = text.replace(f"{{{name}}}", str(values[name]))
        return text

    return fill(question.path), {name: fill(text) for name, text in question.fields.items()}


def _usable(answer: Response, question: Question) -> Response:
    """The answer, unless another try may bring a better one."""
    head = answer.body[:2000].lower()
    if not head.strip():
        raise Retry("the answer is empty")
    if b"<html" in head:
        raise Retry("the answer is a web page")
    if b"rate limit exceeded" in head:
        raise Retry("too many requests")
    if not question.error_expected and (error := _said_error(answer.body, question.service)) is not None:
        raise error
    return answer


def _said_error(body: bytes, name: str) -> Retry | None:
    """An error in HTTP 200 that may pass; one that says what is wrong with the question is the checks' to tell."""
    try:
        if ERROR_ELEMENT.search(body):
            error = judged(error_text(body), name)
            return error if isinstance(error, Retry) else None
        if body.lstrip().startswith(b"{"):
            json_object(body, name)
    except Retry as error:
        return error
    except HarvestError:
        return None
    return None


def _remember(answer: Response, known: Known) -> None:
    """The articles that the search named are what later questions ask about."""
    try:
        known.pmids = search_answer(json_object(answer.body, PUBMED)).ids
    except (Retry, HarvestError):
        return  # the checks of this answer say so


def _finding(check: Mapping[str, Any], service: str, answer: Response | str, known: Known) -> Finding:
    try:
        if isinstance(answer, str):
            raise Unchecked(answer)
        found, outcome = looked_at(check["kind"], answer, check["expects"], known), Outcome.PASS
    except Drifted as drifted:
        found, outcome = str(drifted), Outcome.DRIFTED
    except Unchecked as why:
        found, outcome = str(why), Outcome.UNCHECKED
    return Finding(check["name"], service, check["says"], found, outcome, check["source"], check["url"])


def verdict(found: Sequence[Finding]) -> tuple[int, str]:
    """The exit code of the command, and what to do next in one line."""
    drifted = sum(each.outcome is Outcome.DRIFTED for each in found)
    unchecked = [each for each in found if each.outcome is Outcome.UNCHECKED]
    if len(unchecked) == len(found):
        return 1, f"nothing could be checked: {unchecked[0].found}"
    if drifted:
        advice = "look at them before the next harvest is believed; `--json` names the documentation of each"
        return 1, f"{drifted} of {len(found)} checks have drifted; {advice}"
    if unchecked:
        return 3, f"{len(unchecked)} of {len(found)} could not be checked, nothing else has drifted; run it again later"
    return 0, f"all {len(found)} checks pass: the services answer as this version expects"


def as_table(found: Sequence[Finding], width: int | None = None) -> str:
    """Check, expected, found and outcome, wrapped to the width of the terminal."""
    width = max(80, width or shutil.get_terminal_size((120, 24)).columns)
    first = max(len(f"{each.service}: {each.check}") for each in found)
    outcome = max(map(len, Outcome))
    expected = (width - first - outcome - 6) * 2 // 5
    sizes = (first, expected, width - first - outcome - 6 - expected, outcome)
    rows: list[tuple[str, ...]] = [("check", "expected", "found", "")]
    rows += [(f"{each.service}: {each.check}", each.expected, each.found, each.outcome) for each in found]
    lines = []
    for row in rows:
        cells = [textwrap.wrap(cell, size) or [""] for cell, size in zip(row, sizes, strict=True)]
        for parts in zip_longest(*cells, fillvalue=""):
            lines.append("  ".join(part.ljust(size) for part, size in zip(parts, sizes, strict=True)).rstrip())
    return "\n".join(lines)


def as_object(found: Sequence[Finding], topic: TopicFile) -> dict[str, Any]:
    """For programs: the findings with source and documentation, the exit code, the time in UTC."""
    code, line = verdict(found)
    checks = [asdict(each) for each in found]
    return {"topic": topic.id, "checked_at": config.now().isoformat(), "code": code, "verdict": line, "checks": checks}
