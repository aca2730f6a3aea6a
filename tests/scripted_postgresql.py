"""A PostgreSQL server that only knows how to refuse: it speaks the first words of the protocol, version 3."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SSL_REQUEST, GSS_REQUEST = 80877103, 80877104


def closed_port() -> int:
    """A port of this machine where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def refusing_passwords() -> Iterator[int]:
    """The port of a server that asks for a password and takes none."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_serve, args=(server,), daemon=True)
        thread.start()
        yield int(server.getsockname()[1])
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def _serve(server: socket.socket) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection:
            _refuse(connection)


def _refuse(connection: socket.socket) -> None:
    while struct.unpack("!II", connection.recv(8, socket.MSG_PEEK))[1] in {SSL_REQUEST, GSS_REQUEST}:
        connection.recv(8)
        connection.sendall(b"N")
    connection.recv(4096)
    connection.sendall(b"R" + struct.pack("!II", 8, 3))  # a password in clear text
    connection.recv(4096)
    fields = b'SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user "ada"\0\0'
    connection.sendall(b"E" + struct.pack("!I", len(fields) + 4) + fields)
