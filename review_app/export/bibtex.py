"""BibTeX in UTF-8, for classic BibTeX and for biber.

Written here: bibtexparser's encoder turns UTF-8 into macros, takes `$` for mathematics and leaves braces unbalanced.
A value is one line in balanced braces; what LaTeX would take for a command, a comment or a ligature is escaped.
"""

import re
from collections.abc import Iterable, Iterator

from review_app.export import dates, names
from review_app.export.citation_key import CitationKeys
from review_app.export.mesh import heading
from review_app.export.model import ExportedArticle
from review_app.export.pages import full_pages
from review_app.export.plain_text import one_line
from review_app.export.remarks import remarks

_SPECIAL = {
    "\\": r"{\textbackslash}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}
_SIGNS = str.maketrans(_SPECIAL | {"{": r"\{", "}": r"\}"})
# BibTeX counts \{ as a brace.
_SIGNS_UNBALANCED = str.maketrans(_SPECIAL | {"{": r"{\textbraceleft}", "}": r"{\textbraceright}"})
# LaTeX makes one sign of -- or '' or ?` where nothing stands between.
_LIGATURE = re.compile(r"([-'`,<>])(?=\1)|[?!](?=`)")
_AND = re.compile(r"\b(and|others)\b", re.IGNORECASE)
_BRACE = re.compile(r"[{}]")
_VERBATIM = {"doi", "url"}  # biber and most readers take these as they stand
Field = tuple[str, str]


def bibtex(articles: Iterable[ExportedArticle]) -> Iterator[str]:
    """One entry an article, under a key that is unique in the file."""
    keys = CitationKeys()
    for article in articles:
        kind = "article" if article.journal or article.iso_abbreviation else "misc"
        fields = [f"  {name} = {value},\n" for name, value in _fields(article)]
        yield f"@{kind}{{{keys.of(article)},\n{''.join(fields)}}}\n\n"


def escaped(text: str) -> str:
    """The text so that LaTeX prints it and BibTeX can count its braces."""
    text = one_line(text)
    signs = _SIGNS if _is_balanced(text) else _SIGNS_UNBALANCED
    return _LIGATURE.sub(r"\g<0>{}", text.translate(signs))


def _is_balanced(text: str) -> bool:
    depth = 0
    for brace in _BRACE.findall(text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _fields(article: ExportedArticle) -> Iterator[Field]:
    if article.authors:
        yield "author", f"{{{' and '.join(_name(author) for author in article.authors)}}}"
    yield "title", f"{{{_title(one_line(article.title))}}}"
    for name, value in _where(article):
        yield name, f"{{{escaped(value)}}}"
    if article.pages:
        yield "pages", f"{{{full_pages(escaped(article.pages), dash='--')}}}"
    known = dates.parts(article)
    if len(known) > 1:
        yield "month", dates.MONTHS[known[1] - 1].lower()
    for name, value in _rest(article):
        if value := one_line(value):
            as_it_is = name in _VERBATIM and _is_balanced(value) and "\\" not in value
            yield name, f"{{{value if as_it_is else escaped(value)}}}"


def _where(article: ExportedArticle) -> Iterator[Field]:
    known = dates.parts(article)
    fields = {
        "journal": article.journal or article.iso_abbreviation,
        "shortjournal": article.iso_abbreviation,
        "volume": article.volume,
        "number": article.issue,
        "year": str(article.year or ""),
        "day": str(known[2]) if len(known) > 2 else "",
    }
    yield from ((name, value) for name, value in fields.items() if value)


def _rest(article: ExportedArticle) -> Iterator[Field]:
    yield "doi", article.doi or ""
    yield "pmid", str(article.pmid or "")
    yield "pmcid", article.pmcid or ""
    yield "issn", article.issn or ""
    yield "language", article.language or ""
    yield "medline-date", article.medline_date or ""
    yield "electronic-date", article.electronic_date or ""
    yield "abstract", article.abstract
    yield "keywords", "; ".join(article.keywords)
    yield "mesh", "; ".join(map(heading, article.mesh))
    yield "publication-types", "; ".join(kind["name"] for kind in article.publication_types)
    yield "affiliation", "; ".join(dict.fromkeys(each for one in article.authors for each in one["affiliations"]))
    known = (f"{names.inverted(one)}/{one['orcid']}" for one in article.authors if one.get("orcid"))
    yield "orcid-numbers", "; ".join(known)
    yield "note", ". ".join(remark.rstrip(".") for remark in remarks(article))


def _name(author: names.Author) -> str:
    """`von Last, Jr, First`, the one order that BibTeX never guesses at."""
    if name := names.collective(author):
        return f"{{{escaped(name)}}}"
    parts = (names.part(author, "last"), names.part(author, "suffix"), names.given(author))
    return ", ".join(_kept_together(part) for part in parts if part)


def _kept_together(part: str) -> str:
    text = escaped(part)
    return f"{{{text}}}" if "," in part or _AND.search(part) else text


def _title(title: str) -> str:
    """Capitals are kept by braces where a style would lower them: PubMed's titles have them where they belong."""
    words = [title] if _BRACE.search(title) else re.split(r"(\s+)", title)
    return "".join(_capitals_kept(word, is_first=place == 0) for place, word in enumerate(words))


def _capitals_kept(word: str, *, is_first: bool) -> str:
    if word.isspace():
        return word
    lowered = word[1:] if is_first else word
    return f"{{{escaped(word)}}}" if any(sign.isupper() for sign in lowered) else escaped(word)
