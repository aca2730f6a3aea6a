"""PubMed XML (pubmed_250101.dtd and its neighbours) to article records: the only file that knows its tags.

Text is what `xml_tree.text_of` says. Paths are anchored, so that nothing of a cited paper,
an investigator or a translated abstract is taken for the article's own.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from io import BytesIO
from typing import Any

from harvester import records
from harvester.identifiers import normal_doi, normal_pmcid, pmid_number
from harvester.not_pubmed import HEAD, NotPubMedXml, looks_like, one_line
from harvester.notice_kinds import notice_kind
from harvester.parsed import Answer, Deleted, Parsed, Rejected
from harvester.publication_dates import date_in_words, publication_date, whole_date
from harvester.record_draft import settle
from harvester.records import ArticleRecord
from harvester.xml_authors import author_list
from harvester.xml_stream import Element, Readable, split_children
from harvester.xml_tree import Found, Handler, Parts, apart, each, plain, text_of, texts_of, tree, walk, without
from harvester.xml_usual import read_usual

__all__ = ["PARSER_VERSION", "Answer", "Deleted", "NotPubMedXml", "Parsed", "Rejected", "parse_answer", "parse_record"]
__all__ += ["read_records"]

PARSER_VERSION: int = 2

_SETS = frozenset({"PubmedArticleSet", "PubmedBookArticleSet"})
_RECORDS = frozenset({"PubmedArticle", "PubmedBookArticle"})
_DELETIONS = frozenset({"DeleteCitation", "DeleteDocument"})
_OWN_PMID = re.compile(rb"<(?:MedlineCitation|BookDocument)\b[^>]*>\s*<PMID[^>]*>\s*(\d{1,10})\s*<")


def read_records(stream: Readable) -> Iterator[Parsed]:
    """The records of a decompressed file, in its order, each with its own bytes as `raw` (UTF-8).

    Sets may follow each other, and a record may stand alone. Raises NotPubMedXml where the file stops being
    PubMed XML, at its end when it is cut short: what came before must then be rolled back.
    """
    return _parsed(split_children(stream, roots=_SETS, bare=_RECORDS))


def parse_answer(body: bytes) -> Answer:
    """An efetch body, whole or NotPubMedXml: an empty set is a whole answer, a page of HTML is none."""
    elements = split_children(BytesIO(body), roots={"PubmedArticleSet"}, one_document=True)
    return Answer.of(_parsed(elements))


def parse_record(raw: bytes) -> ArticleRecord:
    """One PubmedArticle or PubmedBookArticle element in UTF-8. Raises ValueError with a one-line reason."""
    if not raw.lstrip().startswith((b"<PubmedArticle", b"<PubmedBookArticle")):
        raise NotPubMedXml(looks_like(raw[:HEAD]))
    # Three quarters of a record's bytes can be its reference list, and no field comes from it.
    short = without(plain(raw), b"ReferenceList")
    found = read_usual(short, _part)
    if found is None:
        found = {}
        walk(tree(short), _RECORD, found)
    if "pmid" not in found:
        raise ValueError("a record of PubMed needs a PMID")
    return settle(found, raw)


def _part(written: str, found: Found) -> None:
    walk(tree(f"<x>{written}</x>".encode()), _PARTS, found)


def _parsed(elements: Iterable[Element]) -> Iterator[Parsed]:
    position = 0
    for element in elements:
        if element.name in _RECORDS:
            position += 1
            yield _record_or_rejected(position, element)
        elif element.name in _DELETIONS:
            yield from _deletions(position, element.raw)
        elif element.name == "ERROR":
            raise NotPubMedXml(f"it holds an error of the server: {one_line(re.sub(rb'<[^>]*>', b'', element.raw))}")


def _record_or_rejected(position: int, element: Element) -> ArticleRecord | Rejected:
    try:
        if not element.closed:
            raise NotPubMedXml("it is not closed before the next record begins")
        return parse_record(element.raw)
    except ValueError as error:
        pmid = _OWN_PMID.search(element.raw)
        return Rejected(position, int(pmid[1]) if pmid else None, one_line(str(error)))


def _deletions(position: int, raw: bytes) -> Iterator[Deleted | Rejected]:
    try:
        yield from [Deleted(_number(element)) for element in tree(raw) if element.tag == "PMID"]
    except ValueError as error:
        yield Rejected(position + 1, None, f"the list of withdrawn records: {error}")


def _number(element: Any) -> int:
    # Digits of an element inside would make another number of it.
    if len(element) or (number := pmid_number(text_of(element))) is None:
        text = text_of(element)
        raise ValueError(f"PMID “{one_line(text, 40)}” is not a number")
    return number


def _pmid(element: Any, found: Found) -> None:
    if "pmid" not in found:
        found["pmid"] = _number(element)
        version = element.get("Version", "")
        found["version"] = pmid_number(version) or 1


def _citation(element: Any, found: Found) -> None:
    found["status"] = element.get("Status")
    found["indexing_method"] = element.get("IndexingMethod")
    walk(element, _CITATION, found)


def _section(element: Any, found: Found) -> None:
    if text := text_of(element):
        label = " ".join(element.get("Label", "").split()) or None
        found.setdefault("sections", []).append(records.Section(text, label, element.get("NlmCategory") or None))


def _published(name: str) -> Handler:
    def keep(element: Any, found: Found) -> None:
        part = texts_of(element)
        if words := part.get("MedlineDate"):
            found[name] = date_in_words(words)
        elif part:
            get = part.get
            found[name] = publication_date(get("Year", ""), get("Month", ""), get("Day", ""), get("Season", ""))

    return keep


def _date(element: Any) -> date | None:
    part = {child.tag: child.text or "" for child in element}
    return whole_date(part.get("Year", ""), part.get("Month", ""), part.get("Day", ""))


def _dated(name: str) -> Handler:
    def keep(element: Any, found: Found) -> None:
        if name not in found and (day := _date(element)):
            found[name] = day

    return keep


def _electronic_date(element: Any, found: Found) -> None:
    if element.get("DateType", "Electronic") == "Electronic" and (day := _date(element)):
        found.setdefault("electronic_date", day)


def _pages(element: Any, found: Found) -> None:
    part = texts_of(element)
    pages = part.get("MedlinePgn")
    if not pages:
        pages = "-".join(dict.fromkeys(part[tag] for tag in ("StartPage", "EndPage") if part.get(tag)))
    found["pages"] = pages or None


def _electronic_location(element: Any, found: Found) -> None:
    if element.get("EIdType") == "doi" and (doi := normal_doi(text_of(element))):
        name = "invalid_dois" if element.get("ValidYN") == "N" else "own_dois"
        found.setdefault(name, []).append(doi)


def _article_id(element: Any, found: Found) -> None:
    kind = element.get("IdType")
    if kind == "doi" and (doi := normal_doi(text_of(element))):
        found.setdefault("listed_dois", []).append(doi)
    elif kind in ("pmc", "pmcid") and (pmcid := normal_pmcid(text_of(element))):
        found.setdefault("pmcid", pmcid)


def _publication_type(element: Any, found: Found) -> None:
    if name := text_of(element):
        found.setdefault("publication_types", []).append(records.PublicationType(element.get("UI"), name))


def _mesh_heading(element: Any, found: Found) -> None:
    heading, qualifiers = None, []
    for child in element:
        major = child.get("MajorTopicYN") == "Y"
        if child.tag == "DescriptorName":
            heading = (child.get("UI"), text_of(child), major)
        elif child.tag == "QualifierName":
            qualifiers.append(records.MeshQualifier(child.get("UI"), text_of(child), major))
    if heading and heading[1]:
        found.setdefault("mesh", []).append(records.MeshHeading(*heading, tuple(qualifiers)))


def _databank(element: Any, found: Found) -> None:
    bank: Found = {"numbers": []}
    walk(element, _BANK, bank)
    ids = [records.RegistryId(bank.get("name", ""), number) for number in bank["numbers"]]
    found.setdefault("registry_ids", []).extend(ids)


def _notice(element: Any, found: Found) -> None:
    ref_type = element.get("RefType", "")
    if ref_type in ("Cites", ""):
        return
    part = texts_of(element)
    kind, is_subject = notice_kind(ref_type)
    pmid, source, note = pmid_number(part.get("PMID", "")), part.get("RefSource") or None, part.get("Note") or None
    found.setdefault("notices", []).append(records.NoticeLink(ref_type, kind, is_subject, pmid, source, note))


def _history(element: Any, found: Found) -> None:
    """The day it entered PubMed, or else the day it could first be read there."""
    for child in element:
        status = child.get("PubStatus")
        if status == "entrez" and (day := _date(child)):
            found["date_entered"] = day
            return
        if status == "pubmed" and (day := _date(child)):
            found.setdefault("date_entered", day)


_IDS: Parts = {"ArticleId": _article_id}
_BANK: Parts = {"DataBankName": "name", "AccessionNumberList": {"AccessionNumber": each("numbers")}}
_JOURNAL: Parts = {
    "ISSN": "issn",
    "Title": "journal",
    "ISOAbbreviation": "iso_abbreviation",
    "JournalIssue": {"Volume": "volume", "Issue": "issue", "PubDate": _published("published")},
}
_SHARED: Parts = {
    "ArticleTitle": "title",
    "VernacularTitle": "vernacular_title",
    "Pagination": _pages,
    "Abstract": {"AbstractText": _section},
    "AuthorList": author_list,
    "Language": each("languages"),
    "ELocationID": _electronic_location,
}
_ARTICLE: Parts = {
    **_SHARED,
    "Journal": _JOURNAL,
    "Affiliation": "first_affiliation",
    "DataBankList": {"DataBank": _databank},
    "PublicationTypeList": {"PublicationType": _publication_type},
    "ArticleDate": _electronic_date,
}
_DOCUMENT: Parts = {
    "PMID": _pmid,
    "DateCompleted": _dated("date_completed"),
    "DateRevised": _dated("date_revised"),
    "KeywordList": {"Keyword": each("keywords")},
}
_CITATION: Parts = {
    **_DOCUMENT,
    "Article": _ARTICLE,
    "MedlineJournalInfo": {"MedlineTA": "short_journal", "ISSNLinking": "linking_issn"},
    "CommentsCorrectionsList": {"CommentsCorrections": _notice},
    "MeshHeadingList": {"MeshHeading": _mesh_heading},
}
_BOOK: Parts = {
    "BookTitle": "title",
    "PubDate": _published("published"),
    "Volume": "volume",
    "AuthorList": author_list,
    "ELocationID": _electronic_location,
}
_BOOK_DOCUMENT: Parts = {
    **_DOCUMENT,
    **_SHARED,
    "ArticleIdList": _IDS,
    "Book": apart("book", _BOOK),
    "PublicationType": _publication_type,
    "ContributionDate": _published("contributed"),
}
_DATA: Parts = {"History": _history, "ArticleIdList": _IDS}
_RECORD: Parts = {
    "MedlineCitation": _citation,
    "BookDocument": _BOOK_DOCUMENT,
    "PubmedData": _DATA,
    "PubmedBookData": _DATA,
}
_PARTS: Parts = {**_ARTICLE, **_CITATION, **_DATA}
