"""What the fields of a RIS record mean, dialect by dialect.

A PMID stands in AN beside a provider that is PubMed or MEDLINE (EndNote, Ovid), in C2 (Scopus) or C5 (Embase), in a
link to PubMed, or after `PMID:` on a line of a note (Zotero, Mendeley, Cochrane).
"""

import re

from harvester.author_names import author_named
from harvester.publication_dates import PublicationDate, month_number, publication_date, year_in
from harvester.records import ArticleRecord, PublicationType, RegistryId, Section
from harvester.stated_ids import doi_in, one_pmid, pmcid_in, pmids_in, stated_doi, stated_pmid
from harvester.stated_standing import standing_in_words, standing_notices

Fields = dict[str, list[str]]

_NOTES = (
    *("N1", "M1", "M2", "M3", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "U1", "U2", "U3", "U4", "U5"),
    *("AN", "ID", "RN", "UR", "L1", "L2", "L3", "LK", "OT"),
)
_PUBMED = re.compile(r"\b(?:NLM|PubMed|MEDLINE|NCBI|MEDL|PMID)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,10}", re.ASCII)
_ISSN = re.compile(r"\b(\d{4})-?(\d{3}[\dXx])\b", re.ASCII)
_REGISTRY = re.compile(r"\bNCT\d{8}\b")
_TYPE_OF_WORK = re.compile(r"[A-Za-z][A-Za-z ,'’().-]{3,60}")
# In these the title of the book, not of a journal, is the second title.
_WHOLE_WORKS = {"BOOK", "THES", "RPRT", "WEB", "ELEC", "GEN"}


def record_of(fields: Fields) -> ArticleRecord:
    """Raises ValueError when the fields make no record, or state an identifier that cannot be."""
    published, types = _published(fields), _publication_types(fields)
    abstract = _paragraph(fields, "AB") or _paragraph(fields, "N2")
    full, short = _journal(fields)
    return ArticleRecord(
        title=_line(fields, "TI", "T1", "CT", *(("BT", "T2") if _kind(fields) in _WHOLE_WORKS else ("BT",))),
        pmid=_pmid(fields),
        sections=(Section(abstract),) if abstract else (),
        authors=tuple(author_named(name) for tag in ("AU", "A1") for name in fields.get(tag, []) if name.strip()),
        journal=full or short,
        iso_abbreviation=short,
        issn=_issn(fields),
        volume=_line(fields, "VL") or None,
        issue=_line(fields, "IS", "CP") or None,
        pages=_pages(fields),
        year=published.year,
        month=published.month,
        day=published.day,
        medline_date=published.as_given,
        doi=_doi(fields),
        pmcid=next(
            (found for tag in ("PM", *_NOTES) for text in fields.get(tag, []) if (found := pmcid_in(text))), None
        ),
        languages=tuple(text for text in fields.get("LA", []) if text),
        publication_types=types,
        notices=standing_notices(standing_in_words(fields.get("N1", [])), types),
        keywords=tuple(dict.fromkeys(_keywords(fields))),
        registry_ids=tuple(
            RegistryId("ClinicalTrials.gov", number)
            for number in dict.fromkeys(_REGISTRY.findall(" ".join(_of(fields, "AN", "N1", "RN", "KW", "C1", "UR"))))
        ),
    )


def _of(fields: Fields, *tags: str) -> list[str]:
    return [text for tag in tags for text in fields.get(tag, [])]


def _line(fields: Fields, *tags: str) -> str:
    """The first of these fields that says something, its lines joined."""
    return next((line for tag in tags if (line := " ".join(" ".join(fields.get(tag, [])).split()))), "")


def _paragraph(fields: Fields, tag: str) -> str:
    return "\n".join(" ".join(line.split()) for line in fields.get(tag, []) if line.strip())


def _kind(fields: Fields) -> str:
    return _line(fields, "TY").upper()


def _journal(fields: Fields) -> tuple[str | None, str | None]:
    """The name and the abbreviation; JO is either (the specification and EndNote differ)."""
    if _kind(fields) in _WHOLE_WORKS:
        return _line(fields, "JF", "JO") or None, _line(fields, "JA", "J2") or None
    full = _line(fields, "JF", "T2", "JO", "BT") or None
    short = _line(fields, "J2", "JA", "J1") or None
    return full, short or (_line(fields, "JO") if _line(fields, "JO") not in ("", full) else None)


def _pmid(fields: Fields) -> int | None:
    provider = " ".join(_of(fields, "DB", "DP"))
    stated = [stated_pmid(text) for text in fields.get("PM", []) if text.isdigit()]
    if _PUBMED.search(provider) and not re.search(r"embase|psyc|cinahl", provider, re.IGNORECASE):
        stated += [stated_pmid(text) for text in fields.get("AN", []) if _NUMBER.fullmatch(text)]
    tag = "C2" if "scopus" in provider.lower() else "C5" if "embase" in provider.lower() else None
    if tag:
        stated += [stated_pmid(text) for text in fields.get(tag, []) if _NUMBER.fullmatch(text)]
    return one_pmid([*stated, *(number for text in _of(fields, *_NOTES) for number in pmids_in(text))])


def _doi(fields: Fields) -> str | None:
    stated = next((doi for text in fields.get("DO", []) if (doi := stated_doi(text))), None)
    return stated or next((doi for text in _of(fields, *_NOTES) if (doi := doi_in(text))), None)


def _issn(fields: Fields) -> str | None:
    found = _ISSN.search(_line(fields, "SN"))
    return f"{found[1]}-{found[2]}".upper() if found else None


def _pages(fields: Fields) -> str | None:
    first, last = _line(fields, "SP"), _line(fields, "EP")
    if first and last and last != first and "-" not in first:
        return f"{first}-{last}"
    return first or last or None


def _publication_types(fields: Fields) -> tuple[PublicationType, ...]:
    """M3 is the type of work, unless a dialect keeps something else there."""
    names = [part.strip() for text in _of(fields, "PT", "M3") for part in text.split(";")]
    return tuple(PublicationType(None, name) for name in dict.fromkeys(names) if _TYPE_OF_WORK.fullmatch(name))


def _keywords(fields: Fields) -> list[str]:
    """One a line; some dialects put all of them on one."""
    lines = [line for line in fields.get("KW", []) if line.strip()]
    return [word.strip() for line in lines for word in (line.split(";") if len(lines) == 1 else [line]) if word.strip()]


def _published(fields: Fields) -> PublicationDate:
    """The year of PY, Y1 or DA; month and day where one of them has them, as "2019/10/01/" or as "Oct 1"."""
    stated = [text for tag in ("PY", "Y1", "DA", "YR") for text in fields.get(tag, []) if text.strip()]
    stated = [text.removesuffix("undefined") for text in stated]  # Zotero has no word for what it does not know
    year = next((year for text in stated if (year := year_in(text))), None)
    if year is None:
        return PublicationDate(as_given=stated[0] if stated else None)
    dates = [date for text in stated if (date := _month_and_day(text, year))]
    if best := max(dates, key=lambda date: (date.month is not None, date.day is not None), default=None):
        return best
    words = next((text for text in stated if year_in(text) != year or not re.fullmatch(r"\W*\d{4}\W*", text)), None)
    return (
        PublicationDate(year, as_given=f"{year} {words.replace(str(year), '').strip(' /-')}".strip())
        if words
        else PublicationDate(year)
    )


def _month_and_day(text: str, year: int) -> PublicationDate | None:
    found = re.fullmatch(
        r"(?:(\d{4})\s*[/ -]\s*)?([A-Za-z]{3,9}\.?|\d{1,2})(?:\s*[/ -]\s*(\d{1,2}))?(?:[/ ].*)?", text.strip()
    )
    if found is None or month_number(found[2]) is None or (found[1] and int(found[1]) != year):
        return None
    return publication_date(str(year), found[2], found[3] or "")
