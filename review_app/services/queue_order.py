"""The order in which new records of a review come, kept by a process of its own so that no click ever waits for it.

`python -m review_app.services.queue_order_process` reads the library, ranks, and answers one line for each line that it
is sent; it ends when the app does. A click only starts a renewal, or takes the newest order that is there.
"""

import json
import secrets
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Engine
from sqlmodel import Session

from db import audit, config
from db.models import Review
from db.types import Actor
from review_app.screening.agreement import Estimate
from review_app.screening.prioritise import Reason, is_installed, renewed_after
from review_app.screening.stopping import Stopping
from review_app.services.errors import Invalid
from review_app.services.permissions import May, require
from review_app.services.review_settings import open_review

Kind = Literal["added", "prioritised", "random"]
KINDS: tuple[Kind, ...] = ("added", "prioritised", "random")
ORDER = "order"  # of a review's settings: {"kind": Kind, "seed": int}; as they were added while it is missing
PAUSE = 50
INSTALL = "pip install 'scipy>=1.17'"
_live: dict[tuple[str, int], "LiveOrder"] = {}
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class QueueOrder:
    """Record ids, the next one first. `trained` on `decided` settled records; `why` of the first ones.
    `stopping` is the advice at that moment."""

    ids: tuple[int, ...]
    trained: bool
    decided: int
    why: Mapping[int, tuple[Reason, ...]]
    stopping: Stopping


def order_kind(review: Review) -> Kind:
    kind: Kind = review.settings.get(ORDER, {}).get("kind", "added")
    return kind


def change_order(session: Session, *, actor: Actor, review_id: int, kind: Kind) -> None:
    """In which order new records come from now on, with a seed that is kept. Second votes come first in each order."""
    require(actor, May.MANAGE_REVIEW)
    review = open_review(session, review_id)
    if kind == "prioritised" and not is_installed():
        raise Invalid(f"The likeliest first needs SciPy, which is not installed. Run: {INSTALL}")
    order = {"kind": kind, "seed": secrets.randbelow(2**31)}
    review.settings = {**review.settings, ORDER: order}
    session.add(review)
    audit.record(
        session, actor=actor, action="order_changed", subject_kind="review", subject_id=review_id, detail=order
    )
    session.commit()


def live_order(engine: Engine, review: Review) -> "LiveOrder | None":
    """The order that is kept for this review; None while records come as they were added."""
    kind, seed = order_kind(review), review.settings.get(ORDER, {}).get("seed", 0)
    key = (str(engine.url), review.id)
    with _lock:
        kept = _live.get(key)
        if kept is not None and (kept.kind, kept.seed) == (kind, seed):
            return kept
        if kept is not None:
            kept.end()
            del _live[key]
        if kind == "added":
            return None
        url = engine.url.render_as_string(hide_password=False)
        return _live.setdefault(key, LiveOrder(url, review.id, kind, seed))


class LiveOrder:
    """One review's order. `newest` is what there is; `renew` begins another in the background when it is due."""

    def __init__(self, url: str, review_id: int, kind: Kind, seed: int) -> None:
        self.kind, self.seed = kind, seed
        self.newest: QueueOrder | None = None
        self._asked = {"review": review_id, "kind": kind, "seed": seed}
        self._url = url
        self._votes = -1  # how many there were when it was renewed last
        self._pause = 0  # votes that are let pass after a renewal that failed
        self._process: subprocess.Popen[str] | None = None
        self._thread: threading.Thread | None = None

    def renew(self, votes: int) -> None:
        """Unless one is under way or too little was decided since: `votes` is a number that grows with every vote."""
        decided = self.newest.decided if self.newest else 0
        due = max(renewed_after(decided), self._pause)
        with _lock:
            busy = self._thread is not None and self._thread.is_alive()
            if busy or (self._votes >= 0 and votes - self._votes < due):
                return
            self._votes = votes
            self._thread = threading.Thread(target=self._renew, daemon=True)
            self._thread.start()

    def wait(self) -> None:
        """Until the renewal that is under way has ended: for tests and measurements, never for a click."""
        if self._thread is not None:
            self._thread.join()

    def end(self) -> None:
        """Let the process go: it ends when nothing more can be asked of it."""
        threading.Thread(target=self._let_go, daemon=True).start()

    def _let_go(self) -> None:
        self.wait()
        if self._process is not None:
            self._process.communicate()

    def _renew(self) -> None:
        try:
            answer = self._answer()
        except (OSError, ValueError):  # it died, or was let go meanwhile: the order that is there stays
            answer = ""
        self._pause = 0 if answer else PAUSE
        if answer:
            self.newest = _order(json.loads(answer))

    def _answer(self) -> str:
        if self._process is None or self._process.poll() is not None:
            if self._process is not None:
                self._process.communicate()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "review_app.services.queue_order_process"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                env=config.child_environment(DATABASE_URL=self._url),
            )
        sink, source = self._process.stdin, self._process.stdout
        if sink is None or source is None:
            return ""
        sink.write(json.dumps(self._asked) + "\n")
        sink.flush()
        return source.readline()


def _order(answer: dict[str, Any]) -> QueueOrder:
    stopping = answer["stopping"]
    recall = stopping["recall"]
    return QueueOrder(
        ids=tuple(answer["ids"]),
        trained=answer["trained"],
        decided=answer["decided"],
        why={int(each): tuple(Reason(*reason) for reason in why) for each, why in answer["why"].items()},
        stopping=Stopping(**{**stopping, "recall": Estimate(**recall) if recall else None}),
    )
