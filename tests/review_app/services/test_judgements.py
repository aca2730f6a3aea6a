"""Findings, risk of bias and grades leave the library as they hold, and to nobody before they may be known."""

import csv
import io
import json

import pytest
from dual_extraction import TOPIC, People, give, grade, judge, people_of_a_blinded_review, record
from sqlalchemy import Engine
from sqlmodel import select
from study_page import article as trial_article

from db.engine import reading, writing
from db.models import Article, Review
from db.types import Actor, Role
from review_app.export.judgements import COLUMNS, ExportedJudgement, csv_lines, jsonl
from review_app.services import judgements, tag_forms
from review_app.services.adjudicating import settle
from review_app.services.dual_extraction import everything_compared
from review_app.tagging.comparison import Choice
from review_app.tagging.form_changes import change_field

COMMAND = Actor(None, "factcheck command", Role.READ_ONLY)


@pytest.fixture
def people(engine: Engine) -> People:
    return people_of_a_blinded_review(engine)


@pytest.fixture
def article(engine: Engine, people: People) -> Article:
    return trial_article(engine)


def exported(engine: Engine, viewer: Actor) -> list[ExportedJudgement]:
    with reading(engine) as session:
        return list(judgements.everything(session, viewer=viewer, topic_id=TOPIC))


def kinds(engine: Engine, viewer: Actor) -> set[tuple[str, bool]]:
    return {(row.kind, row.consensus) for row in exported(engine, viewer)}


def all_of_it(engine: Engine, who: Actor, article: Article, estimate: float = -7.4, **judged: str) -> None:
    finding = record(engine, who, article, estimate=estimate, summary=f"{who.name} read it")
    give(engine, who, article)
    judge(engine, who, article, **judged)
    judge(engine, who, article, finding)
    grade(engine, who, imprecision=-1)


def open_it(engine: Engine) -> None:
    """From now on one reviewer is enough."""
    with writing(engine) as session:
        review = session.exec(select(Review)).one()
        review.dual = False
        session.add(review)
        session.commit()


def next_form(engine: Engine, who: Actor) -> int:
    """A lead changes the form; gives the version before."""
    with writing(engine) as session:
        seen = tag_forms.current_form(session)[0].version
        tag_forms.change_form(
            session, actor=who, seen=seen, change=lambda form: change_field(form, "sample_size", label="N"), what="N"
        )
    return seen


def settle_all(engine: Engine, who: Actor, side: Actor) -> None:
    with reading(engine) as session:
        review = session.exec(select(Review)).one()
        found = [each for each in everything_compared(session, viewer=who, review=review) if each.open]
    for seen in found:
        chosen = {each.id: Choice(side.id) for each in seen.open}
        with writing(engine) as session:
            settle(session, actor=who, topic_id=TOPIC, seen=seen, choices=chosen, reason="so it is")


def test_who_has_not_given_theirs_reads_nothing_of_the_first_s(
    engine: Engine, people: People, article: Article
) -> None:
    all_of_it(engine, people["Ben"], article)
    for viewer in (people["Ada"], people["Cleo"], people["Dov"], people["Eve"], COMMAND):
        assert exported(engine, viewer) == [], viewer.name
    assert kinds(engine, people["Ben"]) == {("finding", False), ("risk_of_bias", False), ("grade", False)}


def test_what_two_agree_on_holds_for_all_but_who_could_still_judge_it(
    engine: Engine, people: People, article: Article
) -> None:
    all_of_it(engine, people["Ben"], article)
    all_of_it(engine, people["Cleo"], article)
    agreed = {("finding", True), ("risk_of_bias", True), ("grade", True)}
    for viewer in (people["Ada"], people["Ben"], people["Cleo"], people["Eve"], COMMAND):
        assert kinds(engine, viewer) == agreed, viewer.name
    assert exported(engine, people["Dov"]) == []
    assert exported(engine, people["Eve"]) == exported(engine, people["Ada"])
    (finding,) = (row for row in exported(engine, COMMAND) if row.kind == "finding")
    assert (finding.estimate, finding.summary) == (-7.4, "Ben read it / Cleo read it")


def test_what_two_differ_on_is_told_as_it_was_settled_and_not_before(
    engine: Engine, people: People, article: Article
) -> None:
    all_of_it(engine, people["Ben"], article)
    all_of_it(engine, people["Cleo"], article, -7.0, measurement="high")
    assert exported(engine, people["Dov"]) == []
    told = {(row.kind, row.outcome) for row in exported(engine, people["Eve"])}
    assert told == {("risk_of_bias", "response"), ("grade", "response")}, "what the two agree on"
    (newest,) = (row for row in exported(engine, people["Ben"]) if row.kind == "finding")
    assert (newest.consensus, newest.estimate, newest.summary) == (False, -7.0, "Cleo read it")
    settle_all(engine, people["Ada"], people["Cleo"])
    for name in ("Ada", "Ben", "Dov", "Eve"):
        rows = [row for row in exported(engine, people[name]) if row.outcome is None or row.kind == "finding"]
        (finding,) = (row for row in rows if row.kind == "finding")
        assert (finding.consensus, finding.estimate, finding.summary, finding.reason) == (
            *(True, -7.0, "Cleo read it", "so it is"),
        )
        bias = {row.domain: (row.judgement, row.reason) for row in rows if row.kind == "risk_of_bias"}
        assert bias["Measurement of the outcome"] == ("High", "so it is")
        assert bias["Missing outcome data"] == ("Low", "Ben read missing_data / Cleo read missing_data")
        assert bias["Overall"][0] == "High"


def test_what_is_given_since_hides_it_again(engine: Engine, people: People, article: Article) -> None:
    judge(engine, people["Ben"], article, measurement="high")
    judge(engine, people["Cleo"], article)
    settle_all(engine, people["Ada"], people["Ben"])
    assert kinds(engine, people["Dov"]) == {("risk_of_bias", True)}
    judge(engine, people["Cleo"], article, missing_data="high")
    assert exported(engine, people["Dov"]) == []


def test_a_grade_has_its_steps_with_their_reasons(engine: Engine, people: People) -> None:
    grade(engine, people["Ben"], imprecision=-1)
    grade(engine, people["Cleo"], imprecision=-2)
    settle_all(engine, people["Ada"], people["Cleo"])
    (row,) = exported(engine, COMMAND)
    assert (row.outcome, row.start, row.certainty) == ("response", "randomised", "low")
    assert row.steps == [{"id": "imprecision", "label": "Imprecision", "levels": -2, "reason": "so it is"}]
    assert (row.form, row.form_version) == ("GRADE", "2011")


def test_where_one_reviewer_is_enough_all_findings_count(engine: Engine, people: People, article: Article) -> None:
    record(engine, people["Ben"], article)
    record(engine, people["Cleo"], article, domain="remission")
    open_it(engine)
    told = [(row.outcome, row.consensus) for row in exported(engine, COMMAND)]
    assert told == [("response", False), ("remission", False)]


def test_a_consensus_of_before_hides_no_later_finding_where_one_reviewer_is_enough(
    engine: Engine, people: People, article: Article
) -> None:
    for name in ("Ben", "Cleo"):
        record(engine, people[name], article)
        give(engine, people[name], article)
    open_it(engine)
    record(engine, people["Dov"], article, domain="remission")
    told = [(row.outcome, row.consensus) for row in exported(engine, COMMAND)]
    assert told == [("response", True), ("remission", False)]


def test_each_row_says_which_version_of_the_form_it_was_given_with(
    engine: Engine, people: People, article: Article
) -> None:
    open_it(engine)
    record(engine, people["Ben"], article)
    seen = next_form(engine, people["Ada"])
    record(engine, people["Ben"], article, domain="remission")
    judge(engine, people["Ben"], article)
    rows = exported(engine, COMMAND)
    assert [row.form_version for row in rows if row.kind == "finding"] == [str(seen), str(seen + 1)]
    assert {(row.form, row.form_version) for row in rows if row.kind == "risk_of_bias"} == {("RoB 2", "2019")}


def test_what_two_agree_on_is_as_old_as_they_gave_it_whatever_else_was_settled_since(
    engine: Engine, people: People, article: Article
) -> None:
    for name, estimate in (("Ben", -7.4), ("Cleo", -7.0)):
        record(engine, people[name], article, estimate=estimate)
        record(engine, people[name], article, domain="remission")
        give(engine, people[name], article)
    seen = next_form(engine, people["Ada"])
    settle_all(engine, people["Ada"], people["Cleo"])
    versions = {row.outcome: row.form_version for row in exported(engine, COMMAND)}
    assert versions == {"response": str(seen + 1), "remission": str(seen)}


def test_both_files_read_back_and_a_cell_is_no_formula(engine: Engine, people: People, article: Article) -> None:
    open_it(engine)
    record(engine, people["Ben"], article, estimate=-7.4, summary="=HYPERLINK(1)\nnext line")
    judge(engine, people["Ben"], article)
    grade(engine, people["Ben"], imprecision=-1)
    rows = exported(engine, COMMAND)
    lines = [json.loads(line) for line in jsonl(rows)]
    assert [line["kind"] for line in lines] == ["finding", *["risk_of_bias"] * 6, "grade"]
    assert (lines[0]["pmid"], lines[0]["estimate"]) == (article.pmid, -7.4)
    cells = list(csv.DictReader(io.StringIO("".join(csv_lines(rows)), newline="")))
    assert tuple(cells[0]) == COLUMNS
    assert cells[0]["summary"].startswith("'=HYPERLINK(1)")
    assert float(cells[0]["estimate"]) == -7.4
    assert [row["judgement"] for row in cells[1:-1]] == ["Low"] * 6
    assert cells[-1]["steps"] == "Imprecision -1: Ben on imprecision"
