"""Whatever a script does to a real record, it stays one: valid by the DTD, and untouched but for what was said."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from eutils_server.corpus import load
from eutils_server.events import Event
from eutils_server.record import Record, element_of
from eutils_server.record_events import LINKS, Shelf, happen
from lxml import etree

pytestmark = pytest.mark.shared
NOTICE = 90_000_901
EVERYTHING: dict[str, Any] = {
    "title": "1 < 2",
    "abstract": [{"label": "AIM", "text": "b & c"}],
    "authors": ["Lovelace A"],
    "journal": "Invented J",
    "doi": "10.5555/x",
    "published": "2030/01/05",
    "types": ["Review"],
    "keywords": ["invented"],
    "language": "ger",
    "status": "MEDLINE",
    "mesh": ["Ketamine", {"name": "Invented Heading", "qualifiers": ["adverse effects"]}],
    "references": [90_000_001],
}
KINDS = {"revise": EVERYTHING, "re-index": {"mesh": ["Ketamine"]}, "reinstate": {}}
KINDS |= {do: {"notice": NOTICE} for do in LINKS}


@pytest.fixture(scope="module")
def dtd(shared_data: Path) -> etree.DTD:
    text = (shared_data / "dtd" / "pubmed_250101.dtd").read_text(encoding="utf-8")
    # The MathML module is another file: records with formulas are left out.
    return etree.DTD(io.StringIO("\n".join(line for line in text.splitlines() if "mathml" not in line.lower())))


@pytest.fixture(scope="module")
def real(shared_data: Path) -> list[Record]:
    return list(load([shared_data / "pubmed" / "ketamine_depression.xml.gz"]).records.values())


def parts(raw: bytes) -> Iterator[tuple[Any, ...]]:
    for element in element_of(raw).iter():
        yield element.tag, element.attrib, element.text, element.tail


def after(record: Record, do: str, takes: dict[str, Any]) -> list[bytes]:
    shelf = Shelf({record.pmid: record})
    return [shelf.records[pmid].raw for pmid in happen(shelf, Event(1, 1, do, {"pmid": record.pmid, **takes}))]


def is_valid(dtd: etree.DTD, raw: bytes) -> bool:
    return bool(dtd.validate(etree.fromstring(b"<PubmedArticleSet>" + raw + b"</PubmedArticleSet>")))


@pytest.mark.parametrize("do", KINDS)
def test_a_valid_record_stays_valid(do: str, dtd: etree.DTD, real: list[Record]) -> None:
    valid = [record for record in real[::5] if is_valid(dtd, record.raw)]
    assert len(valid) > 50
    wrong = [one.pmid for one in valid if not all(is_valid(dtd, raw) for raw in after(one, do, KINDS[do]))]
    assert wrong == []


def test_an_event_that_says_nothing_changes_nothing(real: list[Record]) -> None:
    changed = [
        one.pmid for one in real if [list(parts(raw)) for raw in after(one, "reword", {})] != [list(parts(one.raw))]
    ]
    assert changed == []
