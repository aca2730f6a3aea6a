"""How far two reviewers agree on what both gave: each field of the tagging form, findings, risk of bias, GRADE."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from db.models import Review
from db.queries import review as review_queries
from db.queries.blinding import default_review
from db.queries.dual_extraction import FINDING
from db.types import Actor
from review_app.screening.agreement import Agreement, agreement
from review_app.services import tag_forms
from review_app.services.compared import Compared
from review_app.services.dual_extraction import everything_compared
from review_app.tagging.form import Entry, Field, in_form, value_key

CHOSEN = frozenset({"one", "several"})


@dataclass(frozen=True, slots=True)
class FieldAgreement:
    """`is_chosen`: the answer is one or several of a list, so that agreement beyond chance means something. Several
    agree when the whole set does."""

    label: str
    is_chosen: bool
    agreement: Agreement


def tag_agreement(session: Session, *, viewer: Actor, topic_id: str) -> list[FieldAgreement]:
    """By field of the form as it is now, from the first two who tagged a study, where the viewer may see both."""
    review = default_review(session, topic_id=topic_id)
    if review is None:
        return []
    form = tag_forms.current_form(session)[1]
    pairs = [(in_form(form, one), in_form(form, two)) for one, two in _entries(session, viewer, review)]
    found = ((each, agreement((_said(each, one), _said(each, two)) for one, two in pairs)) for each in form.active())
    return [FieldAgreement(each.label, each.kind in CHOSEN, said) for each, said in found if said is not None]


def extraction_agreement(session: Session, *, viewer: Actor, topic_id: str) -> list[FieldAgreement]:
    """Of findings, the risk of bias and grades, from the first two who gave them, where the viewer may see both.

    Findings of one result are compared part by part where both have one; how often both do stands above.
    """
    review = default_review(session, topic_id=topic_id)
    if review is None:
        return []
    pairs: dict[tuple[str, bool], list[tuple[str, str]]] = defaultdict(list)
    for compared in everything_compared(session, viewer=viewer, review=review):
        for label, is_chosen, pair in _compared_pairs(compared):
            pairs[label, is_chosen].append(pair)
    found = ((label, is_chosen, agreement(said)) for (label, is_chosen), said in pairs.items())
    return [FieldAgreement(label, is_chosen, said) for label, is_chosen, said in found if said is not None]


def _compared_pairs(compared: Compared) -> Iterator[tuple[str, bool, tuple[str, str]]]:
    one, two, *_ = (side.entry for side in compared.sides)
    for field in compared.form.fields:
        if compared.subject != FINDING:
            yield f"{compared.tool}: {field.label}", True, (_said(field, one), _said(field, two))
            continue
        rows = [*one[field.id], *two[field.id]]
        if not rows:  # only a third has it
            continue
        yield "Findings: both have it", False, ("yes", "yes" if len(rows) == 2 else "no")
        for part in field.parts if len(rows) == 2 else ():
            if part.id != "domain":  # they are compared because it is the same
                first, second = (_said(part, row) for row in rows)
                yield f"Findings: {part.label}", part.kind in CHOSEN, (first, second)


def _entries(session: Session, viewer: Actor, review: Review) -> Iterator[tuple[Entry, Entry]]:
    ids = sorted(review_queries.tagged_ids(session, review=review))
    for rows in review_queries.taggings(session, viewer=viewer, review=review, article_ids=ids).values():
        own = [row.tags for row in rows if not row.consensus]
        if len(own) > 1:
            yield own[0], own[1]


def _said(field: Field, entry: Entry) -> str:
    value: Any = entry[field.id]
    return " + ".join(sorted(map(value_key, value))) if isinstance(value, list) else value_key(value)
