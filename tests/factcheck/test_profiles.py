"""Rules that hold for one kind of publisher and not for another."""

import tomllib
from importlib import resources

import pytest
from factcheck.factcheck_copy import TOPIC, check

from review_app.cli_options import PROFILES
from review_app.factcheck import extraction
from review_app.factcheck.model import CheckRequest


def rules(text: str, profile: str) -> set[str]:
    request = CheckRequest("copy.txt", extraction.from_text(text), TOPIC, profile=profile)
    return {flag.rule for sentence in check(text, request=request).sentences for flag in sentence.flags}


BROKEN = [
    ("manufacturer", "p-value-without-spread", "Esketamine improved depression scores (p < 0.001)."),
    ("manufacturer", "relative-alone", "Esketamine brings a 62% greater reduction of depression symptoms."),
    ("editorial", "relative-alone", "Ketamine reduced the symptoms of depression by 50%."),
    ("manufacturer", "no-difference-as-equivalence", "Ketamine is as effective as ECT in depression."),
    ("manufacturer", "post-hoc-unsaid", "In a post hoc analysis esketamine relieved depression in older adults."),
    ("manufacturer", "suicidality-use-without-antidepressant", "Spravato reduces depression in suicidal patients."),
    ("clinic", "suicidality-use-without-antidepressant", "Spravato is approved for suicidal patients."),
    ("manufacturer", "unapproved-product-promoted", "Ketamine relieves depression within hours."),
    ("clinic", "registration-as-approval", "Our ketamine for depression comes from an FDA-registered pharmacy."),
    ("editorial", "study-unnamed", "Studies have shown that ketamine relieves depression."),
    ("editorial", "benefit-without-cost-of-it", "Ketamine relieved depression in 70% of patients."),
]
KEPT = [
    ("manufacturer", "p-value-without-spread", "Esketamine improved scores (p < 0.001; 95% CI 2 to 6)."),
    ("manufacturer", "relative-alone", "Symptoms fell 62% more with esketamine, by 17 points versus 10 points."),
    ("manufacturer", "no-difference-as-equivalence", "Ketamine was non-inferior to and as good as ECT."),
    ("manufacturer", "suicidality-use-without-antidepressant",
     "With an oral antidepressant Spravato reduces depression in suicidal patients."),
    ("manufacturer", "suicidality-use-without-antidepressant", "Spravato has not been shown to prevent suicide."),
    ("manufacturer", "unapproved-product-promoted", "Spravato relieves depression in adults."),
    ("editorial", "study-unnamed", "In JAMA Psychiatry in 2019 studies have shown that esketamine works."),
    ("editorial", "benefit-without-cost-of-it",
     "Ketamine relieved depression in 70% of patients. Dissociation and sedation are common risks."),
]  # fmt: skip


@pytest.mark.parametrize(("profile", "rule", "text"), BROKEN)
def test_a_rule_speaks_under_its_profile(profile: str, rule: str, text: str) -> None:
    assert rule in rules(text, profile)


@pytest.mark.parametrize(("profile", "rule", "text"), KEPT)
def test_wording_that_keeps_the_rule_is_not_flagged(profile: str, rule: str, text: str) -> None:
    assert rule not in rules(text, profile)


def test_no_rule_speaks_under_another_profile() -> None:
    file = resources.files("review_app.factcheck") / "topics" / TOPIC / "profiles.toml"
    entries = {each["id"]: set(each["profiles"]) for each in tomllib.loads(file.read_text("utf-8"))["rule"]}
    assert set().union(*entries.values()) <= set(PROFILES)
    for _, rule, text in BROKEN:
        for profile in set(PROFILES) - entries[rule]:
            assert rule not in rules(text, profile)


def test_every_profile_has_a_rule_of_its_own() -> None:
    text = " ".join(text for _, _, text in BROKEN)
    found = {profile: rules(text, profile) for profile in PROFILES}
    for profile in PROFILES:
        others = [found[other] for other in PROFILES if other != profile]
        assert found[profile] - set.intersection(*others), profile
