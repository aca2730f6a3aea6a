"""RIS, the format that every reference manager reads (Research Information Systems, RIS specification of 2011).

Written here: the format has no escaping, only lines, and rispy's writer keeps a line end inside a value as it is.
"""

from collections.abc import Iterable, Iterator

from review_app.export import dates, names
from review_app.export.mesh import subjects
from review_app.export.model import ExportedArticle
from review_app.export.pages import first_and_last
from review_app.export.plain_text import one_line
from review_app.export.remarks import remarks

PUBMED = "https://pubmed.ncbi.nlm.nih.gov"
Field = tuple[str, str]


def ris(articles: Iterable[ExportedArticle]) -> Iterator[str]:
    """One reference an article, a line a value, lines ended by CR LF as the specification has it."""
    for article in articles:
        lines = [f"{tag}  - {one_line(value)}" for tag, value in _fields(article) if one_line(value)]
        yield "\r\n".join([*lines, "ER  - ", "", ""])


def _fields(article: ExportedArticle) -> Iterator[Field]:
    yield "TY", "JOUR" if article.journal or article.iso_abbreviation else "GEN"
    yield from (("AU", names.inverted(author)) for author in article.authors)
    yield "TI", article.title
    yield from _where(article)
    yield from _ids(article)
    yield "LA", article.language or ""
    yield "AB", article.abstract
    yield from (("KW", word) for word in subjects(article))
    addresses = (address for author in article.authors for address in author["affiliations"])
    yield "AD", "; ".join(dict.fromkeys(map(one_line, addresses)))
    yield "M3", "; ".join(kind["name"] for kind in article.publication_types)
    yield from (("N1", remark) for remark in remarks(article))


def _where(article: ExportedArticle) -> Iterator[Field]:
    yield "T2", article.journal or article.iso_abbreviation or ""
    yield "J2", article.iso_abbreviation or ""
    yield "PY", str(article.year or "")
    yield "DA", dates.with_slashes(article)
    yield "ET", (article.electronic_date or "").replace("-", "/")
    yield "VL", article.volume or ""
    yield "IS", article.issue or ""
    first, last = first_and_last(article.pages or "")
    yield "SP", first
    yield "EP", last or ""
    yield "SN", article.issn or ""


def _ids(article: ExportedArticle) -> Iterator[Field]:
    yield "DO", article.doi or ""
    if article.pmid:
        yield "AN", str(article.pmid)
        yield "DB", "PubMed"
        yield "UR", f"{PUBMED}/{article.pmid}/"
    yield "C2", article.pmcid or ""
