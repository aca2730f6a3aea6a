"""What PubMed makes of a topic's query, and since when that is not what it was.

PubMed maps queries to its vocabulary anew every December and drops what it does not know without an error, so that the
same query finds another set. The translation is stored with every run.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from db.models import HarvestRun
from db.types import RunKind, RunStatus

# A term with its field: words in quotes, or one word, or a range.
TERM = re.compile(r'"[^"]*"(?:\s*\[[^\]]*\])?|[^\s()"\[\]]+\s*\[[^\]]*\]')


@dataclass(frozen=True, slots=True)
class TranslationChange:
    """`old` was complete run `old_run`'s; `new` is that of `run` and of every run since. Terms in their order."""

    run: int
    since: datetime
    old_run: int
    old_since: datetime
    old: str
    new: str
    query_changed: bool

    @property
    def added(self) -> tuple[str, ...]:
        return _only(self.new, self.old)

    @property
    def removed(self) -> tuple[str, ...]:
        return _only(self.old, self.new)

    @property
    def words(self) -> str:
        """The difference in a few words."""
        parts = [f"now with {', '.join(self.added)}"] if self.added else []
        parts += [f"no longer with {', '.join(self.removed)}"] if self.removed else []
        return "; ".join(parts) or "the same terms, joined in another way"


def translation_change(session: Session, topic_id: str) -> TranslationChange | None:
    """The last time that PubMed's translation was not that of the complete run before; None when it never was."""
    translation = HarvestRun.query_translation
    asked = select(HarvestRun).where(
        HarvestRun.topic_id == topic_id,
        col(HarvestRun.kind).in_((RunKind.SYNC, RunKind.REFRESH)),
        col(translation).is_not(None),
    )
    newest_first = asked.order_by(col(HarvestRun.id).desc()).limit(1)
    complete = HarvestRun.status == RunStatus.COMPLETE
    newest = session.exec(newest_first).first()
    if newest is None:
        return None
    old = session.exec(newest_first.where(complete, translation != newest.query_translation)).first()
    if old is None:
        return None
    after = asked.where(complete, col(HarvestRun.id) > old.id).order_by(col(HarvestRun.id)).limit(1)
    run = session.exec(after).first() or newest
    return TranslationChange(
        run=run.id,
        since=run.started_at,
        old_run=old.id,
        old_since=old.started_at,
        old=old.query_translation or "",
        new=run.query_translation or "",
        query_changed=run.query != old.query,
    )


def translation_lines(change: TranslationChange) -> list[str]:
    """For a person: what changed in a line, then all of the old and all of the new."""
    also = ", which was changed itself," if change.query_changed else ""
    return [
        f"PubMed reads the query{also} otherwise than on {change.old_since:%Y-%m-%d}: {change.words}",
        f"  was: {change.old}",
        f"  is: {change.new}",
    ]


def _only(these: str, those: str) -> tuple[str, ...]:
    known = set(TERM.findall(those))
    return tuple(dict.fromkeys(term for term in TERM.findall(these) if term not in known))
