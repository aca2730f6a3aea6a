"""The addresses that are this app's own, as a browser writes them into `Origin` (RFC 6454, section 6)."""

from urllib.parse import urlsplit

from starlette.types import Scope

from review_app.web_forms import public_address

_DEFAULT_PORTS = {"http": 80, "https": 443}


def own_origins(scope: Scope) -> frozenset[str]:
    """The public address, and this machine at the port that the connection came in on.

    The address that the connection came in on is ours too: with FOOTNOTE_HOST=0.0.0.0 people come by it.
    """
    scheme = "https" if scope["scheme"] in {"https", "wss"} else "http"
    host, port = scope.get("server") or (None, None)
    if port is None:
        return frozenset({_origin(public_address())})
    names = {"localhost", "127.0.0.1", "[::1]", _in_address(host or "localhost")}
    return frozenset({_origin(public_address()), *(_origin(f"{scheme}://{name}:{port}") for name in names)})


def _in_address(host: str) -> str:
    host = host.removeprefix("::ffff:")  # an IPv4 guest of a socket that takes both
    return f"[{host}]" if ":" in host else host


def _origin(address: str) -> str:
    parts = urlsplit(address)
    host = _in_address(parts.hostname or "")
    port = "" if parts.port in {None, _DEFAULT_PORTS.get(parts.scheme)} else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"
