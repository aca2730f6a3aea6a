"""One PubMed record as the search sees it, read from its XML with nothing but the standard library.

Which part of a record a field covers follows the field descriptions of PubMed's help:
Title/Abstract is title, abstract with its section labels, other abstracts, collection title and author keywords.
Dates: Date - Entry is the `pubmed` date of the record's history, Date - Create the `entrez` one (a late addition
shows it: its `pubmed` date is set back to the publication date), Date - MeSH the `medline` one or else Date - Entry,
Date - Modification is DateRevised, Date - Publication both the issue's and the electronic date. A publication date
without day or month counts as the first of it, a season as 1 January, a range as its first month; "unknown" is none.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from eutils_server.words import plain, searchable

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NAMESPACES = b'<r xmlns:mml="http://www.w3.org/1998/Math/MathML" xmlns:xlink="http://www.w3.org/1999/xlink">'


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


def read_record(raw: bytes) -> Record:
    """Raises ValueError when the bytes are no record with a PMID."""
    root = element_of(raw)
    citation = root.find("MedlineCitation") if root.tag == "PubmedArticle" else root.find("BookDocument")
    pmid = None if citation is None else citation.find("PMID")
    if citation is None or pmid is None or not (pmid.text or "").strip().isdigit():
        raise ValueError(f"a {root.tag} without a PMID")
    return Record(
        pmid=int((pmid.text or "").strip()),
        version=int(pmid.get("Version", "1")),
        raw=raw,
        text=word_fields(root, citation),
        names=name_fields(root, citation),
        authors=tuple(author_names(citation)),
        dates=date_fields(root, citation),
    )


def content(element: ET.Element) -> str:
    return "".join(element.itertext())


def contents(root: ET.Element, *paths: str) -> list[str]:
    return [content(element) for path in paths for element in root.iterfind(path)]


def abstract_texts(citation: ET.Element) -> Iterator[str]:
    for path in ("Article/Abstract/AbstractText", "Abstract/AbstractText", "OtherAbstract/AbstractText"):
        for section in citation.iterfind(path):
            yield section.get("Label", "")
            yield content(section)


def word_fields(root: ET.Element, citation: ET.Element) -> dict[str, str]:
    title = contents(citation, "Article/ArticleTitle", "ArticleTitle", "Book/BookTitle")
    keywords = contents(citation, "KeywordList/Keyword")
    collection = contents(citation, "Book/CollectionTitle")
    free = searchable([*title, *abstract_texts(citation), *collection, *keywords])
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
        "TITL": searchable(title),
        "TIAB": free,
        "OTRM": searchable(keywords),
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
        "JOUR": frozenset(map(plain, journal)),
        "SUBS": frozenset(map(plain, substances)),
        "PTYP": frozenset(map(plain, types)),
        "LANG": frozenset(map(plain, languages)),
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
        name = plain(content(descriptor))
        whole = descriptor.get("MajorTopicYN") == "Y"
        every.add(name)
        for qualifier in heading.iterfind("QualifierName"):
            pair = f"{name}/{plain(content(qualifier))}"
            every.add(pair)
            subheadings.add(plain(content(qualifier)))
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


def author_names(citation: ET.Element) -> Iterator[tuple[str, str]]:
    for author in citation.iterfind(".//AuthorList/Author"):
        last = author.findtext("LastName")
        if last and author.get("ValidYN", "Y") == "Y":
            yield plain(last), plain(author.findtext("Initials") or "")


def date_fields(root: ET.Element, citation: ET.Element) -> dict[str, frozenset[date]]:
    history: dict[str | None, ET.Element] = {}
    for data in ("PubmedData", "PubmedBookData"):
        history |= {entry.get("PubStatus"): entry for entry in root.iterfind(f"{data}/History/PubMedPubDate")}
    published = [
        *citation.iterfind("Article/Journal/JournalIssue/PubDate"),
        *citation.iterfind("Article/ArticleDate"),
        *citation.iterfind("Book/PubDate"),
    ]
    return {
        "PDAT": days(*published),
        "EDAT": days(history.get("pubmed")),
        "CRDT": days(history.get("entrez")),
        "MHDA": days(history.get("medline", history.get("pubmed"))),
        "MDAT": days(citation.find("DateRevised")),
        "CDAT": days(citation.find("DateCompleted")),
    }


def days(*elements: ET.Element | None) -> frozenset[date]:
    found = (day_of(element) for element in elements if element is not None)
    return frozenset(day for day in found if day is not None)


def day_of(element: ET.Element) -> date | None:
    given = element.findtext("MedlineDate") or " ".join(
        element.findtext(part) or "" for part in ("Year", "Month", "Day")
    )
    year = re.search(r"\b(\d{4})\b", given)
    if year is None:
        return None
    month, day = 1, 1
    if rest := re.match(r"\W*(\d{1,2}|[A-Za-z]+)(?:\s+(\d{1,2})\b)?", given[year.end() :]):
        name, number = rest[1], rest[2]
        if name.isdigit():
            month = int(name)
        elif name[:3].lower() in MONTHS:
            month = MONTHS.index(name[:3].lower()) + 1
        else:
            number = None
        day = int(number or 1)
    try:
        return date(int(year[1]), month, day)
    except ValueError:
        return None
