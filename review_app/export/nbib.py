"""PubMed's own format (MEDLINE/PubMed Data Element Descriptions, NLM): a tag of four columns, values wrapped.

Written here: no library writes it.
"""

import re
from collections.abc import Iterable, Iterator

from review_app.export import citation, dates, names, notices
from review_app.export.mesh import heading
from review_app.export.model import ExportedArticle
from review_app.export.plain_text import one_line
from review_app.export.remarks import standing

WIDTH = 88
# The values that every reader joins again; Biopython makes several keywords of one that goes on in a second line.
_LONG = frozenset({"TI", "AB", "AD", "MH", "TT", "JT", "TA", "SO"})
_BREAK = re.compile(r"(?<=\S) (?=\S)")
_ISSN = re.compile(r"\d{4}-\d{3}[\dX]", re.ASCII)
Field = tuple[str, str]


def nbib(articles: Iterable[ExportedArticle]) -> Iterator[str]:
    """One record an article, a blank line after each."""
    for article in articles:
        fields = ((tag, one_line(value)) for tag, value in _fields(article))
        yield "\n".join([*(_wrapped(tag, value) for tag, value in fields if value), "", ""])


def _wrapped(tag: str, value: str) -> str:
    """Breaks at a single space only, so that a reader who joins the lines with one has the value back."""
    lines = [""]
    for word in _BREAK.split(value) if tag in _LONG else [value]:
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and len(longer) > WIDTH - 6:
            lines.append(word)
        else:
            lines[-1] = longer
    return f"{tag:<4}- " + "\n      ".join(lines)


def _fields(article: ExportedArticle) -> Iterator[Field]:
    yield "PMID", str(article.pmid or "")
    yield "STAT", article.status or ""
    yield "DCOM", (article.date_completed or "").replace("-", "")
    yield "LR", (article.date_revised or "").replace("-", "")
    if article.issn and _ISSN.fullmatch(article.issn):
        yield "IS", f"{article.issn} (Undetermined)"  # PubMed says print or electronic, which the library does not keep
    yield "VI", article.volume or ""
    yield "IP", article.issue or ""
    yield "DP", dates.in_words(article)
    yield "TI", article.title
    yield "PG", article.pages or ""
    yield "LID", f"{article.doi} [doi]" if article.doi else ""
    yield "AB", article.abstract
    for author in article.authors:
        yield from _author(author)
    yield from (("LA", language) for language in (article.language or "").split("; "))
    yield from (("SI", registered) for registered in article.registry_ids)
    yield from (("PT", kind["name"]) for kind in article.publication_types)
    yield "DEP", (article.electronic_date or "").replace("-", "")
    yield "TT", article.vernacular_title or ""
    yield "TA", article.iso_abbreviation or ""
    yield "JT", article.journal or ""
    yield from (("MH", heading(mesh)) for mesh in article.mesh)
    yield from (("OT", word) for word in article.keywords)
    yield from (_notice(notice) for notice in article.notices)
    yield "GN", standing(article)
    yield from _ids(article)
    yield "SO", citation.source(article)


def _ids(article: ExportedArticle) -> Iterator[Field]:
    if article.pmcid and re.fullmatch(r"PMC\d+", article.pmcid, re.ASCII):
        yield "PMC", article.pmcid
    yield "EDAT", f"{article.date_entered.replace('-', '/')} 00:00" if article.date_entered else ""
    yield "AID", f"{article.doi} [doi]" if article.doi else ""


def _author(author: names.Author) -> Iterator[Field]:
    if name := names.part(author, "collective"):
        yield "CN", name
    else:
        yield "FAU", names.full(author)
        yield "AU", names.short(author)
    yield "AUID", f"ORCID: {author['orcid']}" if author.get("orcid") else ""
    yield from (("AD", address) for address in author["affiliations"])


def _notice(notice: notices.Notice) -> Field:
    known = notices.term(notice)
    if known is None:
        return "GN", notices.in_words(notice)
    said = [one_line(notice["source"] or ""), f"PMID: {notice['pmid']}" if notice["pmid"] else ""]
    note = f" ({one_line(notice['note'])})" if notice["note"] else ""
    return known.tag, ". ".join(part.rstrip(".") for part in said if part) + note
