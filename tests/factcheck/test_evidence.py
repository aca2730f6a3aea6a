"""Which studies bear on a sentence. The studies are invented; PMIDs from 90000000 up belong to nobody."""

import random
import time
from dataclasses import replace
from typing import Any

import pytest

from review_app.factcheck.evidence import rank, widen
from review_app.factcheck.model import AbstractSection, Evidence, Study
from review_app.factcheck.terms import load


def study(number: int, title: str, *sentences: str, **given: Any) -> Study:
    """An invented study whose results section holds the sentences."""
    sections = (AbstractSection("RESULTS", " ".join(sentences)),) if sentences else ()
    return Study(id=number, pmid=90000000 + number, title=title, sections=sections, reference="Nobody 2020", **given)


TRIAL = study(
    1,
    "Ketamine in treatment-resistant depression: a randomized trial",
    "We enrolled 40 adults.",
    "Depressive symptoms on the MADRS improved significantly within 24 hours of a single ketamine infusion.",
    "Headache was common.",
)
PROTOCOL = study(
    2,
    "Ketamine for depression: study protocol",
    "Depressive symptoms on the MADRS will be compared within 24 hours of a single ketamine infusion.",
)
SUICIDALITY = study(
    3,
    "Ketamine and suicidal ideation",
    "Suicidal ideation was significantly reduced after ketamine compared with placebo.",
)
BLADDER = study(4, "Bladder symptoms in ketamine users", "Urinary symptoms occurred in 12% of the users of ketamine.")
NEGATIVE = study(
    5,
    "A trial of ketamine for suicidal ideation",
    "Suicidal ideation did not differ: no significant reduction was seen with ketamine compared with placebo.",
)
LIBRARY = (TRIAL, PROTOCOL, SUICIDALITY, BLADDER, NEGATIVE)
RELIEF = "Ketamine can provide relief from depressive symptoms within hours."
SUICIDAL = "This therapy may also help reduce suicidal ideation."


def only(sentence: str, one: Study) -> Evidence:
    (evidence,) = rank(sentence, [one])
    return evidence


def test_a_study_that_reports_the_outcome_comes_first() -> None:
    assert rank(RELIEF, LIBRARY)[0].pmid == TRIAL.pmid
    assert rank(SUICIDAL, LIBRARY)[0].id in {SUICIDALITY.id, NEGATIVE.id}


def test_a_protocol_comes_after_a_trial_and_never_takes_a_side() -> None:
    ranked = rank(RELIEF, [PROTOCOL, TRIAL])
    assert [item.id for item in ranked] == [TRIAL.id, PROTOCOL.id]
    assert ranked[1].stance == "related"


def test_the_quote_is_the_sentence_that_bears_on_the_query_word_for_word() -> None:
    assert only(RELIEF, TRIAL).quote == (
        "Depressive symptoms on the MADRS improved significantly within 24 hours of a single ketamine infusion."
    )


def test_a_result_is_quoted_before_an_aim_in_the_same_words() -> None:
    one = replace(
        SUICIDALITY,
        sections=(
            AbstractSection("OBJECTIVE", "We aimed to determine whether ketamine reduces suicidal ideation."),
            AbstractSection("RESULTS", "Ketamine significantly reduced suicidal ideation."),
        ),
    )
    assert only(SUICIDAL, one).quote == "Ketamine significantly reduced suicidal ideation."


@pytest.mark.parametrize("opening", ["The primary outcomes were", "Ketamine and saline were administered to test"])
def test_a_result_is_quoted_before_what_was_measured_and_how(opening: str) -> None:
    method = f"{opening} suicidal ideation and whether ketamine reduces it."
    result = "Suicidal ideation was significantly reduced."
    assert only(SUICIDAL, study(41, "Ketamine and suicidal ideation", method, result)).quote == result


def test_a_sentence_that_says_what_increased_is_a_result_and_no_background() -> None:
    measured = "Levels of the protein were measured after ketamine."
    increased = "Levels of the protein increased after ketamine."
    evidence = only("Ketamine raises levels of the protein.", study(40, "Ketamine and proteins", measured, increased))
    assert evidence.quote == increased


def test_a_reported_benefit_supports_and_a_missing_one_contradicts() -> None:
    assert only(SUICIDAL, SUICIDALITY).stance == "supports"
    assert only(SUICIDAL, NEGATIVE).stance == "contradicts"


def test_a_benefit_bears_out_no_cure_prevention_or_effect_in_everybody() -> None:
    assert only("Ketamine eases depressive symptoms.", TRIAL).stance == "supports"
    for absolute in ("Ketamine cures depressive symptoms.", "Ketamine eases depressive symptoms in everyone."):
        assert only(absolute, TRIAL).stance == "related"
    assert only("Ketamine prevents suicidal ideation.", SUICIDALITY).stance == "related"
    assert only("Ketamine prevents suicidal ideation.", NEGATIVE).stance == "contradicts"


def test_that_a_treatment_works_does_not_bear_out_that_it_is_approved() -> None:
    assert only("Ketamine is FDA-approved to treat depressive symptoms.", TRIAL).stance == "related"
    (said,) = rank("Clinics give ketamine for depressive symptoms.", [TRIAL], topics=["administration", "efficacy"])
    assert said.stance == "related"


def test_what_a_study_reports_of_another_treatment_decides_nothing() -> None:
    improved = "Depressive symptoms on the MADRS improved significantly with {}, compared with controls."
    title = "Ketamine and electroconvulsive therapy in depression"
    assert (
        only("Ketamine eases depressive symptoms.", study(30, title, improved.format("ketamine"))).stance == "supports"
    )
    assert only("Ketamine eases depressive symptoms.", study(30, title, improved.format("ECT"))).stance == "related"


def test_a_difference_that_was_not_seen_refutes_no_assertion_without_an_effect() -> None:
    routes = study(
        31, "Routes of ketamine", "There was no difference between intravenous and intranasal routes of ketamine."
    )
    assert only("Most research on ketamine used infusions.", routes).stance == "related"


def test_a_study_on_something_else_is_only_related() -> None:
    assert only(SUICIDAL, BLADDER).stance == "related"
    assert only(RELIEF, BLADDER).stance == "related"


@pytest.mark.parametrize("integrity", ["retracted", "withdrawn", "retracted_and_replaced"])
def test_a_study_that_no_longer_stands_supports_nothing_and_comes_later(integrity: str) -> None:
    fallen = replace(SUICIDALITY, integrity=integrity)
    standing = replace(SUICIDALITY, id=99)
    ranked = rank(SUICIDAL, [fallen, standing])
    assert [(item.id, item.stance) for item in ranked] == [(99, "supports"), (3, "related")]


@pytest.mark.parametrize("integrity", ["expression_of_concern", "partially_retracted"])
def test_a_study_under_a_cloud_qualifies_at_most(integrity: str) -> None:
    assert only(SUICIDAL, replace(SUICIDALITY, integrity=integrity)).stance == "qualifies"


def test_a_single_case_qualifies_at_most_and_refutes_nothing() -> None:
    assert only(SUICIDAL, replace(SUICIDALITY, study_design="case_report")).stance == "qualifies"
    assert only(SUICIDAL, replace(NEGATIVE, study_design="case_report")).stance == "related"


def test_a_figure_that_the_quote_lacks_is_not_supported() -> None:
    assert only("Ketamine reduces suicidal ideation in 90% of patients.", SUICIDALITY).stance == "related"


def test_a_reviewed_design_counts_over_what_the_title_says() -> None:
    assert only(RELIEF, replace(TRIAL, study_design="protocol")).stance == "related"


def test_better_designs_come_before_weaker_ones_that_say_the_same() -> None:
    trial, report = replace(SUICIDALITY, study_design="rct"), replace(SUICIDALITY, id=9, study_design="case_report")
    assert [item.id for item in rank(SUICIDAL, [report, trial])] == [trial.id, report.id]


def test_larger_and_newer_studies_break_ties() -> None:
    small, large = replace(TRIAL, sample_size=12), replace(TRIAL, id=8, sample_size=400)
    assert [item.id for item in rank(RELIEF, [small, large])] == [8, 1]
    old, new = replace(TRIAL, year=2004), replace(TRIAL, id=8, year=2024)
    assert [item.id for item in rank(RELIEF, [old, new])] == [8, 1]


def test_the_order_of_the_candidates_does_not_matter() -> None:
    expected = rank(RELIEF, LIBRARY)
    for seed in range(5):
        shuffled = random.Random(seed).sample(LIBRARY, len(LIBRARY))
        assert rank(RELIEF, shuffled) == expected


def test_a_study_is_offered_once_and_at_most_as_many_as_asked() -> None:
    assert [item.id for item in rank(RELIEF, [TRIAL, TRIAL])] == [TRIAL.id]
    assert len(rank(RELIEF, LIBRARY, limit=2)) == 2
    assert rank(RELIEF, []) == ()


def test_a_study_without_an_abstract_has_no_quote_and_takes_no_side() -> None:
    evidence = only(RELIEF, study(7, "Ketamine relieves depressive symptoms within hours"))
    assert (evidence.quote, evidence.stance) == ("", "related")


@pytest.mark.parametrize("query", ["", "   ", "\x00", "%%%", "the of and", "😀", "123", "x" * 50_000, "word " * 10_000])
def test_any_text_can_be_a_query(query: str) -> None:
    assert len(rank(query, LIBRARY, limit=9)) == len(LIBRARY)


def test_every_quote_is_a_verbatim_part_of_one_section() -> None:
    odd = replace(TRIAL, sections=(AbstractSection(None, "Ünïcode ± 3.5;  double  spaces.\nNext line. TNF-α rose."),))
    for sentence in (RELIEF, SUICIDAL, "TNF-α rose", "spaces"):
        quote = only(sentence, odd).quote
        assert quote
        assert any(quote in section.text for section in odd.sections)


def test_topics_of_the_sentence_raise_its_concepts() -> None:
    vague = "Many people notice a change."
    assert widen(vague) == vague
    assert "suicidal" in widen(vague, topics=["suicidality"])
    assert rank(vague, LIBRARY, topics=["suicidality"])[0].id in {SUICIDALITY.id, NEGATIVE.id}


def test_the_search_for_studies_adds_the_words_of_the_concepts_to_those_of_the_sentence() -> None:
    assert widen(SUICIDAL).startswith(f"{SUICIDAL} ")
    assert widen("Zinc makes seedlings grow.") == "Zinc makes seedlings grow."


def test_opposite_directions_contradict_and_equal_ones_support_on_any_subject() -> None:
    one = study(11, "Zinc and growth", "Zinc supplementation increased the growth of seedlings in wet soil.")
    assert only("Zinc supplementation increases growth of seedlings.", one).stance == "supports"
    assert only("Zinc supplementation decreases growth of seedlings.", one).stance == "contradicts"
    assert only("Copper wires conduct electricity.", one).stance == "related"


def test_every_cue_and_concept_names_its_source() -> None:
    files = ("language/stance.toml", "language/evidence.toml", "topics/ketamine-depression/concepts.toml")
    entries = [
        entry
        for name in files
        for tables in load(name).values()
        for entry in (tables if isinstance(tables, list) else [tables])
    ]
    assert len(entries) > 40
    assert [entry for entry in entries if not entry.get("source")] == []


def test_a_sentence_is_ranked_within_a_few_hundredths_of_a_second() -> None:
    abstracts = [replace(TRIAL, id=number, title=f"{TRIAL.title} {number}") for number in range(100)]
    rank(RELIEF, abstracts)
    began = time.process_time()  # of this process alone: what else runs does not count
    for _ in range(10):
        rank(RELIEF, abstracts)
    assert (time.process_time() - began) / 10 < 0.05
