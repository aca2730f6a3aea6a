"""How an answer's bytes reach the client: whole, or as a fault has it."""

import gzip
import os
import socket
import struct
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler

from eutils_server.faults import Fault
from eutils_server.protocol import Answer

RESET_ON_CLOSE = struct.pack("ii", 1, 0)


def deliver(handler: BaseHTTPRequestHandler, answer: Answer, fault: Fault | None) -> None:
    """A client that has gone away is no error of the server's."""
    try:
        if fault is None or not cut(handler, answer, fault):
            whole(handler, answer)
    except (BrokenPipeError, ConnectionResetError):
        handler.close_connection = True


def head(handler: BaseHTTPRequestHandler, answer: Answer, *extra: tuple[str, str]) -> None:
    reason = HTTPStatus(answer.status).phrase if answer.status in set(HTTPStatus) else ""
    handler.send_response(answer.status, reason)
    for name, value in (("Content-Type", answer.content_type), *answer.headers.items(), *extra):
        handler.send_header(name, value)


def whole(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    head(handler, answer, ("Content-Length", str(len(answer.body))))
    handler.end_headers()
    handler.wfile.write(answer.body)


def cut(handler: BaseHTTPRequestHandler, answer: Answer, fault: Fault) -> bool:
    """Does what the fault says to the transfer; False when it says nothing about that."""
    kept = answer.body[: int(fault.takes.get("keep", len(answer.body) // 2))]
    if fault.do == "delay":
        time.sleep(float(fault.takes["seconds"]))
        return False
    if fault.do == "drip":
        drip(handler, answer, int(fault.takes["bytes"]), float(fault.takes["interval"]))
        return True
    if fault.do not in ("truncate", "truncate_close", "truncate_chunked", "truncate_gzip", "reset"):
        return False
    handler.close_connection = True
    if fault.do in ("truncate", "reset"):
        head(handler, answer, ("Content-Length", str(len(answer.body))))
    elif fault.do == "truncate_close":
        head(handler, answer, ("Connection", "close"))
    elif fault.do == "truncate_chunked":
        head(handler, answer, ("Transfer-Encoding", "chunked"))
        kept = f"{len(kept):x}\r\n".encode() + kept + b"\r\n"
    else:
        kept = gzip.compress(answer.body, mtime=0)[: int(fault.takes["keep"])]
        head(handler, answer, ("Content-Encoding", "gzip"), ("Content-Length", str(len(kept))))
    handler.end_headers()
    handler.wfile.write(kept)
    if fault.do == "reset":
        reset(handler.connection)
    return True


def drip(handler: BaseHTTPRequestHandler, answer: Answer, size: int, interval: float) -> None:
    head(handler, answer, ("Content-Length", str(len(answer.body))))
    handler.end_headers()
    for at in range(0, len(answer.body), size):
        handler.wfile.write(answer.body[at : at + size])
        time.sleep(interval)


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    # Detached, because http.server would send an orderly end of stream first.
    os.close(connection.detach())
