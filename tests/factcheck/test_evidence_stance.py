"""What a sentence of an abstract must say before it takes a side. The studies are invented."""

import pytest

from review_app.factcheck.evidence import rank
from review_app.factcheck.model import AbstractSection, Stance, Study


def _study(number: int, title: str, *sections: tuple[str, str]) -> Study:
    parts = tuple(AbstractSection(label, text) for label, text in sections)
    return Study(number, 90000000 + number, title, parts, "Nobody 2020")


def _stance(sentence: str, title: str, *sections: tuple[str, str]) -> Stance:
    (found,) = rank(sentence, [_study(1, title, *sections)])
    return found.stance


RELIEF = ("RESULTS", "Depressive symptoms improved significantly after ketamine compared with placebo.")


def test_a_result_need_not_repeat_the_diagnosis_that_its_abstract_names() -> None:
    claim = "Ketamine eases depressive symptoms in treatment-resistant depression."
    assert _stance(claim, "Ketamine in treatment-resistant depression", RELIEF) == "supports"
    assert _stance(claim, "Ketamine in first episodes", RELIEF) == "related"


def test_a_result_must_say_itself_when_the_effect_was_seen() -> None:
    claim = "Ketamine eases depressive symptoms within hours."
    at_a_day = ("RESULTS", "Depressive symptoms improved significantly within 24 hours of ketamine.")
    assert _stance(claim, "Ketamine", at_a_day) == "supports"
    measured = ("METHODS", "Ratings were collected within 24 hours.")
    assert _stance(claim, "Ketamine", measured, RELIEF) == "related"


def test_ketamine_beside_an_oral_antidepressant_is_not_oral_ketamine() -> None:
    claim = "Oral ketamine eases depressive symptoms."
    assert _stance(claim, "Ketamine infusions plus an oral antidepressant", RELIEF) == "related"
    assert _stance(claim, "Oral ketamine in depression", RELIEF) == "supports"


def test_of_several_outcomes_in_one_assertion_a_study_may_report_half() -> None:
    claim = "Ketamine eases depressive symptoms and anxiety."
    assert _stance(claim, "Ketamine", RELIEF) == "supports"
    assert _stance(claim, "Ketamine", ("RESULTS", "Craving improved significantly after ketamine.")) == "related"


def test_that_something_is_not_known_is_borne_out_by_who_says_so_and_limited_by_a_report() -> None:
    claim = "Its long-term safety is not well understood."
    unknown = ("CONCLUSIONS", "Conclusions on the long-term safety of ketamine cannot be drawn from limited data.")
    reported = ("RESULTS", "Repeated ketamine was well tolerated, and long-term safety was found acceptable.")
    assert _stance(claim, "Ketamine over years", unknown) == "supports"
    assert _stance(claim, "Ketamine over years", reported) == "qualifies"


def test_a_negation_far_from_what_is_shared_turns_nothing() -> None:
    claim = "Zinc supplementation increases growth of seedlings."
    far = (
        "Zinc supplementation increased growth of seedlings, and leaves of both colours were seen, but no insects came."
    )
    near = "Zinc supplementation did not increase growth of seedlings."
    assert _stance(claim, "Zinc", ("RESULTS", far)) == "supports"
    assert _stance(claim, "Zinc", ("RESULTS", near)) == "contradicts"


def test_a_course_over_time_alone_must_be_carried_whole() -> None:
    claim = "Maintenance infusions may follow."
    title = "Ketamine infusions in depression"
    assert _stance(claim, title, ("RESULTS", "Improvement was maintained for months with ketamine.")) == "related"


def test_a_study_further_down_must_carry_more_of_the_assertion_in_one_sentence() -> None:
    claim = "Zinc supplementation increases growth of tomato seedlings in cold wet soil."
    part = ("RESULTS", "Zinc increased growth, and tomato plants were counted.")
    little = _study(2, "Supplementation of seedlings", part)
    whole = [_study(number, "Seedlings", ("RESULTS", claim)) for number in (3, 4, 5)]
    others = [_study(number, "Leaves", ("RESULTS", "Leaves fell.")) for number in range(10, 20)]
    best = rank(claim, [little, *others])[0]
    assert (best.id, best.stance) == (2, "supports")
    fourth = rank(claim, [little, *whole, *others])[3]
    assert (fourth.id, fourth.stance) == (2, "related")


@pytest.mark.parametrize(
    ("said", "stance"),
    [
        ("Zinc is required for growth of seedlings.", "supports"),
        ("Zinc impeded growth of seedlings.", "contradicts"),
        ("Growth of seedlings was unaffected by zinc.", "contradicts"),
        ("Zinc increased growth of seedlings independently of light.", "supports"),
    ],
)
def test_needing_and_impeding_are_directions_too(said: str, stance: Stance) -> None:
    assert _stance("Zinc increases growth of seedlings.", "Zinc", ("RESULTS", said)) == stance


def test_an_assertion_of_two_directions_is_borne_out_only_by_both() -> None:
    claim = "Zinc increases growth and reduces rot of seedlings."
    both = "Zinc increased growth and reduced rot of seedlings."
    assert _stance(claim, "Zinc", ("RESULTS", both)) == "supports"
    assert _stance(claim, "Zinc", ("RESULTS", "Zinc increased growth and rot of seedlings.")) == "related"


def test_the_sentence_with_the_figure_of_the_assertion_is_quoted_and_takes_the_side() -> None:
    without = ("RESULTS", "Depressive symptoms improved significantly in most patients on ketamine.")
    carrying = ("RESULTS", "Of all on ketamine 47% had depressive symptoms that improved.")
    (found,) = rank("Ketamine eases depressive symptoms in 47% of people.", [_study(1, "Ketamine", without, carrying)])
    assert "47%" in found.quote


def _many(about: str) -> list[Study]:
    """More studies of the topic than it takes to tell which words a library knows."""
    title = f"Ketamine and {about} in depression"
    said = ("RESULTS", f"Levels of BDNF, a protein, increased significantly after ketamine, as did {about}.")
    return [_study(number, title, said) for number in range(1, 41)]


def test_a_sentence_about_something_else_is_not_borne_out_by_a_concept_that_it_seems_to_raise() -> None:
    strange = "Citrullinated proteins form neutrophil autoantibodies."
    assert {item.stance for item in rank(strange, _many("sleep"), limit=40)} == {"related"}
    ours = "Levels of BDNF increased significantly."
    assert "supports" in {item.stance for item in rank(ours, _many("sleep"), limit=40)}


def test_a_sentence_that_names_the_drug_is_about_it_whatever_else_it_says() -> None:
    named = "Ketamine raises proteins, wonderfully, astoundingly."
    assert "supports" in {item.stance for item in rank(named, _many("sleep"), limit=40)}
    assert {item.stance for item in rank(named.replace("Ketamine", "Insulin"), _many("sleep"), limit=40)} == {"related"}
