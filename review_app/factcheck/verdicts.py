"""How a sentence comes to its verdict: people's decisions, then the claims library, then written rules over evidence.

A suggestion never says `supported` without a study's own sentence, or a source that the claims library links, behind
it. A retracted study is never support.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from review_app.factcheck.bearing import pair_names
from review_app.factcheck.folding import fold
from review_app.factcheck.matching import SURE
from review_app.factcheck.model import Basis, Claim, ClaimMatch, ClaimVerdict, Evidence, Qualifier, Standing, Verdict
from review_app.factcheck.quantities import quantities, times
from review_app.factcheck.reading import Reading, with_names
from review_app.factcheck.topic_data import TopicData, VerdictRule

NO_SUPPORT = frozenset({"retracted", "retracted_and_replaced", "withdrawn"})
# The claim rules after which a claim's evidence is on another product than the sentence.
OTHER_PRODUCT = frozenset({"claim-on-the-wrong-molecule", "claim-on-the-other-molecule", "claim-on-the-other-route"})
_DAY = 24  # hours
# Four weeks are a month.
_SAME_TIME = 0.09
# Worst first: of two verdicts on one sentence the earlier one is the safer to show.
_GRAVITY: tuple[Verdict, ...] = (
    "contradicted",
    "overstated",
    "insufficient_evidence",
    "needs_qualification",
    "supported",
)


@dataclass(frozen=True, slots=True)
class Decision:
    verdict: Verdict
    basis: Basis
    standing: Standing
    rules: tuple[str, ...]


def decide(
    reading: Reading,
    match: ClaimMatch | None,
    evidence: Sequence[Evidence],
    data: TopicData,
    as_of: date | None,
) -> Decision:
    """The verdict of a checkable sentence, what it rests on, and the ids of the rules that led to it."""
    reading = with_names(reading, _evidence_names(evidence))
    if match is None:
        return _suggested(reading, evidence, data)
    reading = with_names(reading, _match_names(reading, match, data))
    given = _wording_verdict(match)
    verdict, rules = _ruled(given, reading, data.claim_rules)
    basis: Basis = "library"
    reviewed = _reviewed(match.claim, as_of)
    if reviewed is not None and _reviewed_decides(reviewed, match, verdict):
        verdict, basis = reviewed.verdict, "reviewed"
        rules = (f"reviewed-{reviewed.verdict}",)
    else:
        rules = (f"wording-{match.match}-{given}", *rules)
    if verdict == "supported" and _rests_on_retracted(match.claim):
        verdict, rules = "insufficient_evidence", (*rules, "retracted-support")
    for rule in data.basis_rules:
        if rule.when.holds(reading.signals):
            basis, rules = "suggested", (*rules, rule.id)
    return Decision(verdict, basis, _standing(match.claim, reviewed), rules)


def borne_out(decision: Decision, evidence: Sequence[Evidence]) -> Decision:
    """A suggested `supported` stands only with sound support among the evidence shown: a study's own sentence, or a
    source that the resembling claim links."""
    support = [one for one in evidence if one.stance == "supports" and one.integrity not in NO_SUPPORT]
    if (decision.verdict, decision.basis) != ("supported", "suggested") or any(
        one.quote or one.linked for one in support
    ):
        return decision
    return replace(decision, verdict="insufficient_evidence", rules=(*decision.rules, "no-supporting-quote"))


def missing_qualifiers(claim: Claim, text: str) -> tuple[Qualifier, ...]:
    """What must be said with the claim and is not said in the text, by the qualifiers' cues."""
    folded = f" {fold(text).text} "
    return tuple(qualifier for qualifier in claim.qualifiers if not any(_says(cue, folded) for cue in qualifier.cues))


def _says(cue: str, folded: str) -> bool:
    position = folded.find(cue)
    while position > 0:
        end = position + len(cue)
        if not folded[position - 1].isalnum() and not folded[end : end + 1].isalnum():
            return True
        position = folded.find(cue, position + 1)
    return False


def _wording_verdict(match: ClaimMatch) -> Verdict:
    return match.wording.verdict if match.wording is not None else "supported"


def _reviewed(claim: Claim, as_of: date | None) -> ClaimVerdict | None:
    reviewed = claim.reviewed_verdict
    if reviewed is not None and as_of is not None and reviewed.decided_at.date() > as_of:
        return None
    return reviewed


def _reviewed_decides(reviewed: ClaimVerdict, match: ClaimMatch, verdict: Verdict) -> bool:
    """People judged the claim as stated: that decides its statement, and can only make another wording graver."""
    if match.matched_text == match.claim.statement and match.match != "near":
        return True
    return _GRAVITY.index(reviewed.verdict) < _GRAVITY.index(verdict)


def _rests_on_retracted(claim: Claim) -> bool:
    supporting = [one for one in claim.evidence if one.stance == "supports"]
    return bool(supporting) and all(one.integrity in NO_SUPPORT for one in supporting)


def _standing(claim: Claim, reviewed: ClaimVerdict | None) -> Standing:
    if any(one.quote_state == "orphaned" for one in claim.evidence):
        return "orphaned"
    if any(one.integrity in NO_SUPPORT for one in claim.evidence if one.stance == "supports"):
        return "stale"
    return reviewed.standing if reviewed is not None else claim.standing


def _match_names(reading: Reading, match: ClaimMatch, data: TopicData) -> list[str]:
    missing = missing_qualifiers(match.claim, reading.sentence.text)
    said = len(match.claim.qualifiers) - len(missing)
    names = [f"match.{match.match}", f"certainty.{match.claim.certainty}", f"wording.{_wording_verdict(match)}"]
    names += ["qualifier.missing"] if missing else []
    names += ["qualifier.said"] if said else []
    names += ["match.weak"] if match.match == "near" and match.score < SURE else []
    names += ["first.beyond"] if not any(f"first.{topic}" in reading.signals for topic in match.claim.topics) else []
    names += ["match.statement"] if match.matched_text == match.claim.statement else []
    names += _figure_names(reading.sentence.text, match.matched_text)
    names += _time_names(reading.sentence.text, match)
    # How strongly the wording itself speaks, so that only what the sentence adds counts against it.
    return names + pair_names(reading, match.claim, match.matched_text, data)


def _figure_names(text: str, wording: str) -> list[str]:
    """Whether the sentence gives a share that the matched wording does not, and a higher one than any it gives."""
    claimed = {one.value for one in quantities(wording) if one.unit == "%"}
    added = {one.value for one in quantities(text) if one.unit == "%"} - claimed
    if not added:
        return []
    return ["figures.other", "figures.higher"] if claimed and max(added) > max(claimed) else ["figures.other"]


def _time_names(text: str, match: ClaimMatch) -> list[str]:
    """Whether the sentence gives a time that neither wording nor claim does, and whether they give another such: one
    of hours or one of days."""
    known = times(match.matched_text) | times(match.claim.statement)
    other = [one for one in times(text) if not any(math.isclose(one, each, rel_tol=_SAME_TIME) for each in known)]
    changed = any((one < _DAY) == (each < _DAY) for one in other for each in known)
    return ["times.other"] * bool(other) + ["times.changed"] * changed


def _evidence_names(evidence: Sequence[Evidence]) -> list[str]:
    sound = {one.stance for one in evidence if one.quote and one.integrity not in NO_SUPPORT}
    return ["evidence.any"] * bool(evidence) + [f"evidence.{stance}" for stance in sorted(sound)]


def _ruled(given: Verdict, reading: Reading, rules: Sequence[VerdictRule]) -> tuple[Verdict, tuple[str, ...]]:
    """Each rule in turn may change the verdict; the ids of those that did."""
    applied: list[str] = []
    for rule in rules:
        if given in rule.given and given != rule.verdict and rule.when.holds(reading.signals):
            given = rule.verdict
            applied.append(rule.id)
    return given, tuple(applied)


def _suggested(reading: Reading, evidence: Sequence[Evidence], data: TopicData) -> Decision:
    for rule in data.topic_rules:
        if rule.when.holds(reading.signals) and (rule.verdict != "supported" or "evidence.supports" in reading.signals):
            return Decision(rule.verdict, "suggested", "current", (rule.id,))
    if evidence:
        return Decision("insufficient_evidence", "suggested", "current", ("no-rule-applies",))
    return Decision("insufficient_evidence", "none", "current", ("nothing-found",))
