"""Fetch a page that somebody named, without letting its address lead anywhere it should not.

On a server an address is a way in (OWASP, server-side request forgery): names are resolved here, every address they
resolve to must be public, the connection goes to the address that was checked, and each redirect is checked anew.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from review_app.factcheck.extraction import BYTE_LIMIT
from review_app.guarded_network import Deadline, GuardedTransport, NotPublic, Overdue

SECONDS = 30.0
REDIRECTS = 5
SCHEMES = {"http", "https"}
AGENT = "Footnote (fact-check of one page, asked for by a person)"


class NotFetched(Exception):
    """An address that gave no page; the message is one line that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Page:
    """What an address gave: where it was found in the end, its bytes, and what the server says it is."""

    url: str
    body: bytes
    media_type: str | None


def fetch(url: str, *, public_only: bool = True) -> Page:
    """The page at `url`, after at most `REDIRECTS` redirects, within `SECONDS` and `BYTE_LIMIT` bytes unpacked.

    `public_only=False` is for a person's own command on their own machine, which may read an intranet. Raises
    `NotFetched`.
    """
    deadline, here = Deadline(SECONDS), url
    # No proxy and no credentials of this machine (.netrc): a page is fetched as anybody would see it.
    with _explained(url), httpx.Client(transport=GuardedTransport(deadline, public_only), trust_env=False) as client:
        for _ in range(REDIRECTS + 1):
            found = _once(client, here, url)
            if isinstance(found, Page):
                return found
            here = found
    raise NotFetched(f"{url}: more than {REDIRECTS} redirects; save the page and check the file")


def _once(client: httpx.Client, here: str, asked: str) -> Page | str:
    """The page, or the address that the server names instead."""
    _refuse_odd(here)
    headers = {"User-Agent": AGENT, "Accept": "text/html, text/plain, text/markdown, */*;q=0.1"}
    with client.stream("GET", here, headers=headers, follow_redirects=False) as answer:
        if answer.has_redirect_location:
            there = urljoin(here, answer.headers["location"])
            if here.startswith("https://") and not there.startswith("https://"):
                raise NotFetched(
                    f"{asked}: leads from a secure to an insecure address; save the page and check the file"
                )
            return there
        if answer.status_code != 200:
            raise NotFetched(f"{asked}: the server answers {answer.status_code}; check the address, or save the page")
        return Page(here, _body(answer, asked), answer.headers.get("content-type"))


def _refuse_odd(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise NotFetched(f"{url}: only http and https addresses are fetched")
    if parts.username or parts.password:
        raise NotFetched(f"{parts.hostname}: an address with a password in it is not fetched; save the page instead")


def _body(answer: httpx.Response, asked: str) -> bytes:
    """The bytes unpacked piece by piece, so that a small answer cannot become a large one."""
    pieces, length = [], 0
    for piece in answer.iter_bytes(65_536):
        length += len(piece)
        if length > BYTE_LIMIT:
            raise NotFetched(f"{asked}: more than {BYTE_LIMIT:,} bytes; save the part to check as a file")
        pieces.append(piece)
    return b"".join(pieces)


@contextmanager
def _explained(url: str) -> Iterator[None]:
    try:
        yield
    except NotPublic as problem:
        why = f"{problem}, so this server does not fetch it"
        raise NotFetched(f"{url}: {why}; save the page and check the file") from None
    except (Overdue, httpcore.TimeoutException):
        raise NotFetched(f"{url}: not whole after {SECONDS:.0f} seconds; try again, or save the page") from None
    except (httpx.HTTPError, httpx.InvalidURL, httpcore.NetworkError, httpcore.ProtocolError, ValueError) as problem:
        said = " ".join(str(problem).split())[:150] or type(problem).__name__
        raise NotFetched(f"{url}: cannot be fetched ({said}); check the address, or save the page") from None
