"""One local PubMed: records, clock, history, rate limit, journal and scripts behind the E-utilities."""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from eutils_server.clock import Clock
from eutils_server.corpus import Corpus
from eutils_server.faults import Fault, instead
from eutils_server.fetch_answers import efetch, esummary
from eutils_server.history import History, HistoryGone
from eutils_server.journal import Entry, Journal
from eutils_server.link_answers import elink
from eutils_server.neighbours import ask, check
from eutils_server.protocol import OTHER_DATABASES, Answer, Refused, Request, error_answer, text_answer
from eutils_server.rate_limit import RateLimit
from eutils_server.search_answers import einfo, epost, esearch
from eutils_server.timeline import Timeline
from eutils_server.today import Today

TOOLS: Mapping[str, Callable[[Corpus, History, Request], Answer]] = {
    "einfo": einfo,
    "esearch": esearch,
    "epost": epost,
    "efetch": efetch,
    "esummary": esummary,
    "elink": elink,
}
LONGEST_URL = 4_000


class PubMed:
    def __init__(
        self, timeline: Timeline, faults: Sequence[Fault] = (), limited: bool = True, day: int | None = None
    ) -> None:
        self.timeline, self.faults = timeline, faults
        self.clock = Clock(0 if day is None and timeline.events else day)
        self.history, self.journal = History(self.clock.seconds), Journal()
        self.rate_limit = RateLimit() if limited else None
        self.searching = threading.Lock()
        self.corpus = timeline.corpus(self.clock.day or 0)
        last = timeline.events[-1].day if timeline.events else 0
        check(Today(last, self.clock.today, self.corpus, timeline, ""))

    def move_to(self, day: int) -> dict[str, Any]:
        """Forwards or back: what is asked for afterwards is answered as of that day."""
        with self.searching:
            self.clock.day, self.corpus = day, self.timeline.corpus(day)
        return self.now()

    def now(self) -> dict[str, Any]:
        return {"day": self.clock.day, "date": self.clock.today.isoformat()}

    def happened(self) -> list[Mapping[str, Any]]:
        return self.timeline.rows(self.clock.day or 0)

    def enter(self, tool: str, path: str, method: str, params: Mapping[str, str]) -> tuple[Entry, Fault | None]:
        entry = self.journal.enter(tool, path, method, params)
        fault = next((one for one in self.faults if one.strikes(tool, entry.nth, entry.order)), None)
        entry.fault = fault.do if fault else None
        return entry, fault

    def answer(self, request: Request, fault: Fault | None, address: str, url_length: int) -> Answer:
        """`url_length`: of a GET, 0 for a POST."""
        replaced = instead(fault, request, address) if fault else None
        if replaced is not None:
            return replaced
        if url_length > LONGEST_URL:
            return text_answer("Request-URI Too Long", 414)
        refusal = self.rate_limit.refusal(address, request.get("api_key")) if self.rate_limit else None
        if refusal is not None:
            return refusal
        if fault and fault.do == "expire_history":
            self.history.expire()
        gone = fault.takes["pmids"] if fault and fault.do == "drop" else ()
        answer = self.real_answer(self.corpus.without(map(int, gone)) if gone else self.corpus, request)
        answer.headers |= self.rate_limit.told(address, request.get("api_key")) if self.rate_limit else {}
        return answer

    def neighbour_answer(
        self, name: str, path: str, params: Mapping[str, str], fault: Fault | None, url: str
    ) -> Answer:
        replaced = instead(fault, Request(name, params), "127.0.0.1") if fault else None
        if replaced is not None:
            return replaced
        today = Today(self.clock.day or 0, self.clock.today, self.corpus, self.timeline, url)
        try:
            return ask(name, today, path, params)
        except Refused as refused:
            return text_answer(f"The local PubMed does not support {refused}\n", 500)

    def real_answer(self, corpus: Corpus, request: Request) -> Answer:
        if wrong := wrong_database(request):
            return wrong
        try:
            if request.tool not in TOOLS:
                raise Refused(f"{request.tool} is not served here")
            # One search at a time: two threads would compute the same terms twice.
            with self.searching:
                return TOOLS[request.tool](corpus, self.history, request)
        except Refused as refused:
            return text_answer(f"The local PubMed does not support {refused}\n", 500)
        except HistoryGone as gone:
            return error_answer(request, str(gone))


def wrong_database(request: Request) -> Answer | None:
    name = request.get("db")
    if name == "pubmed" or (not name and request.tool in ("einfo", "elink")):
        return None
    if not name:
        return text_answer("Mandatory parameter: db - is omitted", 400)
    if name in OTHER_DATABASES:
        return text_answer(f"The local PubMed does not support db={name}\n", 500)
    return error_answer(request, f"Invalid db name specified: {name}")
