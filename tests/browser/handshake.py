"""What a page asks before its websocket opens."""

import httpx

HEADERS = {  # the example of RFC 6455, section 1.3
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol": "streamlit",
}


def handshake(url: str, **headers: str) -> int:
    """The status that the request gets: 101 when the websocket is opened."""
    with httpx.stream("GET", f"{url}/_stcore/stream", headers={**HEADERS, **headers}, timeout=60) as answer:
        return answer.status_code
