"""Dual extraction: two reviewers tag a study blinded, then somebody settles field by field what holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from db import audit, config
from db.models import Adjudication, Record, Review, Tagging
from db.queries import review as review_queries
from db.queries import screening
from db.types import Actor
from review_app.services import drafts, tag_forms
from review_app.services.errors import Conflict, Invalid
from review_app.services.permissions import May, require
from review_app.services.study_page import StudyPage
from review_app.services.tags import QUOTES, open_review
from review_app.tagging.comparison import Choice, Comparison, Held, Side, settled
from review_app.tagging.form import BadEntry, TagForm, in_form, valid_entry


@dataclass(frozen=True, slots=True, kw_only=True)
class TagComparison(Comparison):
    """The entries of two or more beside each other, by the ids of their taggings, and the consensus there is."""

    settled: Tagging | None

    @property
    def is_settled(self) -> bool:
        """Whether the consensus is younger than every entry."""
        return self.settled is not None and all(side.id < self.settled.id for side in self.sides)


def comparison(study: StudyPage) -> TagComparison | None:
    """The entries of a study beside each other; None until two that the viewer may see are there."""
    rows = [*([study.own] if study.own else []), *study.others]
    entries = sorted((row for row in rows if not row.consensus), key=lambda row: row.id)
    kept = max((row for row in rows if row.consensus), key=lambda row: row.id, default=None)
    if len(entries) < 2:
        return None
    return TagComparison(study.form, _sides(entries, study.form, study.members), settled=kept)


def settle_tags(
    session: Session,
    *,
    actor: Actor,
    topic_id: str,
    article_id: int,
    form_version: int,
    settles: list[int],
    choices: Mapping[str, Choice],
    reason: str = "",
) -> Tagging:
    """Keep the consensus of the entries `settles`; each field on which they differ needs a choice and a reason.

    `reason` is for the fields that give none of their own. Entries stay as they are. Conflict when one of them, or the
    form, changed meanwhile.
    """
    require(actor, May.ADJUDICATE)
    review = open_review(session, topic_id)
    row, asked = tag_forms.current_form(session)
    entries = _entries(session, actor, review, article_id, settles)
    if row.version != form_version:
        raise Conflict("The form changed meanwhile. Look at the fields again before you settle them.")
    compared = Comparison(asked, _sides(entries, asked, {}))
    try:
        held = settled(compared.differing, compared.sides, choices, reason)
        entry = valid_entry(asked, compared.agreed_entry() | {name: each.value for name, each in held.items()})
    except BadEntry as error:
        raise Invalid(str(error)) from error
    quotes = _quotes(compared, choices)
    tagging = Tagging(
        review_id=review.id,
        article_id=article_id,
        member_id=actor.member_id,
        form_id=row.id,
        consensus=True,
        tags=entry | ({QUOTES: quotes} if quotes else {}),
        note="\n".join(f"{each.label}: {held[each.id].reason}" for each in compared.differing) or None,
        content_hash=entries[-1].content_hash,
        tagged_at=config.now(),
    )
    session.add(tagging)
    session.flush()
    _keep_adjudications(session, actor, tagging, choices, held, settles)
    drafts.forget(session, actor, draft_key(str(article_id)))
    detail = {"tagging": tagging.id, "settles": settles, "differed": list(held)}
    audit.record(
        session, actor=actor, action="tags_settled", subject_kind="article", subject_id=article_id, detail=detail
    )
    session.commit()
    return tagging


def keep_draft(session: Session, *, actor: Actor, key: str, value: dict[str, Any]) -> None:
    """Keep what is chosen and typed, and not settled yet; `key` names what is compared, for tags the article."""
    require(actor, May.ADJUDICATE)
    drafts.keep(session, actor, draft_key(key), value)
    session.commit()


def kept_draft(session: Session, *, viewer: Actor, key: str) -> dict[str, Any]:
    return screening.draft(session, viewer=viewer, key=draft_key(key))


def draft_key(key: str) -> str:
    return f"consensus:{key}"


def _sides(entries: Sequence[Tagging], form: TagForm, names: Mapping[int, str]) -> tuple[Side, ...]:
    """What they say as the form asks it now."""
    return tuple(
        Side(
            row.id,
            names.get(row.member_id, "somebody"),
            in_form(form, row.tags),
            reasons={},
            quotes=row.tags.get(QUOTES, {}),
        )
        for row in entries
    )


def _entries(session: Session, actor: Actor, review: Review, article_id: int, settles: list[int]) -> list[Tagging]:
    rows = review_queries.taggings(session, viewer=actor, review=review, article_ids=[article_id]).get(article_id, [])
    entries = [row for row in rows if not row.consensus]
    if len(entries) < 2 or {row.id for row in entries} != set(settles):
        raise Conflict("Somebody tagged this study meanwhile. Look at what they say before you settle it.")
    return entries


def _quotes(compared: Comparison, choices: Mapping[str, Choice]) -> dict[str, list[int]]:
    """The quotes of the sides that the values were taken from; of all where they agree on one value."""
    agreed = {each.id for each in compared.agreed}
    one_value = {each.id for each in compared.agreed if each.kind != "rows"}
    found: dict[str, list[int]] = {}
    for side in compared.sides:
        for target, ids in side.quotes.items():
            field = target.partition(":")[0]
            taken = compared.sides[0].id if field in agreed else choices[field].side if field in choices else None
            if field in one_value or side.id == taken:
                found[target] = sorted({*found.get(target, ()), *ids})
    return found


def _keep_adjudications(
    session: Session,
    actor: Actor,
    tagging: Tagging,
    choices: Mapping[str, Choice],
    held: Mapping[str, Held],
    settles: list[int],
) -> None:
    """One decision for each field on which the entries differed."""
    record_id = record_of(session, review_id=tagging.review_id, article_id=tagging.article_id)
    for field, each in held.items():
        said = {"article": tagging.article_id, "tagging": tagging.id, "from": choices[field].side}
        session.add(
            Adjudication(
                subject="tagging",
                review_id=tagging.review_id,
                record_id=record_id,
                field=field,
                decision={**said, "value": each.value},
                settles=settles,
                reason=each.reason,
                member_id=actor.member_id,
                decided_at=config.now(),
            )
        )
    session.flush()


def record_of(session: Session, *, review_id: int, article_id: int) -> int | None:
    """The article's record in a review, where it has one."""
    return session.exec(select(Record.id).where(Record.review_id == review_id, Record.article_id == article_id)).first()
