"""What an article or a label said before and after a change, from revisions. Never commits."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from db.models import Alert, Article, ChangeLog, Label, Revision


@dataclass(frozen=True, slots=True)
class Section:
    """A labelled part of a text."""

    label: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Side:
    """What a source said at one time: before a change, or after it."""

    title: str
    sections: tuple[Section, ...]


def sides(session: Session, row: Alert) -> tuple[Side | None, Side | None]:
    """Before and after the change that an alert tells of; None where nothing is kept or the words are the same."""
    if row.change_id is not None:
        before, after = _of_change(session, session.get_one(ChangeLog, row.change_id))
        return (None, None) if before == after else (before, after)
    labels = [session.get(Label, row.detail.get(name, 0)) for name in ("label_before", "label")]
    if len({_has_text(label) for label in labels if label is not None}) > 1:  # a summary of ours is no earlier text
        return None, None
    named = {part.get("loinc"): part["title"] for label in labels if label for part in label.sections if part["title"]}
    before, after = (None if label is None else Side(label.title, _points(label, named)) for label in labels)
    return before, after


def _of_change(session: Session, change: ChangeLog) -> tuple[Side | None, Side | None]:
    if change.new_hash in {None, change.old_hash}:  # it came or went, as it was
        return None, None
    article = session.get_one(Article, change.article_id)
    before = _said(session, article, change.old_hash, upto=change)
    return before, _said(session, article, change.new_hash)


def _said(session: Session, article: Article, content_hash: str | None, upto: ChangeLog | None = None) -> Side | None:
    """The article as it was under this hash; None when that is not kept."""
    if content_hash is None:
        return None
    if upto is None and article.content_hash == content_hash:
        return Side(article.title, _sections(article.sections))
    rows = select(Revision).where(Revision.article_id == article.id, Revision.content_hash == content_hash)
    if upto is not None:
        rows = rows.where(col(Revision.replaced_at) <= upto.at)
    revision = session.exec(rows.order_by(col(Revision.id).desc()).limit(1)).first()
    if revision is None:
        return None
    return Side(revision.content["title"], _sections(revision.content["sections"]))


def _sections(parts: list[dict[str, Any]]) -> tuple[Section, ...]:
    return tuple(Section(part.get("label"), part["text"]) for part in parts)


def _points(label: Label, named: dict[str | None, str]) -> tuple[Section, ...]:
    """A label's sections; beside its own text our summary of other sections says nothing of what changed.

    A section that has no title in one version is called what another calls the section of the same LOINC code.
    """
    has_text = _has_text(label)
    return tuple(
        Section(part["title"] or named.get(part.get("loinc")), part.get("text") or "\n".join(part.get("points", ())))
        for part in label.sections
        if "text" in part or not has_text
    )


def _has_text(label: Label) -> bool:
    return any("text" in part for part in label.sections)
