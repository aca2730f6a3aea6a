"""Connections that reach only where they may and end when their time is over, under httpx.

The address that was checked is the one that is connected to: a name cannot mean one thing to the check and another to
the connection. The deadline holds for the whole exchange, because a server may send a byte a minute for ever.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Iterator

import httpcore
import httpx

PUBLIC_PORTS = {80, 443}
TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last 32 bits


class NotPublic(Exception):
    """The address lies inside somebody's network."""


class Overdue(Exception):
    """The time for the whole exchange is over."""


class Deadline:
    """How much time is left of `seconds`, from now on."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise Overdue
        return left


class GuardedTransport(httpx.BaseTransport):
    """httpx over connections of `Guard`."""

    def __init__(self, deadline: Deadline, public_only: bool) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            network_backend=Guard(deadline, public_only),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        there = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        answer = self._pool.handle_request(httpcore.Request(request.method, there, headers=request.headers.raw))
        return httpx.Response(answer.status, headers=answer.headers, stream=_Answer(answer))

    def close(self) -> None:
        self._pool.close()


class _Answer(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class Guard(httpcore.NetworkBackend):
    """Resolves a name, checks every address it has, and connects to the first of them."""

    def __init__(self, deadline: Deadline, public_only: bool) -> None:
        self._deadline, self._public_only = deadline, public_only
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        except (OSError, UnicodeError):
            raise httpcore.ConnectError("no server has this name") from None
        if self._public_only and (port not in PUBLIC_PORTS or not all(is_public(address) for address in found)):
            raise NotPublic(f"{host}:{port} is not an address of the public web")
        stream = self._network.connect_tcp(found[0], port, self._deadline.left(), local_address, socket_options)
        return _Stream(stream, self._deadline)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, also when an IPv4 address is wrapped in an IPv6 one."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found in TRANSLATED:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
        if inside := found.ipv4_mapped or found.sixtofour:
            return is_public(str(inside))
    return found.is_global and not found.is_multicast


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            return self._stream.read(max_bytes, self._deadline.left())
        except httpcore.ReadTimeout:
            raise Overdue from None

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            self._stream.write(buffer, self._deadline.left())
        except httpcore.WriteTimeout:
            raise Overdue from None

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, self._deadline.left()), self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)
