"""What has to be said of an article beside its citation: above all whether it still stands.

Every format carries these as notes, so that a retracted article is marked wherever its reference goes.
"""

from collections.abc import Mapping

from review_app.export import notices
from review_app.export.model import ExportedArticle
from review_app.export.plain_text import one_line

# What an integrity state is called, and the kinds of notice that lead to it.
_STATES: Mapping[str, tuple[str, frozenset[str]]] = {
    "retracted": ("RETRACTED", frozenset({"retraction"})),
    "retracted_and_replaced": ("RETRACTED AND REPLACED", frozenset({"retracted_and_republished"})),
    "partially_retracted": ("PARTIALLY RETRACTED", frozenset({"partial_retraction"})),
    "withdrawn": ("WITHDRAWN", frozenset({"withdrawal"})),
    "expression_of_concern": ("EXPRESSION OF CONCERN", frozenset({"expression_of_concern"})),
    "corrected": ("CORRECTED", frozenset({"erratum", "corrected_and_republished"})),
}


def standing(article: ExportedArticle) -> str:
    """The integrity state in one line, with the day on which this library read the record."""
    said = mark(article) or "Integrity: nothing known against it"
    return f"{said} (record read on {article.retrieved_at[:10]})"


def mark(article: ExportedArticle) -> str | None:
    """`RETRACTED: see PMID 90000003 (J Invent. 2023;4:1)`; None where nothing is known against the article."""
    if article.integrity == "none_known":
        return None
    word = _STATES[article.integrity][0] if article.integrity in _STATES else article.integrity.upper()
    see = "; ".join(dict.fromkeys(filter(None, map(notices.place, _behind(article)))))
    return f"{word}: see {see}" if see else word


def state_in_words(article: ExportedArticle) -> str | None:
    """`retracted`, or None where nothing is known against the article."""
    return None if article.integrity == "none_known" else article.integrity.replace("_", " ")


def remarks(article: ExportedArticle) -> list[str]:
    """The standing first, then every other notice and what no field of a citation holds, one line each."""
    told = [notice for notice in _behind(article) if not notice["note"]]
    said = [standing(article), *(notices.in_words(notice) for notice in article.notices if notice not in told)]
    if article.vernacular_title:
        said.append(f"Original title: {one_line(article.vernacular_title)}")
    if article.registry_ids:
        said.append(f"Registered as: {'; '.join(map(one_line, article.registry_ids))}")
    return said


def _behind(article: ExportedArticle) -> list[notices.Notice]:
    """The notices that the integrity state comes from."""
    kinds = _STATES[article.integrity][1] if article.integrity in _STATES else frozenset[str]()
    return [notice for notice in article.notices if notice["is_subject"] and notice["kind"] in kinds]
