"""How well the evidence for real claims and real copy is ranked: floors, well under what was measured."""

import csv
import gzip
import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from db import search
from harvester.pubmed_xml import read_records
from harvester.records import ArticleRecord
from review_app.factcheck.evidence import rank, widen
from review_app.factcheck.model import AbstractSection, Evidence, FindStudies, Study


def _library(tmp_path: Path, studies: Sequence[Study]) -> FindStudies:
    engine = create_engine(f"sqlite:///{tmp_path}/search.db")
    known = {one.id: one for one in studies}
    connection = engine.connect()
    connection.execute(text("CREATE TABLE article (id integer PRIMARY KEY, title text, abstract text)"))
    rows = [
        {"id": one.id, "title": one.title, "abstract": "\n\n".join(part.text for part in one.sections)}
        for one in studies
    ]
    connection.execute(text("INSERT INTO article VALUES (:id, :title, :abstract)"), rows)
    search.ensure_index(connection)

    def find(query: str, limit: int) -> Sequence[Study]:
        hits = search.search(connection, query, limit=limit)
        return [replace(known[hit.article_id], search_score=hit.score) for hit in hits]

    return find


def _gain(found: Sequence[int], gains: dict[int, int]) -> float:
    """nDCG at 10."""
    reached = sum(gains.get(pmid, 0) / math.log2(place + 2) for place, pmid in enumerate(found[:10]))
    best = sum(gain / math.log2(place + 2) for place, gain in enumerate(sorted(gains.values(), reverse=True)[:10]))
    return reached / best if best else 0.0


@pytest.mark.shared
def test_scientific_claims_find_their_evidence(shared_data: Path, tmp_path: Path) -> None:
    with gzip.open(shared_data / "retrieval" / "corpus.csv.gz", "rt", encoding="utf-8") as lines:
        studies = [
            Study(int(row["pmid"]), int(row["pmid"]), row["title"], (AbstractSection(None, row["abstract"]),), "")
            for row in csv.DictReader(lines)
        ]
    find = _library(tmp_path, studies)
    claims = [json.loads(line) for line in (shared_data / "retrieval" / "claims_dev.jsonl").read_text().splitlines()]
    gains = [
        _gain([item.id for item in rank(claim["query"], find(widen(claim["query"]), 100), limit=10)],
              dict.fromkeys(claim["relevant"], 1))
        for claim in claims[::3]
    ]  # fmt: skip
    assert sum(gains) / len(gains) >= 0.68


@pytest.fixture
def offered(shared_data: Path, tmp_path: Path) -> list[tuple[dict[str, Any], tuple[Evidence, ...]]]:
    """The judged sentences of copy, each with the evidence offered for it out of the real abstracts."""
    with gzip.open(shared_data / "pubmed" / "ketamine_depression.xml.gz") as stream:
        records = [each for each in read_records(stream) if isinstance(each, ArticleRecord)]
    studies = [
        Study(number, record.pmid, record.title,
              tuple(AbstractSection(part.label, part.text) for part in record.sections), "")
        for number, record in enumerate(records, 1)
    ]  # fmt: skip
    find = _library(tmp_path, studies)
    sentences = [
        json.loads(line) for line in (shared_data / "evidence" / "evidence_dev.jsonl").read_text().splitlines()
    ]
    return [(each, rank(each["query"], find(widen(each["query"]), 100), limit=10)) for each in sentences]


@pytest.mark.shared
def test_evidence_for_real_copy_is_ranked_well_over_plain_full_text(
    offered: list[tuple[dict[str, Any], tuple[Evidence, ...]]],
) -> None:
    gains = [
        _gain(
            [item.pmid or 0 for item in found], {int(one["pmid"]): 2 ** one["relevance"] - 1 for one in each["judged"]}
        )
        for each, found in offered
    ]
    assert sum(gains) / len(gains) >= 0.45


@pytest.mark.shared
def test_false_support_for_real_copy_is_rare(offered: list[tuple[dict[str, Any], tuple[Evidence, ...]]]) -> None:
    wrong = supported = 0
    for each, found in offered:
        judged = {int(one["pmid"]): one for one in each["judged"]}
        for item in found:
            reader = judged.get(item.pmid or 0)
            if reader and item.stance == "supports":
                supported += 1
                wrong += reader["relevance"] == 0 or reader["stance"] in {"contradicts", "related"}
    assert supported >= 15
    assert wrong / supported <= 0.15
