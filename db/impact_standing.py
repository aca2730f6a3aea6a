"""What a change says of whether an article stands: which marks it gained and lost, by which source.

A record is marked by notices about it, and by the publication type Retracted Publication (D016441) whether or not a
link says so too. What counts is how often the source that knows most says it: a second source that repeats what is
known is no news, nor is a link that is now told with a PMID.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.integrity import ENDED, GRAVITY, REINSTATEMENT, is_retraction_mark, standing
from db.models import ArticlePublicationType, Notice

PUBMED, UPDATE = "pubmed", "update"
# Kind of notice → kind of alert, the gravest first.
ALERTS = {kind: integrity.removeprefix("expression_of_") for kind, integrity in GRAVITY if kind != REINSTATEMENT}
ALERTS |= {UPDATE: "updated"}
GRAVE = tuple(kind for kind in ALERTS if kind in ENDED)
_PLACE = {kind: place for place, kind in enumerate(ALERTS)}
# An article is retracted or it is not, however many notices say so; of the others each is one more.
_ONCE = {"retracted_and_republished", "retraction", "withdrawal"}

Said = Mapping[str, Counter[str]]


@dataclass(frozen=True, slots=True)
class Standing:
    """What happened to an article's standing: the kind of alert, the kind of notice that came or went, and the sources
    that say it now."""

    kind: str
    notice: str = ""
    sources: tuple[str, ...] = ()


def said_in(content: Mapping[str, Any]) -> Counter[str]:
    """What PubMed said of an article in a revision."""
    kinds = Counter(notice["kind"] for notice in content["notices"] if notice["is_subject"])
    return _marked(kinds, any(is_retraction_mark(kind["ui"], kind["name"]) for kind in content["publication_types"]))


def said(notices: Iterable[Notice], types: Iterable[ArticlePublicationType]) -> dict[str, Counter[str]]:
    """What each source says of an article now."""
    found: dict[str, Counter[str]] = {PUBMED: Counter()}
    for notice in standing(notices):
        found.setdefault(notice.source, Counter())[notice.kind] += 1
    found[PUBMED] = _marked(found[PUBMED], any(is_retraction_mark(row.ui, row.name) for row in types))
    return found


def before_named(
    notices: Sequence[Notice], types: Iterable[ArticlePublicationType], named: Collection[str], at: datetime
) -> Said:
    """What the sources said before one of them said, or took back, something of these kinds at this time.

    The change log names the kinds and not the source. A notice may be new, be withdrawn, be back, or have become one of
    another kind; where several sources say the same now, the newest notice is the one that changed.
    """
    about = sorted((row for row in notices if row.kind in named), key=lambda row: row.id)
    reinstatement = next((row for row in reversed(about) if row.kind == REINSTATEMENT), None)
    stands = standing(notices)
    found = defaultdict(Counter, said([row for row in notices if row is not reinstatement], types))
    if reinstatement is not None and reinstatement.withdrawn_at is not None:
        for kind in GRAVE:  # it was in force, and ended these
            found[reinstatement.source][kind] = 0
    for kind in sorted(set(named).intersection(ALERTS)):
        rows = [row for row in about if row.kind == kind]
        lost = next((row.source for row in rows if row.withdrawn_at == at), None)
        gained = next((row.source for row in reversed(rows) if row in stands), None)
        if lost is None and reinstatement is not None and gained != reinstatement.source:
            lost = reinstatement.source
        if lost is not None or gained is None:
            found[lost or ""][kind] += 1
        else:
            new = sum(row.source == gained and row.first_seen_at == at for row in rows)
            found[gained][kind] = max(0, found[gained][kind] - max(new, 1))
    return found


def change_of(before: Said, after: Said) -> Standing | None:
    """What this change is to those who rest on the article; None where it is nothing."""
    gained = [kind for kind in ALERTS if _most(after, kind) > _most(before, kind)]
    if gained and gained[0] != UPDATE:
        return Standing(ALERTS[gained[0]], gained[0], _who(after, gained[0]))
    worst, now = _gravest(before), _gravest(after)
    if worst and (now is None or _PLACE[now] > _PLACE[worst]):
        return Standing("reinstated", worst)
    if disputed := _disputed(before, after):
        return Standing("sources_disagree", disputed, _who(after, *GRAVE))
    return Standing(ALERTS[UPDATE], UPDATE, _who(after, UPDATE)) if gained else None


def _marked(kinds: Counter[str], marked: bool) -> Counter[str]:
    if marked and not kinds["retraction"]:
        kinds["retraction"] = 1
    return kinds


def _who(found: Said, *kinds: str) -> tuple[str, ...]:
    return tuple(sorted(source for source, said in found.items() if any(said[kind] for kind in kinds)))


def _most(found: Said, kind: str) -> int:
    most = max((kinds[kind] for kinds in found.values()), default=0)
    return min(most, 1) if kind in _ONCE else most


def _gravest(found: Said) -> str | None:
    return next((kind for kind in ALERTS if kind != UPDATE and _most(found, kind)), None)


def _disputed(before: Said, after: Said) -> str | None:
    """What one source takes back while another still says so, or something as grave."""
    if not _who(after, *GRAVE):
        return None
    ended = (kinds for source, kinds in before.items() if source not in _who(after, *GRAVE))
    return next((kind for kinds in ended for kind in GRAVE if kinds[kind]), None)
