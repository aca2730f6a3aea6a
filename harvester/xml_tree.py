"""From the bytes of one element to what its parts say: a safe parser and a walk by tables of handlers. Knows no tag.

Text is the characters of an element and of the markup inside it, in order. Runs of space, tab and line end become
one space; no-break, thin and other spaces stay as they are.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from lxml import etree

from harvester.not_pubmed import NotPubMedXml, one_line

Found: TypeAlias = dict[str, Any]
Handler: TypeAlias = Callable[[Any, Found], None]
Parts: TypeAlias = Mapping[str, Handler]

_PARSER = etree.XMLParser(
    resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8"
)
_PREFIX = re.compile(rb"[</\s]([A-Za-z][\w.-]*):[A-Za-z]")
_SPACES = re.compile(r"[ \t\r\n]+")


def tree(raw: bytes) -> Any:
    """The element in `raw` (UTF-8). Entities are never expanded. Raises NotPubMedXml when it is not well-formed."""
    try:
        return etree.fromstring(raw, _PARSER)
    except etree.XMLSyntaxError as error:
        if "prefix" not in error.msg:
            raise NotPubMedXml(f"it is not well-formed XML: {one_line(error.msg)}") from None
    # A prefix bound outside the record (on the set, or by the DTD) is bound to anything, for its text alone counts.
    prefixes = {name.decode() for name in _PREFIX.findall(raw)} - {"xml", "xmlns"}
    bound = " ".join(f'xmlns:{name}="urn:{name}"' for name in sorted(prefixes)).encode()
    try:
        return etree.fromstring(b"<x " + bound + b">" + raw + b"</x>", _PARSER)[0]
    except etree.XMLSyntaxError as error:
        raise NotPubMedXml(f"it is not well-formed XML: {one_line(error.msg)}") from None


def without(raw: bytes, name: bytes) -> bytes:
    """`raw` without the elements of this name; as it was when they are not balanced, or could be part of a comment."""
    if b"<" + name not in raw or b"<!" in raw:
        return raw
    kept, depth, start = [], 0, 0
    for found in re.finditer(rb"<(/?)" + name + rb"\b[^>]*?(/?)>", raw):
        if depth == 0 and not found[1]:
            kept.append(raw[start : found.start()])
        depth += -1 if found[1] else 0 if found[2] else 1
        if depth == 0:
            start = found.end()
    return b"".join(kept) + raw[start:] if depth == 0 else raw


def text_of(element: Any) -> str:
    text: str | None = "".join(element.itertext()) if len(element) else element.text
    if not text:
        return ""
    if "\n" in text or "  " in text or "\t" in text or "\r" in text:
        text = _SPACES.sub(" ", text)
    return text.strip(" ")


def texts_of(element: Any) -> dict[str, str]:
    """The text of each child by its tag."""
    return {child.tag: text_of(child) for child in element}


def walk(element: Any, parts: Parts, found: Found) -> None:
    """Hands each child to the handler of its tag; a tag without one is passed over."""
    for child in element:
        handler = parts.get(child.tag)
        if handler is not None:
            handler(child, found)


def inside(parts: Parts) -> Handler:
    return lambda element, found: walk(element, parts, found)


def apart(name: str, parts: Parts) -> Handler:
    """Walks into a place of its own, kept under `name`."""
    return lambda element, found: walk(element, parts, found.setdefault(name, {}))


def first(name: str) -> Handler:
    """Keeps the first text that is not empty."""

    def keep(element: Any, found: Found) -> None:
        if name not in found and (text := text_of(element)):
            found[name] = text

    return keep


def each(name: str) -> Handler:
    """Keeps every text that is not empty."""

    def keep(element: Any, found: Found) -> None:
        if text := text_of(element):
            found.setdefault(name, []).append(text)

    return keep
