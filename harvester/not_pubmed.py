"""What a body is when it is not a whole set of PubMed records: one line a person can act on."""

import re

HEAD = 4096

_ERROR = re.compile(rb"<ERROR[^>]*>(.*?)(?:</ERROR|$)", re.DOTALL)
_JSON_ERROR = re.compile(rb'"error"\s*:\s*"([^"]*)', re.IGNORECASE)
_HTML = re.compile(rb"<(?:!DOCTYPE\s+html|html|head|body)\b", re.IGNORECASE)
_HTML_TITLE = re.compile(rb"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_DEFINED = re.compile(rb"<!DOCTYPE[^>]*(?:\[|<!ENTITY)")
_ROOT = re.compile(rb"<([A-Za-z_][\w:.-]*)")
_ASIDE = re.compile(rb"<\?.*?(?:\?>|$)|<!--.*?(?:-->|$)|<!DOCTYPE[^>]*(?:>|$)", re.DOTALL)


class NotPubMedXml(ValueError):
    """The bytes are not a whole PubmedArticleSet. The message is one line and says what they look like."""


def one_line(text: bytes | str, limit: int = 160) -> str:
    """Text from outside, fit to stand inside a one-line message."""
    decoded = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in decoded).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def looks_like(head: bytes) -> str:
    """What a body that begins with `head` is, in the words of an error message."""
    start = head.lstrip()
    if not start:
        return "it is empty"
    if start[:1] in b"{[":
        return "it is JSON, not XML" + _said(_JSON_ERROR.search(start))
    if _HTML.match(_ASIDE.sub(b"", start, count=1).lstrip()) or _HTML.match(start):
        return "it is an HTML page, not PubMed XML" + _said(_HTML_TITLE.search(start))
    if start[:1] != b"<":
        return f"it is not XML; it begins with “{one_line(start, 80)}”"
    if _DEFINED.search(start):
        return "its DOCTYPE defines entities of its own, which PubMed files never do; it is not read"
    root = _ROOT.match(_ASIDE.sub(b"", start).lstrip())
    if root is None:
        return "it has an XML prolog and no records (cut short)"
    return f"its root is <{one_line(root[1], 60)}>, not PubmedArticleSet" + _said(_ERROR.search(start))


def _said(found: re.Match[bytes] | None) -> str:
    return f": {one_line(found[1])}" if found and found[1].strip() else ""
