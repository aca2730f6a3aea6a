"""What the tagger reaches on the studies that a reader tagged; the floors lie a little under it."""

import gzip
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from review_app.tagging.design import suggest_design
from review_app.tagging.model import StudyText, SuggestedTags
from review_app.tagging.passages import read
from review_app.tagging.suggest import suggest

pytestmark = pytest.mark.shared

FLOORS = {
    "population": 0.87,
    "interventions": 0.90,
    "comparators": 0.86,
    "domains": 0.79,
    "instruments": 0.92,
    "directions": 0.57,
}


def studies(path: Path) -> dict[str, StudyText]:
    root = ElementTree.fromstring(gzip.decompress(path.read_bytes()))
    found = {}
    for article in root.iter("PubmedArticle"):
        sections = tuple((part.get("Label"), "".join(part.itertext())) for part in article.iter("AbstractText"))
        title = "".join(article.find(".//ArticleTitle").itertext())  # type: ignore[union-attr]
        types = tuple(kind.text or "" for kind in article.iter("PublicationType"))
        mesh = tuple(name.text or "" for name in article.iter("DescriptorName"))
        found[article.findtext(".//PMID") or ""] = StudyText(title, sections, types, mesh)
    return found


@pytest.fixture(scope="module")
def tagged(shared_data: Path) -> list[tuple[dict[str, Any], SuggestedTags]]:
    records = studies(shared_data / "pubmed" / "ketamine_depression.xml.gz")
    lines = (shared_data / "tags" / "tags_dev.jsonl").read_text(encoding="utf-8").splitlines()
    readings = [json.loads(line) for line in lines if line.strip()]
    return [(reading, suggest(records[reading["pmid"]])) for reading in readings if reading["pmid"] in records]


def read_items(tags: dict[str, Any], field: str) -> set[Any]:
    outcomes = tags["outcomes"]
    match field:
        case "interventions":
            return {(i["molecule"], i["route"]) for i in tags[field]}
        case "domains":
            return {o["domain"] for o in outcomes}
        case "instruments":
            return {o["instrument"] for o in outcomes if o["instrument"]}
        case "directions":
            return {(o["domain"], o["direction"]) for o in outcomes}
        case _:
            return set(tags[field])


def as_read(tags: SuggestedTags) -> dict[str, Any]:
    return {
        "population": tags.population,
        "interventions": [{"molecule": i.molecule, "route": i.route} for i in tags.interventions],
        "comparators": tags.comparators,
        "outcomes": [{"domain": o.domain, "instrument": o.instrument, "direction": o.direction} for o in tags.outcomes],
    }


@pytest.mark.parametrize("field", FLOORS)
def test_a_field_agrees_with_the_reader(tagged: list[tuple[dict[str, Any], SuggestedTags]], field: str) -> None:
    pairs = [(read_items(reading, field), read_items(as_read(tags), field)) for reading, tags in tagged]
    both = sum(len(wanted & said) for wanted, said in pairs)
    f1 = 2 * both / sum(len(wanted) + len(said) for wanted, said in pairs)
    assert f1 >= FLOORS[field]


def test_the_design_agrees_with_the_reader(tagged: list[tuple[dict[str, Any], SuggestedTags]]) -> None:
    assert sum(tags.study_design == reading["study_design"] for reading, tags in tagged) / len(tagged) >= 0.90


def test_the_sample_size_agrees_with_the_reader(tagged: list[tuple[dict[str, Any], SuggestedTags]]) -> None:
    stated = [(reading["sample_size"], tags.sample_size) for reading, tags in tagged if reading["sample_size"]]
    unstated = [tags.sample_size for reading, tags in tagged if reading["sample_size"] is None]
    assert sum(wanted == said for wanted, said in stated) / len(stated) >= 0.92
    assert sum(said is not None for said in unstated) / len(unstated) <= 0.10


def medline(path: Path) -> list[dict[str, list[str]]]:
    records: list[dict[str, list[str]]] = []
    tag = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("PMID-"):
            records.append({})
        if line[4:5] == "-" and line[:4].strip():
            tag = line[:4].strip()
            records[-1].setdefault(tag, []).append(line[6:])
        elif line.strip() and records:
            records[-1][tag][-1] += " " + line.strip()
    return records


def test_randomised_trials_are_found_without_their_publication_type(shared_data: Path) -> None:
    hit = missed = false = 0
    for record in medline(shared_data / "design" / "records_dev.nbib"):
        study = StudyText(record["TI"][0], tuple((None, text) for text in record.get("AB", ())))
        said = suggest_design(study, read(study)).design == "rct"
        is_one = "Randomized Controlled Trial" in record["PT"]
        hit, missed, false = hit + (said and is_one), missed + (is_one and not said), false + (said and not is_one)
    assert 2 * hit / (2 * hit + missed + false) >= 0.95
