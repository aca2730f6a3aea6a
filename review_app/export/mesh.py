"""MeSH headings as MEDLINE writes them, and the subject words of an article."""

from collections.abc import Mapping
from typing import Any

from review_app.export.model import ExportedArticle
from review_app.export.plain_text import one_line


def heading(mesh: Mapping[str, Any]) -> str:
    """`*Ketamine/administration & dosage/*adverse effects`: a star marks what the article is mainly about."""
    qualifiers = (f"/{'*' if each['major'] else ''}{each['name']}" for each in mesh["qualifiers"])
    return one_line(f"{'*' if mesh['major'] else ''}{mesh['name']}{''.join(qualifiers)}")


def subjects(article: ExportedArticle) -> list[str]:
    """The authors' keywords, then the MeSH headings, each once."""
    words = [*map(one_line, article.keywords), *map(heading, article.mesh)]
    return list(dict.fromkeys(filter(None, words)))
