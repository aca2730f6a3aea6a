"""A reference as NLM prints it (Citing Medicine, 2nd edition): Vancouver style."""

from review_app.export import dates, names
from review_app.export.model import ExportedArticle
from review_app.export.plain_text import one_line
from review_app.export.remarks import mark

AUTHORS_NAMED = 6  # ICMJE, Recommendations: the first six, then et al.


def citation(article: ExportedArticle) -> str:
    """`Lindqvist A, Okafor B. Title. Invented J. 2024 May;12(3):201-9. doi: 10.5555/x. PMID: 1; PMCID: PMC1.`

    What stands against the article comes last: `RETRACTED: see PMID 2 (Invented J. 2025;13:1).`
    """
    ids = [f"PMID: {article.pmid}" if article.pmid else "", f"PMCID: {article.pmcid}" if article.pmcid else ""]
    parts = [
        authors_named(article),
        one_line(article.title),
        source(article),
        "; ".join(filter(None, ids)),
        mark(article),
    ]
    return " ".join(_sentence(part) for part in parts if part)


def authors_named(article: ExportedArticle) -> str:
    """Up to six names, then `et al.`"""
    found = [name for name in map(names.short, article.authors) if name]
    named = found if len(found) <= AUTHORS_NAMED else [*found[:AUTHORS_NAMED], "et al"]
    return ", ".join(named)


def source(article: ExportedArticle) -> str:
    """`Invented J. 2024 May;12(3):201-9. doi: 10.5555/x.`: MEDLINE's SO, without what is unknown."""
    journal = one_line((article.iso_abbreviation or article.journal or "").replace(".", ""))
    issue = (article.volume or "") + (f"({article.issue})" if article.issue else "")
    place = ":".join(filter(None, (issue, article.pages or "")))
    when = ";".join(filter(None, (dates.in_words(article), place)))
    doi = f"doi: {article.doi}" if article.doi else ""
    return one_line(" ".join(_sentence(part) for part in (journal, when, doi) if part))


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!", ".]", "?]", "!]")) else f"{text}."
