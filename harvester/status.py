"""How the library stands: its size, the last complete run, what is pending, what runs now, open alerts."""

from typing import Any

from sqlmodel import Session, col, func, select

from db.models import Article, ChangeLog, HarvestRun, HarvestTodo, Topic, TopicArticle
from db.queries import alerts, harvesting
from db.types import ChangeEvent, RunKind, RunStatus, WorkState
from harvester.lease import is_alive
from harvester.store import HARVESTER
from harvester.translation import translation_change
from harvester.vanished import UNLISTED


def library_status(session: Session) -> dict[str, Any]:
    """As `harvest status --json` prints it; times are ISO 8601 in UTC."""
    held = harvesting.lease(session)
    topics = session.exec(select(Topic).order_by(Topic.id)).all()
    return {
        "articles": harvesting.library_size(session),
        "topics": [_topic(session, topic) for topic in topics],
        "running": None
        if held is None or not is_alive(held)
        else {
            "holder": held.holder,
            "host": held.host.split(" ")[0],
            "process": held.pid,
            "since": held.acquired_at.isoformat(),
            "last_heard": held.heartbeat_at.isoformat(),
        },
        "open_alerts": alerts.open_count(session, viewer=HARVESTER, mine=False),
    }


def _topic(session: Session, topic: Topic) -> dict[str, Any]:
    size = select(func.count()).select_from(TopicArticle).where(TopicArticle.topic_id == topic.id)
    # A file that was imported says nothing of how fresh the topic is.
    asked = select(HarvestRun).where(
        HarvestRun.topic_id == topic.id, col(HarvestRun.kind).in_((RunKind.SYNC, RunKind.REFRESH))
    )
    newest = asked.order_by(col(HarvestRun.id).desc()).limit(1)
    last = session.exec(newest).first()
    complete = session.exec(newest.where(HarvestRun.status == RunStatus.COMPLETE)).first()
    return {
        "topic": topic.id,
        "name": topic.name,
        "articles": session.exec(size).one(),
        "watermark": topic.watermark.isoformat() if topic.watermark else None,
        "last_complete_run": _run(complete),
        "last_run": _run(last),
        "query_translation": last.query_translation if last else None,
        "translation_change": _translation_change(session, topic.id),
        "pending": _pending(session, last),
        "not_stored": [] if last is None else not_stored(session, last.id or 0),
        "last_night": _last_night(session, topic.id),
    }


def _last_night(session: Session, topic_id: str) -> dict[str, Any] | None:
    """What the last refresh says of each source, what is missing from PubMed, and what it marked as gone."""
    nightly = select(HarvestRun).where(HarvestRun.topic_id == topic_id, HarvestRun.kind == RunKind.REFRESH)
    run = session.exec(nightly.order_by(col(HarvestRun.id).desc()).limit(1)).first()
    if run is None:
        return None
    here = select(Article.pmid, TopicArticle.missing_since).join(TopicArticle).where(TopicArticle.topic_id == topic_id)
    missing = here.where(TopicArticle.misses > 0, col(Article.tombstoned_at).is_(None)).order_by(col(Article.pmid))
    gone = select(Article.pmid).join(ChangeLog).where(ChangeLog.event == ChangeEvent.TOMBSTONED)
    return {
        "night": run.options.get("night"),
        **(_run(run) or {}),
        "sources": run.options.get("sources", []),
        "missing": [
            {"pmid": pmid, "since": since.isoformat() if since else None} for pmid, since in session.exec(missing)
        ],
        "gone": session.exec(gone.where(ChangeLog.run_id == run.id).order_by(col(Article.pmid))).all(),
    }


def _translation_change(session: Session, topic_id: str) -> dict[str, Any] | None:
    change = translation_change(session, topic_id)
    if change is None:
        return None
    return {
        "run": change.run,
        "since": change.since.isoformat(),
        "old_run": change.old_run,
        "old": change.old,
        "new": change.new,
        "added": list(change.added),
        "removed": list(change.removed),
        "words": change.words,
        "query_changed": change.query_changed,
    }


def _pending(session: Session, run: HarvestRun | None) -> int:
    if run is None:
        return 0
    left = select(func.count()).select_from(HarvestTodo)
    left = left.where(HarvestTodo.run_id == run.id, HarvestTodo.state == WorkState.PENDING)
    return session.exec(left).one()


def not_stored(session: Session, run_id: int) -> list[dict[str, Any]]:
    """The PMIDs that a run listed and could not store, and why."""
    listed = (HarvestTodo.run_id == run_id, HarvestTodo.reason != UNLISTED)
    todo = select(HarvestTodo.pmid, HarvestTodo.message).where(*listed)
    lost = todo.where(col(HarvestTodo.state).in_((WorkState.FAILED, WorkState.MISSING))).order_by(col(HarvestTodo.pmid))
    return [{"pmid": pmid, "reason": reason} for pmid, reason in session.exec(lost)]


def _run(run: HarvestRun | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {
        "run": run.id,
        "kind": run.kind.value,
        "status": run.status.value,
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "new": run.new,
        "changed": run.changed,
        "unchanged": run.unchanged,
        "rejected": run.rejected,
        "missing": run.missing,
        "not_found": run.not_found,
        "message": run.message,
    }


def status_lines(status: dict[str, Any]) -> list[str]:
    """The same for a person."""
    lines = [f"{status['articles']} articles in the library, {status['open_alerts']} open alerts"]
    for topic in status["topics"]:
        complete, last = topic["last_complete_run"], topic["last_run"]
        when = complete["finished_at"][:16].replace("T", " ") + " UTC" if complete else "never"
        lines.append(f"{topic['topic']}: {topic['articles']} articles, last complete run {when}")
        if topic["pending"]:
            lines.append(f"  {topic['pending']} articles pending; `harvest {last['kind']}` goes on with them")
        lines += [f"  PMID {lost['pmid']} is not stored: {lost['reason']}" for lost in topic["not_stored"]]
        if last and last["status"] != RunStatus.COMPLETE:
            lines.append(f"  the last run is {last['status']}: {last['message'] or 'it ended without a word'}")
        if change := topic["translation_change"]:
            lines.append(f"  PubMed reads the query otherwise since {change['since'][:10]}: {change['words']}")
        if last and last["status"] == RunStatus.COMPLETE and last["message"]:
            lines.append(f"  {last['message']}")
        lines += _night_lines(topic["last_night"])
        if last and last["not_found"]:
            lines.append(f"  PubMed does not know {', '.join(last['not_found'])}")
    if running := status["running"]:
        since = running["since"][:16].replace("T", " ")
        lines.append(f"running: {running['holder']} on {running['host']} since {since} UTC")
    if not status["topics"]:
        lines.append("nothing was harvested yet; `harvest sync` begins")
    return lines


def _night_lines(night: dict[str, Any] | None) -> list[str]:
    if night is None:
        return []
    lines = [f"  last night: {night['status']}, begun {night['started_at'][:16].replace('T', ' ')} UTC"]
    for source in night["sources"]:
        said = f"{source['state']}, {source['checked']} checked, {source['changed']} changed"
        lines.append(f"    {source['source']}: {source['message'] or said}")
    lines += [f"    missing from PubMed since {lost['since'][:10]}: PMID {lost['pmid']}" for lost in night["missing"]]
    return lines + [f"    marked as gone from PubMed: PMID {pmid}" for pmid in night["gone"]]
