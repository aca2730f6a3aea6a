"""`factcheck export` for reference managers: every format, and what a review has included."""

import json
from collections.abc import Callable
from pathlib import Path

import invented_studies
import nbib
import pytest
import rispy
from factcheck_command import Answer, Command, assert_failed
from read_bibtex import by_pybtex
from sqlalchemy import Engine
from sqlmodel import select

from db import config
from db.engine import writing
from db.models import Article, Member, Record, Review, ScreeningDecision
from db.types import Actor, Decision, Role, Stage
from review_app.export.formats import FORMATS
from review_app.services.library import furnish

PMIDS: dict[str, Callable[[str], list[int | None]]] = {
    "ris": lambda text: [_number(each.get("accession_number")) for each in rispy.loads(text)],
    "bibtex": lambda text: [_number(each.get("pmid")) for each in by_pybtex(text)],
    "csl-json": lambda text: [_number(each.get("PMID")) for each in json.loads(text)],
    "nbib": lambda text: [each.get("pubmed_id") for each in nbib.read(text)],
}
STATED: dict[str, str] = dict.fromkeys(PMIDS, f"RETRACTED: see PMID {invented_studies.NOTICE}")


def _number(text: str | None) -> int | None:
    return int(text) if text else None


@pytest.fixture
def library(sqlite_engine: Engine) -> Engine:
    """Eight invented studies; Ada leads, Ben reviews."""
    with writing(sqlite_engine) as session:
        people = [Member(name="Ada", name_key="ada", role=Role.LEAD, created_at=config.now())]
        people.append(Member(name="Ben", name_key="ben", role=Role.REVIEWER, created_at=config.now()))
        session.add_all(people)
        session.commit()
        ada = Actor(people[0].id, "Ada", Role.LEAD)
    invented_studies.fill(sqlite_engine, lead=ada, plain=3)
    furnish(sqlite_engine, topic_id=invented_studies.TOPIC)
    return sqlite_engine


def vote(engine: Engine, pmid: int, *decisions: Decision, stage: Stage = Stage.TITLE_ABSTRACT) -> None:
    """The article is a record of the review, and members 1, 2, ... decide so."""
    with writing(engine) as session:
        review = session.exec(select(Review)).one()
        article = session.exec(select(Article).where(Article.pmid == pmid)).one()
        record = Record(review_id=review.id, article_id=article.id, added_at=config.now())
        session.add(record)
        session.flush()
        for member, decision in enumerate(decisions, start=1):
            known = {"record_id": record.id, "stage": stage, "member_id": member, "decided_at": config.now()}
            session.add(ScreeningDecision(decision=decision, **known))
        session.commit()


@pytest.mark.parametrize("name", PMIDS)
def test_every_format_has_every_article_and_says_which_is_retracted(
    factcheck: Command, library: Engine, name: str, tmp_path: Path
) -> None:
    answer = factcheck("export", "--format", name)
    found = PMIDS[name](answer.out)
    assert (answer.code, answer.err, len(found)) == (0, "", 8)
    assert set(found) >= {invented_studies.TRIAL, invented_studies.RETRACTED, invented_studies.NOTICE}
    one = factcheck("export", "--format", name, "--pmids", invented_studies.RETRACTED).out
    assert STATED[name] in one
    assert "RETRACTED" not in factcheck("export", "--format", name, "--pmids", invented_studies.NOTICE).out
    file = tmp_path / f"library.{FORMATS[name].suffix}"
    assert factcheck("export", "--format", name, "--output", file) == Answer(0, "", "")
    assert file.read_bytes().decode() == answer.out


def test_a_query_and_pmids_choose_in_every_format(factcheck: Command, library: Engine) -> None:
    for name, pmids in PMIDS.items():
        assert pmids(factcheck("export", "--format", name, "--query", "midazolam").out) == [invented_studies.TRIAL]
        asked = (invented_studies.NOTICE, invented_studies.TRIAL)
        assert pmids(factcheck("export", "--format", name, "--pmids", *asked).out) == list(asked)


def test_lines_of_ris_end_alike_on_standard_output_and_in_a_file(
    factcheck: Command, library: Engine, tmp_path: Path
) -> None:
    assert factcheck("export", "--format", "ris", "--output", tmp_path / "x.ris").code == 0
    written = (tmp_path / "x.ris").read_bytes()
    assert written.count(b"\r\n") == written.count(b"\n") > 50


def test_nothing_screened_is_one_line_and_no_file(factcheck: Command, library: Engine, tmp_path: Path) -> None:
    answer = factcheck("export", "--format", "ris", "--included", "--output", tmp_path / "x.ris")
    assert_failed(answer, "No record has a final decision at title-abstract screening yet")
    assert list(tmp_path.glob("*.ris")) == []


def test_what_a_review_included_at_its_only_stage_is_exported(factcheck: Command, library: Engine) -> None:
    vote(library, invented_studies.TRIAL, Decision.INCLUDE)
    vote(library, invented_studies.BARE, Decision.EXCLUDE)
    answer = factcheck("export", "--format", "ris", "--included")
    assert PMIDS["ris"](answer.out) == [invented_studies.TRIAL]
    assert (answer.code, answer.err) == (0, "")


def test_records_that_wait_for_a_decision_are_told(factcheck: Command, library: Engine) -> None:
    vote(library, invented_studies.TRIAL, Decision.INCLUDE)
    vote(library, invented_studies.BARE)
    answer = factcheck("export", "--format", "csl-json", "--included")
    assert PMIDS["csl-json"](answer.out) == [invented_studies.TRIAL]
    said = "1 of 2 records are included at title-abstract screening; 1 have no final decision there yet"
    assert answer.err == f"factcheck: {said}\n"


def test_included_goes_with_no_other_choice(factcheck: Command, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        factcheck("export", "--format", "ris", "--included", "--query", "x")
    assert raised.value.code == 2
    assert "not allowed with" in capsys.readouterr().err
