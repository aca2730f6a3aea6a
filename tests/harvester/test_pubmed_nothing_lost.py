"""Every text of a real record is in a field of ours, or on a list that says why the raw record is place enough."""

import dataclasses
import gzip
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from plain_reading import squeezed

from harvester.identifiers import normal_doi, normal_orcid, normal_pmcid
from harvester.pubmed_xml import NotPubMedXml, read_records
from harvester.records import ArticleRecord

PLACES = tomllib.loads(Path(__file__).with_name("raw_only_paths.toml").read_text(encoding="utf-8"))
MONTHS = " Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ")
INLINE = {"b", "i", "u", "sup", "sub", "DispFormula", "math"}
# The values of these attributes decide what an element is.
TOLD_APART = {
    "ELocationID": "EIdType",
    "ArticleId": "IdType",
    "PubMedPubDate": "PubStatus",
    "Author": "ValidYN",
    "AuthorList": "Type",
    "CommentsCorrections": "RefType",
}
USUAL = {"Y", "authors"}


def tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def steps(element: ET.Element) -> tuple[str, ...]:
    """The step as it is, and as its attribute tells it apart."""
    value = element.get(TOLD_APART.get(tag(element), ""))
    told = f"{tag(element)}[{TOLD_APART[tag(element)]}={value}]" if value and value not in USUAL else tag(element)
    return tuple({told: None, tag(element): None})


def texts(element: ET.Element, paths: tuple[str, ...] = ("",)) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each text with the paths it goes by, the most telling first; inline markup belongs to the text around it."""
    for child in element:
        here = tuple(f"{path}/{step}" if path else step for path in paths for step in steps(child))
        if any(tag(part) not in INLINE for part in child):
            yield from texts(child, here)
            loose = " ".join([child.text or "", *(part.tail or "" for part in child)]).strip()
            if loose:
                yield tuple(f"{path}#text" for path in here), loose
        elif said := squeezed(child):
            yield here, said


@cache
def place(kind: str, paths: tuple[str, ...]) -> tuple[tuple[int, int], list[str]]:
    """How exactly the list names one of the paths (how telling, then steps), and what it says."""
    best: tuple[tuple[int, int], list[str]] = ((0, 0), [])
    for telling, path in enumerate(reversed(paths)):
        parts = path.split("/")
        for length in range(len(parts), 0, -1):
            if (found := PLACES[kind].get("/".join(parts[:length]))) is not None:
                best = max(best, ((telling, length), found if kind == "kept" else []))
                break
    return best


def words(value: Any) -> Iterator[str]:
    """Every text in a value; a date and a month in each way a source may write them."""
    if isinstance(value, date):
        yield from words((value.year, value.day))
        yield from words((value.month, f"{value.month:02}", f"{value.day:02}", MONTHS[value.month]))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from words([getattr(value, each.name) for each in dataclasses.fields(value)])
    elif isinstance(value, list | tuple):
        for each in value:
            yield from words(each)
    elif value is not None:
        yield " ".join(str(value).split())


def fields_of(record: ArticleRecord) -> dict[str, list[str]]:
    found = {each.name: list(words(getattr(record, each.name))) for each in dataclasses.fields(record) if each.compare}
    if record.month:
        found["month"] = list(words(date(2000, record.month, record.day or 1)))
    return found


def is_kept(said: str, found: list[str]) -> bool:
    forms = {said, said.lstrip("0"), normal_doi(said), normal_orcid(said), normal_pmcid(said)} - {None}
    return any(form in word for form in forms if form for word in found)


def lost(element: ET.Element, record: ArticleRecord) -> Iterator[tuple[str, str]]:
    said_in = fields_of(record)
    for paths, said in texts(element):
        kept_at, fields = place("kept", paths)
        raw_at, _ = place("raw_only", paths)
        if raw_at <= kept_at and not is_kept(said, [word for name in fields for word in said_in[name]]):
            yield paths[0], said


def real_records(path: Path) -> Iterator[tuple[ET.Element, ArticleRecord]]:
    def opened() -> Any:
        return gzip.open(path) if path.suffix == ".gz" else path.open("rb")

    with opened() as stream:
        records = [item for item in read_records(stream) if isinstance(item, ArticleRecord)]
    with opened() as stream:
        root = ET.parse(stream).getroot()
    elements = [root] if root.tag.endswith("Article") else [each for each in root if each.tag.endswith("Article")]
    yield from zip(elements, records, strict=True)


# Made up by others to try a program: one has two PMIDs, one nothing.
MADE_UP = {"MedlineImporterTestKeywordSingleEntry.xml", "MedlineImporterTestMinimalEntry.xml"}


@pytest.mark.shared
def test_every_text_of_every_real_record_has_its_place(shared_data: Path) -> None:
    files = [shared_data / "pubmed" / "ketamine_depression.xml.gz", *sorted((shared_data / "pubmed").rglob("*.xml"))]
    seen, missing = 0, []
    for path in files:
        if path.name in MADE_UP:
            continue
        try:
            for element, record in real_records(path):
                seen += 1
                missing += [(path.name, record.pmid, *each) for each in lost(element, record)]
        except NotPubMedXml:
            continue
    assert seen > 800
    assert missing[:20] == []


def test_a_text_in_no_known_place_is_found_out() -> None:
    element = ET.fromstring(
        "<PubmedArticle><MedlineCitation><PMID>90000001</PMID><Article><ArticleTitle>Said</ArticleTitle><Abstract>"
        "<AbstractText>Not <i>read</i></AbstractText></Abstract><FutureList><Future>New</Future></FutureList></Article>"
        "<CoiStatement>None</CoiStatement></MedlineCitation></PubmedArticle>"
    )
    assert list(lost(element, ArticleRecord("Said", 90000001))) == [
        ("MedlineCitation/Article/Abstract/AbstractText", "Not read"),
        ("MedlineCitation/Article/FutureList/Future", "New"),
    ]


def test_every_place_is_in_one_list_and_has_a_reason() -> None:
    assert not PLACES["kept"].keys() & PLACES["raw_only"].keys()
    assert all(len(reason) > 5 for reason in PLACES["raw_only"].values())
    names = {each.name for each in dataclasses.fields(ArticleRecord)}
    assert {name for fields in PLACES["kept"].values() for name in fields} <= names
