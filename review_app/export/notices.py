"""What one record says of another, as MEDLINE names it (MEDLINE/PubMed Data Element Descriptions, Comment/Corrections).

Notices are as the export has them: kind, whether this article is what the notice is about, and where the other is.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from review_app.export.plain_text import one_line

Notice = Mapping[str, Any]


class Term(NamedTuple):
    """A tag of the nbib format, and the words for it."""

    tag: str
    words: str


# kind: (on the article that the notice is about, on the notice)
_TERMS: Mapping[str, tuple[Term, Term]] = {
    "retraction": (Term("RIN", "Retraction in"), Term("ROF", "Retraction of")),
    "partial_retraction": (Term("PRIN", "Partial retraction in"), Term("PROF", "Partial retraction of")),
    "retracted_and_republished": (
        Term("RRI", "Retracted and republished in"),
        Term("RRF", "Retracted and republished from"),
    ),
    "corrected_and_republished": (
        Term("CRI", "Corrected and republished in"),
        Term("CRF", "Corrected and republished from"),
    ),
    "erratum": (Term("EIN", "Erratum in"), Term("EFR", "Erratum for")),
    "expression_of_concern": (Term("ECI", "Expression of concern in"), Term("ECF", "Expression of concern for")),
    "republished": (Term("RPI", "Republished in"), Term("RPF", "Republished from")),
    "update": (Term("UIN", "Update in"), Term("UOF", "Update of")),
    "comment": (Term("CIN", "Comment in"), Term("CON", "Comment on")),
    "summary_for_patients": (Term("SPIN", "Summary for patients in"), Term("ORI", "Original report in")),
}


def term(notice: Notice) -> Term | None:
    """None for a kind that MEDLINE has no tag for."""
    pair = _TERMS.get(notice["kind"])
    return pair[0 if notice["is_subject"] else 1] if pair else None


def in_words(notice: Notice) -> str:
    """`Erratum in: PMID 90000003 (J Invent. 2023;4:1) [dose corrected]`."""
    known = term(notice)
    words = known.words if known else notice["kind"].replace("_", " ").capitalize()
    note = f" [{one_line(notice['note'])}]" if notice["note"] else ""
    return f"{words}: {place(notice)}".removesuffix(": ") + note


def place(notice: Notice) -> str:
    """The other record: its PMID or DOI, and how the source cites it."""
    named = f"PMID {notice['pmid']}" if notice["pmid"] else f"doi:{notice['doi']}" if notice["doi"] else ""
    source = one_line(notice["source"] or "")
    return f"{named} ({source})" if named and source else named or source
