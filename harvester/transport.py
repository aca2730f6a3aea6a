"""One polite HTTP transport. Nothing else in the house sleeps or retries.

Waits are full-jitter exponential, never shorter than the `Retry-After` of the answer, and then for
everybody who shares the pace.
"""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from io import BytesIO
from typing import Any, BinaryIO, TypeVar
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from db import config
from harvester.errors import Fatal, Retry, Split, Stopped, Unreachable
from harvester.pace import Pace
from harvester.unpacking import unpacked

T = TypeVar("T")

TRY_AGAIN = frozenset({408, 425, 429})
# Of the answers from 500 on, those that another try cannot better: not implemented, version not supported.
NEVER_AGAIN = frozenset({501, 505})
NOT_MODIFIED = 304
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Service:
    """Whom to ask: the name people know, the base URL, the setting that changes it."""

    name: str
    url: str
    setting: str


@dataclass(frozen=True, slots=True)
class Response:
    """`after`: seconds the service asks to wait, which it may say with an error in HTTP 200; `rate`: requests a second
    that it says it allows (X-RateLimit-Limit); `tag` (ETag): what to send as If-None-Match another time; `bounded`: it
    said where it ends, so that it is known to be whole."""

    status: int
    body: bytes
    content_type: str = ""
    after: float | None = None
    rate: int | None = None
    tag: str | None = None
    bounded: bool = True


@dataclass(frozen=True, slots=True)
class Request:
    """One question and how much of its answer is wanted; see `Transport.ask`."""

    method: str
    fields: Mapping[str, str]
    headers: Mapping[str, str]
    limit: int
    beginning: int | None
    into: BinaryIO | None


class Transport:
    """Asks one service, politely and patiently.

    `tries` counts all requests for one answer; `read_timeout` is for each read of a socket, `longest_answer` for an
    answer from its first byte asked to its last, in seconds. `stopped` is asked before every try and while waiting.
    Clock, sleep and chance can be given from outside.
    """

    def __init__(
        self,
        service: Service,
        *,
        pace: Pace,
        email: str | None = None,
        tries: int = 6,
        read_timeout: float = 120.0,
        longest_answer: float = 600.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self.service, self.pace, self.tries = service, pace, tries
        self.longest_answer, self.stopped = longest_answer, stopped
        self.clock, self.sleep, self.chance = clock, sleep, chance
        self._deadline = 0.0
        loopback = urlsplit(service.url).hostname in {"127.0.0.1", "localhost", "::1"}
        self._client = httpx.Client(
            timeout=httpx.Timeout(read_timeout, connect=10.0),
            headers={
                "User-Agent": f"footnote (mailto:{email})" if email else "footnote",
                "Accept-Encoding": "gzip",
            },
            trust_env=not loopback,
        )

    def close(self) -> None:
        self._client.close()

    def ask(
        self,
        path: str,
        fields: Mapping[str, str],
        read: Callable[[Response], T],
        *,
        method: str = "POST",
        limit: int = 64 * MEGABYTE,
        heavy_tries: int | None = None,
        beginning: int | None = None,
        headers: Mapping[str, str] | None = None,
        into: BinaryIO | None = None,
    ) -> T:
        """What `read` makes of the answer; `read` raises `Retry` for an answer that is no good.

        POST keeps keys and addresses out of URLs, and so out of every log. `limit` is in bytes, unpacked.
        `beginning`: so many bytes of the answer are enough; the rest is left with the service. `into`: a file for the
        body, which `read` is then given empty.
        After `heavy_tries` answers that broke off or timed out it gives up early, for the caller to ask for less.
        Raises `Unreachable`, `Fatal`, `Split`, `Stopped`, or what `read` raises.
        """
        url = urljoin(self.service.url, path) if path else self.service.url
        request = Request(method, dict(fields), headers or {}, limit, beginning, into)
        heavy = 0
        for attempt in range(1, self.tries + 1):
            self._wait(self.pace.reserve())
            answer = None
            try:
                answer = self._send(url, request)
                return read(answer)
            except Retry as trouble:
                last = trouble
                if last.after is None and answer is not None:
                    last.after = answer.after
            heavy += last.heavy
            if attempt >= (self.tries if last.met else min(self.tries, 4)) or heavy == heavy_tries:
                break
            self.pace.hold(last.after or 0.0)
            self._wait(max(self._backoff(attempt), last.after or 0.0))
        raise self._given_up(attempt, last)

    def _given_up(self, attempts: int, last: Retry) -> Unreachable:
        name, place = self.service.name, shown_url(self.service.url)
        if not last.met:
            advice = f"check the network or {self.service.setting}, then run it again"
            return Unreachable(f"{name} could not be reached at {place}: {last}; {advice}")
        trouble = f"{name} at {place} gave no usable answer in {attempts} tries: {last}"
        return Unreachable(f"{trouble}; wait a while, then run it again", heavy=last.heavy)

    def _backoff(self, attempt: int) -> float:
        """Full jitter: anywhere between nothing and the exponential, at most a minute."""
        return self.chance() * min(60.0, 2.0 ** (attempt - 1))

    def _wait(self, seconds: float) -> None:
        while True:
            if self.stopped():
                raise Stopped("stopped as asked; run it again to go on")
            if seconds <= 0:
                return
            self.sleep(min(seconds, 0.5))
            seconds -= 0.5

    def _send(self, url: str, request: Request) -> Response:
        for _ in range(5):
            answer, onward = self._send_once(url, request)
            if onward is None:
                return answer
            url = self._same_host(url, onward)
        raise Fatal(f"{self.service.name} at {shown_url(url)} sends in circles; check {self.service.setting}")

    def _same_host(self, url: str, onward: str) -> str:
        target = urljoin(url, onward)
        here, there = urlsplit(url), urlsplit(target)
        if there.hostname != here.hostname or (here.scheme, there.scheme) == ("https", "http"):
            raise Fatal(
                f"{self.service.name} at {shown_url(url)} sends to another place, {shown_url(target)}, which is not"
                f" followed; check {self.service.setting}"
            )
        return target

    def _send_once(self, url: str, request: Request) -> tuple[Response, str | None]:
        place = "params" if request.method == "GET" else "data"
        told: dict[str, Any] = {place: request.fields or None, "headers": request.headers}
        self._deadline = self.clock() + self.longest_answer
        try:
            with self._client.stream(request.method, url, **told, extensions={"trace": self._bound}) as answer:
                self._refuse_trouble(answer)
                body = self._whole(answer, request)
        except httpx.InvalidURL:
            raise Fatal(f"{self.service.setting} is not a web address: {shown_url(url)}") from None
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise Retry(_reason(error), met=False) from error
        except httpx.TimeoutException as error:
            late = self.clock() >= self._deadline
            raise Retry(
                f"not whole after {self.longest_answer:g} s" if late else "no answer in time", heavy=True
            ) from error
        except httpx.TransportError as error:
            raise Retry(_reason(error), heavy=True) from error
        onward = answer.headers.get("Location") if answer.is_redirect else None
        after = retry_after(answer.headers.get("Retry-After"), config.now())
        allowed = answer.headers.get("X-RateLimit-Limit", "")
        rate = int(allowed) if allowed.isascii() and allowed.isdecimal() else None
        kind, tag = answer.headers.get("Content-Type", ""), answer.headers.get("ETag")
        bounded = any(name in answer.headers for name in ("Content-Length", "Transfer-Encoding", "Content-Encoding"))
        return Response(answer.status_code, body, kind, after, rate, tag, bounded), onward

    def _bound(self, event: str, info: dict[str, Any]) -> None:
        """A time-out of httpx is for one read: a service that drips would keep us for ever. Bounds every read."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            stream = info["return_value"]
            stream.read = partial(self._read_in_time, stream.read)

    def _read_in_time(self, read: Callable[..., bytes], size: int, timeout: float | None = None) -> bytes:
        left = self._deadline - self.clock()
        if left <= 0:
            raise httpcore.ReadTimeout
        return read(size, timeout=left if timeout is None else min(timeout, left))

    def _refuse_trouble(self, answer: httpx.Response) -> None:
        status = answer.status_code
        if status in TRY_AGAIN or (status >= 500 and status not in NEVER_AGAIN):
            after = retry_after(answer.headers.get("Retry-After"), config.now())
            heavy = status in {500, 502, 504}
            raise Retry(f"HTTP {status} {answer.reason_phrase}".strip(), after=after, heavy=heavy)

    def _whole(self, answer: httpx.Response, request: Request) -> bytes:
        """The body, unless it goes into a file, which then holds this answer and nothing of an earlier one."""
        file = request.into or BytesIO()
        file.seek(0)
        file.truncate()
        packed = _first(answer.iter_raw(), request.beginning)
        encoding = answer.headers.get("Content-Encoding", "") if answer.status_code != NOT_MODIFIED else ""
        for piece in unpacked(packed, encoding, whole=request.beginning is None):
            file.write(piece)
            if file.tell() > request.limit:
                raise Split(too_large(request.limit))
        return file.getvalue() if isinstance(file, BytesIO) else b""


def _first(chunks: Iterable[bytes], enough: int | None) -> Iterator[bytes]:
    taken = 0
    for chunk in chunks:
        yield chunk
        taken += len(chunk)
        if enough is not None and taken >= enough:
            return


def retry_after(value: str | None, now: datetime, most: float = 300.0) -> float | None:
    """Seconds to wait, from seconds or an HTTP date (RFC 9110 §10.2.3), between 0 and `most`; None when unreadable."""
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            due = parsedate_to_datetime(value)
        except ValueError:
            return None
        seconds = ((due if due.tzinfo else due.replace(tzinfo=UTC)) - now).total_seconds()
    return min(max(seconds, 0.0), most) if seconds == seconds else None


def too_large(limit: int) -> str:
    return f"an answer was larger than {limit // MEGABYTE} MB"


def shown_url(url: str) -> str:
    """A URL that may be shown: without user, password and query."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"


def _reason(error: httpx.TransportError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    cause = str(error)
    return cause.partition("] ")[2] or cause or type(error).__name__
