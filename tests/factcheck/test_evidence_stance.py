"""What a sentence of an abstract must say before it takes a side. The studies are invented."""

from review_app.factcheck.evidence import rank
from review_app.factcheck.model import AbstractSection, Stance, Study


def _stance(sentence: str, title: str, *sections: tuple[str, str]) -> Stance:
    parts = tuple(AbstractSection(label, text) for label, text in sections)
    (found,) = rank(sentence, [Study(1, 90000001, title, parts, "Nobody 2020")])
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
