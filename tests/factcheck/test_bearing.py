"""Whether a claim bears on a sentence that resembles it; claims, copy and PMIDs are invented."""

from dataclasses import replace

import pytest
from factcheck.factcheck_copy import Ranking, check, linked, only, study

from review_app.factcheck.model import CheckedSentence, Claim, Qualifier, Verdict, Wording


def claim(id: str, topics: tuple[str, ...], text: str, verdict: Verdict = "supported", statement: str = "") -> Claim:
    wording = Wording(text, verdict)
    too_far = verdict in {"overstated", "contradicted"}
    return Claim(
        id,
        statement or text,
        topics,
        () if too_far else (wording,),
        (Qualifier("the use is off-label", ("off-label",)), Qualifier("for some, not all", ("some", "may", "can"))),
        (wording,) if too_far else (),
        "ketamine",
        "moderate",
    )


PRESSURE = claim(
    "pressure",
    ("adverse_effects",),
    "Ketamine does not affect blood pressure at all.",
    "contradicted",
    "Ketamine raises blood pressure for an hour.",
)
SPRAY_IN_HOURS = claim(
    "spray", ("onset", "efficacy"), "Esketamine nasal spray eases depression in hours.", "needs_qualification"
)
NO_FEWER_SUICIDES = claim(
    "suicide",
    ("suicidality",),
    "Esketamine is shown to lower suicidal ideation.",
    "contradicted",
    "That esketamine lowers suicidal ideation has not been shown.",
)
DRIP = claim("drip", ("onset", "efficacy"), "An intravenous ketamine drip can ease depression within hours.")


def matched(found: CheckedSentence) -> str | None:
    return found.match.claim.id if found.match is not None else None


def test_one_side_effect_is_not_judged_by_a_claim_on_another() -> None:
    assert matched(only(check("Ketamine does not cause dissociation at all.", PRESSURE))) is None
    assert matched(only(check("Ketamine does not affect your blood pressure.", PRESSURE))) == "pressure"


def test_a_sentence_that_names_no_condition_is_not_judged_by_a_claim_on_pain() -> None:
    pain = claim("pain", ("other_condition",), "Evidence on ketamine in lasting pain varies with its cause.")
    assert matched(only(check("Evidence on ketamine varies with its cause.", pain))) is None
    assert matched(only(check("Evidence on ketamine for pain varies with its cause.", pain))) == "pain"


def test_suicidality_is_judged_by_a_claim_on_suicidality() -> None:
    found = only(check("Spravato is shown to lower suicidal ideation in hours.", SPRAY_IN_HOURS, NO_FEWER_SUICIDES))
    assert (matched(found), found.verdict) == ("suicide", "contradicted")


def test_a_claim_without_suicidality_says_nothing_on_it() -> None:
    assert matched(only(check("Esketamine nasal spray eases suicidal depression in hours.", SPRAY_IN_HOURS))) is None


def test_an_approval_is_judged_by_a_claim_on_approval() -> None:
    effect = claim("effect", ("trd_efficacy",), "Spravato eases treatment-resistant depression in adults.")
    approval = claim("approval", ("regulatory",), "The agency approved Spravato for resistant depression.")
    text = "Spravato is FDA-approved for treatment-resistant depression in adults."
    assert matched(only(check(text, effect))) is None
    assert matched(only(check(text, effect, approval))) == "approval"


def test_misuse_is_not_judged_by_a_claim_on_effect() -> None:
    effect = claim("effect", ("efficacy",), "Ketamine in a clinic rarely disappoints patients.")
    assert matched(only(check("Ketamine in a clinic is rarely misused by patients.", effect))) is None


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("Spravato can ease depression within hours.", DRIP),
        ("A nasal spray of Spravato can ease depression within hours.", DRIP),
        ("Ketamine lozenges can ease depression within hours.", DRIP),
        (
            "An intravenous ketamine drip may ease depression in hours.",
            claim("nasal", ("onset",), "Esketamine may ease depression in hours."),
        ),
    ],
)
def test_a_claim_on_another_product_or_route_never_leaves_a_sentence_supported(text: str, one: Claim) -> None:
    found = only(check(text, one, studies=[study()], ranking=Ranking("supports")))
    assert (matched(found), found.verdict) == (one.id, "needs_qualification")


def test_a_claim_on_the_same_product_comes_before_a_liker_one_on_another() -> None:
    spray = claim("spray", ("onset", "efficacy"), "Spravato spray can ease a depression within hours or a day.")
    assert matched(only(check("Spravato can ease depression within hours.", DRIP, spray))) == "spray"


def test_the_approved_product_is_not_asked_to_say_off_label() -> None:
    both = claim("both", ("efficacy",), "The treatment can ease depression for a while.")
    spray = only(check("Spravato can ease depression for a while.", both)).match
    racemic = only(check("Ketamine can ease depression for a while.", both)).match
    assert spray is not None
    assert racemic is not None
    assert [one.text for one in spray.claim.qualifiers] == ["for some, not all"]
    assert [one.text for one in racemic.claim.qualifiers] == ["the use is off-label", "for some, not all"]


WEAKLY_ALIKE = "Winter depression in lonely shepherds can ease after ketamine, as it did on remote farms."


def weak(stance_of_studies: Ranking) -> CheckedSentence:
    one = claim("ease", ("efficacy",), "Ketamine can ease depression in some weavers, millers and sailors.")
    return only(check(WEAKLY_ALIKE, one, studies=[study()], ranking=stance_of_studies))


def test_a_weak_likeness_only_suggests_and_supports_nothing_without_a_quote() -> None:
    found = weak(Ranking("related"))
    assert found.match is not None
    assert found.match.score < 0.5
    assert (found.verdict, found.basis) == ("insufficient_evidence", "suggested")
    assert found.rules[-2:] == ("weak-likeness", "no-supporting-quote")


def test_a_weak_likeness_with_a_study_that_says_so_is_a_suggested_support() -> None:
    found = weak(Ranking("supports"))
    assert (found.verdict, found.basis) == ("supported", "suggested")


def test_a_retracted_study_does_not_bear_out_a_weak_likeness() -> None:
    assert weak(Ranking("supports", integrity="retracted")).verdict == "insufficient_evidence"


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Antidepressant tablets are far from perfect for depression.", "absolute"),
        ("Ketamine is not superior to electroconvulsive therapy in depression.", "superlative"),
        ("No clinical research shows that ketamine relieves ADHD.", "off_label"),
        ("Ketamine is not appropriate for everyone with anxiety.", "off_label"),
        ("That Spravato prevents suicide has not been demonstrated.", "risk_omission"),
    ],
)
def test_what_is_denied_is_not_flagged_as_claimed(text: str, flag: str) -> None:
    assert flag not in {one.flag for sentence in check(text).sentences for one in sentence.flags}


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Ketamine works perfectly in depression.", "absolute"),
        ("Ketamine is superior to electroconvulsive therapy in depression.", "superlative"),
        ("Ketamine relieves ADHD.", "off_label"),
        ("Spravato prevents suicide and improves mood.", "risk_omission"),
    ],
)
def test_what_is_claimed_is_still_flagged(text: str, flag: str) -> None:
    assert flag in {one.flag for sentence in check(text).sentences for one in sentence.flags}


def test_asking_for_more_research_compares_nothing() -> None:
    long_term = claim("long", ("safety",), "The safety of ketamine over years is not well understood.")
    text = "The safety of ketamine over years is not well understood, and more research is necessary to learn it."
    assert "comparison-added" not in only(check(text, long_term)).rules


def test_a_weak_likeness_to_a_claim_with_a_sound_source_is_a_suggested_support() -> None:
    words, topics = "Ketamine can ease depression in some weavers, millers and sailors.", ("efficacy",)
    held = only(check(WEAKLY_ALIKE, replace(claim("ease", topics, words), evidence=(linked(),))))
    assert (held.verdict, held.basis) == ("supported", "suggested")
    fallen = replace(claim("ease", topics, words), evidence=(linked(integrity="retracted"),))
    assert only(check(WEAKLY_ALIKE, fallen)).verdict == "insufficient_evidence"


def test_a_wording_that_goes_too_far_judges_only_a_sentence_with_the_words_that_do() -> None:
    tablets = Claim(
        "tablets",
        "Tablets raise serotonin in the brain.",
        ("mechanism_glutamate",),
        (),
        (),
        (Wording("Ketamine restores serotonin that the brain has lost.", "overstated"),),
        "ketamine serotonin",
        "moderate",
    )
    assert only(check("Ketamine restores the serotonin you lost.", tablets)).verdict == "overstated"
    spared = only(check("Ketamine does its work in the brain beside serotonin.", tablets))
    assert spared.verdict != "overstated"


def test_what_denies_a_wording_that_is_wrong_is_not_itself_called_wrong() -> None:
    found = only(check("Ketamine does affect blood pressure, and not a little.", PRESSURE))
    assert found.verdict != "contradicted"
