"""Findings, risk of bias and grades as they leave the library: what holds where two gave them, else what one gave.

As with tags, that is the newest that the viewer may see. Where one reviewer is enough, the findings of all count.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from db.models import Adjudication, Article, Finding, Review, RiskOfBias
from db.queries import appraisal, claims, duplicates, literature
from db.queries import review as review_queries
from db.queries.appraisal import START, Result
from db.queries.blinding import default_review
from db.types import Actor
from review_app.export.judgements import ExportedJudgement
from review_app.services import tag_forms
from review_app.services.compared import Compared
from review_app.services.dual_extraction import (
    compared_bias,
    compared_findings,
    compared_grade,
    consensus_certainty,
    result_key,
)
from review_app.services.tool_choice import held_tools
from review_app.tagging import grade
from review_app.tagging.risk_of_bias import OVERALL, tools

Made = dict[str, Any]  # some fields of an ExportedJudgement


def judged_articles(session: Session, *, topic_id: str) -> list[Article]:
    """The articles in which anybody found something, or whose risk of bias they judged, by PMID."""
    review = default_review(session, topic_id=topic_id)
    judged = appraisal.judged_articles(session, review=review) if review else set()
    kept = duplicates.kept(session, ids=judged)
    rows = literature.articles_by_id(session, ids=sorted({kept.get(each, each) for each in judged})).values()
    there = (row for row in rows if row.tombstoned_at is None)
    return sorted(there, key=lambda row: (row.pmid is None, row.pmid, row.id))


def everything(session: Session, *, viewer: Actor, topic_id: str) -> Iterator[ExportedJudgement]:
    """All of the review: by article, then the grades."""
    articles = judged_articles(session, topic_id=topic_id)
    yield from judged(session, viewer=viewer, topic_id=topic_id, articles=articles)
    yield from graded(session, viewer=viewer, topic_id=topic_id)


def judged(
    session: Session, *, viewer: Actor, topic_id: str, articles: Iterable[Article]
) -> Iterator[ExportedJudgement]:
    """The findings in these articles and their risk of bias, article by article.

    What was judged on a record that was merged counts where the kept one has nothing of its kind.
    """
    review = default_review(session, topic_id=topic_id)
    if review is None:
        return
    ids = sorted(appraisal.judged_articles(session, review=review))
    merged = duplicates.merged_into(session, ids={*ids, *duplicates.kept(session, ids=ids).values()})
    kinds = (_findings(session, viewer, review, ids), _bias(session, viewer, review, ids))
    for article in articles:
        for found in kinds:
            names = (article.id, *merged.get(article.id, ()))
            at = next((each for each in names if each in found), article.id)
            yield from (_row(_about(article), made) for made in found.get(at, ()))


def graded(
    session: Session, *, viewer: Actor, topic_id: str, claim_id: str | None = None
) -> Iterator[ExportedJudgement]:
    """The grades of a claim (None: of all outcomes and claims), in the order in which they were first given."""
    review = default_review(session, topic_id=topic_id)
    found = appraisal.graded(session, review=review) if review else []
    for outcome, of_claim in found:
        if review is not None and claim_id in {None, of_claim}:
            made = _grade(session, viewer, review, outcome, of_claim)
            about = {"outcome": outcome, "claim_id": of_claim, "claim": _statement(session, viewer, of_claim)}
            yield from [_row(about, made)] if made else ()


def _findings(session: Session, viewer: Actor, review: Review, ids: Sequence[int]) -> dict[int, list[Made]]:
    """By article."""
    rows = review_queries.findings(session, viewer=viewer, review=review, article_ids=ids, agreed=True)
    by_id = {row.id: row for row in rows}
    found: dict[int, list[Made]] = defaultdict(list)
    quotes = review_queries.quotes(session, ids=sorted({row.quote_id for row in rows if row.quote_id is not None}))
    words = {key: quote.exact for key, (quote, _) in quotes.items()}
    settled = {
        each.about["article"]: each
        for each in compared_findings(session, viewer=viewer, review=review, agreed=True)
        if each.form.fields and not each.open
    }
    for article_id, compared in settled.items():
        found[article_id] = [
            _finding(said, _taken(compared, field.id, by_id), words)
            | {"reason": compared.rulings[field.id].reason if field.id in compared.rulings else None}
            | _held((by_id[each].recorded_at for each in compared.rows[field.id]), compared.rulings.get(field.id))
            for field in compared.form.fields
            for said in compared.holds[field.id]
        ]
    newest = {row.article_id: row.member_id for row in rows}
    for row in rows:
        held = settled.get(row.article_id)
        if review.dual:
            counts = held is None and row.member_id == newest[row.article_id]
        else:
            counts = held is None or row.member_id not in {side.id for side in held.sides}
        if counts:
            said = {part: getattr(row, part) for part in review_queries.RESULT}
            found[row.article_id].append(_finding(said, [row], words) | _one(row.recorded_at))
    forms = tag_forms.changes(session)
    for made in (each for some in found.values() for each in some):
        version = max((each.version for each in forms if each.at <= made["at"]), default=1)
        made |= {"form": tag_forms.TAG_FORM, "form_version": str(version)}
    return found


def _finding(said: Mapping[str, Any], taken: Sequence[Finding], words: Mapping[int, str]) -> Made:
    """A result as it is `said`, with the words and quotes of those from whom it was `taken`."""
    parts = {part: said.get(part) for part in review_queries.RESULT}
    return {
        "kind": "finding",
        "outcome": parts.pop("domain"),
        "effect_measure": parts.pop("measure"),
        **parts,
        "summary": _joined(row.summary for row in taken),
        "quote": _joined(words[row.quote_id] for row in taken if row.quote_id is not None),
    }


def _bias(session: Session, viewer: Actor, review: Review, ids: Sequence[int]) -> dict[int, list[Made]]:
    """By article: each tool, the study as a whole or a result of it, domain by domain."""
    rows = appraisal.risk_of_bias(session, viewer=viewer, review=review, article_ids=ids, agreed=True)
    results = appraisal.judged_results(session, ids=(row.finding_id for row in rows))
    groups: dict[tuple[int, str, Result | None], list[RiskOfBias]] = defaultdict(list)
    found: dict[int, list[Made]] = defaultdict(list)
    for row in rows:
        groups[row.article_id, row.tool, results[row.finding_id]].append(row)
    by_id = {row.id: row for row in rows}
    settled = {
        each.rows[OVERALL][0]: each
        for each in compared_bias(session, viewer=viewer, review=review, agreed=True)
        if not each.open
    }
    held = held_tools(session, viewer=viewer, review=review)
    for (article_id, tool, result), judged_rows in groups.items():
        if held.get((article_id, result_key(result)), tool) != tool:
            continue
        compared = next((settled[row.id] for row in judged_rows if row.id in settled), None)
        domains = _settled_domains(compared, by_id) if compared else _newest_domains(judged_rows)
        of = dict(zip(("outcome", "instrument", "time_point"), result or (None,) * 3, strict=True))
        found[article_id] += [_domain(tool, name, value) | of | made for name, value, made in domains]
    return found


def _settled_domains(compared: Compared, rows: Mapping[int, RiskOfBias]) -> Iterator[tuple[str, str, Made]]:
    for field in compared.form.fields:
        since = _held((rows[each].judged_at for each in compared.rows[field.id]), compared.rulings.get(field.id))
        yield field.id, compared.holds[field.id], {"reason": _why(compared, field.id)} | since


def _newest_domains(rows: Sequence[RiskOfBias]) -> Iterator[tuple[str, str, Made]]:
    for row in rows:
        if row.member_id == rows[-1].member_id:
            yield row.domain, row.judgement, {"reason": row.reason} | _one(row.judged_at)


def _domain(tool_id: str, domain: str, judgement: str) -> Made:
    """In the words of the tool; what a tool no longer has, as it was stored."""
    tool = tools().get(tool_id)
    terms = [] if tool is None else [*tool.domains, *tool.judgements, *tool.overall]
    labels = {each.id: each.label for each in terms} | {OVERALL: "Overall"}
    return {
        "kind": "risk_of_bias",
        "domain": labels.get(domain, domain),
        "judgement": labels.get(judgement, judgement),
        "form": tool.name if tool else tool_id,
        "form_version": tool.edition if tool else "",
    }


def _grade(session: Session, viewer: Actor, review: Review, outcome: str | None, claim_id: str | None) -> Made | None:
    asked: Made = {"viewer": viewer, "review": review, "outcome": outcome, "claim_id": claim_id, "agreed": True}
    rows, compared = appraisal.grades(session, **asked), compared_grade(session, **asked)
    if not rows:
        return None
    made: Made = {"kind": "grade", "form": "GRADE", "form_version": grade.edition()}
    if compared is None or compared.open:
        start, *steps = rows[-1].steps
        labelled = [{"label": grade.steps()[step["id"]].label, **step} for step in steps]
        said = {"certainty": rows[-1].certainty, "reason": rows[-1].reason or None, **start, "steps": labelled}
        return made | said | _one(rows[-1].judged_at)
    levels = {name: int(compared.holds[name]) for name in grade.steps()}
    return made | {
        "certainty": consensus_certainty(compared),
        "start": compared.holds[START],
        "steps": [
            {"id": name, "label": grade.steps()[name].label, "levels": moved, "reason": _why(compared, name)}
            for name, moved in levels.items()
            if moved
        ],
        "reason": None if compared.rulings else _joined(row.reason for row in rows),
        **_held((row.judged_at for row in rows), *compared.rulings.values()),
    }


def _taken(compared: Compared, field: str, rows: Mapping[int, Finding]) -> list[Finding]:
    """From whom the value that holds was taken: one side where somebody chose it, none where it was written anew."""
    given = [rows[each] for each in compared.rows[field]]
    ruling = compared.rulings.get(field)
    return [row for row in given if ruling is None or row.member_id == ruling.decision["from"]]


def _why(compared: Compared, field: str) -> str | None:
    """The reason of who settled it, else those of the sides that agree."""
    if ruling := compared.rulings.get(field):
        return ruling.reason
    return _joined(side.reasons.get(field, "") for side in compared.sides)


def _one(at: datetime) -> Made:
    """What one reviewer gave, and when."""
    return {"consensus": False, "at": at}


def _held(given: Iterable[datetime], *settled: Adjudication | None) -> Made:
    """What holds, since the last of them gave it or somebody settled it."""
    return {"consensus": True, "at": max([*given, *(row.decided_at for row in settled if row)])}


def _row(about: Made, made: Made) -> ExportedJudgement:
    at: datetime = made["at"]
    said = {name: value for name, value in made.items() if name != "at"}
    return ExportedJudgement(**about, **said, given_at_utc=at.isoformat(timespec="seconds"))


def _about(article: Article) -> Made:
    names = ("pmid", "doi", "title", "year")
    return {"article_id": article.id} | {name: getattr(article, name) for name in names}


def _statement(session: Session, viewer: Actor, claim_id: str | None) -> str | None:
    page = claims.claim(session, viewer=viewer, claim_id=claim_id) if claim_id else None
    return page.version.statement if page else None


def _joined(words: Iterable[str]) -> str | None:
    return " / ".join(dict.fromkeys(filter(None, words))) or None
