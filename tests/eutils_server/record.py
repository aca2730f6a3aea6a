"""One PubMed record as the search sees it, read from its XML with nothing but the standard library.

Which part of a record a field covers follows the field descriptions of PubMed's help:
Title/Abstract is title, abstract with its section labels, other abstracts, collection title and author keywords.
Dates: Date - Entry is the `pubmed` date of the record's history, Date - Create the `entrez` one (a late addition
shows it: its `pubmed` date is set back to the publication date), Date - MeSH the `medline` one or else Date - Entry,
Date - Modification is DateRevised, Date - Publication both the issue's and the electronic date. A publication date
without day or month counts as the first of it, a season as 1 January, a range as its first month; "unknown" is none.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from xml.parsers import expat

from eutils_server.record_dates import date_fields
from eutils_server.words import joined, plain, plain_name, searchable

AUTHORS = {
    "MedlineCitation": ("Article/AuthorList/Author",),
    "BookDocument": ("Book/AuthorList/Author", "AuthorList/Author"),
}
Value = TypeVar("Value", str, date)
# PMID, version, title, title and abstract, names, authors, dates: a record but for its bytes.
Fields = tuple[int, int, str, str, dict[str, frozenset[str]], tuple[tuple[str, str], ...], dict[str, frozenset[date]]]
SHARED: dict[Any, Any] = {}
REFERENCES_END = b"</ReferenceList>"
NAMESPACES = b'<r xmlns:mml="http://www.w3.org/1998/Math/MathML" xmlns:xlink="http://www.w3.org/1999/xlink">'


class WordFields(dict[str, str]):
    """Word fields by code. Title and Title/Abstract are there at once; who asks for another has all of them read."""

    def __init__(self, raw: bytes, title: str, title_and_abstract: str) -> None:
        super().__init__(TITL=title, TIAB=title_and_abstract)
        self.raw = raw

    def __missing__(self, code: str) -> str:
        root = element_of(self.raw)
        self.update(other_word_fields(root, citation_of(root), self["TIAB"]))
        return self[code]


@dataclass(frozen=True, slots=True)
class Record:
    """`text`: word fields by code; `names`: whole-value fields by code; `dates`: date fields by code."""

    pmid: int
    version: int
    raw: bytes
    text: Mapping[str, str]
    names: Mapping[str, frozenset[str]]
    authors: tuple[tuple[str, str], ...]
    dates: Mapping[str, frozenset[date]]


def element_of(raw: bytes) -> ET.Element:
    return ET.fromstring(NAMESPACES + raw + b"</r>")[0]


def without_references(raw: bytes) -> bytes:
    """Reference lists are most of a record's bytes and in no search field: they are only checked to be well-formed."""
    start, end = raw.find(b"<ReferenceList"), raw.rfind(REFERENCES_END)
    if not raw.startswith(b"<PubmedArticle") or not 0 <= start < end or b"<!" in raw:
        return raw
    end += len(REFERENCES_END)
    expat.ParserCreate().Parse(b"<r>" + raw[start:end] + b"</r>", True)
    return raw[:start] + raw[end:]


def citation_of(root: ET.Element) -> ET.Element:
    citation = root.find("MedlineCitation" if root.tag == "PubmedArticle" else "BookDocument")
    if citation is None:
        raise ValueError(f"a {root.tag} without a PMID")
    return citation


def read_record(raw: bytes) -> Record:
    """Raises ValueError or ExpatError when the bytes are no record with a PMID."""
    return record_of(raw, read_fields(raw))


def read_fields(raw: bytes) -> Fields:
    root = element_of(without_references(raw))
    citation = citation_of(root)
    pmid = citation.find("PMID")
    if pmid is None or not (pmid.text or "").strip().isdigit():
        raise ValueError(f"a {root.tag} without a PMID")
    numbers = int((pmid.text or "").strip()), int(pmid.get("Version", "1"))
    authors = tuple(author_names(citation))
    return (*numbers, *title_and_abstract(citation), name_fields(root, citation), authors, date_fields(root, citation))


def record_of(raw: bytes, fields: Fields) -> Record:
    pmid, version, title, free, names, authors, dates = fields
    return Record(
        pmid=pmid,
        version=version,
        raw=raw,
        text=WordFields(raw, title, free),
        names={code: shared(values) for code, values in names.items()},
        authors=authors,
        dates={code: shared(values) for code, values in dates.items()},
    )


def shared(values: frozenset[Value]) -> frozenset[Value]:
    """One set for all records that say the same: a hundred thousand have few dates, types and languages."""
    found: frozenset[Value] = SHARED.setdefault(values, values)
    return found


def content(element: ET.Element) -> str:
    return "".join(element.itertext()) if len(element) else element.text or ""


def contents(root: ET.Element, *paths: str) -> list[str]:
    return [content(element) for path in paths for element in root.iterfind(path)]


def abstract_texts(citation: ET.Element) -> Iterator[str]:
    for path in ("Article/Abstract/AbstractText", "Abstract/AbstractText", "OtherAbstract/AbstractText"):
        for section in citation.iterfind(path):
            yield section.get("Label", "")
            yield content(section)


def title_and_abstract(citation: ET.Element) -> tuple[str, str]:
    titles = contents(citation, "Article/ArticleTitle", "ArticleTitle", "Book/BookTitle")
    title = [plain(text) for text in titles if text]
    rest = [
        *abstract_texts(citation),
        *contents(citation, "Book/CollectionTitle"),
        *contents(citation, "KeywordList/Keyword"),
    ]
    return joined(title), joined([*title, *(plain(text) for text in rest if text)])


def other_word_fields(root: ET.Element, citation: ET.Element, free: str) -> dict[str, str]:
    indexed = contents(
        citation,
        "MeshHeadingList/MeshHeading/DescriptorName",
        "MeshHeadingList/MeshHeading/QualifierName",
        "ChemicalList/Chemical/NameOfSubstance",
        "SupplMeshList/SupplMeshName",
        "Article/PublicationTypeList/PublicationType",
        "PublicationType",
    )
    affiliations = contents(citation, ".//AffiliationInfo/Affiliation")
    collective = contents(citation, ".//Author/CollectiveName")
    vernacular = contents(citation, "Article/VernacularTitle", "VernacularTitle")
    names = [" ".join(name) for name in author_names(citation)]
    rest = contents(
        citation,
        "PMID",
        "Article/Journal/Title",
        "Article/Journal/ISOAbbreviation",
        "MedlineJournalInfo/MedlineTA",
        "MedlineJournalInfo/Country",
        "Article/Journal/ISSN",
        "Article/Journal/JournalIssue/Volume",
        "Article/Journal/JournalIssue/Issue",
        "Article/Pagination/MedlinePgn",
        "Article/Language",
        "Article/GrantList/Grant/GrantID",
        "Article/GrantList/Grant/Agency",
        "Article/DataBankList/DataBank/AccessionNumberList/AccessionNumber",
        "Article/ELocationID",
        "CoiStatement",
        "Article/AuthorList/Author/ForeName",
    ) + contents(root, "PubmedData/ArticleIdList/ArticleId", "PubmedBookData/ArticleIdList/ArticleId")
    return {
        "OTRM": searchable(contents(citation, "KeywordList/Keyword")),
        "AFFL": searchable(affiliations),
        "COLN": searchable(collective),
        "TT": searchable(vernacular),
        "ALL": f"{free}|{searchable([*indexed, *affiliations, *collective, *vernacular, *names, *rest])}",
    }


def name_fields(root: ET.Element, citation: ET.Element) -> dict[str, frozenset[str]]:
    headings, major, subheadings = mesh_headings(citation)
    journal = contents(
        citation,
        "MedlineJournalInfo/MedlineTA",
        "Article/Journal/Title",
        "Article/Journal/ISOAbbreviation",
        "Article/Journal/ISSN",
        "MedlineJournalInfo/ISSNLinking",
        "MedlineJournalInfo/NlmUniqueID",
    )
    substances = contents(citation, "ChemicalList/Chemical/NameOfSubstance", "SupplMeshList/SupplMeshName")
    types = contents(citation, "Article/PublicationTypeList/PublicationType", "PublicationType")
    languages = contents(citation, "Article/Language", "Language")
    return {
        "MESH": frozenset(headings),
        "MAJR": frozenset(major),
        "SUBH": frozenset(subheadings),
        "JOUR": frozenset(map(plain_name, journal)),
        "SUBS": frozenset(map(plain_name, substances)),
        "PTYP": frozenset(map(plain_name, types)),
        "LANG": frozenset(map(plain_name, languages)),
        "FILT": frozenset(filters(root, citation)),
    }


def mesh_headings(citation: ET.Element) -> tuple[set[str], set[str], set[str]]:
    """(headings and heading/subheading pairs, those that are a major topic, subheadings)."""
    every: set[str] = set()
    major: set[str] = set()
    subheadings: set[str] = set()
    for heading in citation.iterfind("MeshHeadingList/MeshHeading"):
        descriptor = heading.find("DescriptorName")
        if descriptor is None:
            continue
        name = plain_name(content(descriptor))
        whole = descriptor.get("MajorTopicYN") == "Y"
        every.add(name)
        for qualifier in heading.iterfind("QualifierName"):
            pair = f"{name}/{plain_name(content(qualifier))}"
            every.add(pair)
            subheadings.add(plain_name(content(qualifier)))
            if whole or qualifier.get("MajorTopicYN") == "Y":
                major |= {name, pair}
        if whole:
            major.add(name)
    return every, major, subheadings


def filters(root: ET.Element, citation: ET.Element) -> Iterator[str]:
    yield "all"
    if any(text.strip() for text in contents(citation, "Article/Abstract/AbstractText", "Abstract/AbstractText")):
        yield "hasabstract"
    if root.tag == "PubmedBookArticle":
        yield "pubmed books"
    status = {"MEDLINE": "medline", "Publisher": "publisher", "PubMed-not-MEDLINE": "pubmednotmedline"}
    if citation.get("Status") in status:
        yield status[citation.get("Status", "")]


def authors_of(citation: ET.Element) -> Iterator[ET.Element]:
    for path in AUTHORS[citation.tag]:
        yield from citation.iterfind(path)


def author_names(citation: ET.Element) -> Iterator[tuple[str, str]]:
    for author in authors_of(citation):
        last = author.findtext("LastName")
        if last and author.get("ValidYN", "Y") == "Y":
            yield plain_name(last), plain_name(author.findtext("Initials") or "")
