"""NCBI's E-utilities for PubMed (NBK25497, NBK25499), asked by POST and answered in JSON where that exists.

Records are asked for by PMID, never by an offset into a history session: a session may end or be sorted anew.
An answer with HTTP 200 is not believed before it has been read whole.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from db.config import Settings
from harvester.errors import Fatal, NoneThere, Replan, Retry, Split, Unreachable
from harvester.eutils_answers import (
    ERROR_ELEMENT,
    InfoAnswer,
    SearchAnswer,
    SummaryAnswer,
    error_text,
    info_answer,
    json_object,
    judged,
    search_answer,
    summary_answer,
)
from harvester.pace import pace_of
from harvester.parsed import Rejected
from harvester.pubmed_xml import NotPubMedXml, parse_answer
from harvester.records import ArticleRecord
from harvester.transport import Response, Service, Transport

T = TypeVar("T")

LIST_LIMIT = 9_999
SUMMARY_LIMIT = 500
SMALLEST_BATCH = 25
HEAVY_TRIES = 3
TOOL = "footnote"


@dataclass(frozen=True, slots=True)
class FetchAnswer:
    """Records by PMID, in that order; `missing` were asked for and are in no part of the answer."""

    records: tuple[ArticleRecord, ...]
    deleted: tuple[int, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    missing: tuple[int, ...] = ()


class Eutils:
    """PubMed as one topic's harvest needs it. Every call may raise what `Transport.ask` raises."""

    def __init__(self, transport: Transport, *, email: str | None = None, api_key: str | None = None) -> None:
        self.transport = transport
        self.name = transport.service.name
        self._own = {"db": "pubmed", "tool": TOOL}
        if email:
            self._own["email"] = email
        if api_key:
            self._own["api_key"] = api_key

    def search(self, term: str, *, retmax: int = 0, retstart: int = 0, use_history: bool = False) -> SearchAnswer:
        """ESearch. `count` is exact at any size; of the PMIDs PubMed lists the first 9,999 at most."""
        fields = {"term": term, "retmax": str(retmax), "retstart": str(retstart), "retmode": "json"}
        if use_history:
            fields["usehistory"] = "y"
        return self._ask("esearch.fcgi", fields, lambda body: search_answer(json_object(body, self.name)))

    def list_pmids(self, query: str, lo: int, hi: int, *, heavy_tries: int | None = None) -> tuple[int, ...]:
        """All PMIDs of the query from `lo` to `hi`, ascending. Raises `Replan` when they are too many to list."""
        term = within(query, lo, hi)
        fields = {"term": term, "retmax": str(LIST_LIMIT), "retstart": "0", "retmode": "json"}

        def whole(body: bytes) -> tuple[int, ...]:
            answer = search_answer(json_object(body, self.name))
            if answer.count > LIST_LIMIT:
                raise Replan(
                    f"{self.name} now finds {answer.count} articles between PMID {lo} and {hi}, too many to list"
                )
            ids = set(answer.ids)
            if len(ids) != answer.count or any(not lo <= pmid <= hi for pmid in ids):
                raise Retry(f"the list of PMIDs {lo} to {hi} has {len(ids)} of {answer.count}")
            return tuple(sorted(ids))

        return self._ask("esearch.fcgi", fields, whole, heavy_tries=heavy_tries)

    def fetch(self, pmids: Sequence[int]) -> FetchAnswer:
        """EFetch by PMID. A batch that is too heavy is halved, a record that is too large alone rejected.

        An answer with records that were not asked for is not believed.
        """
        wanted = tuple(sorted(set(pmids)))
        if not wanted:
            return FetchAnswer(())
        fields = {"id": ",".join(map(str, wanted)), "retmode": "xml"}
        light = len(wanted) <= SMALLEST_BATCH
        try:
            return self._ask(
                "efetch.fcgi",
                fields,
                lambda body: self._fetch_answer(body, wanted),
                heavy_tries=None if light else HEAVY_TRIES,
            )
        except NoneThere:
            return FetchAnswer((), missing=wanted)
        except Split as error:
            if len(wanted) == 1:
                return FetchAnswer((), rejected=(Rejected(1, wanted[0], str(error)),))
        except Unreachable as error:
            if light or not error.heavy:
                raise
        middle = len(wanted) // 2
        return _joined(self.fetch(wanted[:middle]), self.fetch(wanted[middle:]))

    def summaries(self, pmids: Sequence[int]) -> SummaryAnswer:
        """ESummary, 500 at a time: which of the PMIDs PubMed still has, and which it says it cannot summarise."""
        wanted = sorted(set(pmids))
        titles: dict[int, str] = {}
        gone: list[int] = []
        for start in range(0, len(wanted), SUMMARY_LIMIT):
            batch = wanted[start : start + SUMMARY_LIMIT]
            found = self._summaries_once(batch)
            titles |= found.titles
            gone += found.gone
        return SummaryAnswer(titles, tuple(gone))

    def _summaries_once(self, batch: Sequence[int]) -> SummaryAnswer:
        fields = {"id": ",".join(map(str, batch)), "retmode": "json"}
        try:
            return self._ask("esummary.fcgi", fields, lambda body: summary_answer(json_object(body, self.name), batch))
        except NoneThere:
            return SummaryAnswer({}, tuple(batch))

    def info(self) -> InfoAnswer:
        """EInfo: how large PubMed is, when it was last built, which fields can be searched."""
        fields = {"retmode": "json", "version": "2.0"}
        return self._ask("einfo.fcgi", fields, lambda body: info_answer(json_object(body, self.name)))

    def _fetch_answer(self, body: bytes, wanted: tuple[int, ...]) -> FetchAnswer:
        try:
            answer = parse_answer(body)
        except NotPubMedXml as error:
            if ERROR_ELEMENT.search(body) or body.lstrip().startswith(b"{"):
                raise judged(error_text(body), self.name) from error
            raise Retry(str(error), heavy=True) from error
        newest: dict[int, ArticleRecord] = {}
        for record in sorted(answer.records, key=lambda each: (each.version, each.date_revised or date.min)):
            if record.pmid is not None:
                newest[record.pmid] = record
        rejected = {r.pmid for r in answer.rejected if r.pmid is not None}
        if strangers := (set(newest) | rejected) - set(wanted):
            raise Retry(f"PMID {min(strangers)} came without being asked for")
        deleted = {each.pmid for each in answer.deleted} & set(wanted)
        missing = set(wanted) - set(newest) - rejected - deleted
        records = tuple(newest[pmid] for pmid in sorted(newest))
        return FetchAnswer(records, tuple(sorted(deleted)), tuple(answer.rejected), tuple(sorted(missing)))

    def _ask(
        self, tool: str, fields: Mapping[str, str], read: Callable[[bytes], T], *, heavy_tries: int | None = None
    ) -> T:
        def believed(response: Response) -> T:
            if response.status in {413, 414}:
                raise Split(f"{self.name} says that it was asked for too much at once (HTTP {response.status})")
            if response.status == 400:
                raise judged(error_text(response.body), self.name)
            if response.status > 400:
                raise Fatal(
                    f"{self.name} refused the request with HTTP {response.status}; check"
                    f" {self.transport.service.setting} and NCBI_API_KEY, or ask NCBI whether this address is blocked"
                )
            return read(response.body)

        return self.transport.ask(tool, {**self._own, **fields}, believed, heavy_tries=heavy_tries)


@contextmanager
def pubmed(settings: Settings) -> Iterator[Eutils]:
    """PubMed as the settings have it, at the pace that it allows us."""
    service, key = Service("PubMed", settings.eutils_url, "EUTILS_URL"), settings.ncbi_api_key
    transport = Transport(service, pace=pace_of(service.url, key), email=settings.ncbi_email)
    try:
        yield Eutils(transport, email=settings.ncbi_email, api_key=key)
    finally:
        transport.close()


def within(query: str, lo: int, hi: int) -> str:
    """The query, narrowed to a range of PMIDs: total, disjoint and immutable, as EDirect divides."""
    return f"({query}) AND {lo}:{hi}[uid]"


def _joined(first: FetchAnswer, second: FetchAnswer) -> FetchAnswer:
    return FetchAnswer(
        first.records + second.records,
        first.deleted + second.deleted,
        first.rejected + second.rejected,
        first.missing + second.missing,
    )
