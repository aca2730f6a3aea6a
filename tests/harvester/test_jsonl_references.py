"""JSON lines of our own export. All records are invented; what comes back whole is tested in test_round_trip."""

import io
import json
from typing import Any

import pytest

from harvester.jsonl_references import read_records
from harvester.parsed import Parsed, Rejected
from harvester.records import ArticleRecord, NoticeLink


def read(*lines: Any) -> list[Parsed]:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return list(read_records(io.StringIO(text + "\n")))


def only(**said: Any) -> ArticleRecord:
    (record,) = read({"title": "T"} | said)
    assert isinstance(record, ArticleRecord), record
    return record


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("not json", "it is not JSON (Expecting value at character 1)"),
        ("[1]", "it is not an article of `factcheck export --format jsonl`"),
        ('{"a": 1}', "it is not an article"),
        ('{"title": ""}', "needs a PMID, a DOI or a title"),
        ('{"title": 5}', "title is not text"),
        ('{"title": "T", "year": "2020"}', "year is not a whole number"),
        ('{"title": "T", "pmid": 99999999999}', "pmid “99999999999”"),
        ('{"title": "T", "authors": "Ng A"}', "a field has another shape than in our export"),
        ('{"title": "T", "authors": [{"last": 5}]}', "last is not text"),
        ('{"title": "T", "mesh": [{}]}', "a field has another shape"),
        ('{"title": "T", "doi": "abc"}', "doi “abc” is not a DOI"),
        ('{"title": "T", "date_revised": "soon"}', "Invalid isoformat"),
        ('{"title": "T\\u0000"}', "NUL"),
        ("[" * 100_000, ""),
    ],
)
def test_a_line_that_cannot_be_is_rejected_under_its_number(line: str, reason: str) -> None:
    first, bad, last = read({"title": "One"}, line, {"title": "Three"})
    assert isinstance(first, ArticleRecord)
    assert isinstance(last, ArticleRecord)
    assert isinstance(bad, Rejected)
    assert bad.position == 2
    assert reason in bad.reason


def test_the_standing_rests_on_its_notices_or_is_stated_once_more() -> None:
    notice = {"kind": "retraction", "pmid": 90000002, "source": "J Invent", "is_subject": True}
    assert only(integrity="retracted", notices=[notice]).notices == (
        NoticeLink("RetractionIn", "retraction", True, 90000002, "J Invent"),
    )
    (stated,) = only(integrity="retracted", notices=[notice | {"is_subject": False}]).notices[1:]
    assert (stated.kind, stated.is_subject, stated.source) == (
        "retraction",
        True,
        "stated as retracted in the imported export",
    )
    assert only(integrity="none_known").notices == ()


def test_what_people_said_is_no_part_of_the_record() -> None:
    judged = only(suggested={"study_design": "rct"}, reviewed={"study_design": "cohort"}, study_design="rct")
    assert judged == only()
