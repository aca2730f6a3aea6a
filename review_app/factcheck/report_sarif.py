"""A check as SARIF 2.1.0 (OASIS), the format in which editors and build servers show findings.

A verdict other than supported is a result, and so is every flag. Offsets are `charOffset` in code points into the text
that travels in the file (`artifacts[0].contents`), because a page's own bytes are not what its reader sees.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from review_app.factcheck import marks
from review_app.factcheck.model import Check, CheckedSentence, Flag
from review_app.factcheck.rule_words import rule_words
from review_app.factcheck.topic_data import TopicData

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {
    "contradicted": "error",
    "overstated": "error",
    "needs_qualification": "warning",
    "insufficient_evidence": "warning",
}


def render(check: Check, data: TopicData) -> str:
    """One run; `rules` holds each verdict and each rule that has a result."""
    results = list(_results(check, data))
    rules = {result["ruleId"]: result["message"]["text"] for result in results}
    run = {
        "tool": {"driver": {"name": "Footnote", "rules": list(_rules(rules, data))}},
        "columnKind": "unicodeCodePoints",
        "automationDetails": {"description": {"text": marks.NOT_AN_APPROVAL}},
        "invocations": [{"executionSuccessful": True, "endTimeUtc": f"{check.checked_at:%Y-%m-%dT%H:%M:%SZ}"}],
        "artifacts": [{"description": {"text": check.source}, "contents": {"text": check.document.text}}],
        "results": results,
    }
    answer = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(answer, ensure_ascii=False, indent=2) + "\n"


def _rules(used: Iterable[str], data: TopicData) -> Iterator[dict[str, Any]]:
    messages = data.rule_messages()
    for rule in sorted(used):
        verdict = rule.removeprefix("verdict.").replace("_", " ")
        words = f"the sentence is {verdict}" if rule.startswith("verdict.") else rule_words(rule, messages)
        yield {"id": rule, "shortDescription": {"text": words}}


def _results(check: Check, data: TopicData) -> Iterator[dict[str, Any]]:
    messages = data.rule_messages()
    for checked in check.sentences:
        if checked.checkable and checked.verdict in _LEVELS:
            yield _verdict(check, checked, messages)
        for flag in checked.flags:
            yield _flag(check, flag, checked)
    for flag in check.document_flags:
        yield _flag(check, flag, None)


def _verdict(check: Check, checked: CheckedSentence, messages: dict[str, str]) -> dict[str, Any]:
    verdict = str(checked.verdict)
    why = "; ".join(rule_words(rule, messages) for rule in checked.rules)
    words = f"{verdict.replace('_', ' ')} ({marks.BASIS_WORDS[checked.basis]}): {why}"
    result = _result(check, f"verdict.{verdict}", _LEVELS[verdict], words, checked.sentence.start, checked.sentence.end)
    pmids = [one.pmid for one in checked.evidence if one.pmid is not None and one.stance != "related"]
    claim = checked.match.claim.id if checked.match else None
    return result | {"properties": {"basis": checked.basis, "claim": claim, "pmids": pmids}}


def _flag(check: Check, flag: Flag, checked: CheckedSentence | None) -> dict[str, Any]:
    words = f"{flag.message} {flag.suggestion or ''}".strip()
    result = _result(check, flag.rule, "note", words, flag.start, flag.end)
    return result | {"properties": {"flag": flag.flag, "sentence": checked.sentence.index if checked else None}}


def _result(check: Check, rule: str, level: str, words: str, start: int, end: int) -> dict[str, Any]:
    region = {"charOffset": start, "charLength": end - start, "snippet": {"text": check.document.text[start:end]}}
    place = {"physicalLocation": {"artifactLocation": {"index": 0}, "region": region}}
    return {"ruleId": rule, "level": level, "message": {"text": words}, "locations": [place]}
