"""The evidence that a matched claim brings to a sentence, with its stance turned towards that sentence.

The claims library holds stances towards a claim's statement. A sentence that says a wording which goes too far is not
borne out by what supports the statement: ASPIRE I and II support that prevention of suicide was not shown, and so speak
against "prevents suicide".
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from review_app.factcheck.model import ClaimEvidence, ClaimMatch, Evidence, Stance, Verdict
from review_app.factcheck.verdicts import NO_SUPPORT, OTHER_PRODUCT

# What a stance towards the statement is worth beside a wording of this verdict; unnamed ones stay as they are.
_TURNED: Mapping[Verdict, Mapping[Stance, Stance]] = {
    "overstated": {"supports": "qualifies"},
    "contradicted": {"supports": "contradicts", "qualifies": "related", "contradicts": "related"},
    "insufficient_evidence": {"supports": "related", "qualifies": "related"},
}

# What speaks against a wording is worth this beside a sentence that denies it, by the rule that found the denial.
_TOWARDS_DENIAL: Mapping[str, Stance] = {
    "denies-what-is-wrong": "supports",
    "opposite-of-what-does-not-hold": "related",
}
# What supports a wording that holds is worth this beside a sentence that came to another verdict than the wording.
_LOWERED: Mapping[Verdict, Stance] = {
    "needs_qualification": "qualifies",
    "overstated": "qualifies",
    "contradicted": "related",
    "insufficient_evidence": "related",
}


def evidence(match: ClaimMatch, verdict: Verdict | None, rules: Sequence[str]) -> tuple[Evidence, ...]:
    """The evidence that the library links to the claim and holds. `rules` led to the sentence's verdict."""
    return tuple(_shown(one, one.id, match, verdict, rules) for one in match.claim.evidence if one.id is not None)


def not_held(match: ClaimMatch) -> tuple[ClaimEvidence, ...]:
    """The claim's evidence that this library does not hold; it has no id to show."""
    return tuple(one for one in match.claim.evidence if one.id is None)


def stance(one: ClaimEvidence, match: ClaimMatch, verdict: Verdict | None, rules: Sequence[str]) -> Stance:
    """The stance of a claim's evidence towards the sentence that matched, `related` where its direction is unsure."""
    held: Stance = "related" if one.stance == "supports" and one.integrity in NO_SUPPORT else one.stance
    wording = match.wording
    if wording is None or wording not in match.claim.overstatements:
        if held != "supports" or verdict in {"supported", None}:
            return held
        return "related" if not OTHER_PRODUCT.isdisjoint(rules) else _LOWERED[verdict]
    if wording.against is not None:
        named = one.pmid in wording.against or one.key in wording.against
        towards: Stance = next((_TOWARDS_DENIAL[rule] for rule in rules if rule in _TOWARDS_DENIAL), "contradicts")
        return towards if named and one.integrity not in NO_SUPPORT else "related"
    if match.match == "near":
        return "related"
    return _TURNED[wording.verdict].get(held, held)


def suggested(one: Evidence, match: ClaimMatch) -> Evidence:
    """A study that a search found, beside a sentence that matched: no suggestion bears out what goes too far."""
    too_far = match.wording in match.claim.overstatements
    return replace(one, stance="related") if too_far and one.stance == "supports" else one


def _shown(one: ClaimEvidence, id: int, match: ClaimMatch, verdict: Verdict | None, rules: Sequence[str]) -> Evidence:
    return Evidence(
        kind=one.kind,
        id=id,
        pmid=one.pmid,
        reference=one.reference,
        title=one.title,
        year=one.year,
        study_design=one.study_design,
        sample_size=one.sample_size,
        stance=stance(one, match, verdict, rules),
        reviewed=one.reviewed,
        quote=one.quote if one.quote_state != "orphaned" else "",
        score=match.score,
        integrity=one.integrity,
        linked=True,
        claim_stance=one.stance,
        note=one.note,
    )
