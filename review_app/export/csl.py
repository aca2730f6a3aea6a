"""CSL-JSON (Citation Style Language, data model 1.0.2): what Zotero, Pandoc and citeproc read.

Written here: a dict a reference, and JSON keeps every character. Only variables that CSL 1.0 has are used, so that no
processor stumbles.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from review_app.export import dates, names
from review_app.export.citation_key import CitationKeys
from review_app.export.mesh import subjects
from review_app.export.model import ExportedArticle
from review_app.export.pages import full_pages
from review_app.export.plain_text import json_line
from review_app.export.remarks import remarks, state_in_words

# MEDLINE's three letters (ISO 639-2/B) as CSL wants them (BCP 47); others stay as they are.
_LANGUAGES = dict(
    pair.split("=")
    for pair in (
        "eng=en fre=fr ger=de spa=es ita=it por=pt rus=ru chi=zh jpn=ja dut=nl pol=pl dan=da swe=sv nor=no fin=fi "
        "cze=cs hun=hu tur=tr kor=ko heb=he ara=ar per=fa gre=el rum=ro"
    ).split()
)


def csl_json(articles: Iterable[ExportedArticle]) -> Iterator[str]:
    """A JSON array, one reference a line; the ids are the citation keys of the BibTeX export."""
    keys = CitationKeys()
    before = "[\n"
    for article in articles:
        yield before + json_line(_item(article, keys.of(article)))
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _item(article: ExportedArticle, key: str) -> dict[str, Any]:
    languages = [_LANGUAGES.get(each, each) for each in (article.language or "").split("; ") if each]
    item: dict[str, Any] = {
        "id": key,
        "type": "article-journal" if article.journal or article.iso_abbreviation else "article",
        "title": article.title,
        "author": [_name(author) for author in article.authors],
        "container-title": article.journal or article.iso_abbreviation,
        "container-title-short": article.iso_abbreviation,
        "volume": article.volume,
        "issue": article.issue,
        "page": full_pages(article.pages or ""),
        "issued": _issued(article),
        "abstract": article.abstract,
        "keyword": "; ".join(subjects(article)),
        "language": languages[0] if languages else None,
        "original-title": article.vernacular_title,
        "status": state_in_words(article),
        "source": "PubMed" if article.pmid else None,
        "DOI": article.doi,
        "PMID": str(article.pmid or ""),
        "PMCID": article.pmcid,
        "ISSN": article.issn,
        "note": "\n".join([*remarks(article), *_more(article, languages)]),
    }
    return {name: value for name, value in item.items() if value}


def _name(author: names.Author) -> dict[str, str]:
    if name := names.collective(author):
        return {"literal": name}
    parts = {"family": names.part(author, "last"), "given": names.given(author), "suffix": names.part(author, "suffix")}
    return {name: value for name, value in parts.items() if value}


def _issued(article: ExportedArticle) -> dict[str, Any] | None:
    if known := dates.parts(article):
        return {"date-parts": [known]}
    return {"literal": article.medline_date} if article.medline_date else None


def _more(article: ExportedArticle, languages: list[str]) -> Iterator[str]:
    if article.medline_date and article.year:
        yield f"Published: {article.medline_date}"
    if article.electronic_date:
        yield f"Published electronically: {article.electronic_date}"
    if article.publication_types:
        yield f"Publication types: {'; '.join(kind['name'] for kind in article.publication_types)}"
    if len(languages) > 1:
        yield f"Languages: {'; '.join(languages)}"
