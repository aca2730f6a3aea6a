"""Scripted faults: what goes wrong, at which request of which tool.

A fault file is a JSON list of objects, or TOML with `[[fault]]` tables. Every fault has `endpoint` (`efetch`, any other
tool or neighbour as the journal names it, or `*` for all of them), `nth` (from 1, counted per endpoint; for `*` over
all requests), `times` (how many in a row, 1 unless said) and `do`:

| do | takes | happens |
|---|---|---|
| status | status, body, content_type, headers | this answer instead of the real one |
| rate_limit | status (429) | the rate limit answer, whatever the rate |
| html | status (200), body | an HTML page |
| prolog | | XML declaration and DOCTYPE, then nothing |
| error | message, status (200) | `<ERROR>` in the tool's own root, or its JSON twin |
| truncate | keep (bytes) | the full Content-Length, `keep` bytes, end of connection |
| truncate_close | keep | no Content-Length, `keep` bytes, end of connection: no client notices by itself |
| truncate_chunked | keep | chunked, `keep` bytes, no last chunk |
| truncate_gzip | keep | gzip Content-Encoding, cut after `keep` bytes, Content-Length of what is sent |
| reset | keep | `keep` bytes, then the connection is reset |
| drip | bytes, interval (seconds) | the real answer, `bytes` at a time |
| delay | seconds | the real answer, late |
| drop | pmids | the answer of a PubMed that does not have these records |
| expire_history | | every WebEnv is gone before this request is answered |
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eutils_server.protocol import ARTICLE_SET_HEAD, NEIGHBOURS, RESULTS, XML_PROLOG, Answer, Request, error_answer
from eutils_server.rate_limit import PER_ADDRESS, exceeded

TAKES: Mapping[str, tuple[str, ...]] = {
    "status": ("status", "body", "content_type", "headers"),
    "rate_limit": ("status",),
    "html": ("status", "body"),
    "prolog": (),
    "error": ("message", "status"),
    "truncate": ("keep",),
    "truncate_close": ("keep",),
    "truncate_chunked": ("keep",),
    "truncate_gzip": ("keep",),
    "reset": ("keep",),
    "drip": ("bytes", "interval"),
    "delay": ("seconds",),
    "drop": ("pmids",),
    "expire_history": (),
}
NEEDS = {"status": ("status",), "error": ("message",), "drip": ("bytes", "interval"), "delay": ("seconds",)}
NEEDS |= {"drop": ("pmids",), "truncate": ("keep",), "truncate_close": ("keep",), "truncate_chunked": ("keep",)}
NEEDS |= {"truncate_gzip": ("keep",)}
MAINTENANCE = "<!DOCTYPE html><html><head><title>Maintenance</title></head><body><p>Back soon.</p></body></html>"


class WrongFault(Exception):
    """The message says which fault of the file and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Fault:
    endpoint: str
    nth: int
    times: int
    do: str
    takes: Mapping[str, Any] = field(default_factory=dict)

    def strikes(self, tool: str, nth: int, order: int) -> bool:
        place = order if self.endpoint == "*" else nth
        return self.endpoint in ("*", tool) and self.nth <= place < self.nth + self.times


def read_faults(path: Path) -> list[Fault]:
    """Raises WrongFault for a file that is no list of faults this server knows."""
    try:
        text = path.read_text(encoding="utf-8")
        rows = tomllib.loads(text).get("fault") if path.suffix == ".toml" else json.loads(text)
    except (OSError, ValueError) as error:
        raise WrongFault(f"{path}: {error}") from error
    if not isinstance(rows, list):
        raise WrongFault(f"{path}: expected a list of faults")
    return [fault_of(place, row) for place, row in enumerate(rows, 1)]


def fault_of(place: int, row: Mapping[str, Any]) -> Fault:
    rest = dict(row)
    endpoint, do = str(rest.pop("endpoint", "")), str(rest.pop("do", ""))
    nth, times = rest.pop("nth", 1), rest.pop("times", 1)
    if endpoint not in ("*", *RESULTS, *NEIGHBOURS):
        known = ", ".join((*RESULTS, *NEIGHBOURS))
        raise WrongFault(f"fault {place}: endpoint {endpoint!r}, expected * or one of {known}")
    if do not in TAKES:
        raise WrongFault(f"fault {place}: do={do!r}, expected one of {', '.join(TAKES)}")
    if unknown := set(rest) - set(TAKES[do]):
        raise WrongFault(f"fault {place}: {do} takes no {', '.join(sorted(unknown))}")
    if missing := set(NEEDS.get(do, ())) - set(rest):
        raise WrongFault(f"fault {place}: {do} needs {', '.join(sorted(missing))}")
    if not (isinstance(nth, int) and isinstance(times, int) and nth >= 1 and times >= 1):
        raise WrongFault(f"fault {place}: nth and times are numbers from 1")
    return Fault(endpoint, nth, times, do, rest)


def instead(fault: Fault, request: Request, address: str) -> Answer | None:
    """The answer a fault gives in place of the real one, or None when it only does something to that."""
    takes = fault.takes
    if fault.do == "status":
        body = str(takes.get("body", "")).encode()
        content_type = str(takes.get("content_type", "text/html; charset=UTF-8"))
        return Answer(int(takes["status"]), body, content_type, dict(takes.get("headers", {})))
    if fault.do == "rate_limit":
        caller = request.get("api_key") or address
        return exceeded(caller, PER_ADDRESS + 1, PER_ADDRESS, int(takes.get("status", 429)))
    if fault.do == "html":
        body = str(takes.get("body", MAINTENANCE)).encode()
        return Answer(int(takes.get("status", 200)), body, "text/html; charset=UTF-8")
    if fault.do == "prolog":
        root = RESULTS.get(request.tool, ("html",))[0]
        head = ARTICLE_SET_HEAD if request.tool == "efetch" else f"{XML_PROLOG}<!DOCTYPE {root}>\n"
        return Answer(200, head.encode())
    if fault.do == "error":
        return error_answer(request, str(takes["message"]), int(takes.get("status", 200)))
    return None
