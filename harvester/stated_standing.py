"""The standing that an export of ours states in a word, kept where its notices do not say as much."""

import re
from collections.abc import Collection, Iterable

from db.integrity import GRAVITY, integrity_of
from harvester.notice_kinds import ref_type_of
from harvester.records import NoticeLink, PublicationType

_IN_WORDS = re.compile(
    r"(RETRACTED AND REPLACED|RETRACTED|PARTIALLY RETRACTED|WITHDRAWN|EXPRESSION OF CONCERN|CORRECTED)"
    r"(?::| \(record read on )"
)


def standing_in_words(notes: Iterable[str]) -> str | None:
    """The standing that our exports for reference managers put into a note, such as "RETRACTED: see PMID ..."."""
    found = next((found for note in notes if (found := _IN_WORDS.match(note.strip()))), None)
    return found[1].lower().replace(" ", "_") if found else None


def standing_notices(
    stated: str | None, types: Iterable[PublicationType], kinds: Collection[str] = ()
) -> tuple[NoticeLink, ...]:
    """A notice of its own when publication types and notices (`kinds`) do not lead to the standing that is stated: a
    retracted article must not come back as one that stands."""
    named = [{"ui": each.ui, "name": each.name} for each in types]
    kind = next((kind for kind, integrity in GRAVITY if integrity.value == stated), None)
    if kind is None or stated is None or integrity_of(named, kinds).value == stated:
        return ()
    words = f"stated as {stated.replace('_', ' ')} in the imported export"
    return (NoticeLink(ref_type_of(kind, True), kind, True, None, words),)
