"""Parts of a PubMed record's XML put in, in the places the DTD (pubmed_250101.dtd) gives them."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from eutils_server.fields import vocabulary
from eutils_server.record import element_of
from eutils_server.record_dates import MONTHS
from eutils_server.words import plain

ET.register_namespace("mml", "http://www.w3.org/1998/Math/MathML")
ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
ORDER: Mapping[str, Sequence[str]] = {
    "MedlineCitation": (
        "PMID DateCompleted DateRevised Article MedlineJournalInfo ChemicalList SupplMeshList CitationSubset "
        "CommentsCorrectionsList GeneSymbolList MeshHeadingList NumberOfReferences PersonalNameSubjectList OtherID "
        "OtherAbstract KeywordList CoiStatement SpaceFlightMission InvestigatorList GeneralNote"
    ).split(),
    "Article": (
        "Journal ArticleTitle Pagination ELocationID Abstract AuthorList Language DataBankList GrantList "
        "PublicationTypeList VernacularTitle ArticleDate"
    ).split(),
    "PubmedData": "History PublicationStatus ArticleIdList ObjectList ReferenceList".split(),
}
A_YEAR = timedelta(days=365)
BLANK = (
    '<PubmedArticle><MedlineCitation Status="Publisher" Owner="NLM"><PMID Version="1"/>'
    '<Article PubModel="Electronic"><Journal><JournalIssue CitedMedium="Internet"><PubDate/></JournalIssue>'
    "<Title>Invented Journal</Title><ISOAbbreviation>Invented J</ISOAbbreviation></Journal><ArticleTitle/>"
    "<Pagination><MedlinePgn>1</MedlinePgn></Pagination><Language>eng</Language><PublicationTypeList/></Article>"
    "<MedlineJournalInfo><MedlineTA>Invented J</MedlineTA></MedlineJournalInfo></MedlineCitation>"
    "<PubmedData><History/><PublicationStatus>aheadofprint</PublicationStatus>"
    '<ArticleIdList><ArticleId IdType="pubmed"/></ArticleIdList></PubmedData></PubmedArticle>'
)


def written(root: ET.Element) -> bytes:
    root.tail = None
    return ET.tostring(root, encoding="unicode").encode()


def child(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    """The child of that name, made in its place when there is none."""
    found = parent.find(tag)
    if found is not None:
        return found
    made = ET.Element(tag, attributes)
    order = ORDER.get(parent.tag)
    later = set(order[order.index(tag) + 1 :]) if order else set()
    place = next((at for at, other in enumerate(parent) if other.tag in later), len(parent))
    parent.insert(place, made)
    return made


def path(root: ET.Element, *tags: str) -> ET.Element:
    for tag in tags:
        root = child(root, tag)
    return root


def remove(parent: ET.Element, tag: str) -> None:
    for found in parent.findall(tag):
        parent.remove(found)


def put(parent: ET.Element, tag: str, text: str, **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, tag, attributes)
    made.text = text
    return made


def put_date(parent: ET.Element, day: date) -> None:
    parent[:] = []
    for tag, number in (("Year", f"{day.year}"), ("Month", f"{day.month:02}"), ("Day", f"{day.day:02}")):
        put(parent, tag, number)


def dated(root: ET.Element, tag: str, day: date) -> None:
    put_date(path(root, "MedlineCitation", tag), day)


def history_date(root: ET.Element, status: str, day: date) -> None:
    history = path(root, "PubmedData", "History")
    found = next((one for one in history if one.get("PubStatus") == status), None)
    found = ET.SubElement(history, "PubMedPubDate", {"PubStatus": status}) if found is None else found
    put_date(found, day)


def add_type(root: ET.Element, name: str) -> None:
    types = path(root, "MedlineCitation", "Article", "PublicationTypeList")
    if all("".join(one.itertext()) != name for one in types):
        put(types, "PublicationType", name, UI=ui_of(name))


def ui_of(name: str) -> str:
    """An invented one where the vocabulary has none: it begins with D99, as no real one does."""
    known: Mapping[str, str] = vocabulary()["ui"]
    return known.get(name) or f"D99{sum(place * ord(sign) for place, sign in enumerate(plain(name), 1)) % 10**7:07}"


def new_article(pmid: int, takes: Mapping[str, Any], day: date) -> ET.Element:
    root = element_of(BLANK.encode())
    path(root, "MedlineCitation", "PMID").text = path(root, "PubmedData", "ArticleIdList", "ArticleId").text = str(pmid)
    blanks: Mapping[str, Any] = {
        "title": "",
        "types": ["Journal Article"],
        "published": f"{day.year}/{day.month:02}/{day.day:02}",
    }
    values: Mapping[str, Any] = {**blanks, **takes}
    set_values(root, values)
    dated(root, "DateRevised", day)
    year, month, number = [*map(int, str(values["published"]).split("/")), 1, 1][:3]
    published = date(year, month, number)
    history_date(root, "entrez", day)
    # A late addition is entered under its publication date: NLM Technical Bulletin, November 2008.
    for status in ("pubmed", "medline"):
        history_date(root, status, published if day - published > A_YEAR else day)
    return root


def set_values(root: ET.Element, takes: Mapping[str, Any]) -> None:
    """The ARTICLE values of an event, each in place of what the record had."""
    for name, value in takes.items():
        if name in SETTERS:
            SETTERS[name](root, value)


def set_title(root: ET.Element, value: Any) -> None:
    title = path(root, "MedlineCitation", "Article", "ArticleTitle")
    title[:] = []
    title.text = str(value)


def set_abstract(root: ET.Element, value: Any) -> None:
    article = path(root, "MedlineCitation", "Article")
    remove(article, "Abstract")
    sections = [{"text": value}] if isinstance(value, str) else value
    if not value:
        return
    abstract = child(article, "Abstract")
    for section in sections:
        label = {"Label": str(section["label"])} if section.get("label") else {}
        put(abstract, "AbstractText", str(section["text"]), **label)


def set_authors(root: ET.Element, value: Any) -> None:
    article = path(root, "MedlineCitation", "Article")
    remove(article, "AuthorList")
    authors = child(article, "AuthorList", CompleteYN="Y") if value else article
    for name in value:
        last, _, initials = str(name).rpartition(" ")
        author = ET.SubElement(authors, "Author", {"ValidYN": "Y"})
        put(author, "LastName", last or initials)
        if last:
            put(author, "Initials", initials)


def set_journal(root: ET.Element, value: Any) -> None:
    citation = path(root, "MedlineCitation")
    for tag in ("Title", "ISOAbbreviation"):
        path(citation, "Article", "Journal", tag).text = str(value)
    path(citation, "MedlineJournalInfo", "MedlineTA").text = str(value)


def set_published(root: ET.Element, value: Any) -> None:
    parts = str(value).split("/")
    published = path(root, "MedlineCitation", "Article", "Journal", "JournalIssue", "PubDate")
    published[:] = []
    for tag, part in zip(("Year", "Month", "Day"), parts, strict=False):
        put(published, tag, MONTHS[int(part) - 1].capitalize() if tag == "Month" else part)


def set_doi(root: ET.Element, value: Any) -> None:
    article, ids = path(root, "MedlineCitation", "Article"), path(root, "PubmedData", "ArticleIdList")
    for parent, tag, kind in ((article, "ELocationID", "EIdType"), (ids, "ArticleId", "IdType")):
        for found in [one for one in parent if one.tag == tag and one.get(kind) == "doi"]:
            parent.remove(found)
    if value:
        made = ET.Element("ELocationID", {"EIdType": "doi", "ValidYN": "Y"})
        made.text = str(value)
        article.insert(next((at for at, one in enumerate(article) if one.tag in AFTER_DOI), len(article)), made)
        put(ids, "ArticleId", str(value), IdType="doi")


AFTER_DOI = set(ORDER["Article"][ORDER["Article"].index("ELocationID") + 1 :])


def set_types(root: ET.Element, value: Any) -> None:
    path(root, "MedlineCitation", "Article", "PublicationTypeList")[:] = []
    for name in value:
        add_type(root, str(name))


def set_language(root: ET.Element, value: Any) -> None:
    path(root, "MedlineCitation", "Article", "Language").text = str(value)


def set_keywords(root: ET.Element, value: Any) -> None:
    citation = path(root, "MedlineCitation")
    remove(citation, "KeywordList")
    keywords = child(citation, "KeywordList", Owner="NOTNLM") if value else citation
    for word in value:
        put(keywords, "Keyword", str(word), MajorTopicYN="N")


def set_status(root: ET.Element, value: Any) -> None:
    path(root, "MedlineCitation").set("Status", str(value))


def set_mesh(root: ET.Element, value: Any) -> None:
    citation = path(root, "MedlineCitation")
    remove(citation, "MeshHeadingList")
    headings = child(citation, "MeshHeadingList") if value else citation
    for given in value:
        row = {"name": given} if isinstance(given, str) else given
        heading = ET.SubElement(headings, "MeshHeading")
        major = "Y" if row.get("major") else "N"
        name = str(row["name"])
        put(heading, "DescriptorName", name, UI=str(row.get("ui") or ui_of(name)), MajorTopicYN=major)
        for qualifier in row.get("qualifiers", ()):
            put(heading, "QualifierName", str(qualifier), UI="Q" + ui_of(str(qualifier))[1:], MajorTopicYN="N")


def set_references(root: ET.Element, value: Any) -> None:
    data = path(root, "PubmedData")
    remove(data, "ReferenceList")
    references = child(data, "ReferenceList") if value else data
    for pmid in value:
        reference = ET.SubElement(references, "Reference")
        put(reference, "Citation", f"Invented reference {pmid}.")
        put(ET.SubElement(reference, "ArticleIdList"), "ArticleId", str(pmid), IdType="pubmed")


SETTERS = {
    "title": set_title,
    "abstract": set_abstract,
    "authors": set_authors,
    "journal": set_journal,
    "published": set_published,
    "doi": set_doi,
    "types": set_types,
    "language": set_language,
    "keywords": set_keywords,
    "status": set_status,
    "mesh": set_mesh,
    "references": set_references,
}
