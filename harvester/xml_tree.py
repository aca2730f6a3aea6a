"""From the bytes of one element to what its parts say: a safe parser and a walk by a table. Knows no tag of PubMed.

Text is the characters of an element and of the markup inside it, in order, a formula as `xml_math` writes it. Runs of
space, tab and line end become one space; no-break, thin and other spaces stay as they are.
"""

import re
from collections.abc import Callable
from typing import Any, TypeAlias, Union

from lxml import etree

from harvester.not_pubmed import NotPubMedXml, one_line
from harvester.xml_math import formula_text

Found: TypeAlias = dict[str, Any]
Handler: TypeAlias = Callable[[Any, Found], None]
# By tag: the name to keep the first text under, the parts inside, or what else to do.
Parts: TypeAlias = dict[str, Union[str, "Parts", Handler]]

_PARSER = etree.XMLParser(
    resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8"
)
_PREFIX = re.compile(rb"[</\s]([A-Za-z][\w.-]*):[A-Za-z]")
_ASIDE = re.compile(rb"<!--.*?-->|<\?[^<]*?\?>|<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_REFERENCE = re.compile(rb"&#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}));")
_SPACES = bytes.maketrans(b"\t\r\n", b"   ")
_BLANKS = frozenset({9, 10, 13, 32})
_INLINE = frozenset({"i", "b", "u", "sup", "sub"})


def tree(raw: bytes) -> Any:
    """The element in `raw` (UTF-8). Entities are never expanded. Raises NotPubMedXml when it is not well-formed."""
    try:
        return etree.fromstring(raw, _PARSER)
    except etree.XMLSyntaxError as error:
        if "prefix" not in error.msg:
            raise NotPubMedXml(f"it is not well-formed XML: {one_line(error.msg)}") from None
    return _with_prefixes(raw)


def _with_prefixes(raw: bytes) -> Any:
    """A prefix bound outside the record (on the set, or by the DTD) is bound to anything, for its text alone counts."""
    prefixes = {name.decode() for name in _PREFIX.findall(raw)} - {"xml", "xmlns"}
    bound = " ".join(f'xmlns:{name}="urn:{name}"' for name in sorted(prefixes)).encode()
    try:
        return etree.fromstring(b"<x " + bound + b">" + raw + b"</x>", _PARSER)[0]
    except etree.XMLSyntaxError as error:
        raise NotPubMedXml(f"it is not well-formed XML: {one_line(error.msg)}") from None


def plain(raw: bytes) -> bytes:
    """The same text with spaces alone for white space, no comments, instructions or CDATA, signs instead of numbers.

    To do this once for all bytes costs less than to do it for each text.
    """
    # A single byte is found many times faster than two.
    if (b"!" in raw and b"<!" in raw) or (b"?" in raw and b"<?" in raw):
        raw = _ASIDE.sub(_escaped, raw)
    if b"#" in raw:
        raw = _REFERENCE.sub(_resolved, raw)
    if b"\n" in raw or b"\t" in raw or b"\r" in raw:
        raw = raw.translate(_SPACES)
    return raw


def _escaped(aside: re.Match[bytes]) -> bytes:
    return (aside[1] or b"").replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")


def _resolved(reference: re.Match[bytes]) -> bytes:
    """The sign that a reference by number stands for; signs of markup, and what is no sign, stay as they are."""
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    if code in _BLANKS:
        return b" "
    sign = code >= 0xA0 and not 0xD800 <= code <= 0xDFFF and code & 0xFFFE != 0xFFFE and code <= 0x10FFFF
    return chr(code).encode() if sign else reference[0]


def without(raw: bytes, name: bytes) -> bytes:
    """Plain `raw` without the elements of this name; as it was when they are not balanced."""
    start = raw.find(b"<" + name)
    if start < 0:
        return raw
    if raw.count(name, start) == 2:
        before, _, rest = raw.partition(b"<" + name + b">")
        _, closed, after = rest.partition(b"</" + name + b">")
        if closed:
            return before + after
    kept, depth, end = [], 0, 0
    for found in re.finditer(rb"<(/?)" + name + rb"(?=[\s/>])[^>]*?(/?)>", raw):
        if depth == 0 and not found[1]:
            kept.append(raw[end : found.start()])
        depth += -1 if found[1] else 0 if found[2] else 1
        if depth == 0:
            end = found.end()
    return b"".join(kept) + raw[end:] if depth == 0 else raw


def text_of(element: Any) -> str:
    """The text of an element of a tree made from plain bytes."""
    text: str | None = _mixed_text(element) if len(element) else element.text
    if not text:
        return ""
    while "  " in text:
        text = text.replace("  ", " ")
    return text.strip(" ")


def _mixed_text(element: Any) -> str:
    for child in element:
        if child.tag not in _INLINE or len(child):
            _write_formulas(element)
            break
    text: str = etree.tostring(element, encoding="unicode", method="text", with_tail=False)
    return text


def _write_formulas(element: Any) -> None:
    for formula in list(element.iter("{*}math")):
        text = formula_text(formula)
        formula.clear(keep_tail=True)
        formula.text = text


def texts_of(element: Any) -> dict[str, str]:
    """The text of each child by its tag."""
    return {child.tag: text_of(child) for child in element}


def walk(element: Any, parts: Parts, found: Found) -> None:
    """Hands each child to what the table says of its tag; a tag of which it says nothing is passed over."""
    for child in element:
        part = parts.get(child.tag)
        if part is None:
            continue
        if isinstance(part, str):
            if part not in found and (text := text_of(child)):
                found[part] = text
        elif isinstance(part, dict):
            walk(child, part, found)
        else:
            part(child, found)


def apart(name: str, parts: Parts) -> Handler:
    """Walks into a place of its own, kept under `name`."""
    return lambda element, found: walk(element, parts, found.setdefault(name, {}))


def each(name: str) -> Handler:
    """Keeps every text that is not empty."""

    def keep(element: Any, found: Found) -> None:
        if text := text_of(element):
            found.setdefault(name, []).append(text)

    return keep
