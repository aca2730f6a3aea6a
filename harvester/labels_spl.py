"""A drug label as FDA publishes it (HL7 Structured Product Labeling) → its version and the plain text of its sections.

Sections are known by LOINC code (FDA, "Structured Product Labeling Resources: Section Headings (LOINC)"). Only the
document's own markup is read: one with a DOCTYPE, and so with entities of its own, is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from lxml import etree

from harvester.not_pubmed import one_line
from harvester.publication_dates import whole_date

NAMESPACE = "{urn:hl7-org:v3}"
LOINC = "2.16.840.1.113883.6.1"
# Pictures of the package, and the words on it.
PACKAGE = "51945-4"
BLOCKS = frozenset(
    {"paragraph", "list", "item", "table", "tr", "caption", "br", "title", "text", "section", "footnote"}
)
CELLS = frozenset({"td", "th"})
# An excerpt is what the highlights repeat; a subject is the product, ingredient by ingredient.
SKIPPED = frozenset({"excerpt", "subject", "renderMultiMedia", "observationMedia"})
_DEFINES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_PARSER = etree.XMLParser(
    resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8"
)


class NotSpl(ValueError):
    """The bytes are not a whole label; one line says what is wrong."""


@dataclass(frozen=True, slots=True)
class Section:
    """`text`: one paragraph, list item or table row a line, without the section's own title."""

    loinc: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Spl:
    set_id: str
    version: int
    effective: date
    sections: tuple[Section, ...]


def read_spl(body: bytes) -> Spl:
    """The label in `body` (UTF-8). Raises `NotSpl`."""
    if _DEFINES.search(body):
        raise NotSpl("it has a DOCTYPE, which labels never have; it is not read")
    try:
        root = etree.fromstring(body, _PARSER)
    except etree.XMLSyntaxError as error:
        raise NotSpl(f"it is not well-formed XML: {one_line(error.msg)}") from None
    if root.tag != f"{NAMESPACE}document":
        raise NotSpl(f"its root is <{one_line(str(root.tag), 60)}>, not the document of a label")
    set_id = _said(root, "setId", "root").lower()
    version, effective = _said(root, "versionNumber", "value"), _said(root, "effectiveTime", "value")
    day = whole_date(effective[:4], effective[4:6], effective[6:8])
    if not set_id or day is None or not re.fullmatch(r"[0-9]{1,6}", version):
        raise NotSpl("it lacks its set id, its version or its date")
    sections = tuple(_sections(root))
    if not sections:
        raise NotSpl("it has no section with a text")
    return Spl(set_id, int(version), day, sections)


def _said(root: Any, name: str, attribute: str) -> str:
    found = root.find(f"{NAMESPACE}{name}")
    return "" if found is None else str(found.get(attribute, "")).strip()


def _sections(root: Any) -> Iterator[Section]:
    """Those of the top level, with what lies within them; sections of the same code are one."""
    merged: dict[str, tuple[str, list[str]]] = {}
    for section in root.iterfind("/".join(NAMESPACE + name for name in ("component", "structuredBody", "component"))):
        for each in section.iterfind(f"{NAMESPACE}section"):
            code = each.find(f"{NAMESPACE}code")
            if code is not None and code.get("codeSystem") == LOINC and code.get("code", PACKAGE) != PACKAGE:
                title = each.find(f"{NAMESPACE}title")
                kept = merged.setdefault(code.get("code"), ("" if title is None else " ".join(_lines(title)), []))
                kept[1].extend(line for part in each if part is not title for line in _lines(part))
    return (Section(code, title, "\n".join(lines)) for code, (title, lines) in merged.items() if lines)


def _lines(element: Any) -> list[str]:
    parts: list[list[str]] = [[]]
    _walk(element, parts)
    return [line for part in parts if (line := " ".join("".join(part).split()))]


def _walk(element: Any, parts: list[list[str]]) -> None:
    name = str(element.tag).removeprefix(NAMESPACE)
    if name in SKIPPED:
        return
    if name in BLOCKS:
        parts.append([])
    if name in CELLS and any(text.strip() for text in parts[-1]):
        parts[-1].append(" | ")
    parts[-1].append(element.text or "")
    for child in element:
        _walk(child, parts)
        parts[-1].append(child.tail or "")
    if name in BLOCKS:
        parts.append([])
