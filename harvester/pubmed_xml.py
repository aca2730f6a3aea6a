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
from harvester.identifiers import normal_doi, normal_orcid, normal_pmcid, pmid_number
from harvester.not_pubmed import HEAD, NotPubMedXml, looks_like, one_line
from harvester.notice_kinds import notice_kind
from harvester.parsed import Answer, Deleted, Parsed, Rejected
from harvester.publication_dates import date_in_words, publication_date, whole_date
from harvester.record_draft import settle
from harvester.records import ArticleRecord
from harvester.xml_stream import Element, Readable, split_children
from harvester.xml_tree import Found, Handler, Parts, apart, each, first, inside, text_of, texts_of, tree, walk, without

__all__ = ["PARSER_VERSION", "Answer", "Deleted", "NotPubMedXml", "Parsed", "Rejected", "parse_answer", "parse_record"]
__all__ += ["read_records"]

PARSER_VERSION: int = 1

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
    # Three quarters of a record's bytes are its reference list, and no field comes from it.
    found: Found = {}
    walk(tree(without(raw, b"ReferenceList")), _RECORD, found)
    return settle(found, raw)


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
    if (number := pmid_number(text := text_of(element))) is None:
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
        label = " ".join(element.get("Label", "").split())
        category = element.get("NlmCategory") or None
        found.setdefault("sections", []).append(records.Section(text, label or None, category))


_NAMES = {"LastName": "last", "ForeName": "fore", "Initials": "initials", "Suffix": "suffix"}
_NAMES["CollectiveName"] = "collective"


def _author_list(element: Any, found: Found) -> None:
    if element.get("Type") == "editors":
        return
    authors = found.setdefault("authors", [])
    for child in element:
        # ValidYN="N" is a superseded spelling of a name that stands beside it.
        if child.tag == "Author" and child.get("ValidYN") != "N" and (author := _author(child)):
            authors.append(author)


def _author(element: Any) -> records.Author | None:
    name: dict[str, str] = {}
    affiliations: list[str] = []
    for child in element:
        tag = child.tag
        if tag in _NAMES:
            name[_NAMES[tag]] = text_of(child)
        elif tag == "AffiliationInfo":
            affiliations += [text_of(part) for part in child if part.tag == "Affiliation"]
        elif tag == "Affiliation":
            affiliations.append(text_of(child))
        elif tag == "Identifier" and child.get("Source") == "ORCID" and (orcid := normal_orcid(text_of(child))):
            name.setdefault("orcid", orcid)
    given = {part: text for part, text in name.items() if text}
    addresses = tuple(filter(None, affiliations))
    if "collective" in given:
        return records.Author(collective=given["collective"], affiliations=addresses)
    return records.Author(affiliations=addresses, **given) if "last" in given or "fore" in given else None


def _published(name: str) -> Handler:
    def keep(element: Any, found: Found) -> None:
        part = texts_of(element)
        if words := part.get("MedlineDate"):
            found[name] = date_in_words(words)
        elif part:
            found[name] = publication_date(*(part.get(tag, "") for tag in ("Year", "Month", "Day", "Season")))

    return keep


def _date(element: Any) -> date | None:
    part = {child.tag: child.text or "" for child in element}
    return whole_date(*(part.get(tag, "") for tag in ("Year", "Month", "Day")))


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
    ends = dict.fromkeys(part[tag] for tag in ("StartPage", "EndPage") if part.get(tag))
    found["pages"] = part.get("MedlinePgn") or "-".join(ends) or None


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


def _history_date(element: Any, found: Found) -> None:
    status = element.get("PubStatus")
    if status in ("entrez", "pubmed") and (day := _date(element)):
        found.setdefault(status, day)


_IDS = inside({"ArticleId": _article_id})
_BANK: Parts = {"DataBankName": first("name"), "AccessionNumberList": inside({"AccessionNumber": each("numbers")})}
_ISSUE: Parts = {"Volume": first("volume"), "Issue": first("issue"), "PubDate": _published("published")}
_JOURNAL: Parts = {
    "ISSN": first("issn"),
    "Title": first("journal"),
    "ISOAbbreviation": first("iso_abbreviation"),
    "JournalIssue": inside(_ISSUE),
}
_SHARED: Parts = {
    "ArticleTitle": first("title"),
    "VernacularTitle": first("vernacular_title"),
    "Pagination": _pages,
    "Abstract": inside({"AbstractText": _section}),
    "AuthorList": _author_list,
    "Language": each("languages"),
    "ELocationID": _electronic_location,
}
_ARTICLE: Parts = {
    **_SHARED,
    "Journal": inside(_JOURNAL),
    "Affiliation": first("first_affiliation"),
    "DataBankList": inside({"DataBank": _databank}),
    "PublicationTypeList": inside({"PublicationType": _publication_type}),
    "ArticleDate": _electronic_date,
}
_DOCUMENT: Parts = {
    "PMID": _pmid,
    "DateCompleted": _dated("date_completed"),
    "DateRevised": _dated("date_revised"),
    "KeywordList": inside({"Keyword": each("keywords")}),
}
_CITATION: Parts = {
    **_DOCUMENT,
    "Article": inside(_ARTICLE),
    "MedlineJournalInfo": inside({"MedlineTA": first("short_journal"), "ISSNLinking": first("linking_issn")}),
    "CommentsCorrectionsList": inside({"CommentsCorrections": _notice}),
    "MeshHeadingList": inside({"MeshHeading": _mesh_heading}),
}
_BOOK: Parts = {
    "BookTitle": first("title"),
    "PubDate": _published("published"),
    "Volume": first("volume"),
    "AuthorList": _author_list,
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
_DATA = inside({"History": inside({"PubMedPubDate": _history_date}), "ArticleIdList": _IDS})
_RECORD: Parts = {
    "MedlineCitation": _citation,
    "BookDocument": inside(_BOOK_DOCUMENT),
    "PubmedData": _DATA,
    "PubmedBookData": _DATA,
}
