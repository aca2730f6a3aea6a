import pytest
from factcheck.factcheck_copy import TOPIC, check

from review_app.factcheck import extraction
from review_app.factcheck.model import CheckRequest


def flags(text: str, sentence: int = 0, profile: str = "clinic") -> set[str]:
    request = CheckRequest("copy.txt", extraction.from_text(text), TOPIC, profile=profile)
    return {flag.flag for flag in check(text, request=request).sentences[sentence].flags}


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Ketamine is a game-changing treatment for depression.", "promotional"),
        ("Ketamine is the most effective antidepressant there is.", "superlative"),
        ("Ketamine treatment is guaranteed to relieve depression.", "absolute"),
        ("I felt better after my third ketamine infusion.", "testimonial"),
        ("Our ketamine infusions reduce the symptoms of PTSD.", "off_label"),
        ("Ketamine, also known as esketamine, treats depression.", "drug_confusion"),
        ("The FDA approved ketamine for depression.", "drug_confusion"),
        ("Ketamine rewires the brain and grows new synapses.", "preclinical"),
        ("Spravato must always be taken with an oral antidepressant.", "outdated"),
        ("Intravenous infusion is the only method proven to work.", "outdated"),
        ("Ketamine therapy is gentle and well tolerated.", "risk_omission"),
        ("About 70% of patients respond to ketamine.", "number"),
        ("Ketamine brings significant improvement of depression.", "ambiguous_significant"),
        ("Spravato is FDA-approved for depression.", "approval_claim"),
        ("Ketamine infusions are ideal for people with low mood.", "off_label"),
        ("Ketamine therapy by lozenge has been around for a decade.", "off_label"),
        ("Ketamine is safe, with mild side effects such as dissociation.", "risk_omission"),
        ("Ketamine given in a clinic has not been shown to be addictive and is safe.", "risk_omission"),
    ],
)
def test_wording_that_a_rule_speaks_about_is_flagged(text: str, flag: str) -> None:
    assert flag in flags(text)


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Ketamine does not cure depression.", "absolute"),
        ("Depression is the leading cause of disability.", "superlative"),
        ("In mice ketamine led to new synapses.", "preclinical"),
        ("Ketamine for PTSD is off-label.", "off_label"),
        ("Ketamine is not FDA-approved for depression.", "drug_confusion"),
        (
            "Ketamine is generally well tolerated, with dissociation and raised blood pressure as known risks.",
            "risk_omission",
        ),
        ("TRANSFORM-1 tested esketamine nasal spray.", "promotional"),
    ],
)
def test_wording_that_says_the_limit_is_not_flagged(text: str, flag: str) -> None:
    assert flag not in flags(text)


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("An infusion of ketamine takes about 40 minutes.", "off_label"),
        ("Ketamine therapy by infusion costs $400.", "off_label"),
        ("At-home ketamine therapy is rarely covered by insurance.", "off_label"),
        ("Ketamine therapy by infusion has been studied in depression and PTSD.", "off_label"),
        ("Ketamine works differently from tablets, and most antidepressants take weeks.", "risk_omission"),
        ("Common side effects of ketamine include mild nausea and headache.", "risk_omission"),
        ("Ketamine may help to reduce suicidal thoughts.", "risk_omission"),
        ("Ketamine acts on glutamate, a neurotransmitter involved in plasticity.", "preclinical"),
        ("Is at-home ketamine safe?", "off_label"),
    ],
)
def test_what_offers_no_use_and_no_benefit_is_not_flagged(text: str, flag: str) -> None:
    assert flag not in flags(text)


def test_whom_it_is_not_for_is_no_use_that_is_offered() -> None:
    about = "Ketamine is a drug. Ketamine is used in clinics. Ketamine came late to psychiatry.\n\n"
    text = f"{about}Ketamine therapy may not be appropriate for individuals with:\n\n- A history of psychosis\n"
    document = extraction.extract(text.encode(), name="copy.md")
    found = check(text, request=CheckRequest("copy.md", document, TOPIC, profile="clinic"))
    assert found.sentences[-1].checkable
    assert "off_label" not in {flag.flag for flag in found.sentences[-1].flags}


def test_a_risk_in_the_next_sentence_balances_a_benefit() -> None:
    safe = "Ketamine therapy is considered safe in a clinic."
    assert "risk_omission" in flags(safe)
    assert "risk_omission" not in flags(f"{safe} Sedation, dissociation and misuse are known risks.")


def test_copy_that_is_mostly_about_ketamine_means_it_where_it_names_no_product() -> None:
    about = "Ketamine is a drug. Ketamine is used in clinics. Ketamine came late to psychiatry. "
    unnamed = "The treatment is given as an infusion and relieves depression."
    assert "off_label" in flags(f"{about}{unnamed}", sentence=3)
    assert "off_label" in flags(f"{about}{unnamed} Spravato is another.", sentence=3)
    as_much = "Spravato is a spray. Spravato is sold in pharmacies. Spravato has a label. "
    assert "off_label" not in flags(f"{about}{unnamed} {as_much}", sentence=3)


def test_products_that_are_said_to_differ_little_are_flagged_in_the_next_sentence_too() -> None:
    text = "Ketamine and Spravato are both offered. The main differences are where the ketamine is given and its price."
    assert "drug_confusion" in flags(text, sentence=1)


def test_a_named_medicine_is_a_blocker_only_in_copy_for_the_uk_public() -> None:
    text = "Spravato may ease depression in some people."
    assert "pom_to_public" in flags(text, profile="uk-public")
    assert "pom_to_public" not in flags(text, profile="clinic")


def test_a_flag_stands_on_the_words_that_raised_it() -> None:
    text = "At last: ketamine guarantees relief from depression."
    raised = [flag for one in check(text).sentences for flag in one.flags if flag.flag == "absolute"]
    assert [text[flag.start : flag.end] for flag in raised] == ["guarantees"]
