"""What a claim's evidence says beside a sentence: its stance is towards that sentence, not towards the claim."""

from dataclasses import replace
from importlib import resources

import pytest
from factcheck.factcheck_copy import TOPIC, Ranking, check, only, study

from review_app.factcheck import answer, topic_data
from review_app.factcheck.claims_file import load_claims, to_claim
from review_app.factcheck.model import CheckedSentence, Claim, ClaimEvidence, Stance, Verdict, Wording
from review_app.factcheck.verdicts import OTHER_PRODUCT

STATEMENT = "On average ketamine infusions ease depression within hours."
WORDING = "Ketamine abolishes depression in every patient at the first attempt."
NEARLY = "Even severe depression is abolished in every patient once ketamine has been tried, on a first visit."
STANCES: tuple[Stance, ...] = ("supports", "qualifies", "contradicts", "related")


def evidence(number: int, stance: Stance, *, integrity: str = "none_known", id: int | None = 1) -> ClaimEvidence:
    held = None if id is None else number
    return ClaimEvidence(
        "study", stance, held, 90000000 + number, f"Invented {number}", "An invented trial", integrity=integrity
    )


def one_of_each() -> tuple[ClaimEvidence, ...]:
    return tuple(evidence(number, stance) for number, stance in enumerate(STANCES, 1))


def claim(
    verdict: Verdict, *evidence: ClaimEvidence, against: tuple[int | str, ...] | None = None, text: str = WORDING
) -> Claim:
    wording = Wording(text, verdict, against=against)
    fine = verdict in {"supported", "needs_qualification"}
    return Claim(
        "invented", STATEMENT, ("onset", "efficacy"), (wording,) if fine else (), (), () if fine else (wording,),
        "ketamine", "moderate", evidence,
    )  # fmt: skip


def stances(found: CheckedSentence) -> list[Stance]:
    return [one.stance for one in found.evidence if one.linked]


TABLE: list[tuple[Verdict, tuple[Stance, ...]]] = [
    ("supported", ("supports", "qualifies", "contradicts", "related")),
    ("needs_qualification", ("qualifies", "qualifies", "contradicts", "related")),
    ("overstated", ("qualifies", "qualifies", "contradicts", "related")),
    ("contradicted", ("contradicts", "related", "related", "related")),
    ("insufficient_evidence", ("related", "related", "contradicts", "related")),
]


@pytest.mark.parametrize(("verdict", "turned"), TABLE)
def test_evidence_turns_with_the_verdict_of_the_wording_that_matched(
    verdict: Verdict, turned: tuple[Stance, ...]
) -> None:
    found = only(check(WORDING, claim(verdict, *one_of_each())))
    assert found.match is not None
    assert found.match.match == "exact"
    assert tuple(stances(found)) == turned
    assert tuple(one.claim_stance for one in found.evidence) == STANCES


def test_beside_the_statement_evidence_keeps_its_stance() -> None:
    found = only(check(STATEMENT, claim("contradicted", *one_of_each())))
    assert tuple(stances(found)) == STANCES


@pytest.mark.parametrize("verdict", ["overstated", "contradicted", "insufficient_evidence"])
def test_a_sentence_that_only_nearly_goes_too_far_has_no_side_taken(verdict: Verdict) -> None:
    found = only(check(NEARLY, claim(verdict, *one_of_each())))
    assert found.match is not None
    assert (found.match.match, found.match.matched_text) == ("near", WORDING)
    assert stances(found) == ["related"] * 4


@pytest.mark.parametrize("text", [WORDING, NEARLY])
def test_where_a_wording_names_what_speaks_against_it_the_rest_takes_no_side(text: str) -> None:
    found = only(check(text, claim("contradicted", *one_of_each(), against=(90000002,))))
    assert stances(found) == ["related", "contradicts", "related", "related"]


def test_where_nothing_speaks_against_a_wording_nothing_is_shown_to() -> None:
    found = only(check(WORDING, claim("contradicted", *one_of_each(), against=())))
    assert stances(found) == ["related"] * 4


@pytest.mark.parametrize("against", [None, (90000001,)])
def test_a_retracted_study_is_never_turned_against_a_sentence(against: tuple[int, ...] | None) -> None:
    found = only(check(WORDING, claim("contradicted", evidence(1, "supports", integrity="retracted"), against=against)))
    assert stances(found) == ["related"]
    assert found.evidence[0].claim_stance == "supports"


def test_evidence_on_one_product_supports_nothing_that_equates_it_with_another() -> None:
    mixed = claim("supported", *one_of_each(), text="Ketamine is a nasal spray that eases depression within hours.")
    found = only(check("Ketamine (Spravato) is a nasal spray that eases depression within hours.", mixed))
    assert "claim-on-the-wrong-molecule" in found.rules
    assert stances(found) == ["related", "qualifies", "contradicts", "related"]


def test_the_rule_on_the_wrong_molecule_is_one_of_the_written_rules() -> None:
    assert topic_data.load(TOPIC).rule_messages().keys() >= OTHER_PRODUCT


def test_what_the_library_does_not_hold_turns_the_same_way() -> None:
    result = check(WORDING, claim("contradicted", evidence(1, "supports", id=None)))
    (not_held,) = answer.to_json(result)["sentences"][0]["claim"]["not_held"]
    assert (not_held["stance"], not_held["claim_stance"]) == ("contradicts", "supports")


def test_evidence_that_was_only_found_has_no_stance_towards_a_claim() -> None:
    result = check(WORDING, claim("contradicted", evidence(1, "supports")))
    (shown,) = answer.to_json(result)["sentences"][0]["evidence"]
    assert (shown["stance"], shown["claim_stance"], shown["linked"]) == ("contradicts", "supports", True)


@pytest.mark.parametrize("verdict", ["overstated", "contradicted", "insufficient_evidence"])
def test_a_study_that_was_only_found_bears_out_nothing_that_goes_too_far(verdict: Verdict) -> None:
    found = only(check(WORDING, claim(verdict), studies=[study()], ranking=Ranking("supports")))
    assert [(one.linked, one.stance) for one in found.evidence] == [(False, "related")]
    against = only(check(WORDING, claim(verdict), studies=[study()], ranking=Ranking("contradicts")))
    assert [one.stance for one in against.evidence] == ["contradicts"]
    fine = only(check(WORDING, claim("needs_qualification"), studies=[study()], ranking=Ranking("supports")))
    assert [one.stance for one in fine.evidence] == ["supports"]


def shipped() -> tuple[Claim, ...]:
    """The topic's claims as if the library held all of their evidence."""
    text = resources.files("review_app.factcheck").joinpath(f"topics/{TOPIC}/claims.toml").read_text("utf-8")
    return tuple(
        replace(one, evidence=tuple(replace(item, id=number) for number, item in enumerate(one.evidence, 1)))
        for one in map(to_claim, load_claims(text))
    )


NOTICE_2025, NOTICE_2023 = "fda-2025-01-spravato-monotherapy", "fda-2023-10-10-compounded-ketamine"
LABEL = "Indications and Usage"
TRAPS: list[tuple[str, set[int | str], set[int | str]]] = [
    ("Spravato prevents suicide.", {LABEL, 32412700, 32861217}, {34412104, "Boxed Warning"}),
    ("TRANSFORM-1 met its primary endpoint.", {31290965}, {31109201, 31734084}),
    ("PTSD is where ketamine has its best evidence.", {35046508}, {24740528, 33397139}),
    ("In the midazolam-controlled trial a quarter of patients improved after 24 hours.", {23982301}, {16894061}),
    ("In the ECT trial 403 patients responded to ketamine.", {37224232}, {38865906}),
    ("Spravato is approved for teenagers.", {"Use in Specific Populations"}, {41201277, 37732856}),
    ("Nasal and oral ketamine products are FDA-approved for depression.", {NOTICE_2023}, {36375231, 27028832}),
    ("Spravato is approved for anxiety.", {LABEL}, {NOTICE_2025}),
    ("Spravato can be used as an anaesthetic.", {LABEL}, {NOTICE_2025}),
    ("Spravato is approved for depression in general.", {LABEL}, {NOTICE_2025}),
    ("Ketamine was approved for depression in 2019.", {NOTICE_2023}, {NOTICE_2025, LABEL}),
    ("Ketamine is recognised by FDA as a breakthrough therapy.", set(), {NOTICE_2023}),
    ("Side effects are no more frequent than with placebo.", {28757132, 31109201}, {32316080}),
]


@pytest.mark.parametrize(("text", "against", "beside"), TRAPS, ids=[trap[0] for trap in TRAPS])
def test_only_what_speaks_against_a_false_wording_contradicts_it(
    text: str, against: set[int | str], beside: set[int | str]
) -> None:
    found = only(check(text, *shipped()))
    assert found.match is not None
    assert (found.match.matched_text, found.verdict) == (text, "contradicted")
    keys = {one.id: one.pmid or one.key for one in found.match.claim.evidence}
    shown = {keys[one.id]: one.stance for one in found.evidence}
    assert {key for key in against if shown[key] != "contradicts"} == set()
    assert {key for key in beside if shown[key] != "related"} == set()


def test_nothing_supports_a_shipped_wording_that_is_contradicted() -> None:
    claims = shipped()
    texts = [one.text for each in claims for one in each.overstatements if one.verdict == "contradicted"]
    result = check("\n\n".join(texts), *claims)
    borne_out = [
        found.sentence.text
        for found in result.sentences
        if found.match is not None and found.match.matched_text in texts and "supports" in stances(found)
    ]
    assert len(texts) > 50
    assert borne_out == []
