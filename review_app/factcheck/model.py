"""The words of the fact-check as frozen data: what goes in, what comes out. No rule lives here.

Offsets are Python string indices (code points) into the text named beside them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Verdict = Literal["supported", "needs_qualification", "overstated", "contradicted", "insufficient_evidence"]
Basis = Literal["reviewed", "library", "suggested", "none"]
Standing = Literal["current", "stale", "overdue", "orphaned"]
Stance = Literal["supports", "qualifies", "contradicts", "related"]
Match = Literal["exact", "variant", "near"]
EvidenceKind = Literal["study", "label", "notice"]


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the text; `lead_in` is the index of the block that introduces a list item."""

    start: int
    end: int
    kind: str
    lead_in: int | None = None


@dataclass(frozen=True, slots=True)
class SourceText:
    """A document as the writer sees it: the plain text that every offset points into, and where its blocks begin.

    `blocks` are (start, end, kind) with kind one of heading, paragraph, list_item, table_cell, quote, code.
    """

    text: str
    title: str | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    index: int
    start: int
    end: int
    text: str
    block: int
    kind: str


@dataclass(frozen=True, slots=True)
class AbstractSection:
    label: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Study:
    """A study as evidence: `id` is the article's id; `reference` is short, such as `Daly 2019, JAMA Psychiatry`.

    `search_score` is the full-text score of the query that found it (higher is better, within one query); `likeness`
    how near it is to the query in meaning, at most 1, where a sentence model was asked.
    """

    id: int
    pmid: int | None
    title: str
    sections: tuple[AbstractSection, ...]
    reference: str
    year: int | None = None
    study_design: str | None = None
    sample_size: int | None = None
    population: tuple[str, ...] = ()
    molecules: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    integrity: str = "none_known"
    search_score: float = 0.0
    likeness: float | None = None


@dataclass(frozen=True, slots=True)
class ClaimEvidence:
    """One piece of evidence that the claims library links to a claim. `reviewed` is true where a person linked it.

    `stance` is towards the claim's statement. `key` names what has no PMID: a notice's key, the section of a label.
    `note` says in the library's own words what the source shows.
    """

    kind: EvidenceKind
    stance: Stance
    id: int | None
    pmid: int | None
    reference: str
    title: str
    year: int | None = None
    study_design: str | None = None
    sample_size: int | None = None
    quote: str = ""
    reviewed: bool = False
    integrity: str = "none_known"
    quote_state: Literal["anchored", "orphaned", "none"] = "none"
    key: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ClaimVerdict:
    """What people decided about a claim as it is stated, in this library."""

    verdict: Verdict
    reason: str
    standing: Standing
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Wording:
    """A way to say a claim, and what the evidence allows of that wording (`overstatements` too are wordings).

    `rewording` says what holds in place of one that goes too far; `against` names the claim's evidence that speaks
    against it, by PMID or key, where not all of it does (empty: none does; None: nobody said).
    """

    text: str
    verdict: Verdict
    rewording: str | None = None
    against: tuple[int | str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Qualifier:
    """What must be said with a claim, and the words that show it was said."""

    text: str
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim of the library: the strongest wording that holds, what must be said with it, what goes too far."""

    id: str
    statement: str
    topics: tuple[str, ...]
    wordings: tuple[Wording, ...]
    qualifiers: tuple[Qualifier, ...]
    overstatements: tuple[Wording, ...]
    search_query: str
    certainty: str
    evidence: tuple[ClaimEvidence, ...] = ()
    reviewed_verdict: ClaimVerdict | None = None
    standing: Standing = "current"


@dataclass(frozen=True, slots=True)
class Library:
    """What a check is made against: as it stands now, or as it stood on the day `as_of`.

    `limits` say in words what of an earlier state could not be derived, and whether a sentence model ranked studies.
    """

    articles: int
    claims: tuple[Claim, ...]
    last_complete_run: datetime | None
    as_of: date | None = None
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """Something in the wording that a rule speaks about. `start` and `end` are offsets into the document's text."""

    flag: str
    rule: str
    start: int
    end: int
    message: str
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimMatch:
    claim: Claim
    match: Match
    score: float
    matched_text: str
    differing: tuple[str, ...] = ()

    @property
    def wording(self) -> Wording | None:
        """The wording that matched; None where it is the statement itself."""
        known = (*self.claim.wordings, *self.claim.overstatements)
        return next((one for one in known if one.text == self.matched_text), None)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence shown for a sentence; the shape of the JSON answer's `evidence` items.

    `stance` is towards the sentence. `linked` is true where the matched claim names it, and `claim_stance` is then its
    stance towards the claim's statement; false and None where it was only found by search. `note` is the library's
    own summary of it, never words of the source.
    """

    kind: EvidenceKind
    id: int
    pmid: int | None
    reference: str
    title: str
    year: int | None
    study_design: str | None
    sample_size: int | None
    stance: Stance
    reviewed: bool
    quote: str
    score: float
    integrity: str
    linked: bool = False
    claim_stance: Stance | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    sentence: Sentence
    checkable: bool
    checkability: float
    checkability_reasons: tuple[str, ...]
    topics: tuple[str, ...]
    match: ClaimMatch | None
    verdict: Verdict | None
    basis: Basis
    standing: Standing
    flags: tuple[Flag, ...]
    rules: tuple[str, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class BalanceItem:
    concept: str
    present: bool
    sentence: int | None


@dataclass(frozen=True, slots=True)
class Check:
    """The whole answer for one document."""

    source: str
    document: SourceText
    checked_at: datetime
    library: Library
    sentences: tuple[CheckedSentence, ...]
    document_flags: tuple[Flag, ...]
    balance: tuple[BalanceItem, ...]


# Finds candidate studies for a query: at most `limit`, best full-text score first.
FindStudies = Callable[[str, int], Sequence[Study]]


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What a check is asked: whose rules apply (`profile`), and as of which day.

    `rejected` are texts of sentences with the id of a claim that people said they do not make.
    """

    source: str
    document: SourceText
    topic: str
    profile: str = "clinic"
    as_of: date | None = None
    rejected: frozenset[tuple[str, str]] = frozenset()
