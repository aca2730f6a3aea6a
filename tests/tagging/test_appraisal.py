"""The published rules of RoB 2, ROBINS-I, AMSTAR 2 and GRADE."""

import pytest

from db.vocabulary import vocabulary
from review_app.tagging import grade
from review_app.tagging.risk_of_bias import Tool, overall, tool_for, tools

ROB2, ROBINS, AMSTAR = (tools()[name] for name in ("rob2", "robins_i", "amstar2"))


def judged(tool: Tool, best: str, **others: str) -> dict[str, str]:
    return {domain.id: others.get(domain.id, best) for domain in tool.domains}


def said(tool: Tool, best: str, **others: str) -> str:
    found = overall(tool, judged(tool, best, **others))
    assert found is not None
    return found.judgement


def test_the_tools_have_the_domains_they_were_published_with() -> None:
    assert [len(tool.domains) for tool in (ROB2, ROBINS, AMSTAR)] == [5, 7, 16]
    assert len(AMSTAR.critical) == 7
    assert all(critical in {each.id for each in AMSTAR.domains} for critical in AMSTAR.critical)
    assert all(tool.source and domain.asks for tool in tools().values() for domain in tool.domains)


@pytest.mark.parametrize(
    ("tool", "domains", "judgements"),
    [
        (ROB2, "rob2_domain", "rob2_judgement"),
        (ROBINS, "robins_i_domain", "robins_i"),
    ],
)
def test_domains_and_judgements_are_those_of_the_vocabulary(tool: Tool, domains: str, judgements: str) -> None:
    assert {each.id for each in tool.domains} | {"overall"} == set(vocabulary().ids(domains))
    assert {each.id for each in tool.judgements} == set(vocabulary().ids(judgements))


def test_the_worst_domain_decides_rob_2() -> None:
    assert said(ROB2, "low") == "low"
    assert said(ROB2, "low", measurement="some_concerns") == "some_concerns"
    assert said(ROB2, "some_concerns", reporting="high") == "high"
    found = overall(ROB2, judged(ROB2, "low", measurement="some_concerns"))
    assert found is not None
    assert found.because == ("Measurement of the outcome",)


def test_the_worst_domain_decides_robins_i_and_no_information_is_not_moderate() -> None:
    assert said(ROBINS, "low", confounding="moderate") == "moderate"
    assert said(ROBINS, "moderate", selection="no_information") == "no_information"
    assert said(ROBINS, "no_information", confounding="serious") == "serious"
    assert said(ROBINS, "serious", confounding="critical") == "critical"


@pytest.mark.parametrize(
    ("flaws", "rating"),
    [
        ([], "high"),
        (["conflicts"], "high"),
        (["conflicts", "question"], "moderate"),
        (["search"], "low"),
        (["search", "conflicts", "question"], "low"),
        (["search", "registered"], "critically_low"),
    ],
)
def test_critical_flaws_decide_amstar_2(flaws: list[str], rating: str) -> None:
    assert said(AMSTAR, "yes", **dict.fromkeys(flaws, "no")) == rating
    assert {each.id for each in AMSTAR.overall} == set(vocabulary().ids("amstar_2"))


def test_a_partial_yes_and_a_question_that_does_not_apply_are_no_weakness() -> None:
    assert said(AMSTAR, "partly") == "high"
    assert said(AMSTAR, "yes", pooling_methods="not_applicable", publication_bias="not_applicable") == "high"


def test_there_is_no_overall_judgement_before_every_domain_is_judged() -> None:
    some = judged(ROB2, "low")
    del some["reporting"]
    assert overall(ROB2, some) is None


@pytest.mark.parametrize(
    ("design", "tool"),
    [
        ("rct", "rob2"),
        ("cohort_retrospective", "robins_i"),
        ("meta_analysis", "amstar2"),
        ("nonclinical", None),
        (None, None),
    ],
)
def test_the_tool_follows_the_design(design: str | None, tool: str | None) -> None:
    assert tool_for(design) == tool


@pytest.mark.parametrize(
    ("start", "steps", "level"),
    [
        ("randomised", {}, "high"),
        ("randomised", {"risk_of_bias": -1}, "moderate"),
        ("randomised", {"risk_of_bias": -2, "imprecision": -1}, "very_low"),
        ("randomised", {"risk_of_bias": -2, "imprecision": -2, "indirectness": -2}, "very_low"),
        ("observational", {}, "low"),
        ("observational", {"large_effect": 2}, "high"),
        ("observational", {"large_effect": 2, "dose_response": 1}, "high"),
        ("observational", {"large_effect": 1, "risk_of_bias": -1}, "low"),
    ],
)
def test_certainty_starts_by_design_and_moves_by_reasons(start: str, steps: dict[str, int], level: str) -> None:
    assert grade.certainty(start, steps) == level


@pytest.mark.parametrize(
    ("start", "steps"),
    [
        ("expert", {}),
        ("randomised", {"publication_bias": -2}),
        ("randomised", {"luck": 1}),
        ("randomised", {"imprecision": 1}),
    ],
)
def test_what_grade_does_not_know_is_refused(start: str, steps: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"no start|does not move"):
        grade.certainty(start, steps)


def test_reasons_are_those_of_the_vocabulary() -> None:
    assert set(grade.steps()) == set(vocabulary().ids("grade_reason"))
