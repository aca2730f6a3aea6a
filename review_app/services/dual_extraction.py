"""What two reviewers gave of one thing beside each other: findings, risk of bias, GRADE; and what was settled of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from db.models import Adjudication, Finding, Grade, Review, RiskOfBias
from db.queries import accounts, appraisal
from db.queries import dual_extraction as queries
from db.queries import review as review_queries
from db.queries.appraisal import START, Result
from db.queries.dual_extraction import BIAS, FINDING, GRADE
from db.types import Actor
from db.vocabulary import Vocabulary
from review_app.services.compared import Compared, one_of, rulings_of
from review_app.services.tag_forms import form_or_shipped, library_words
from review_app.tagging import grade
from review_app.tagging.comparison import Side
from review_app.tagging.form import Entry, Field, TagForm
from review_app.tagging.paired_findings import paired
from review_app.tagging.risk_of_bias import OVERALL, Term, Tool, tools

Judgements = Mapping[str, RiskOfBias]  # of one member, by domain


def compared_findings(
    session: Session, *, viewer: Actor, review: Review, article_id: int | None = None, agreed: bool = False
) -> list[Compared]:
    """The findings of an article (None: of all) whose reviewers said that they are all, as far as the viewer may see.

    Findings of one result make one field, a table of at most one row; a side that has none of it says nothing there.
    `agreed`: also those of which nothing is open, to tell what holds; where the viewer may not see them, without a
    field.
    """
    only = None if article_id is None else [article_id]
    givers = queries.findings_givers(session, viewer=viewer, review=review, article_ids=only, hidden=agreed)
    both = {article: members for article, members in givers.items() if len(members) > 1}
    found: dict[int, list[Finding]] = defaultdict(list)
    for row in review_queries.findings(session, viewer=viewer, review=review, article_ids=list(both), agreed=agreed):
        found[row.article_id].append(row)
    ruled = queries.rulings(session, viewer=viewer, review=review, subject=FINDING, article_id=article_id)
    asked, words, names = _outcomes(session), library_words(session), _names(session)
    return [
        _findings(asked, words, article, members, found[article], names, ruled) for article, members in both.items()
    ]


def compared_bias(
    session: Session, *, viewer: Actor, review: Review, article_id: int | None = None, agreed: bool = False
) -> list[Compared]:
    """What two judged of an article (None: of all) with one tool: each result by itself, or the study as a whole.

    `agreed`: also that of which nothing is open, to tell what holds.
    """
    ids = queries.twice_judged(session, review=review) if article_id is None else [article_id]
    rows = appraisal.risk_of_bias(session, viewer=viewer, review=review, article_ids=ids, agreed=agreed)
    results = appraisal.judged_results(session, ids=(row.finding_id for row in rows))
    given: dict[tuple[int, str, Result | None], dict[int, dict[str, RiskOfBias]]] = defaultdict(dict)
    for row in rows:
        given[row.article_id, row.tool, results[row.finding_id]].setdefault(row.member_id, {})[row.domain] = row
    ruled = queries.rulings(session, viewer=viewer, review=review, subject=BIAS, article_id=article_id)
    words, names, compared = library_words(session), _names(session), []
    for (article, tool_id, result), judged in given.items():
        if tool := tools().get(tool_id):
            asked = {OVERALL, *(each.id for each in tool.domains)}
            sides = {who: by_domain for who, by_domain in judged.items() if asked <= by_domain.keys()}
            if len(sides) > 1:
                said = result_label(words, result) if result else ""
                compared.append(_bias(article, tool, result, said, sides, names, ruled))
    return compared


def compared_grade(
    session: Session,
    *,
    viewer: Actor,
    review: Review,
    outcome: str | None = None,
    claim_id: str | None = None,
    agreed: bool = False,
) -> Compared | None:
    """The grades of an outcome or a claim; None until two that the viewer may see are there.

    `agreed`: also those of which nothing is open, to tell what holds.
    """
    rows = appraisal.grades(session, viewer=viewer, review=review, outcome=outcome, claim_id=claim_id, agreed=agreed)
    if len(rows) < 2:
        return None
    names, fields = _names(session), _grade_fields()
    sides = tuple(_graded(row, names) for row in rows)
    about = {"outcome": outcome} if claim_id is None else {"claim": claim_id}
    given = {each.id: tuple(row.id for row in rows) for each in fields}
    ruled = queries.rulings(session, viewer=viewer, review=review, subject=GRADE)
    rulings = rulings_of(given, sides, ruled)
    form = TagForm("", fields)
    return Compared(form, sides, subject=GRADE, about=about, tool="GRADE", rows=given, rulings=rulings)


def consensus_certainty(compared: Compared) -> str | None:
    """What the grade comes to that holds; None while something is open."""
    if compared.open:
        return None
    start, *steps = (compared.holds[each.id] for each in compared.form.fields)
    return grade.certainty(
        start, {name: int(each) for name, each in zip(grade.steps(), steps, strict=True) if int(each)}
    )


def everything_compared(session: Session, *, viewer: Actor, review: Review) -> Iterator[Compared]:
    """All that two gave in a review, as far as the viewer may see it."""
    yield from compared_findings(session, viewer=viewer, review=review)
    yield from compared_bias(session, viewer=viewer, review=review)
    for outcome, claim_id in queries.twice_graded(session, review=review):
        found = compared_grade(session, viewer=viewer, review=review, outcome=outcome, claim_id=claim_id)
        if found is not None:
            yield found


def result_label(words: Vocabulary, result: Result) -> str:
    """Such as `Response · MADRS · 24 hours`."""
    groups = ("outcome_domain", "instrument", "time_point")
    return " · ".join(words.label(group, value) for group, value in zip(groups, result, strict=True) if value)


def result_key(result: Result | None) -> str:
    """As adjudications name it; empty for the study as a whole."""
    return "/".join(filter(None, result or ()))


def _outcomes(session: Session) -> Field:
    """What a finding is asked, with the choices of the library's form."""
    asked = form_or_shipped(session).field("outcomes")
    if asked is None:  # the form that ships has it, and a form loses no field
        raise LookupError("outcomes")
    return asked


def _findings(
    asked: Field,
    words: Vocabulary,
    article_id: int,
    members: Sequence[int],
    findings: Sequence[Finding],
    names: Mapping[int, str],
    ruled: Iterable[Adjudication],
) -> Compared:
    by_id = {row.id: row for row in findings}
    rows = {row.id: {part.id: getattr(row, part.id) for part in asked.parts} for row in findings}
    given = {who: {row.id: rows[row.id] for row in findings if row.member_id == who} for who in members}
    groups = {f"finding_{min(group.values())}": group for group in paired(given)}
    fields = tuple(
        replace(asked, id=name, item="result", label=_result(words, by_id[min(group.values())]))
        for name, group in groups.items()
    )
    sides = tuple(_extracted(who, names, groups, by_id, rows) for who in members)
    ids = {name: tuple(sorted(group.values())) for name, group in groups.items()}
    about = {"article": article_id}
    rulings = rulings_of(ids, sides, ruled)
    form = TagForm("", fields)
    return Compared(form, sides, subject=FINDING, about=about, tool="Findings", rows=ids, rulings=rulings)


def _result(words: Vocabulary, row: Finding) -> str:
    return result_label(words, (row.domain, row.instrument, row.time_point))


def _extracted(
    who: int,
    names: Mapping[int, str],
    groups: Mapping[str, Mapping[int, int]],
    by_id: Mapping[int, Finding],
    rows: Mapping[int, dict[str, Any]],
) -> Side:
    mine = {name: group[who] for name, group in groups.items() if who in group}
    entry = {name: [rows[mine[name]]] if name in mine else [] for name in groups}
    reasons = {name: by_id[each].summary for name, each in mine.items()}
    quotes = {name: [quote] for name, each in mine.items() if (quote := by_id[each].quote_id) is not None}
    return Side(who, names.get(who, "somebody"), entry, reasons, quotes)


def _bias(
    article_id: int,
    tool: Tool,
    result: Result | None,
    said: str,
    given: Mapping[int, Judgements],
    names: Mapping[int, str],
    ruled: Iterable[Adjudication],
) -> Compared:
    domains = [one_of(each.id, each.label, tool.judgements) for each in tool.domains]
    total = replace(one_of(OVERALL, "Overall", tool.overall), help=f"Left open, it follows by the rule of {tool.name}.")
    form = TagForm("", (*domains, total))
    sides = tuple(
        Side(
            who,
            names.get(who, "somebody"),
            {each.id: rows[each.id].judgement for each in form.fields},
            {each.id: rows[each.id].reason for each in form.fields},
        )
        for who, rows in given.items()
    )
    ids = {each.id: tuple(rows[each.id].id for rows in given.values()) for each in form.fields}
    about = {"article": article_id, "tool": tool.id, "result": result_key(result)}
    rulings = rulings_of(ids, sides, ruled)
    return Compared(
        form,
        sides,
        OVERALL,
        subject=BIAS,
        about=about,
        tool=tool.name,
        result=said,
        rows=ids,
        rulings=rulings,
    )


def _grade_fields() -> tuple[Field, ...]:
    start = one_of(START, "The evidence is from", (Term(each.id, each.label) for each in grade.starts().values()))
    steps = (
        one_of(each.id, each.label, (Term(str(n), level_label(n)) for n in (0, *each.levels)))
        for each in grade.steps().values()
    )
    return start, *steps


def level_label(levels: int) -> str:
    """By how many levels a step of GRADE moves the certainty, in words."""
    if not levels:
        return "no"
    return f"down {-levels}" if levels < 0 else f"up {levels}"


def _graded(row: Grade, names: Mapping[int, str]) -> Side:
    start, *steps = row.steps
    entry: Entry = {START: start["start"], **dict.fromkeys(grade.steps(), "0")}
    entry |= {step["id"]: str(step["levels"]) for step in steps}
    reasons = {step["id"]: step["reason"] for step in steps}
    return Side(row.member_id, names.get(row.member_id, "somebody"), entry, reasons)


def _names(session: Session) -> dict[int, str]:
    return {member.id: member.name for member in accounts.members(session)}
