"""What every shipped claim must carry before a medical editor sees it."""

import gzip
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from review_app.factcheck import claims_file, labels_file

ROOT = Path(__file__).resolve().parents[2]
TOPICS = ROOT / "review_app" / "factcheck" / "topics"
TOPIC = TOPICS / "ketamine-depression"


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


CLAIMS: list[dict[str, Any]] = read(TOPIC / "claims.toml")["claim"]
LABELS = read(TOPIC / "label.toml")
BALANCE: list[dict[str, Any]] = read(TOPIC / "balance.toml")["concept"]
TERMS = {
    group["id"]: {term["id"] for term in group["term"]} for group in read(ROOT / "db" / "vocabulary.toml")["group"]
}
each_claim = pytest.mark.parametrize("claim", CLAIMS, ids=[claim["id"] for claim in CLAIMS])


def wordings(claims: list[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    for claim in claims:
        for wording in [*claim["wording"], *claim["goes_too_far"]]:
            yield claim["id"], wording["text"], wording["verdict"]


def evidence(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((claim["id"], item) for claim in CLAIMS for item in claim["evidence"] if item["kind"] == kind)


def test_the_fact_check_reads_the_files_and_writes_the_claims_back_unchanged() -> None:
    claims = claims_file.load_claims((TOPIC / "claims.toml").read_text(encoding="utf-8"))
    written = claims_file.dump_claims(claims, topic=TOPIC.name, version="2026-11-22", source="test")
    assert claims_file.load_claims(written) == claims
    labels, notices = labels_file.load_labels((TOPIC / "label.toml").read_text(encoding="utf-8"))
    assert (len(labels), len(notices)) == (1, 3)


def test_every_file_names_its_topic_and_version() -> None:
    for name in ("claims.toml", "label.toml", "balance.toml"):
        data = read(TOPIC / name)
        assert data["format"] == 1
        assert data["topic"] == TOPIC.name
        date.fromisoformat(data["version"])


def test_the_library_covers_the_27_canonical_claims_and_every_topic_of_copy() -> None:
    assert len(CLAIMS) >= 27
    assert {topic for claim in CLAIMS for topic in claim["topics"]} == TERMS["copy_topic"]


def test_ids_are_unique_and_speak() -> None:
    ids = [claim["id"] for claim in CLAIMS]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", claim_id) for claim_id in ids)


@each_claim
def test_a_claim_is_placed_in_the_vocabulary(claim: dict[str, Any]) -> None:
    assert claim["topics"]
    assert set(claim["topics"]) <= TERMS["copy_topic"]
    assert claim["type"] in TERMS["claim_type"]
    assert claim["kind"] in TERMS["claim_kind"]
    assert claim["risk"] in TERMS["risk_class"]
    assert claim["certainty"] in TERMS["certainty"]


@each_claim
def test_a_claim_says_what_holds_what_must_be_said_and_what_goes_too_far(claim: dict[str, Any]) -> None:
    assert claim["statement"].endswith(".")
    assert len(claim["wording"]) >= 4
    assert claim["qualifier"]
    assert claim["goes_too_far"]
    assert claim["source"].strip()
    assert len(claim["search_query"].split()) >= 3
    assert {wording["verdict"] for wording in claim["wording"]} == {"supported", "needs_qualification"}
    assert {wording["verdict"] for wording in claim["goes_too_far"]} <= {
        "overstated",
        "contradicted",
        "insufficient_evidence",
    }


@each_claim
def test_a_claim_has_evidence_or_says_why_not(claim: dict[str, Any]) -> None:
    assert claim["evidence"] or claim.get("certainty_note", "").strip()
    for item in claim["evidence"]:
        assert item["stance"] in TERMS["stance"]
        assert item["note"].strip()


@each_claim
def test_what_rests_on_a_section_written_from_general_knowledge_says_so(claim: dict[str, Any]) -> None:
    unread = {
        section["title"]
        for label in LABELS["label"]
        for section in label["section"]
        if any("general knowledge" in point for point in section["points"])
    }
    assert unread
    if any(item.get("section") in unread for item in claim["evidence"]):
        assert "general knowledge" in claim["certainty_note"]


@each_claim
def test_no_claim_has_contradicting_evidence_without_supporting_evidence(claim: dict[str, Any]) -> None:
    stances = {item["stance"] for item in claim["evidence"]}
    assert "contradicts" not in stances or "supports" in stances


@each_claim
def test_no_label_or_notice_contradicts_a_statement_that_rests_on_it(claim: dict[str, Any]) -> None:
    regulatory = [item for item in claim["evidence"] if item["kind"] != "study"]
    assert [item["note"] for item in regulatory if item["stance"] == "contradicts"] == []


@each_claim
def test_a_certainty_needs_evidence_unless_it_is_the_lowest(claim: dict[str, Any]) -> None:
    if claim["certainty"] in {"high", "moderate", "low"}:
        assert claim["evidence"]


@each_claim
def test_cues_are_lower_case_words_that_can_be_found(claim: dict[str, Any]) -> None:
    for qualifier in claim["qualifier"]:
        assert qualifier["text"].strip()
        assert qualifier["cues"]
        assert all(cue == cue.lower().strip() != "" for cue in qualifier["cues"])


@each_claim
def test_a_wording_that_needs_qualification_does_not_already_say_every_qualifier(claim: dict[str, Any]) -> None:
    for wording in claim["wording"]:
        if wording["verdict"] == "needs_qualification":
            said = [_says(wording["text"], qualifier["cues"]) for qualifier in claim["qualifier"]]
            assert not all(said), wording["text"]


def _says(text: str, cues: list[str]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(cue)}(?!\w)", text.lower()) for cue in cues)


def test_no_wording_has_two_verdicts_or_stands_twice() -> None:
    seen: dict[str, str] = {}
    for claim_id, text, _ in wordings(CLAIMS):
        folded = " ".join(re.findall(r"\w+", text.lower()))
        assert folded not in seen, f"{text!r} of {claim_id} stands in {seen[folded]} too"
        seen[folded] = claim_id


def test_a_wording_is_one_short_assertion() -> None:
    assert [text for _, text, _ in wordings(CLAIMS) if len(text.split()) > 30] == []


def test_what_goes_too_far_is_answered_with_a_wording_that_holds() -> None:
    assert [w["text"] for claim in CLAIMS for w in claim["goes_too_far"] if not w.get("rewording", "").strip()] == []


def test_an_article_is_linked_to_a_claim_once_by_a_real_pmid() -> None:
    for claim in CLAIMS:
        pmids = [item["pmid"] for item in claim["evidence"] if item["kind"] == "study"]
        assert len(pmids) == len(set(pmids)), claim["id"]
        assert all(isinstance(pmid, int) and 1_000_000 < pmid < 90_000_000 for pmid in pmids), claim["id"]


def test_label_references_resolve_to_a_section_of_that_version() -> None:
    sections = {
        (label["set_id"], label["version"], label["effective"], section["title"])
        for label in LABELS["label"]
        for section in label["section"]
    }
    for claim_id, item in evidence("label"):
        cited = (item["set_id"], item["version"], item["effective"], item["section"])
        assert cited in sections, f"{claim_id} cites {cited}"


def test_notice_references_resolve() -> None:
    keys = {notice["key"] for notice in LABELS["notice"]}
    assert {item["notice"] for _, item in evidence("notice")} == keys


def test_labels_and_notices_say_what_they_say_and_where_it_comes_from() -> None:
    for label in LABELS["label"]:
        assert isinstance(label["effective"], date)
        assert label["source"].strip()
        for section in label["section"]:
            assert re.fullmatch(r"\d{4,5}-\d", section["loinc"])
            assert section["points"]
    for notice in LABELS["notice"]:
        assert isinstance(notice["date"], date)
        assert notice["authority"]
        assert notice["points"]
        assert notice["source"].strip()


@pytest.mark.parametrize("claim", [c for c in CLAIMS if c["type"] == "regulatory"], ids=lambda claim: str(claim["id"]))
def test_a_regulatory_claim_cites_the_label_by_set_id_version_and_date(claim: dict[str, Any]) -> None:
    cited = [item for item in claim["evidence"] if item["kind"] == "label"]
    assert cited
    assert all(item["set_id"] and item["version"] >= 1 and isinstance(item["effective"], date) for item in cited)
    assert claim["risk"] == "high"
    assert claim["certainty"] == "not_applicable"


def test_balance_concepts_can_be_found_and_are_sourced() -> None:
    ids = [concept["id"] for concept in BALANCE]
    assert len(ids) == len(set(ids))
    for concept in BALANCE:
        assert concept["product"] in {"spravato", "ketamine", "any"}
        assert concept["text"].strip()
        assert concept["source"].strip()
        assert concept["cues"]
        assert all(cue == cue.lower().strip() != "" for cue in concept["cues"])
        assert set(concept["needed_when"]) <= TERMS["copy_topic"]


def test_every_boxed_warning_is_a_balance_concept() -> None:
    spravato = {concept["id"] for concept in BALANCE if concept["product"] == "spravato"}
    assert spravato >= {
        "spravato-sedation",
        "spravato-dissociation",
        "spravato-respiratory-depression",
        "spravato-abuse-misuse",
        "spravato-suicidal-thoughts",
    }


KNOWN_ANSWERS = [
    ("Ketamine is FDA-approved to treat depression.", "contradicted"),
    ("Spravato is approved as monotherapy for treatment-resistant depression in adults.", "supported"),
    ("Spravato prevents suicide.", "contradicted"),
    ("22.5% reached remission at week 4 with Spravato alone.", "needs_qualification"),
    ("86.5% of patients on esketamine had a clinically meaningful improvement.", "overstated"),
    ("Ketamine is not addictive.", "contradicted"),
    ("Ketamine works within 24 hours.", "needs_qualification"),
    ("TRANSFORM-1 met its primary endpoint.", "contradicted"),
    ("Ketamine is safe during pregnancy.", "insufficient_evidence"),
    ("Spravato is not recommended for women who are pregnant or breast-feeding.", "supported"),
    ("In Europe Spravato is approved for use on its own.", "contradicted"),
]


@pytest.mark.parametrize(("sentence", "verdict"), KNOWN_ANSWERS)
def test_sentences_with_known_answers_have_them(sentence: str, verdict: str) -> None:
    assert {text: answer for _, text, answer in wordings(CLAIMS)}[sentence] == verdict


def test_linked_pmids_that_the_real_records_hold_are_about_ketamine_or_depression(shared_data: Path) -> None:
    wanted = {str(item["pmid"]) for _, item in evidence("study")}
    held: dict[str, str] = {}
    with gzip.open(shared_data / "pubmed" / "ketamine_depression.xml.gz") as records:
        for _, record in etree.iterparse(records, tag="PubmedArticle"):
            if (pmid := record.findtext("MedlineCitation/PMID")) in wanted:
                held[pmid] = "".join(record.find(".//ArticleTitle").itertext()).lower()
            record.clear()
    assert len(held) > 50
    about = ("ketamine", "depress", "n-methyl-d-aspartate", "spravato", "psychedelic")
    assert {pmid: title for pmid, title in held.items() if not any(word in title for word in about)} == {}
