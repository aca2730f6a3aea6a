"""A check as the published JSON object (`answer.schema.json`)."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any

from review_app.factcheck import linked
from review_app.factcheck.dossier import counts
from review_app.factcheck.model import Check, CheckedSentence, ClaimMatch, Evidence, Flag
from review_app.factcheck.verdicts import missing_qualifiers


def to_json(check: Check) -> dict[str, Any]:
    """The answer's object; key order is fixed, so equal checks give equal bytes."""
    run = check.library.last_complete_run
    return {
        "source": check.source,
        "title": check.document.title,
        "checked_at": _utc(check.checked_at),
        "library": {
            "articles": check.library.articles,
            "claims": len(check.library.claims),
            "last_complete_run": _utc(run) if run is not None else None,
        },
        "as_of": check.library.as_of.isoformat() if check.library.as_of is not None else None,
        "limits": list(check.library.limits),
        "sentences": [_sentence(checked) for checked in check.sentences],
        "document": {
            "flags": [_flag(flag) for flag in check.document_flags],
            "balance": [
                {"concept": item.concept, "present": item.present, "sentence": item.sentence} for item in check.balance
            ],
        },
        "blocks": [
            {"start": block.start, "end": block.end, "kind": block.kind, "lead_in": block.lead_in}
            for block in check.document.blocks
        ],
        "text": check.document.text,
        "summary": counts(check),
    }


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `to_json`."""
    text = resources.files("review_app.factcheck").joinpath("answer.schema.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def ground(sentence: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The evidence that the answer on a sentence stands on: what its claim names, else what was suggested for it."""
    named = [one for one in sentence["evidence"] if one["linked"]]
    return named if named and sentence["basis"] != "suggested" else list(sentence["evidence"])


def _utc(moment: datetime) -> str:
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.isoformat().replace("+00:00", "Z")


def _sentence(checked: CheckedSentence) -> dict[str, Any]:
    return {
        "index": checked.sentence.index,
        "start": checked.sentence.start,
        "end": checked.sentence.end,
        "text": checked.sentence.text,
        "checkable": checked.checkable,
        "checkability": checked.checkability,
        "checkability_reasons": list(checked.checkability_reasons),
        "topics": list(checked.topics),
        "claim": _claim(checked.match, checked) if checked.match is not None else None,
        "verdict": checked.verdict,
        "basis": checked.basis,
        "standing": checked.standing,
        "flags": [_flag(flag) for flag in checked.flags],
        "rules": list(checked.rules),
        "evidence": [_evidence(evidence) for evidence in checked.evidence],
    }


def _claim(match: ClaimMatch, checked: CheckedSentence) -> dict[str, Any]:
    missing = missing_qualifiers(match.claim, checked.sentence.text)
    return {
        "id": match.claim.id,
        "statement": match.claim.statement,
        "match": match.match,
        "score": match.score,
        "matched_text": match.matched_text,
        "differing": list(match.differing),
        "missing_qualifiers": [qualifier.text for qualifier in missing],
        "rewording": match.wording.rewording if match.wording is not None else None,
        "not_held": [
            {
                "pmid": one.pmid,
                "stance": linked.stance(one, match, checked.verdict, checked.rules),
                "claim_stance": one.stance,
                "note": one.title,
            }
            for one in linked.not_held(match)
        ],
    }


def _flag(flag: Flag) -> dict[str, Any]:
    return {
        "flag": flag.flag,
        "rule": flag.rule,
        "start": flag.start,
        "end": flag.end,
        "message": flag.message,
        "suggestion": flag.suggestion,
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "kind": evidence.kind,
        "id": evidence.id,
        "pmid": evidence.pmid,
        "reference": evidence.reference,
        "title": evidence.title,
        "year": evidence.year,
        "study_design": evidence.study_design,
        "sample_size": evidence.sample_size,
        "stance": evidence.stance,
        "reviewed": evidence.reviewed,
        "quote": evidence.quote,
        "score": evidence.score,
        "integrity": evidence.integrity,
        "linked": evidence.linked,
        "claim_stance": evidence.claim_stance,
        "note": evidence.note,
    }
