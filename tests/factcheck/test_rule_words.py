"""Every rule that may stand behind a verdict is said in words."""

import pytest

from review_app.factcheck.rule_words import rule_words
from review_app.factcheck.topic_data import load

MESSAGES = load("ketamine-depression").rule_messages()


@pytest.mark.parametrize("rule", sorted(MESSAGES))
def test_a_written_rule_says_its_own_message(rule: str) -> None:
    assert rule_words(rule, MESSAGES) == MESSAGES[rule]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("wording-near-needs_qualification", "It says nearly what the claims library records as: needs qualification."),
        ("wording-exact-supported", "It says exactly what the claims library records as: supported."),
        ("wording-variant-contradicted", "It says in other words what the claims library records as: contradicted."),
        ("reviewed-overstated", "People judged the claim in this library: overstated."),
    ],
)
def test_a_match_says_how_it_led_to_the_verdict(rule: str, said: str) -> None:
    assert rule_words(rule, MESSAGES) == said


@pytest.mark.parametrize("rule", ["retracted-support", "no-rule-applies", "nothing-found", "no-supporting-quote"])
def test_the_rules_of_last_resort_have_words(rule: str) -> None:
    assert rule_words(rule, MESSAGES) != rule


def test_a_rule_that_is_gone_keeps_its_id() -> None:
    assert rule_words("a-rule-of-last-year", MESSAGES) == "a-rule-of-last-year"
