"""An invented digest of an invented night."""

from datetime import UTC, datetime

from db.audit import Head
from db.models import HarvestRun
from db.types import RunKind, RunStatus
from harvester.digest import Change, Digest

AT = datetime(2030, 1, 6, 3, 15, tzinfo=UTC)
ADDRESS = "http://localhost:8501"
BEFORE, AFTER = "MADRS fell by 7.4 points (p < 0.05).", "MADRS fell by 4.7 points (p < 0.05)."
NASTY = '<script>alert("1")</script> *stars* & [a link](http://x) _lines_ ~~gone~~ # and `code`'


def change(**other: object) -> Change:
    told: dict[str, object] = {
        "alert_id": 7,
        "summary": "A correction changes words that something rests on",
        "article": "An invented trial. Invented J Mood 2029. PMID 90000001",
        "whom": ("Ada", "the leads"),
        "passages": ((BEFORE, AFTER),),
        "rests_on": ((0, "claim: Ketamine works within a day."), (1, "Our page: “It works within a day.”")),
        "at": AT,
    }
    return Change(**(told | other))  # type: ignore[arg-type]


def digest(*changes: Change, status: RunStatus = RunStatus.COMPLETE, message: str | None = None) -> Digest:
    run = HarvestRun(
        id=3, kind=RunKind.REFRESH, status=status, new=2, changed=1, started_at=AT, finished_at=AT, message=message
    )
    unread = "it cannot be reached; run it again later"
    return Digest(
        topic="Invented moods",
        run=run,
        articles=9012,
        changes=changes,
        concerned=(("Ada", "3 of 41 claims and 1 of 4 documents"),) if changes else (),
        more=0,
        still_open=2,
        sources=(
            {"source": "pubmed", "state": "checked", "checked": 1310, "changed": 3, "message": None},
            {"source": "icite", "state": "could not check", "checked": 0, "changed": 0, "message": unread},
        ),
        head=Head(12, "ab" * 32),
    )
