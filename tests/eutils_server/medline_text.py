"""A record in MEDLINE format (`rettype=medline`), the text that reference managers and Bio.Medline read.

Tags, their order and their writing follow PubMed's help, "MEDLINE/PubMed data elements", and its exports. Left out:
grants, personal subjects, investigators, gene symbols, space flight missions and general notes. Books are refused.
"""

import textwrap
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import chain

from eutils_server.docsums import author_of, moment, written
from eutils_server.protocol import Refused
from eutils_server.record import Record, content, element_of

WIDTH = 88
Field = tuple[str, str]
LINKS = {
    "CommentOn": "CON",
    "CommentIn": "CIN",
    "CorrectedandRepublishedIn": "CRI",
    "CorrectedandRepublishedFrom": "CRF",
    "AssociatedDataset": "DDIN",
    "AssociatedPublication": "DRIN",
    "ErratumIn": "EIN",
    "ErratumFor": "EFR",
    "ExpressionOfConcernIn": "ECI",
    "ExpressionOfConcernFor": "ECF",
    "OriginalReportIn": "ORI",
    "RepublishedIn": "RPI",
    "RepublishedFrom": "RPF",
    "RetractedandRepublishedIn": "RRI",
    "RetractedandRepublishedFrom": "RRF",
    "RetractionIn": "RIN",
    "RetractionOf": "ROF",
    "SummaryForPatientsIn": "SPIN",
    "UpdateIn": "UIN",
    "UpdateOf": "UOF",
}
ENTRY_DATES = (("EDAT", "pubmed"), ("MHDA", "medline"), ("CRDT", "entrez"))


def medline_text(record: Record) -> str:
    root = element_of(record.raw)
    citation = root.find("MedlineCitation")
    if citation is None:
        raise Refused(f"MEDLINE format of {record.pmid}, which is a {root.tag}")
    fields = chain(
        head(citation), article(citation), people(citation), kinds(citation), journal(citation), links(citation)
    )
    every = chain(fields, indexing(citation), ids(root), dates(root), tail(root))
    return "".join(f"{line}\n" for tag, text in every if text for line in wrapped(tag, text))


def wrapped(tag: str, text: str) -> list[str]:
    return textwrap.wrap(
        f"{tag:<4}- {' '.join(text.split())}",
        WIDTH,
        subsequent_indent=" " * 6,
        break_long_words=False,
        break_on_hyphens=False,
    )


def text_at(root: ET.Element, path: str) -> str:
    found = root.find(path)
    return "" if found is None else content(found)


def compact(element: ET.Element | None) -> str:
    """`20300104`."""
    if element is None:
        return ""
    return "".join((element.findtext(part) or "").zfill(2) for part in ("Year", "Month", "Day"))


def head(citation: ET.Element) -> Iterator[Field]:
    yield "PMID", text_at(citation, "PMID")
    yield "OWN", citation.get("Owner", "NLM")
    yield "STAT", citation.get("Status", "")
    yield "DCOM", compact(citation.find("DateCompleted"))
    yield "LR", compact(citation.find("DateRevised"))
    for issn in citation.iterfind("Article/Journal/ISSN"):
        yield "IS", f"{content(issn)} ({issn.get('IssnType', '')})"
    if linking := text_at(citation, "MedlineJournalInfo/ISSNLinking"):
        yield "IS", f"{linking} (Linking)"
    issue = "Article/Journal/JournalIssue/"
    yield "VI", text_at(citation, issue + "Volume")
    yield "IP", text_at(citation, issue + "Issue")
    yield "DP", written(citation.find(issue + "PubDate"))


def article(citation: ET.Element) -> Iterator[Field]:
    yield "TI", text_at(citation, "Article/ArticleTitle")
    yield "PG", text_at(citation, "Article/Pagination/MedlinePgn")
    for one in citation.iterfind("Article/ELocationID"):
        yield "LID", f"{content(one)} [{one.get('EIdType', '')}]"
    yield "AB", sections(citation.find("Article/Abstract"))
    yield "CI", text_at(citation, "Article/Abstract/CopyrightInformation")
    for other in citation.iterfind("OtherAbstract"):
        yield "OAB", sections(other)


def sections(abstract: ET.Element | None) -> str:
    """The sections one after the other, each after its label and a colon."""
    found = () if abstract is None else abstract.iterfind("AbstractText")
    return " ".join(f"{one.get('Label')}: {content(one)}" if one.get("Label") else content(one) for one in found)


def people(citation: ET.Element) -> Iterator[Field]:
    for author in citation.iterfind("Article/AuthorList/Author"):
        if author.get("ValidYN", "Y") != "Y":
            continue
        if author.find("CollectiveName") is not None:
            yield "CN", author_of(author)
        else:
            last, fore = author.findtext("LastName") or "", author.findtext("ForeName")
            yield "FAU", f"{last}, {fore or author.findtext('Initials') or ''}".removesuffix(", ")
            yield "AU", author_of(author)
        for one in author.iterfind("Identifier"):
            yield "AUID", f"{one.get('Source', '')}: {content(one)}"
        for place in author.iterfind("AffiliationInfo/Affiliation"):
            yield "AD", content(place)


def kinds(citation: ET.Element) -> Iterator[Field]:
    for language in citation.iterfind("Article/Language"):
        yield "LA", content(language)
    for bank in citation.iterfind("Article/DataBankList/DataBank"):
        for number in bank.iterfind("AccessionNumberList/AccessionNumber"):
            yield "SI", f"{bank.findtext('DataBankName') or ''}/{content(number)}"
    for kind in citation.iterfind("Article/PublicationTypeList/PublicationType"):
        yield "PT", content(kind)
    yield "TT", text_at(citation, "Article/VernacularTitle")
    yield "DEP", compact(citation.find("Article/ArticleDate"))


def journal(citation: ET.Element) -> Iterator[Field]:
    yield "PL", text_at(citation, "MedlineJournalInfo/Country")
    yield "TA", text_at(citation, "MedlineJournalInfo/MedlineTA")
    yield "JT", text_at(citation, "Article/Journal/Title")
    yield "JID", text_at(citation, "MedlineJournalInfo/NlmUniqueID")
    for chemical in citation.iterfind("ChemicalList/Chemical"):
        yield "RN", f"{text_at(chemical, 'RegistryNumber')} ({text_at(chemical, 'NameOfSubstance')})"
    for subset in citation.iterfind("CitationSubset"):
        yield "SB", content(subset)


def links(citation: ET.Element) -> Iterator[Field]:
    for one in citation.iterfind("CommentsCorrectionsList/CommentsCorrections"):
        kind, pmid = one.get("RefType", ""), one.findtext("PMID")
        if kind == "Cites":
            continue
        if kind not in LINKS:
            raise Refused(f"MEDLINE format of a link of RefType {kind!r}")
        yield LINKS[kind], f"{text_at(one, 'RefSource')}" + (f" PMID: {pmid}" if pmid else "")


def indexing(citation: ET.Element) -> Iterator[Field]:
    for heading in citation.iterfind("MeshHeadingList/MeshHeading"):
        yield "MH", "/".join("*" * (one.get("MajorTopicYN") == "Y") + content(one) for one in heading)
    for keywords in citation.iterfind("KeywordList"):
        yield "OTO", keywords.get("Owner", "NLM")
        for word in keywords.iterfind("Keyword"):
            yield "OT", "*" * (word.get("MajorTopicYN") == "Y") + content(word)
    yield "COIS", text_at(citation, "CoiStatement")


def ids(root: ET.Element) -> Iterator[Field]:
    for one in root.iterfind("PubmedData/ArticleIdList/ArticleId"):
        if one.get("IdType") == "pmc":
            yield "PMC", content(one)
        elif one.get("IdType") == "mid":
            yield "MID", content(one)


def dates(root: ET.Element) -> Iterator[Field]:
    history = {one.get("PubStatus", ""): moment(one) for one in root.iterfind("PubmedData/History/PubMedPubDate")}
    for tag, status in ENTRY_DATES:
        yield tag, history.pop(status, "")
    for status, when in history.items():
        yield "PHST", f"{when} [{status}]"


def tail(root: ET.Element) -> Iterator[Field]:
    for one in root.iterfind("PubmedData/ArticleIdList/ArticleId"):
        if one.get("IdType") not in ("pubmed", "pmc", "mid"):
            yield "AID", f"{content(one)} [{one.get('IdType', '')}]"
    yield "PST", text_at(root, "PubmedData/PublicationStatus")
    yield "SO", source(root)


def source(root: ET.Element) -> str:
    """`Invented J. 2030 Jan;3(1):5-9. doi: 10.5555/x.`"""
    article = "MedlineCitation/Article/"
    issue = article + "Journal/JournalIssue/"
    number = text_at(root, issue + "Issue")
    place = text_at(root, issue + "Volume") + (f"({number})" if number else "")
    pages = text_at(root, article + "Pagination/MedlinePgn")
    doi = next((content(one) for one in root.iterfind(article + "ELocationID[@EIdType='doi']")), "")
    date = written(root.find(issue + "PubDate"))
    where = f"{date};{place}" if place else date
    told = f"{text_at(root, 'MedlineCitation/MedlineJournalInfo/MedlineTA')}. {where}" + (f":{pages}" if pages else "")
    return told + (f". doi: {doi}." if doi else ".")
