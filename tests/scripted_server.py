"""A socket server on the loopback interface that gives scripted bytes, one answer a connection, exactly as written."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs

Step = bytes | Callable[[socket.socket], None]


def answer(body: bytes, *, status: str = "200 OK", length: int | None = None, headers: str = "") -> bytes:
    """An HTTP/1.1 answer; `length` may promise more than there is, and -1 promises nothing."""
    promised = "" if length == -1 else f"Content-Length: {len(body) if length is None else length}\r\n"
    return f"HTTP/1.1 {status}\r\nConnection: close\r\n{promised}{headers}\r\n".encode() + body


def chunked(body: bytes, *, whole: bool = True) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + f"{len(body):x}\r\n".encode() + body + (b"\r\n0\r\n\r\n" if whole else b"")


def reset(connection: socket.socket) -> None:
    connection.sendall(answer(b"half", length=100))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


def hang(connection: socket.socket) -> None:
    """Says nothing until the other side gives up."""
    connection.settimeout(10)
    connection.recv(1)


@dataclass
class Seen:
    line: str
    headers: dict[str, str]
    fields: dict[str, str]


@dataclass
class ScriptedServer:
    steps: list[Step]
    port: int = 0
    seen: list[Seen] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def serve_one(self, connection: socket.socket) -> None:
        head, _, body = _read_until(connection, b"\r\n\r\n").partition(b"\r\n\r\n")
        line, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in lines)}
        while len(body) < int(headers.get("content-length", 0)):
            body += connection.recv(65536)
        query = line.split(" ")[1].partition("?")[2] or body.decode()
        self.seen.append(Seen(line, headers, {k: v[0] for k, v in parse_qs(query, keep_blank_values=True).items()}))
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        if callable(step):
            step(connection)
        else:
            connection.sendall(step)


def _read_until(connection: socket.socket, mark: bytes) -> bytes:
    data = b""
    while mark not in data:
        more = connection.recv(65536)
        if not more:
            break
        data += more
    return data


@contextmanager
def scripted(*steps: Step) -> Iterator[ScriptedServer]:
    """Serves the steps in order; the last one again and again."""
    server = ScriptedServer(list(steps))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server.port = listener.getsockname()[1]
        ended = threading.Event()

        def accept() -> None:
            while not ended.is_set():
                connection, _ = listener.accept()
                with connection:
                    if not ended.is_set():
                        try:
                            server.serve_one(connection)
                        except OSError:
                            continue

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            ended.set()
            with socket.create_connection(("127.0.0.1", server.port)):
                pass
            thread.join(timeout=15)


@dataclass
class FakeTime:
    """A clock that only moves when somebody sleeps."""

    at: float = 1000.0
    slept: float = 0.0

    def clock(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds
        self.slept += seconds
        time.sleep(0)
