"""Ranked studies for any words: full-text candidates, then the fact-check's own ranking, quote and stance."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from review_app.factcheck.evidence import rank, widen
from review_app.factcheck.model import Evidence, FindStudies, Study

BY_MEANING = "Suggested studies were found and ranked by likeness of meaning too, as all-MiniLM-L6-v2 sees it."
CANDIDATES = 100  # enough that the best studies are among them, few enough to weigh each at once


@dataclass(frozen=True, slots=True)
class Found:
    study: Study
    evidence: Evidence

    def as_json(self) -> dict[str, Any]:
        found = {
            "id": self.study.id,
            "pmid": self.study.pmid,
            "title": self.study.title,
            "year": self.study.year,
            "score": round(self.evidence.score, 6),
            "study_design": self.study.study_design,
            "integrity": self.study.integrity,
            "quote": self.evidence.quote,
            "stance": self.evidence.stance,
        }
        return found if self.study.likeness is None else {**found, "likeness": self.study.likeness}


def ranked(find: FindStudies, queries: Sequence[str], *, limit: int) -> Iterator[list[Found]]:
    """For each query in order the best studies, at most `limit`, of those that `find` has for it."""
    for query in queries:
        candidates = find(widen(query), max(CANDIDATES, limit))
        by_id = {study.id: study for study in candidates}
        yield [Found(by_id[item.id], item) for item in rank(query, candidates, limit=limit)]
