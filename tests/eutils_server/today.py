"""What the neighbours of PubMed answer from: the records and the script as of one day."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from eutils_server.corpus import Corpus
from eutils_server.events import Event
from eutils_server.record import Record
from eutils_server.timeline import Timeline

DOI = re.compile(
    rb"""<(?:ELocationID\b[^>]*\bEIdType|ArticleId\s+IdType)\s*=\s*["']doi["'][^>]*>\s*([^<\s]+)""", re.IGNORECASE
)


def doi_of(raw: bytes) -> str:
    """A record's own DOI in lower case; those of the papers it cites stand behind `<ReferenceList`."""
    at = raw.find(b"<ReferenceList")
    found = DOI.search(raw[: at if at >= 0 else len(raw)])
    return found[1].decode().lower() if found else ""


@dataclass(frozen=True, slots=True)
class Today:
    """`url`: of the server, for links in answers; `deposited`: PMIDs by DOI, deleted records among them."""

    day: int
    date: date
    corpus: Corpus
    timeline: Timeline
    url: str

    def events(self, do: str) -> Iterator[Event]:
        return (event for event in self.timeline.happened(self.day) if event.do == do)

    def deposited(self, doi: str) -> Record | None:
        """The record of a DOI as it is, or as it last was: Crossref keeps what PubMed deletes."""
        ever = self.timeline.ever(self.day)
        pmid = next((pmid for pmid, record in ever.items() if doi_of(record.raw) == doi), None)
        if pmid is None:
            pmid = self.base_dois().get(doi)
        return None if pmid is None else self.known(pmid)

    def known(self, pmid: int) -> Record | None:
        return self.timeline.ever(self.day).get(pmid) or self.timeline.base.records.get(pmid)

    def base_dois(self) -> Mapping[str, int]:
        base = self.timeline.base
        if base.dois is None:
            found = ((doi_of(record.raw), pmid) for pmid, record in base.records.items())
            base.dois = {doi: pmid for doi, pmid in found if doi}
        return base.dois
