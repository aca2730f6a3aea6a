"""A port for a server that has to be told its port before it listens."""

import random
import socket

# Below the ports that Linux gives to outgoing connections (ip_local_port_range), so that none takes it meanwhile.
PORTS = range(20_000, 32_000)


def free_port() -> int:
    """A port on which nobody listens; two that ask at the same time will hardly be given the same one."""
    for port in random.SystemRandom().sample(PORTS, 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"no free port was found from {PORTS.start} to {PORTS.stop}")
