"""What an event does to the records: PubMed's way of saying it, as `events.py` lists them."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from eutils_server.article_xml import (
    add_type,
    child,
    dated,
    history_date,
    new_article,
    path,
    put,
    remove,
    set_mesh,
    set_values,
    written,
)
from eutils_server.clock import date_of
from eutils_server.events import ARTICLE, Event
from eutils_server.record import Record, element_of, read_record

PREFIX = re.compile(r"(?:RETRACTED|WITHDRAWN)(?: ARTICLE)?:\s*")


@dataclass(frozen=True, slots=True)
class Link:
    """RefType on the article and on the notice, the type each gets, how an invented notice's title begins."""

    on_article: str
    on_notice: str
    article_type: str = ""
    notice_type: str = ""
    title: str = ""


LINKS: Mapping[str, Link] = {
    "retract": Link("RetractionIn", "RetractionOf", "Retracted Publication", "Retraction of Publication", "Retraction"),
    # NLM Technical Bulletin 2016 Sep-Oct;(412):e3: a partial retraction is an erratum.
    "partially-retract": Link("ErratumIn", "ErratumFor", "", "Published Erratum", "Partial retraction"),
    "correct": Link("ErratumIn", "ErratumFor", "", "Published Erratum", "Correction"),
    "concern": Link(
        "ExpressionOfConcernIn", "ExpressionOfConcernFor", "", "Expression of Concern", "Expression of concern"
    ),
    "retract-and-replace": Link(
        "RetractedandRepublishedIn",
        "RetractedandRepublishedFrom",
        "Retracted Publication",
        "Corrected and Republished Article",
        "Replacement",
    ),
    "republish": Link(
        "CorrectedandRepublishedIn",
        "CorrectedandRepublishedFrom",
        "",
        "Corrected and Republished Article",
        "Corrected and republished",
    ),
    "update": Link("UpdateIn", "UpdateOf", "", "", "Update"),
    "comment": Link("CommentIn", "CommentOn", "", "Comment", "Comment"),
}


@dataclass(slots=True)
class Shelf:
    """The records as they are, those that were deleted as they last were, and which the event at hand touched."""

    records: dict[int, Record]
    deleted: dict[int, Record] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)

    def tree(self, event: Event, pmid: int) -> ET.Element:
        if pmid not in self.records:
            raise event.wrong(f"there is no record {pmid} on that day")
        root = element_of(self.records[pmid].raw)
        if root.tag != "PubmedArticle":
            raise event.wrong(f"{pmid} is a {root.tag}, a PubmedArticle is expected")
        return root

    def keep(self, event: Event, root: ET.Element) -> None:
        try:
            record = read_record(written(root))
        except ValueError as error:
            raise event.wrong(str(error)) from error
        self.records[record.pmid] = record
        self.changed.add(record.pmid)

    def take_away(self, event: Event) -> None:
        pmid = event.number("pmid")
        if pmid not in self.records:
            raise event.wrong(f"there is no record {pmid} on that day")
        self.deleted[pmid] = self.records.pop(pmid)
        self.changed.add(pmid)


def happen(shelf: Shelf, event: Event) -> list[int]:
    """The PMIDs whose records changed, in order. Raises WrongEvent for what cannot be done to these records."""
    shelf.changed = set()
    try:
        ACTS[event.do](shelf, event, date_of(event.day))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise event.wrong(f"a value of it cannot be used: {error!r}") from error
    return sorted(shelf.changed)


def add(shelf: Shelf, event: Event, day: date) -> None:
    pmid = event.number("pmid")
    if pmid in shelf.records:
        raise event.wrong(f"there is a record {pmid} already")
    if "xml" not in event.takes:
        if "title" not in event.takes:
            raise event.wrong("needs title, or xml")
        shelf.keep(event, new_article(pmid, event.takes, day))
        return
    record = read_record(event.text("xml").strip().encode())
    if record.pmid != pmid:
        raise event.wrong(f"its xml is of {record.pmid}")
    shelf.records[pmid] = record
    shelf.changed.add(pmid)


def revise(shelf: Shelf, event: Event, day: date) -> None:
    root = shelf.tree(event, event.number("pmid"))
    set_values(root, {name: value for name, value in event.takes.items() if name in ARTICLE})
    if not event.takes.get("quiet") and event.do != "reword":
        dated(root, "DateRevised", day)
    shelf.keep(event, root)


def linked(shelf: Shelf, event: Event, day: date) -> None:
    link, pmid, number = LINKS[event.do], event.number("pmid"), event.number("notice")
    article = shelf.tree(event, pmid)
    notice = notice_of(shelf, event, article, day) if number else None
    quiet = bool(event.takes.get("quiet"))
    point(article, link.on_article, number, event.text("source") or (source(notice) if notice is not None else ""))
    if link.article_type:
        add_type(article, link.article_type)
        history_date(article, "retracted", day)
    title = path(article, "MedlineCitation", "Article", "ArticleTitle")
    if event.text("prefix"):
        title.text = event.text("prefix") + (title.text or "")
    if not quiet:
        dated(article, "DateRevised", day)
    shelf.keep(event, article)
    if notice is None:
        return
    point(notice, link.on_notice, pmid, source(article))
    if link.notice_type:
        add_type(notice, link.notice_type)
    if not quiet or number not in shelf.records:
        dated(notice, "DateRevised", day)
    shelf.keep(event, notice)


def notice_of(shelf: Shelf, event: Event, article: ET.Element, day: date) -> ET.Element:
    number = event.number("notice")
    if number == event.number("pmid"):
        raise event.wrong("an article is not its own notice")
    if number in shelf.records:
        return shelf.tree(event, number)
    title = article.find("MedlineCitation/Article/ArticleTitle")
    about = "".join(title.itertext()) if title is not None else ""
    values = {
        "title": event.text("notice_title") or f"{LINKS[event.do].title}: {about}",
        "doi": event.text("notice_doi"),
        "journal": article.findtext("MedlineCitation/MedlineJournalInfo/MedlineTA") or "Invented J",
        "types": ["Journal Article"] if not LINKS[event.do].notice_type else [],
    }
    return new_article(number, values, day)


def point(root: ET.Element, kind: str, pmid: int, source: str) -> None:
    links = path(root, "MedlineCitation", "CommentsCorrectionsList")
    if pmid and any(one.get("RefType") == kind and one.findtext("PMID") == str(pmid) for one in links):
        return
    one = ET.SubElement(links, "CommentsCorrections", {"RefType": kind})
    put(one, "RefSource", source or "Invented notice")
    if pmid:
        put(one, "PMID", str(pmid), Version="1")


def source(root: ET.Element) -> str:
    """As RefSource gives it: `Invented J. 2030 Jan 04. doi: 10.5555/x`."""
    citation = path(root, "MedlineCitation")
    published = citation.find("Article/Journal/JournalIssue/PubDate")
    when = " ".join(one.text or "" for one in published) if published is not None else ""
    doi = next((one.text for one in citation.iterfind("Article/ELocationID") if one.get("EIdType") == "doi"), "")
    return f"{citation.findtext('MedlineJournalInfo/MedlineTA')}. {when}." + (f" doi: {doi}" if doi else "")


def reinstate(shelf: Shelf, event: Event, day: date) -> None:
    pmid = event.number("pmid")
    article = shelf.tree(event, pmid)
    notices = unpoint(article, ("RetractionIn", "ExpressionOfConcernIn"), None)
    types = path(article, "MedlineCitation", "Article", "PublicationTypeList")
    for one in [one for one in types if "".join(one.itertext()) == "Retracted Publication"]:
        types.remove(one)
    for history in article.iterfind("PubmedData/History"):
        for one in [one for one in history if one.get("PubStatus") == "retracted"]:
            history.remove(one)
    title = path(article, "MedlineCitation", "Article", "ArticleTitle")
    title.text = PREFIX.sub("", title.text or "", count=1)
    changed = [article]
    for number in notices & set(shelf.records):
        notice = shelf.tree(event, number)
        unpoint(notice, ("RetractionOf", "ExpressionOfConcernFor"), pmid)
        changed.append(notice)
    for root in changed:
        if not event.takes.get("quiet"):
            dated(root, "DateRevised", day)
        shelf.keep(event, root)


def unpoint(root: ET.Element, kinds: tuple[str, ...], to: int | None) -> set[int]:
    """Takes the links of these kinds away (only those to one PMID, when given); the PMIDs they led to."""
    citation = path(root, "MedlineCitation")
    links = child(citation, "CommentsCorrectionsList")
    found = [one for one in links if one.get("RefType") in kinds and to in (None, int(one.findtext("PMID") or 0))]
    for one in found:
        links.remove(one)
    if not len(links):
        remove(citation, "CommentsCorrectionsList")
    return {int(one.findtext("PMID") or 0) for one in found} - {0}


def re_index(shelf: Shelf, event: Event, day: date) -> None:
    root = shelf.tree(event, event.number("pmid"))
    citation = path(root, "MedlineCitation")
    citation.set("Status", event.text("status", "MEDLINE"))
    citation.set("IndexingMethod", event.text("method", "Automated"))
    if "mesh" in event.takes:
        set_mesh(root, event.takes["mesh"])
    if citation.get("Status") == "MEDLINE":
        dated(root, "DateCompleted", day)
        history_date(root, "medline", day)
    if not event.takes.get("quiet"):
        dated(root, "DateRevised", day)
    shelf.keep(event, root)


def delete(shelf: Shelf, event: Event, day: date) -> None:
    shelf.take_away(event)


def merge(shelf: Shelf, event: Event, day: date) -> None:
    if event.number("into") not in shelf.records or event.number("into") == event.number("pmid"):
        raise event.wrong(f"there is no other record {event.number('into')} on that day")
    shelf.take_away(event)


def re_add(shelf: Shelf, event: Event, day: date) -> None:
    pmid = event.number("pmid")
    if pmid not in shelf.deleted or pmid in shelf.records:
        raise event.wrong(f"{pmid} is not deleted on that day")
    shelf.records[pmid] = shelf.deleted.pop(pmid)
    revise(shelf, event, day)


def vanish(shelf: Shelf, event: Event, day: date) -> None:
    if event.number("pmid") not in shelf.records:
        raise event.wrong(f"there is no record {event.number('pmid')} on that day")


ACTS: Mapping[str, Callable[[Shelf, Event, date], None]] = {
    "add": add,
    "revise": revise,
    "reword": revise,
    **dict.fromkeys(LINKS, linked),
    "reinstate": reinstate,
    "re-index": re_index,
    "delete": delete,
    "merge": merge,
    "re-add": re_add,
    "vanish": vanish,
}
