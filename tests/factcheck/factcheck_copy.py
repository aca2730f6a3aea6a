"""Invented copy, claims and studies for the fact-check's tests (PMIDs from 90000000 up are invented)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from importlib import resources

from review_app.factcheck import claims_file, engine, extraction
from review_app.factcheck.model import (
    AbstractSection,
    Check,
    CheckedSentence,
    CheckRequest,
    Claim,
    ClaimEvidence,
    ClaimVerdict,
    Evidence,
    Library,
    Qualifier,
    Stance,
    Study,
    Verdict,
    Wording,
)

TOPIC = "ketamine-depression"
MORNING = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


@cache
def shipped() -> tuple[Claim, ...]:
    """The claims that the topic comes with."""
    file = resources.files("review_app.factcheck").joinpath("topics", TOPIC, "claims.toml")
    return tuple(map(claims_file.to_claim, claims_file.load_claims(file.read_text("utf-8"))))


def claim(
    *,
    evidence: tuple[ClaimEvidence, ...] = (),
    reviewed: Verdict | None = None,
    certainty: str = "moderate",
    decided_at: datetime = MORNING,
) -> Claim:
    """A claim about speed with one wording of each kind."""
    verdict = ClaimVerdict(reviewed, "Ada decided", "current", decided_at) if reviewed is not None else None
    return Claim(
        id="onset-in-hours",
        statement="On average ketamine infusions ease depression within hours.",
        topics=("onset", "efficacy"),
        wordings=(
            Wording("Ketamine may ease depression within hours in some patients.", "supported"),
            Wording("Ketamine eases depression within hours.", "needs_qualification"),
        ),
        qualifiers=(Qualifier("some patients, not all", ("some patients", "on average")),),
        overstatements=(Wording("Ketamine works instantly for everybody.", "overstated"),),
        search_query="ketamine rapid onset hours",
        certainty=certainty,
        evidence=evidence,
        reviewed_verdict=verdict,
    )


def linked(
    *, stance: Stance = "supports", id: int | None = 7, integrity: str = "none_known", reviewed: bool = False
) -> ClaimEvidence:
    return ClaimEvidence(
        "study", stance, id, 90000001, "Invented 2020", "An invented trial", 2020, "rct", 70,
        quote="Scores fell within hours.", reviewed=reviewed, integrity=integrity, quote_state="anchored",
    )  # fmt: skip


def study(id: int = 11, year: int | None = 2021) -> Study:
    return Study(
        id, 90000000 + id, "An invented study", (AbstractSection("Results", "Scores fell."),), "Invented 2021", year
    )


class Ranking:
    """Ranks every study it is given as evidence of one stance, and remembers what it was asked."""

    def __init__(self, stance: Stance = "related", integrity: str = "none_known", quote: str = "Scores fell.") -> None:
        self.stance: Stance = stance
        self.integrity = integrity
        self.quote = quote
        self.queries: list[str] = []

    def __call__(
        self, query: str, studies: Sequence[Study], *, topics: Sequence[str] = (), limit: int = 5, topic: str = TOPIC
    ) -> tuple[Evidence, ...]:
        self.queries.append(query)
        return tuple(
            Evidence(
                "study", one.id, one.pmid, one.reference, one.title, one.year, None, None, self.stance,
                reviewed=False, quote=self.quote, score=1.0, integrity=self.integrity,
            )
            for one in studies[:limit]
        )  # fmt: skip


def check(
    text: str,
    *claims: Claim,
    studies: Sequence[Study] = (),
    ranking: Ranking | None = None,
    request: CheckRequest | None = None,
) -> Check:
    asked = request or CheckRequest("copy.txt", extraction.from_text(text), TOPIC)
    return engine.check(
        asked,
        Library(len(studies), claims, MORNING),
        lambda query, limit: studies[:limit],
        MORNING,
        rank=ranking or Ranking(),
    )


def only(result: Check) -> CheckedSentence:
    """The one checkable sentence of a check."""
    (found,) = [sentence for sentence in result.sentences if sentence.checkable]
    return found
