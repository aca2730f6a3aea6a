"""The records of every day, from the files and the script: day N is a function of both, whichever day came before."""

from collections.abc import Mapping, Sequence
from typing import Any

from eutils_server.clock import date_of
from eutils_server.corpus import Corpus
from eutils_server.events import Event
from eutils_server.record import Record
from eutils_server.record_events import ACTS, Shelf, happen

Delta = dict[int, Record | None]


class Timeline:
    """Raises WrongEvent when the script does not fit the records."""

    def __init__(self, base: Corpus, events: Sequence[Event] = ()) -> None:
        self.base, self.events = base, events
        self.deltas: dict[int, Delta] = {}
        self.log: list[dict[str, Any]] = []
        self.packed: dict[tuple[str, int], bytes] = {}
        shelf = Shelf(dict(base.records))
        for event in events:
            changed = happen(shelf, event) if event.do in ACTS else []
            delta = self.deltas.setdefault(event.day, {})
            delta.update((pmid, shelf.records.get(pmid)) for pmid in changed)
            row = {"day": event.day, "date": date_of(event.day).isoformat(), "do": event.do}
            self.log.append({**row, **event.takes, "changed": changed})

    def corpus(self, day: int) -> Corpus:
        """The files' own corpus while nothing has happened, so that what was found in it stays remembered."""
        hidden = self.vanished(day)
        if not hidden and not self.changes(day):
            return self.base
        return Corpus({pmid: record for pmid, record in self.kept(day).items() if pmid not in hidden})

    def kept(self, day: int) -> dict[int, Record]:
        """The records of that day, those among them that have vanished for the night."""
        records = {**self.base.records, **self.changes(day)}
        return {pmid: record for pmid, record in records.items() if record is not None}

    def ever(self, day: int) -> dict[int, Record]:
        """Records that an event has touched by then, deleted ones as they last were."""
        days = sorted(of for of in self.deltas if of <= day)
        return {pmid: record for of in days for pmid, record in self.deltas[of].items() if record is not None}

    def changes(self, day: int) -> Delta:
        """Records that are no longer as in the files: how they are, None for none."""
        changes: Delta = {}
        for of in sorted(of for of in self.deltas if of <= day):
            changes |= self.deltas[of]
        return changes

    def vanished(self, day: int) -> set[int]:
        hidden = [event for event in self.events if event.do == "vanish"]
        return {one.number("pmid") for one in hidden if one.day <= day < one.day + one.number("nights", 1)}

    def happened(self, day: int) -> list[Event]:
        return [event for event in self.events if event.day <= day]

    def rows(self, day: int) -> list[Mapping[str, Any]]:
        return [row for row in self.log if row["day"] <= day]
