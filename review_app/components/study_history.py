"""Where a study came from, what was said of it and of its record, and who did what with it."""

from collections.abc import Iterable
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

import streamlit as st

from db.models import AuditEvent, ChangeLog, Revision, Tagging
from review_app.components.study_notices import notice_words
from review_app.components.tag_words import tag_lines, tagging_head
from review_app.services.study_page import StudyHistory, StudyPage

_EVENTS = {
    "tagged": "tagged the study",
    "risk_of_bias_judged": "judged the risk of bias",
    "article_grouped": "grouped this article with another study's",
    "article_ungrouped": "took this article out of its study",
    "tags_settled": "settled the tags",
    "finding_settled": "settled the findings",
    "risk_of_bias_settled": "settled the risk of bias",
    "risk_of_bias_tool_settled": "chose the tool for the risk of bias",
    "findings_given": "said that their findings are all",
    "finding_recorded": "recorded a finding",
    "finding_withdrawn": "withdrew a finding",
    "article_merged": "merged this record into another",
    "merge_taken_back": "took the merging of this record back",
    "duplicate_rejected": "said that this is not a duplicate",
    "duplicate_rejection_taken_back": "took back that this is not a duplicate",
}


def study_history(study: StudyPage, history: StudyHistory) -> None:
    """Draw every part that has something in it."""
    zone = ZoneInfo(history.zone)
    for row in study.others:
        st.html(_tagging(study, row))
    notices = study.record.notices.get(study.article.id, ())
    _log("Notices and links", zone, ((notice.first_seen_at, notice_words(notice)) for notice in notices))
    _log("What people did", zone, ((event.at, _event(event)) for event in history.events))
    _log("Earlier versions of the record", zone, ((row.replaced_at, _revision(row)) for row in history.revisions))
    _log("Harvests and imports", zone, ((row.at, _change(row)) for row in history.changes))
    _log("Where it came from", zone, ((row.seen_at, escape(f"{row.kind}: {row.name}")) for row in history.sources))
    st.html(f'<p class="fn-by">Times in {escape(history.zone)}.</p>')


def _log(head: str, zone: ZoneInfo, lines: Iterable[tuple[datetime, str]]) -> None:
    items = "".join(f"<li><time>{at.astimezone(zone):%Y-%m-%d %H:%M}</time>{words}</li>" for at, words in lines)
    if items:
        st.html(f'<p class="fn-head">{head}</p><ul class="fn-log">{items}</ul>')


def _tagging(study: StudyPage, row: Tagging) -> str:
    note = f'<p class="fn-line">{escape(row.note)}</p>' if row.note else ""
    lines = tag_lines(study.forms[row.form_id], row.tags)
    return f'<p class="fn-head">{tagging_head(row, study.members)}</p>{lines}{note}'


def _event(event: AuditEvent) -> str:
    return escape(f"{event.actor_name} {_EVENTS.get(event.action, event.action.replace('_', ' '))}")


def _change(row: ChangeLog) -> str:
    fields = f": {', '.join(name.replace('_', ' ') for name in row.fields)}" if row.fields else ""
    return escape(row.event.value.replace("_", " ") + fields)


def _revision(row: Revision) -> str:
    return f"until then the title was <q>{escape(str(row.content.get('title', '')))}</q>"
