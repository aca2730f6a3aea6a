"""What the rules behind a verdict say, for those that are written and those that follow from a match."""

from collections.abc import Mapping

from review_app.factcheck import marks
from review_app.factcheck.model import Match, Verdict

_FIXED = {
    "retracted-support": "Every study that supported the claim was retracted or withdrawn.",
    "no-rule-applies": "Studies were found, but no written rule decides what they say about this.",
    "rejected-here": "People said that these words do not make a claim that they resemble; it is not suggested again.",
    "nothing-found": "No study of this library speaks of it.",
    "no-supporting-quote": "No sentence of a sound study, and no source of the claim, shown here bears it out.",
}


def rule_words(rule: str, messages: Mapping[str, str]) -> str:
    """The message of a rule by its id; `messages` are those of the topic's written rules. Unknown ids stay ids."""
    if rule in messages:
        return messages[rule]
    for match, how in marks.MATCH_WORDS.items():
        if rule.startswith(f"wording-{match}-"):
            return _wording(match, how, rule.removeprefix(f"wording-{match}-"))
    if rule.startswith("reviewed-"):
        return f"People judged the claim in this library: {_verdict(rule.removeprefix('reviewed-'))}."
    return _FIXED.get(rule, rule)


def _wording(match: Match, how: str, verdict: str) -> str:
    return f"It says {how} what the claims library records as: {_verdict(verdict)}."


def _verdict(verdict: str) -> str:
    words: Mapping[Verdict, str] = marks.VERDICT_WORDS
    return next((said for known, said in words.items() if known == verdict), verdict)
