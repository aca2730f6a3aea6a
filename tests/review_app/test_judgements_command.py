"""`factcheck export --judgements`, and the same as a download: all of it, or of what was chosen."""

import csv
import io
import json

import invented_studies
import pytest
from dual_extraction import TOPIC, People, grade, judge, people_of_a_blinded_review, record
from factcheck_command import Command
from sqlalchemy import Engine
from sqlmodel import select
from study_page import article

from db.engine import writing
from db.models import Article, Member
from db.queries.literature import Filters
from review_app.services import accounts
from review_app.services.errors import Refused
from review_app.services.evidence_list import Wish, judgements_as_file


@pytest.fixture
def people(sqlite_engine: Engine) -> People:
    """Ben and Cleo agree on the risk of bias of the trial and on one outcome; Ben alone has a finding."""
    found = people_of_a_blinded_review(sqlite_engine)
    for name in ("Ben", "Cleo"):
        judge(sqlite_engine, found[name], article(sqlite_engine))
        grade(sqlite_engine, found[name], imprecision=-1)
    record(sqlite_engine, found["Ben"], article(sqlite_engine))
    return found


def kinds(lines: str) -> list[str]:
    return [json.loads(line)["kind"] for line in lines.splitlines()]


def test_the_command_writes_all_of_the_review(factcheck: Command, people: People) -> None:
    answer = factcheck("export", "--judgements", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(answer.out, newline="")))
    assert (answer.code, answer.err) == (0, "")
    assert [row["kind"] for row in rows] == [*["risk_of_bias"] * 6, "grade"]
    assert {row["pmid"] for row in rows} == {str(invented_studies.TRIAL), ""}
    assert [row["consensus"] for row in rows] == ["True"] * 7


def test_what_is_narrowed_to_articles_has_no_grade_of_a_whole_body(factcheck: Command, people: People) -> None:
    def of(*which: object) -> list[str]:
        return kinds(factcheck("export", "--judgements", "--format", "jsonl", *which).out)

    assert of("--pmids", invented_studies.TRIAL) == ["risk_of_bias"] * 6
    assert of("--query", "midazolam")[:6] == ["risk_of_bias"] * 6
    assert of("--pmids", invented_studies.RETRACTED) == []


def test_a_citation_format_holds_no_judgement(factcheck: Command, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        factcheck("export", "--judgements", "--format", "ris")
    assert ended.value.code == 2
    assert "csv or jsonl, not as ris" in capsys.readouterr().err


def test_a_member_downloads_what_they_may_know(sqlite_engine: Engine, people: People) -> None:
    def file(name: str | None, wish: Wish) -> list[str]:
        token = None
        if name:
            with writing(sqlite_engine) as session:
                member = session.get_one(Member, people[name].member_id)
                token = accounts.sign_in(session, name=name, member=member)
        body = judgements_as_file(sqlite_engine, token=token, topic_id=TOPIC, wish=wish, name="jsonl")
        return kinds(body.decode())

    assert file("Ben", Wish()) == ["finding", *["risk_of_bias"] * 6, "grade"]
    assert file("Eve", Wish()) == [*["risk_of_bias"] * 6, "grade"]
    assert file("Dov", Wish()) == []
    assert file("Ben", Wish(query="midazolam"))[-1] == "risk_of_bias"
    assert file("Ben", Wish(filters=Filters(year_from=2999))) == []
    with pytest.raises(Refused, match="signed out"):
        file(None, Wish())


def test_what_was_judged_on_a_record_that_was_merged_is_told_of_the_kept_one(
    sqlite_engine: Engine, factcheck: Command, people: People
) -> None:
    with writing(sqlite_engine) as session:
        trial = session.exec(select(Article).where(Article.pmid == invented_studies.TRIAL)).one()
        other = session.exec(select(Article).where(Article.pmid == invented_studies.RETRACTED)).one()
        trial.merged_into_id = other.id
        session.commit()
    rows = [json.loads(each) for each in factcheck("export", "--judgements", "--format", "jsonl").out.splitlines()]
    assert [row["pmid"] for row in rows] == [*[invented_studies.RETRACTED] * 6, None]
