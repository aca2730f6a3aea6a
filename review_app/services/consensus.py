"""Dual extraction: two reviewers tag a study blinded, then somebody settles field by field what holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from db import audit, config
from db.models import Adjudication, Article, Record, Review, Tagging
from db.queries import literature
from db.queries import review as review_queries
from db.queries.blinding import default_review
from db.types import Actor
from review_app.services import drafts, tag_forms
from review_app.services.errors import Conflict, Invalid
from review_app.services.permissions import May, require
from review_app.services.study_page import StudyPage
from review_app.services.tags import QUOTES, open_review
from review_app.tagging.form import BadEntry, Entry, Field, TagForm, in_form, same_value, valid_entry

LISTED = 200


@dataclass(frozen=True, slots=True)
class Side:
    """One reviewer's entry as the form asks it now."""

    tagging: Tagging
    name: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both entries, the fields on which they differ and those on which they agree, and the consensus there is."""

    sides: tuple[Side, ...]
    differing: tuple[Field, ...]
    agreed: tuple[Field, ...]
    settled: Tagging | None

    @property
    def is_settled(self) -> bool:
        """Whether the consensus is younger than every entry."""
        return self.settled is not None and all(side.tagging.id < self.settled.id for side in self.sides)


@dataclass(frozen=True, slots=True)
class Choice:
    """What holds of one field: the value of a side (its tagging's id), or one that was written; and why."""

    side: int | None
    value: Any = None
    reason: str = ""


def comparison(study: StudyPage) -> Comparison | None:
    """The entries of a study beside each other; None until two that the viewer may see are there."""
    rows = [*([study.own] if study.own else []), *study.others]
    entries = sorted((row for row in rows if not row.consensus), key=lambda row: row.id)
    settled = max((row for row in rows if row.consensus), key=lambda row: row.id, default=None)
    if len(entries) < 2:
        return None
    names = study.members
    sides = tuple(Side(row, names.get(row.member_id, "somebody"), in_form(study.form, row.tags)) for row in entries)
    fields = study.form.active()
    differing = tuple(each for each in fields if _differs(each, sides))
    return Comparison(sides, differing, tuple(each for each in fields if each not in differing), settled)


def waiting(session: Session, *, viewer: Actor, topic_id: str) -> list[Article]:
    """The studies that two reviewers tagged and nobody has settled, the oldest first."""
    review = default_review(session, topic_id=topic_id)
    if review is None:
        return []
    ids = review_queries.without_consensus(session, viewer=viewer, review=review, limit=LISTED)
    found = literature.articles_by_id(session, ids=ids)
    return [found[each] for each in ids]


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
    review, sides, form = _entries(session, actor, topic_id, article_id, settles)
    row, asked = form
    if row.version != form_version:
        raise Conflict("The form changed meanwhile. Look at the fields again before you settle them.")
    differing = [each for each in asked.active() if _differs(each, sides)]
    why = {each.id: _reason(each, choices.get(each.id), reason) for each in differing}
    chosen = {each.id: choices[each.id] if each.id in why else Choice(sides[0].tagging.id) for each in asked.active()}
    tagging = Tagging(
        review_id=review.id,
        article_id=article_id,
        member_id=actor.member_id,
        form_id=row.id,
        consensus=True,
        tags=_settled(asked, sides, chosen, differing),
        note="\n".join(f"{each.label}: {why[each.id]}" for each in differing) or None,
        content_hash=sides[-1].tagging.content_hash,
        tagged_at=config.now(),
    )
    session.add(tagging)
    session.flush()
    _keep_adjudications(session, actor, tagging, chosen, why, settles)
    drafts.forget(session, actor, draft_key(article_id))
    detail = {"tagging": tagging.id, "settles": settles, "differed": list(why)}
    audit.record(
        session, actor=actor, action="tags_settled", subject_kind="article", subject_id=article_id, detail=detail
    )
    session.commit()
    return tagging


def keep_draft(session: Session, *, actor: Actor, article_id: int, value: dict[str, Any]) -> None:
    """Keep what is chosen and typed, and not settled yet."""
    require(actor, May.ADJUDICATE)
    drafts.keep(session, actor, draft_key(article_id), value)
    session.commit()


def draft_key(article_id: int) -> str:
    return f"consensus:{article_id}"


def _differs(field: Field, sides: tuple[Side, ...]) -> bool:
    first = sides[0].entry[field.id]
    return any(not same_value(first, side.entry[field.id]) for side in sides[1:])


def _entries(
    session: Session, actor: Actor, topic_id: str, article_id: int, settles: list[int]
) -> tuple[Review, tuple[Side, ...], tuple[Any, TagForm]]:
    review = open_review(session, topic_id)
    form = tag_forms.current_form(session)
    rows = review_queries.taggings(session, viewer=actor, review=review, article_ids=[article_id]).get(article_id, [])
    entries = [row for row in rows if not row.consensus]
    if len(entries) < 2 or {row.id for row in entries} != set(settles):
        raise Conflict("Somebody tagged this study meanwhile. Look at what they say before you settle it.")
    return review, tuple(Side(row, "", in_form(form[1], row.tags)) for row in entries), form


def _reason(field: Field, choice: Choice | None, otherwise: str) -> str:
    if choice is None:
        raise Invalid(f"Choose what holds of {field.label}: the reviewers differ.")
    reason = choice.reason.strip() or otherwise.strip()
    if not reason:
        raise Invalid(f"Say why for {field.label}: the reason is kept with the consensus.")
    return reason


def _settled(form: TagForm, sides: tuple[Side, ...], chosen: Mapping[str, Choice], differing: list[Field]) -> Entry:
    """The entry that holds, with the quotes of the sides that it was taken from; of all where they agree."""
    by_id = {side.tagging.id: side for side in sides}
    entry: Entry = {}
    quotes: dict[str, list[int]] = {}
    for field in form.active():
        choice = chosen[field.id]
        if choice.side is not None and choice.side not in by_id:
            raise Invalid(f"Choose one of the reviewers, or write another value, for {field.label}.")
        entry[field.id] = choice.value if choice.side is None else by_id[choice.side].entry[field.id]
        agreed_by_all = field not in differing and field.kind != "rows"
        for side in sides if agreed_by_all else [by_id[choice.side]] if choice.side is not None else []:
            for target, ids in side.tagging.tags.get(QUOTES, {}).items():
                if target.partition(":")[0] == field.id:
                    quotes[target] = sorted({*quotes.get(target, ()), *ids})
    try:
        return valid_entry(form, entry) | ({QUOTES: quotes} if quotes else {})
    except BadEntry as error:
        raise Invalid(str(error)) from error


def _keep_adjudications(
    session: Session,
    actor: Actor,
    tagging: Tagging,
    chosen: Mapping[str, Choice],
    why: Mapping[str, str],
    settles: list[int],
) -> None:
    """One decision for each field on which the entries differed."""
    same = select(Record.id).where(Record.review_id == tagging.review_id, Record.article_id == tagging.article_id)
    record_id = session.exec(same).first()
    for field, reason in why.items():
        said = {"article": tagging.article_id, "tagging": tagging.id, "from": chosen[field].side}
        session.add(
            Adjudication(
                subject="tagging",
                review_id=tagging.review_id,
                record_id=record_id,
                field=field,
                decision={**said, "value": tagging.tags[field]},
                settles=settles,
                reason=reason,
                member_id=actor.member_id,
                decided_at=config.now(),
            )
        )
    session.flush()
