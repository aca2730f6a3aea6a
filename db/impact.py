"""From a change up the chain: articles → findings, quotes, claims, sentences, documents; and whom to tell.

All of it happens in the caller's transaction, which is that of the change itself, and nothing of it twice: an alert has
its key, and what was told of under it is left alone. Who is told of what stands in `impact_rules`.
"""

from collections.abc import Mapping, Sequence

from sqlmodel import Session, func, select

from db.impact_alerts import Impact, Telling, known, night_trouble
from db.impact_changes import changes, told_by_another
from db.impact_labels import label_revised
from db.impact_log import LoggedChange, logged
from db.impact_offers import Stances, offer_new
from db.impact_quotes import follow
from db.impact_rests import Rests, families
from db.impact_rules import summary
from db.impact_tree import Affected, Tree
from db.models import ChangeLog

__all__ = ["Impact", "Stances", "label_revised", "mark", "night_trouble", "offer_new", "stands_as", "walk"]

# SQLite takes at most 32,766 variables in a statement.
ARTICLES_AT_ONCE = 5000
_NEWEST = select(func.max(ChangeLog.id))


def mark(session: Session) -> int:
    """The id of the newest row of the change log; 0 while there is none."""
    return session.execute(_NEWEST).scalar() or 0


def walk(session: Session, *, run_id: int | None, after: int) -> Impact:
    """Follow every row of the change log with a higher id than `after`.

    Who writes rows calls this in the same transaction, with the `mark` from before them. A row about a notice of
    another source than PubMed names the kinds of notices that came or went, and shares its time with those that are new
    or withdrawn.
    """
    rows = logged(session, after=after)
    ids, impact = sorted(rows), Impact()
    for start in range(0, len(ids), ARTICLES_AT_ONCE):
        impact += _walk(session, run_id, {each: rows[each] for each in ids[start : start + ARTICLES_AT_ONCE]})
    return impact


def stands_as(session: Session, *, change_id: int, article_id: int, was: int, now: int) -> Impact:
    """What rests on an article stands as the record `now` does, no more as the record `was`: tell of the difference.

    One of the two is the article itself. Who merges it into another calls this before it is, and who parts them again
    when they are, in their own transaction; `change_id` is the row of the change log.
    """
    change = told_by_another(session, change_id=change_id, was=was, now=now)
    tree = Tree(session, Rests(session, {now: families(session, [article_id])[article_id]}), {})
    return _tell(session, None, tree.affected(change), tree)


def _walk(session: Session, run_id: int | None, rows: Mapping[int, Sequence[LoggedChange]]) -> Impact:
    rests = Rests(session, families(session, rows))
    found = changes(session, {article_id: rows[article_id] for article_id in rests.concerned()})
    if not found:
        return Impact()
    quotes = follow(session, [change.article for change in found if change.text], run_id=run_id)
    tree = Tree(session, rests, quotes)
    affected = [each for change in found for each in tree.affected(change)]
    before = known(session, [each.key for each in affected])
    return _tell(session, run_id, [each for each in affected if each.key not in before], tree)


def _tell(session: Session, run_id: int | None, affected: Sequence[Affected], tree: Tree) -> Impact:
    telling = Telling(session, run_id=run_id)
    for each in affected:
        said = summary(each.change, each.effect, orphaned=each.orphaned)
        telling.tell(
            each.key,
            each.member_id,
            kind=each.effect.kind,
            summary=said,
            stale=each.effect.stale,
            change_id=each.change.row.id,
            article_id=each.change.article.id,
            detail=each.detail,
            **each.about,
        )
    return telling.close(tree.quotes)
