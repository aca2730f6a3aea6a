"""How far two reviewers agree on each field of the tagging form, over the studies that both have tagged."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from db.models import Review
from db.queries import review as review_queries
from db.queries.blinding import default_review
from db.types import Actor
from review_app.screening.agreement import Agreement, agreement
from review_app.services import tag_forms
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


def _entries(session: Session, viewer: Actor, review: Review) -> Iterator[tuple[Entry, Entry]]:
    ids = sorted(review_queries.tagged_ids(session, review=review))
    for rows in review_queries.taggings(session, viewer=viewer, review=review, article_ids=ids).values():
        own = [row.tags for row in rows if not row.consensus]
        if len(own) > 1:
            yield own[0], own[1]


def _said(field: Field, entry: Entry) -> str:
    value: Any = entry[field.id]
    return " + ".join(sorted(map(value_key, value))) if isinstance(value, list) else value_key(value)
