"""A PubmedArticle in its usual form (`xml_usual_form`), read by patterns.

A part in another form is read by a tree of that part, a record in another form by a tree of all of it; `pubmed_xml` has
both. All ways give the same (tests/harvester/test_pubmed_usual.py), but that a part no field comes from is passed over
unread here, as reference lists always are: damage in it does not cost the record.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

from harvester import xml_usual_form as form
from harvester.identifiers import normal_doi, normal_orcid, normal_pmcid, pmid_number
from harvester.publication_dates import PublicationDate, date_in_words, publication_date, whole_date
from harvester.records import Author, MeshHeading, MeshQualifier, PublicationType, Section
from harvester.xml_tree import Found, text_of, tree

ByTree: TypeAlias = Callable[[str, Found], None]
Groups: TypeAlias = list[tuple[str, ...]]

_OTHER_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)")
_REFERENCE = re.compile(r"&(?:amp|lt|gt|quot|apos);")
_SIGNS = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'"}
_INLINE = re.compile(r"<(/?(?:i|b|u|sup|sub))>")


def read_usual(raw: bytes, by_tree: ByTree) -> Found | None:
    """What a record without white space but spaces says; None when it is not in the usual form.

    `by_tree` reads a part of it that is not. Raises NotPubMedXml when such a part is not well-formed.
    """
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    if _OTHER_REFERENCE.search(text):
        return None
    if not text.isascii() and ("\ufffe" in text or "\uffff" in text):
        return None
    short, parts = form.without_long_parts(text)
    record = form.RECORD.fullmatch(short)
    if record is None:
        return None
    return _said(record.groupdict("") | parts, by_tree)


def _said(part: dict[str, str], by_tree: ByTree) -> Found:
    found: Found = dict(_attributes(part["status"]))
    found["pmid"], found["version"] = pmid_number(part["PMID"]), pmid_number(part["version"]) or 1
    if found["pmid"] is None:
        raise ValueError(f"PMID “{part['PMID']}” is not a number")
    for tag, name in _TEXTS:
        if (written := part[tag]) and (text := _text(written)):
            found[name] = text
    for year, month, day, name in _DATES:
        if part[year]:
            found[name] = whole_date(part[year], part[month], part[day])
    found["published"] = _published(part)
    found["title"] = _marked(part["ArticleTitle"])
    found["pages"] = _text(part["MedlinePgn"]) or _pages(part)
    found["languages"] = [text for written in form.LANGUAGE.findall(part["languages"]) if (text := _text(written))]
    _places(part["places"], found)
    for tag, read in _PARTS:
        if (written := part.get(tag, "")) and not read(written, found):
            by_tree(written, found)
    return found


@lru_cache(maxsize=256)
def _attributes(written: str) -> dict[str, str]:
    names = {"Status": "status", "IndexingMethod": "indexing_method"}
    return {names[name]: value for name, value in form.ATTRIBUTE.findall(written)}


def _published(part: dict[str, str]) -> PublicationDate | None:
    if part["MedlineDate"]:
        return date_in_words(_text(part["MedlineDate"]))
    year, month, day, season = _text(part["Year"]), _text(part["Month"]), _text(part["Day"]), _text(part["Season"])
    return publication_date(year, month, day, season) if year or month or day or season else None


def _pages(part: dict[str, str]) -> str | None:
    ends = dict.fromkeys((_text(part["StartPage"]), _text(part["EndPage"])))
    return "-".join(filter(None, ends)) or None


def _places(written: str, found: Found) -> None:
    for valid, text in form.PLACE.findall(written):
        if doi := normal_doi(_text(text)):
            found.setdefault("own_dois" if valid == "Y" else "invalid_dois", []).append(doi)


def _text(written: str) -> str:
    if "&" in written:
        written = _REFERENCE.sub(_sign, written)
    while "  " in written:
        written = written.replace("  ", " ")
    return written.strip(" ")


def _sign(reference: re.Match[str]) -> str:
    return _SIGNS[reference[0]]


def _marked(written: str) -> str:
    """Text with inline markup in it. Raises NotPubMedXml when that is not well-formed."""
    if "<" not in written:
        return _text(written)
    pieces = _INLINE.split(written)
    bare = "".join(pieces[::2])
    if "<" in bare or not _are_nested(pieces[1::2]):
        return text_of(tree(f"<x>{written}</x>".encode()))
    return _text(bare)


def _are_nested(tags: list[str]) -> bool:
    """Whether these, `i` and `/i` and others, close each other from the innermost outwards."""
    opened: list[str] = []
    for tag in tags:
        if tag[0] != "/":
            opened.append(tag)
        elif not opened or opened.pop() != tag[1:]:
            return False
    return not opened


def _each(part: str, one: re.Pattern[str]) -> Groups | None:
    """The groups of each `one` that stand in the part; None when anything else does."""
    begin = part.index(">") + 1
    items = part[begin : part.rindex("<")].rstrip(" ")
    found: Groups = one.findall(items)
    if sum([len(each[0]) for each in found]) != len(items):
        return None
    # To look for these once is ten times faster than to leave them out of each pattern.
    written = items.encode()
    return found if len(written.translate(None, form.CONTROLS)) == len(written) else None


def _abstract(part: str, found: Found) -> bool:
    rights = part.find("<CopyrightInformation>")
    written = _each(part if rights < 0 else part[:rights] + "</Abstract>", form.SECTION)
    sections = found["sections"] = []
    for _, label, category, text in written or ():
        if said := _marked(text):
            sections.append(Section(said, " ".join(label.split()) or None, category or None))
    return written is not None


def _authors(part: str, found: Found) -> bool:
    written = None if ' Type="' in part[: part.index(">")] else _each(part, form.AUTHOR)
    authors = found["authors"] = []
    for _, attributes, group, last, fore, initials, suffix, orcid, addresses in written or ():
        if 'ValidYN="N"' in attributes:
            continue
        places = tuple([text for each in form.AFFILIATION.findall(addresses) if (text := _text(each))])
        if name := _marked(group):
            authors.append(Author(collective=name, affiliations=places))
            continue
        last, fore, known = _text(last), _text(fore), normal_orcid(orcid) if orcid else None  # noqa: PLW2901
        if last or fore:
            names = (last or None, fore or None, _text(initials) or None, _text(suffix) or None)
            authors.append(Author(*names, None, known, places))
    return written is not None


@lru_cache(maxsize=1024)
def _publication_types(part: str) -> tuple[PublicationType, ...] | None:
    written = _each(part, form.TYPE)
    return (
        None
        if written is None
        else tuple(PublicationType(ui, text) for _, ui, name in written if (text := _text(name)))
    )


def _types(part: str, found: Found) -> bool:
    types = _publication_types(part)
    found["publication_types"] = list(types or ())
    return types is not None


def _mesh(part: str, found: Found) -> bool:
    written = _each(part, form.HEADING)
    found["mesh"] = [heading for each in written or () if (heading := _heading(*each[1:]))]
    return written is not None


# The same headings are said of many articles.
@lru_cache(maxsize=4096)
def _heading(ui: str, major: str, name: str, qualifiers: str) -> MeshHeading | None:
    return MeshHeading(ui, text, major == "Y", _qualifiers(qualifiers)) if (text := _text(name)) else None


@lru_cache(maxsize=4096)
def _qualifiers(written: str) -> tuple[MeshQualifier, ...]:
    said = form.QUALIFIER.findall(written)
    return tuple([MeshQualifier(ui, _text(name), mark == "Y") for ui, mark, name in said])


def _keywords(part: str, found: Found) -> bool:
    written = _each(part, form.KEYWORD)
    found["keywords"] = [text for _, word in written or () if (text := _text(word))]
    return written is not None


def _history(part: str, found: Found) -> bool:
    entered = form.ENTERED.search(part)
    if entered is None or (day := whole_date(*entered.groups())) is None:
        return False
    found["date_entered"] = day
    return True


def _ids(part: str, found: Found) -> bool:
    written = _each(part, form.ID)
    for _, kind, text in written or ():
        if kind == "doi" and (doi := normal_doi(_text(text))):
            found.setdefault("listed_dois", []).append(doi)
        elif kind in ("pmc", "pmcid") and (pmcid := normal_pmcid(_text(text))):
            found.setdefault("pmcid", pmcid)
    return written is not None


def _never(part: str, found: Found) -> bool:
    """Rare parts of many forms."""
    return False


_TEXTS = (
    *(("ISSN", "issn"), ("Volume", "volume"), ("Issue", "issue"), ("Title", "journal")),
    *(("ISOAbbreviation", "iso_abbreviation"), ("MedlineTA", "short_journal"), ("ISSNLinking", "linking_issn")),
)
_DATES = tuple(
    (f"{tag}Year", f"{tag}Month", f"{tag}Day", name)
    for tag, name in (
        ("DateCompleted", "date_completed"),
        ("DateRevised", "date_revised"),
        ("ArticleDate", "electronic_date"),
    )
)
_PARTS: tuple[tuple[str, Callable[[str, Found], bool]], ...] = (
    ("Abstract", _abstract),
    ("AuthorList", _authors),
    ("DataBankList", _never),
    ("PublicationTypeList", _types),
    ("VernacularTitle", _never),
    ("CommentsCorrectionsList", _never),
    ("MeshHeadingList", _mesh),
    ("KeywordList", _keywords),
    ("History", _history),
    ("ArticleIdList", _ids),
)
