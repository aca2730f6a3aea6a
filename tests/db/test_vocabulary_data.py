"""The controlled vocabulary as shipped: complete terms, resolvable links, the ids that tagging and screening store."""

import json
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db.types import Certainty, Decision, Integrity, Stance, Verdict

VOCABULARY = tomllib.loads((Path(__file__).resolve().parents[2] / "db" / "vocabulary.toml").read_text(encoding="utf-8"))
GROUPS: dict[str, dict[str, Any]] = {group["id"]: group for group in VOCABULARY["group"]}
each_group = pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS.keys())


def ids(group: str) -> list[str]:
    return [term["id"] for term in GROUPS[group]["term"]]


def test_the_vocabulary_is_versioned_by_date() -> None:
    date.fromisoformat(VOCABULARY["version"])
    assert len(GROUPS) == len(VOCABULARY["group"])


@each_group
def test_ids_are_unique_in_their_group(group: dict[str, Any]) -> None:
    terms = [term["id"] for term in group["term"]]
    assert terms
    assert len(terms) == len(set(terms))
    assert group["choose"] in {"one", "many"}
    assert group["definition"].strip()


@each_group
def test_every_term_has_label_definition_and_source(group: dict[str, Any]) -> None:
    for term in group["term"]:
        assert term["label"].strip()
        assert term["definition"].strip()
        assert term["source"].strip()
        assert all(synonym.strip() for synonym in term["synonyms"])


@each_group
def test_parents_and_successors_resolve_in_the_group(group: dict[str, Any]) -> None:
    terms = {term["id"] for term in group["term"]}
    for term in group["term"]:
        for link in ("parent", "deprecated_by"):
            assert link not in term or term[link] in terms - {term["id"]}


@each_group
def test_a_source_id_is_a_mesh_uid_or_is_left_out(group: dict[str, Any]) -> None:
    assert all(re.fullmatch(r"|D\d{6}(\d{3})?", term["source_id"]) for term in group["term"])


@pytest.mark.parametrize(
    ("group", "kind"),
    [
        ("certainty", Certainty),
        ("decision", Decision),
        ("integrity", Integrity),
        ("stance", Stance),
        ("verdict", Verdict),
    ],
)
def test_what_the_database_stores_by_value_is_in_the_vocabulary(group: str, kind: Any) -> None:
    assert set(ids(group)) == {member.value for member in kind}


def test_a_publication_type_stands_for_one_study_design() -> None:
    types = [name for term in GROUPS["study_design"]["term"] for name in term.get("publication_types", [])]
    assert len(types) == len(set(types))
    assert {"Randomized Controlled Trial", "Systematic Review", "Meta-Analysis"} <= set(types)


def test_levels_of_evidence_run_from_one_to_five() -> None:
    levels = {term["id"]: term["level"] for term in GROUPS["study_design"]["term"] if "level" in term}
    assert set(levels.values()) <= {1, 2, 3, 4, 5}
    assert levels["systematic_review"] < levels["rct"] < levels["cohort_prospective"] < levels["case_report"]


def test_strengths_of_language_are_ranked_in_display_order() -> None:
    ranks = [term["rank"] for term in GROUPS["language_strength"]["term"]]
    assert ranks == sorted(set(ranks))


def test_stronger_language_never_needs_less_certainty() -> None:
    order = ["very_low", "low", "moderate", "high"]
    needs = [order.index(term["needs"]) for term in GROUPS["language_strength"]["term"] if "needs" in term]
    assert needs == sorted(needs)
    assert "needs" not in GROUPS["language_strength"]["term"][-1]


def test_instruments_measure_a_domain_of_the_vocabulary() -> None:
    assert {term["domain"] for term in GROUPS["instrument"]["term"] if "domain" in term} <= set(ids("outcome_domain"))


@pytest.mark.parametrize("field", ["study_design", "population", "comparators"])
def test_tags_of_the_real_sample_are_terms(field: str, shared_data: Path) -> None:
    group = {"comparators": "comparator"}.get(field, field)
    sample = (shared_data / "tags" / "tags_dev.jsonl").read_text(encoding="utf-8").splitlines()
    used = {value for line in sample for value in _listed(json.loads(line)[field])}
    assert used
    assert used <= set(ids(group))


def test_interventions_and_outcomes_of_the_real_sample_are_terms(shared_data: Path) -> None:
    sample = (shared_data / "tags" / "tags_dev.jsonl").read_text(encoding="utf-8").splitlines()
    for study in map(json.loads, sample):
        for given in study["interventions"]:
            assert given["molecule"] in ids("molecule")
            assert given["route"] in ids("route")
        for outcome in study["outcomes"]:
            assert outcome["domain"] in ids("outcome_domain")
            assert outcome["direction"] in ids("direction")


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
