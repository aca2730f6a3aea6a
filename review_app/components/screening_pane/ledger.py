"""What this session knows of the acts that the browser told, and of the records that it sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from db.engine import DatabaseUnavailable, writing
from db.queries.screening import Position
from db.queries.screening_progress import Progress
from review_app import auth, state
from review_app.database import engine
from review_app.services import screening_acts
from review_app.services.errors import Conflict, Invalid, NotFound, Refused
from review_app.services.screening_acts import Act
from review_app.services.screening_view import ScreeningDesk

_LEDGER = "screening_ledger"  # a Ledger


@dataclass(slots=True)
class Ledger:
    """`done`: all acts of the browser's `tab` up to this number were carried out, or `failed` with a message. `places`
    are those in the queue after the records that were sent, in its order; `progress` is what was sent with them."""

    tab: str = ""
    done: int = 0
    shows: int | None = None
    failed: list[dict[str, Any]] = field(default_factory=list)
    places: dict[int, Position] = field(default_factory=dict)
    progress: Progress | None = None

    def first(self) -> list[int]:
        """The records to show first: those whose act just failed, then the one that is being read."""
        shown = [each["record"] for each in self.failed]
        return [*shown, self.shows] if self.shows is not None else shown

    def sent(self, desk: ScreeningDesk) -> None:
        self.shows = desk.on_desk.record_id if desk.on_desk else None
        self.progress = desk.progress
        self.places = {each.record_id: each.position for each in desk.records if each.position is not None}


def ledger() -> Ledger:
    found: Ledger = st.session_state.setdefault(_LEDGER, Ledger())
    return found


def take(value: Any) -> bool:
    """Carry out what the browser tells and was not carried out before; whether there was anything.

    A run of Streamlit may be stopped wherever it touches the session's state: between that and the end of the acts
    nothing does.
    """
    if value is None:
        return False
    known = ledger()
    try:
        told = screening_acts.told(value)
        if known.tab != told.tab:
            known.tab, known.done, known.failed = told.tab, 0, []
        new = [act for act in told.acts if act.seq > known.done]
        if new:
            unheard = {act.seq for act in told.acts}
            known.shows, known.failed = told.shows, [each for each in known.failed if each["seq"] in unheard]
            _carry_out_all(known, new)
    except (Invalid, Refused) as error:
        st.session_state[state.SCREENING_TROUBLE] = str(error)
        return False
    except DatabaseUnavailable:  # the page that is drawn next says so, and the browser tells it again
        return False
    return bool(new)


def _carry_out_all(known: Ledger, acts: Sequence[Act]) -> None:
    for act in acts:
        _carry_out(known, act)
        known.done = act.seq


def _carry_out(known: Ledger, act: Act) -> None:
    """A vote moves the place in the queue on when no record before it waits."""
    is_next = next(iter(known.places), None) == act.record
    place = known.places[act.record] if is_next and act.kind == "vote" else None
    try:
        with writing(engine()) as session:
            actor = auth.actor_in(session)
            screening_acts.carry_out(session, actor=actor, tab=known.tab, act=act, position=place)
    except (NotFound, Conflict, Invalid, DatabaseUnavailable) as error:
        if isinstance(error, DatabaseUnavailable):
            auth.current_actor()  # raises where nothing can be read either: the act waits until it can
        known.failed.append({"seq": act.seq, "record": act.record, "message": str(error)})
    else:
        if act.kind == "vote":
            known.places.pop(act.record, None)
