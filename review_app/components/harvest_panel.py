"""Bring studies in: harvest from PubMed with a live bar and a way to stop, or import a file."""

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from db import config
from db.demonstration import is_demonstration
from db.engine import DatabaseUnavailable, reading, writing
from db.models import HarvestRun
from db.types import RunKind, RunStatus
from review_app import auth, state
from review_app.database import engine
from review_app.demo.seed import seed
from review_app.services import harvests
from review_app.services.errors import ServiceError
from review_app.services.permissions import May, require

PHASES = {
    "starting": "Starting",
    "planning": "Asking PubMed how much there is",
    "listing": "Asking PubMed what there is",
    "fetching": "Fetching records",
    "reading": "Reading the file",
    "storing": "Storing records",
}
_SEEN = "harvest_seen"  # whether the harvest that is watched was seen at work: a bool, while one is watched
_FILES = ["xml", "nbib", "txt", "ris", "bib", "csv", "jsonl", "gz"]


def harvest_panel(*, empty: bool, harvested: bool) -> None:
    """What runs now, or the ways in. `harvested`: PubMed was asked for everything once."""
    with reading(engine()) as session:
        now, invented = harvests.progress(session), is_demonstration(session)
    if invented:
        st.caption(
            "This is the demonstration library. Real studies never mix with it: they go into a library of their own, "
            "which `make run` opens, or any that DATABASE_URL names."
        )
        return
    if now.is_running or _SEEN in st.session_state:
        _watch()
        return
    if now.run is not None:
        st.caption(_ended(now.run))
    _ways_in(empty, harvested)


@st.fragment(run_every=1.0)
def _watch() -> None:
    try:
        auth.current_actor()
        with reading(engine()) as session:
            now = harvests.progress(session)
    except (ServiceError, DatabaseUnavailable) as error:
        st.error(str(error))
        return
    if not now.is_running:
        _wait_or_leave()
        return
    st.session_state[_SEEN] = True
    run = now.run or HarvestRun(kind=RunKind.SYNC, started_at=config.now())
    st.progress(run.done / run.total if run.total else 0.0, text=_far(run))
    st.button("Stopping after this batch" if now.is_stopping else "Stop", on_click=_stop, disabled=now.is_stopping)


def _wait_or_leave() -> None:
    """The process takes seconds to say that it is there; when it is done, the whole page is drawn anew."""
    if harvests.is_beginning(engine()):
        st.progress(
            0.0,
            text="Finishing" if st.session_state.get(_SEEN) else "Starting the harvester, which takes a few seconds",
        )
        return
    if _SEEN in st.session_state and (words := harvests.last_trouble(engine())):
        st.session_state[state.HARVEST_TROUBLE] = words
    st.session_state.pop(_SEEN, None)
    st.rerun()


def _far(run: HarvestRun) -> str:
    phase = PHASES.get(run.phase, run.phase.capitalize())
    counted = f"{run.done:,} of {run.total:,}" if run.total is not None else f"{run.done:,}"
    return f"{phase} · {counted} · {run.new:,} new, {run.changed:,} changed"


def _ended(run: HarvestRun) -> str:
    """One line about the last run; a library may be brought in from a file without ever asking PubMed."""
    what = {RunKind.SYNC: "harvest", RunKind.IMPORT: "import"}.get(run.kind, run.kind.value)
    when = f"{run.finished_at or run.started_at:%d %B %Y, %H:%M} UTC"
    counted = f"{run.new:,} new, {run.changed:,} changed, {run.unchanged:,} unchanged"
    counted += f", {run.rejected:,} rejected" if run.rejected else ""
    status = {RunStatus.RUNNING: "did not finish", RunStatus.COMPLETE: "complete"}.get(run.status, run.status.value)
    return f"Last {what}: {status} · {when} · {counted}" + (f" · {run.message}" if run.message else "")


def _ways_in(empty: bool, harvested: bool) -> None:
    if words := st.session_state.get(state.HARVEST_TROUBLE):
        st.error(words)
    left, right, *last = st.columns(3 if empty else 2, border=True)
    with left:
        st.markdown("**Harvest from PubMed**")
        st.caption(
            "Asks PubMed for everything on ketamine and esketamine in depression, about 9,000 abstracts. "
            "Takes two to ten minutes, needs no account, and can be stopped at any moment and gone on with."
            if not harvested
            else "Fetches what is new or was revised since the last harvest."
        )
        st.button("Harvest now", type="primary" if empty else "secondary", on_click=_start)
    with right:
        st.markdown("**Import a file**")
        st.caption(
            "From PubMed, Zotero, EndNote or another review tool: PubMed XML, MEDLINE (.nbib), RIS, BibTeX, CSV, or an "
            "export of Footnote as JSON lines; also as .gz. Takes seconds. Over 10 MB: `harvest import FILE`."
        )
        uploaded = st.file_uploader(
            "File", type=_FILES, max_upload_size=10, label_visibility="collapsed", key="import_file"
        )
        st.button("Import", on_click=_import, disabled=uploaded is None)
    for column in last:
        with column:
            st.markdown("**Look around first**")
            st.caption(
                "An invented library with invented people: votes, tags, quotes, claims, a checked page, and a study "
                "that was retracted overnight. It fills this library for good; `make demo` opens one beside it."
            )
            st.button("Load the demonstration", on_click=_demonstrate)


def _demonstrate() -> None:
    st.session_state.pop(state.HARVEST_TROUBLE, None)
    try:
        with st.spinner("Making the demonstration library", show_time=True):
            seed(engine(), topic_id=config.settings().footnote_topic, lead=auth.current_actor())
    except (ServiceError, DatabaseUnavailable) as error:
        st.session_state[state.HARVEST_TROUBLE] = str(error)


def _start() -> None:
    _begin(None)


def _import() -> None:
    if st.session_state["import_file"] is not None:
        _begin(st.session_state["import_file"])


def _begin(uploaded: UploadedFile | None) -> None:
    st.session_state.pop(state.HARVEST_TROUBLE, None)
    topic_id = config.settings().footnote_topic
    try:
        actor = auth.current_actor()
        require(actor, May.HARVEST)  # before anything is put on the disk
        file = harvests.keep_upload(engine(), name=uploaded.name, body=uploaded.getvalue()) if uploaded else None
        with writing(engine()) as session:
            harvests.start(session, engine(), actor=actor, topic_id=topic_id, file=file)
        st.session_state[_SEEN] = False
    except (ServiceError, DatabaseUnavailable) as error:
        st.session_state[state.HARVEST_TROUBLE] = str(error)


def _stop() -> None:
    try:
        with writing(engine()) as session:
            harvests.stop(session, actor=auth.current_actor())
    except (ServiceError, DatabaseUnavailable) as error:
        st.session_state[state.FLASH] = str(error)
