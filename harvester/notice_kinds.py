"""What a link between two articles means: the RefType values of the PubMed DTD (pubmed_250101.dtd)."""

import re

# kind, (RefType on the article the notice is about, RefType on the notice)
_PAIRS = (
    ("retraction", "RetractionIn", "RetractionOf"),
    ("partial_retraction", "PartialRetractionIn", "PartialRetractionOf"),
    ("retracted_and_republished", "RetractedandRepublishedIn", "RetractedandRepublishedFrom"),
    ("corrected_and_republished", "CorrectedandRepublishedIn", "CorrectedandRepublishedFrom"),
    ("erratum", "ErratumIn", "ErratumFor"),
    ("expression_of_concern", "ExpressionOfConcernIn", "ExpressionOfConcernFor"),
    ("republished", "RepublishedIn", "RepublishedFrom"),
    ("update", "UpdateIn", "UpdateOf"),
    ("comment", "CommentIn", "CommentOn"),
    ("summary_for_patients", "SummaryForPatientsIn", "OriginalReportIn"),
    ("reprint", "ReprintIn", "ReprintOf"),
)
_KINDS = {
    "AssociatedDataset": ("associated_dataset", False),
    "AssociatedPublication": ("associated_publication", False),
    **{subject: (kind, True) for kind, subject, _ in _PAIRS},
    **{notice: (kind, False) for kind, _, notice in _PAIRS},
}
_REF_TYPES = {meaning: ref_type for ref_type, meaning in _KINDS.items()}
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def notice_kind(ref_type: str) -> tuple[str, bool]:
    """The kind, and whether the article that carries the link is what the notice is about.

    An unknown RefType is kept as its own kind in snake case; it is a subject when it ends in "In", as in the DTD.
    """
    known = _KINDS.get(ref_type)
    return known or (_HUMP.sub("_", ref_type).lower(), ref_type.endswith("In"))


def ref_type_of(kind: str, is_subject: bool) -> str:
    """The RefType that means this; one of our own making for a kind that PubMed does not link by."""
    known = _REF_TYPES.get((kind, is_subject))
    return known or "".join(word.capitalize() for word in kind.split("_")) + ("In" if is_subject else "Of")
