"""Who did what and when: what is looked for, the list, and the list as a file."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import partial
from html import escape
from typing import Any
from urllib.parse import quote

import streamlit as st

from db import config
from db.queries.activity import AuditLine, Wanted
from review_app import auth
from review_app.components.alert_card import moment
from review_app.components.empty_state import empty_state
from review_app.database import engine
from review_app.services.activity import ActivityPage, activity_as_file

_WHO, _KIND, _DAY, _ID, _BEFORE = "who", "kind", "day", "id", "before"  # also their names in the address
LONGEST = 5  # of a list that is told whole
HIDDEN = "hidden while the review is blinded"


def wanted_events(*, zone: tzinfo) -> tuple[Wanted, int | None]:
    """What the address asks for, and before which event the list goes on."""
    asked = st.query_params
    since, until = _day(asked.get(_DAY, ""), zone)
    before = asked.get(_BEFORE, "")
    wanted = Wanted(asked.get(_WHO) or None, asked.get(_KIND) or None, asked.get(_ID) or None, since, until)
    return wanted, int(before) if before.isascii() and before.isdigit() else None


def activity_filters(page: ActivityPage) -> None:
    """Person, kind, number and day; each is in the address, so that a view can be sent."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _choice("Person", _WHO, page.actors)
        _choice("Kind", _KIND, page.kinds)
        st.text_input("Number", key=_ID, bind="query-params", on_change=_newest, max_chars=40, width=140)
        st.date_input("Day", None, key=_DAY, bind="query-params", on_change=_newest, format="YYYY-MM-DD", width=160)


def activity_lines(page: ActivityPage, *, zone: tzinfo) -> None:
    """The list, the newest first, and the way on."""
    if not page.lines:
        empty_state("Nothing was done that fits.", "No event of the audit trail is what you look for.")
        return
    rows = "".join(_row(line, page, zone) for line in page.lines)
    head = "".join(f"<th>{words}</th>" for words in ("When", "Who", "What", "Of what", "Detail"))
    st.html(f'<table class="fn-table fn-activity"><thead><tr>{head}</tr></thead>{rows}</table>')
    with st.container(horizontal=True):
        if page.after is not None:
            st.button("Older", key="activity_older", on_click=_go_on, args=(page.after,))
        if _BEFORE in st.query_params:
            st.button("Newest", key="activity_newest", on_click=_newest)


def activity_download(wanted: Wanted) -> None:
    """All that is looked for, on whatever page."""
    st.download_button(
        "Download CSV",
        partial(activity_as_file, engine(), token=auth.session_token(), wanted=wanted),
        f"footnote-activity-{config.today().isoformat()}.csv",
        "text/csv",
        key="activity_csv",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )


def _choice(label: str, key: str, words: tuple[str, ...]) -> None:
    st.selectbox(
        label,
        list(words),
        index=None,
        format_func=_words,
        placeholder="Any",
        key=key,
        bind="query-params",
        on_change=_newest,
        width=220,
    )


def _row(line: AuditLine, page: ActivityPage, zone: tzinfo) -> str:
    detail = HIDDEN if line.detail is None else "; ".join(f"{_words(k)}: {_value(v)}" for k, v in line.detail.items())
    cells = (moment(line.at, zone), line.actor_name, _words(line.action))
    told = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return f"<tr>{told}<td>{_subject(line, page)}</td><td>{escape(detail)}</td></tr>"


def _subject(line: AuditLine, page: ActivityPage) -> str:
    words = f"{_words(line.subject_kind)} {line.subject_id}"
    if line.subject_kind == "record" and line.subject_id in page.articles:
        article_id, title = page.articles[line.subject_id]
        return _link(f"/study?id={article_id}", words, title)
    address = {"article": "/study?id=", "claim": "/claims?claim=", "document": "/check_copy?document="}
    where = address.get(line.subject_kind)
    return _link(where + quote(line.subject_id), words, "") if where else escape(words)


def _link(address: str, words: str, title: str) -> str:
    return f'<a href="{escape(address)}" target="_self" title="{escape(title)}">{escape(words)}</a>'


def _value(value: Any) -> str:
    """A long list is told by its length; the file has it whole."""
    if not isinstance(value, list):
        return str(value)
    return ", ".join(map(str, value)) if len(value) <= LONGEST else f"{len(value):,} of them"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _day(asked: str, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    """From midnight to midnight where the reader is."""
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return None, None
    midnights = (datetime.combine(each, time(), zone).astimezone(UTC) for each in (day, day + timedelta(days=1)))
    return next(midnights), next(midnights)


def _newest() -> None:
    st.query_params.pop(_BEFORE, None)


def _go_on(cursor: int) -> None:
    st.query_params[_BEFORE] = str(cursor)
