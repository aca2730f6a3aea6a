"""The fact-check of one document: pure, deterministic, and honest about what each verdict rests on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from review_app.factcheck import (
    balance,
    bearing,
    checkworthy,
    foreign,
    language,
    linked,
    matching,
    quantities,
    topic_likelihood,
    topics,
    verdicts,
)
from review_app.factcheck.evidence import rank as rank_studies
from review_app.factcheck.evidence import widen
from review_app.factcheck.model import (
    Check,
    CheckedSentence,
    CheckRequest,
    Claim,
    ClaimMatch,
    Evidence,
    FindStudies,
    Flag,
    Library,
    Study,
)
from review_app.factcheck.reading import Reading, readings, with_names
from review_app.factcheck.topic_data import TopicData, load

STUDIES_PER_SENTENCE = 50
EVIDENCE_PER_SENTENCE = 5
# Above this likeness a sentence resembles a claim enough to count as an assertion.
_RESEMBLES_CLOSELY = 0.47
_STRONG_TOPIC = 5.0
# Of two dozen topics one is this much likelier than chance when the words make it about four times as likely.
_LIKELY_TOPIC = 1.2
_FAINT = 0.5
_QUERY_WORDS = 24
_CHECKED_UNITS = frozenset({"%", "mg", "mg/kg", "n"})


class Rank(Protocol):
    """Picks the studies that bear on a query, with the quote and stance of each, best first."""

    def __call__(
        self, query: str, studies: Sequence[Study], *, topics: Sequence[str] = (), limit: int = 5, topic: str
    ) -> tuple[Evidence, ...]: ...


def check(
    request: CheckRequest,
    library: Library,
    find_studies: FindStudies,
    checked_at: datetime,
    *,
    rank: Rank = rank_studies,
) -> Check:
    """Checks every sentence of a document against a library; asks `find_studies` at most once per sentence.

    Raises `topic_data.BadTopicData` for an unknown topic.
    """
    data = load(request.topic)
    library = replace(library, claims=tuple(_as_of(claim, request.as_of) for claim in library.claims))
    found = readings(request.document, data)
    document_flags = foreign.flags(request.document, data)
    one = _SentenceCheck(request, data, library.claims, find_studies, rank)
    if document_flags:
        checked = tuple(_unchecked(reading, ("not in English",)) for reading in found)
    else:
        checked = tuple(one.of(reading) for reading in found)
    spoken_of = frozenset(topic for sentence in checked for topic in sentence.topics)
    return Check(
        source=request.source,
        document=request.document,
        checked_at=checked_at,
        library=library,
        sentences=checked,
        document_flags=document_flags,
        balance=() if document_flags else balance.ledger(found, spoken_of, data),
    )


def _as_of(claim: Claim, day: date | None) -> Claim:
    if day is None:
        return claim
    return replace(claim, evidence=tuple(one for one in claim.evidence if one.year is None or one.year <= day.year))


def _unchecked(reading: Reading, reasons: tuple[str, ...], checkability: float = 0.0) -> CheckedSentence:
    return CheckedSentence(
        sentence=reading.sentence,
        checkable=False,
        checkability=checkability,
        checkability_reasons=reasons,
        topics=(),
        match=None,
        verdict=None,
        basis="none",
        standing="current",
        flags=(),
        rules=(),
        evidence=(),
    )


class _SentenceCheck:
    """The steps of one sentence, with what they share across a document."""

    def __init__(
        self,
        request: CheckRequest,
        data: TopicData,
        claims: tuple[Claim, ...],
        find_studies: FindStudies,
        rank: Rank,
    ) -> None:
        self._request = request
        self._data = data
        self._index = matching.index(claims, request.topic)
        self._likelihood = topic_likelihood.likelihood(claims)
        self._find_studies = find_studies
        self._rank = rank
        self._refused = [(_one_line(said), claim) for said, claim in request.rejected]

    def of(self, reading: Reading) -> CheckedSentence:
        if foreign.is_foreign(reading.folded.text, self._data):
            return _unchecked(reading, ("not in English",))
        spoken_of = topics.scores(reading, self._data)
        likest = self._index.likest(reading.in_context, spoken_of)
        resembled = [(one.candidate.claim.topics, one.score) for one in likest[:3]]
        likelier = self._likelihood.of(reading.in_context)
        scored = topics.with_likelihood(topics.with_resembled(spoken_of, resembled), likelier)
        scored = topics.with_precedence(scored, reading, self._data)
        ranked = topics.ranked(scored, self._data)
        names = [f"topic.{topic}" for topic in ranked] + [f"first.{topic}" for topic in ranked[:1]]
        reached = {
            "resembles.claim": bool(resembled) and resembled[0][1] >= _RESEMBLES_CLOSELY,
            "topics.cued": max(spoken_of.values(), default=0) >= topics.THRESHOLD,
            "topics.likely": max(likelier.values(), default=0) >= _LIKELY_TOPIC,
            "topics.strong": bool(ranked) and scored[ranked[0]] >= _STRONG_TOPIC,
        }
        reading = with_names(reading, [*names, *(name for name, holds in reached.items() if holds)])
        checkability, reasons = checkworthy.checkability(reading, self._data)
        if checkability < checkworthy.THRESHOLD:
            return self._not_a_claim(reading, checkability, reasons, ranked)
        return self._claim(with_names(reading, ["act.claim"]), checkability, reasons, ranked, likest)

    def _not_a_claim(
        self, reading: Reading, checkability: float, reasons: tuple[str, ...], ranked: tuple[str, ...]
    ) -> CheckedSentence:
        unchecked = _unchecked(reading, reasons, checkability)
        return replace(unchecked, topics=ranked, flags=language.flags(reading, self._data, self._request.profile))

    def _claim(
        self,
        reading: Reading,
        checkability: float,
        reasons: tuple[str, ...],
        ranked: tuple[str, ...],
        likest: Sequence[matching.Likeness],
    ) -> CheckedSentence:
        rejected = self._rejected(reading)
        match = self._match(reading, ranked, [one for one in likest if one.candidate.claim.id not in rejected])
        flags = language.flags(reading, self._data, self._request.profile)
        reading = with_names(reading, [f"flag.{flag.flag}" for flag in flags])
        suggested = self._suggested_evidence(reading, match, ranked)
        decision = verdicts.decide(reading, match, suggested, self._data, self._request.as_of)
        evidence = suggested
        if match is not None:
            evidence = linked.evidence(match, decision.verdict, decision.rules)
            evidence += tuple(linked.suggested(one, match) for one in suggested if not _is_among(one, evidence))
        decision = verdicts.borne_out(decision, evidence)
        if any(one.candidate.claim.id in rejected and one.score >= matching.NEAR for one in likest):
            decision = replace(decision, rules=(*decision.rules, "rejected-here"))
        reading = with_names(reading, [f"verdict.{decision.verdict}"])
        flags = language.flags_of_verdict(flags, reading, self._data, self._request.profile)
        return CheckedSentence(
            sentence=reading.sentence,
            checkable=True,
            checkability=checkability,
            checkability_reasons=reasons,
            topics=ranked,
            match=match,
            verdict=decision.verdict,
            basis=decision.basis,
            standing=decision.standing,
            flags=flags + _figures_without_a_quote(reading, evidence),
            rules=decision.rules,
            evidence=evidence,
        )

    def _rejected(self, reading: Reading) -> frozenset[str]:
        """The claims that people said these words do not make, in this document or another."""
        text = _one_line(reading.sentence.text)
        return frozenset(claim for said, claim in self._refused if said == text)

    def _match(
        self, reading: Reading, ranked: tuple[str, ...], likest: Sequence[matching.Likeness]
    ) -> ClaimMatch | None:
        near = [one for one in likest if one.score >= matching.NEAR]
        bearing_ones = bearing.bearing(reading, near, self._data)
        match = None if _is_of_another_drug(reading) else self._index.match(reading.in_context, bearing_ones)
        # A faint likeness to a claim on another topic says more about shared words than about the claim.
        if match is not None and match.score < _FAINT and not set(ranked) & set(match.claim.topics):
            return None
        if match is None:
            return None
        return replace(match, claim=bearing.for_product(reading, match.claim, self._data))

    def _suggested_evidence(
        self, reading: Reading, match: ClaimMatch | None, ranked: tuple[str, ...]
    ) -> tuple[Evidence, ...]:
        topic = self._request.topic
        query = match.claim.search_query if match is not None else _query(reading)
        found = self._find_studies(widen(query, topics=ranked, topic=topic), STUDIES_PER_SENTENCE)
        studies = [study for study in found if self._is_in_time(study)]
        return self._rank(reading.in_context, studies, topics=ranked, limit=EVIDENCE_PER_SENTENCE, topic=topic)

    def _is_in_time(self, study: Study) -> bool:
        day = self._request.as_of
        return day is None or study.year is None or study.year <= day.year


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _is_among(study: Evidence, linked_ones: Sequence[Evidence]) -> bool:
    same_pmid = {one.pmid for one in linked_ones if one.pmid is not None}
    return study.pmid in same_pmid or study.id in {one.id for one in linked_ones if one.kind == "study"}


def _figures_without_a_quote(reading: Reading, evidence: Sequence[Evidence]) -> tuple[Flag, ...]:
    """A flag for each share, dose or number of patients that no quote contains; none where there are no quotes."""
    quotes = tuple(one.quote for one in evidence if one.quote)
    figures = quantities.not_in(reading.sentence.text, quotes) if quotes else ()
    start = reading.sentence.start
    message = "No quote shown here contains this figure with this unit."
    return tuple(
        Flag("figure_not_in_evidence", "figure-not-in-evidence", start + one.start, start + one.end, message)
        for one in figures
        if one.unit in _CHECKED_UNITS
    )


def _is_of_another_drug(reading: Reading) -> bool:
    """Claims of this library say nothing about a sentence that only names another treatment."""
    names = reading.signals
    return "drug.other" in names and "drug.any" not in names and "drug.conventional" not in names


def _query(reading: Reading) -> str:
    """The words of a sentence worth searching for, with the drug it speaks of when it does not name it."""
    words = [word for word in dict.fromkeys(reading.folded.text.split()) if len(word) > 3]
    drug = [] if "drug.any" in reading.signals else [bearing.sentence_molecule(reading.signals) or "ketamine"]
    return " ".join([*drug, *words][:_QUERY_WORDS])
