"""Which tool for the risk of bias holds, where two judged one study and used none in common.

Judgements with different tools are not compared. Who settles it sees the tools, not what was judged with them: a tool
is chosen for the design of the study.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlmodel import Session

from db.models import Adjudication, Review
from db.queries import accounts, appraisal
from db.queries import dual_extraction as queries
from db.queries.appraisal import Result, ToolUsed
from db.queries.blinding import default_review
from db.queries.dual_extraction import TOOL
from db.types import Actor
from review_app.services.compared import Compared, one_of, rulings_of
from review_app.services.dual_extraction import compared_bias, compared_findings, result_key, result_label
from review_app.services.tag_forms import library_words
from review_app.tagging.comparison import Side
from review_app.tagging.form import TagForm
from review_app.tagging.risk_of_bias import Term, tools

FIELD = "tool"


def compared_tools(session: Session, *, viewer: Actor, review: Review, article_id: int | None = None) -> list[Compared]:
    """Of an article (None: of all): the study as a whole, or a result of it, that no tool was used on by all."""
    ruled = queries.rulings(session, viewer=viewer, review=review, subject=TOOL, article_id=article_id)
    names = {member.id: member.name for member in accounts.members(session)}
    words, found = library_words(session), []
    judged = appraisal.tools_used(session, viewer=viewer, review=review, article_id=article_id)
    for (article, result), used in judged.items():
        known = [each for each in used if each.tool in tools()]
        if known and not _in_common(known):
            label = result_label(words, result) if result else ""
            found.append(_compared(article, result, label, known, names, ruled))
    return found


def of_article(session: Session, *, viewer: Actor, topic_id: str, article_id: int) -> list[Compared]:
    """The findings of an article, the tools and the risk of bias."""
    review = default_review(session, topic_id=topic_id)
    if review is None:
        return []
    return [
        *compared_findings(session, viewer=viewer, review=review, article_id=article_id),
        *compared_tools(session, viewer=viewer, review=review, article_id=article_id),
        *compared_bias(session, viewer=viewer, review=review, article_id=article_id),
    ]


def held_tools(session: Session, *, viewer: Actor, review: Review) -> dict[tuple[int, str], str]:
    """The tool that was chosen last, by article and key of the result."""
    rows = queries.rulings(session, viewer=viewer, review=review, subject=TOOL)
    return {(row.decision["article"], row.decision["result"]): row.decision["value"] for row in rows}


def _in_common(used: Iterable[ToolUsed]) -> set[str]:
    by_member: dict[int, set[str]] = defaultdict(set)
    for each in used:
        by_member[each.member_id].add(each.tool)
    return set.intersection(*by_member.values())


def _compared(
    article_id: int,
    result: Result | None,
    label: str,
    used: Sequence[ToolUsed],
    names: dict[int, str],
    ruled: Iterable[Adjudication],
) -> Compared:
    newest = {each.member_id: each for each in used}
    known = [Term(each, tools()[each].name) for each in dict.fromkeys(each.tool for each in newest.values())]
    sides = tuple(
        Side(who, names.get(who, "somebody"), {FIELD: each.tool}, {FIELD: f"For {tools()[each.tool].used_for}"})
        for who, each in newest.items()
    )
    rows = {FIELD: tuple(each.first_row for each in newest.values())}
    return Compared(
        TagForm("", (one_of(FIELD, "Tool", known),)),
        sides,
        subject=TOOL,
        about={"article": article_id, "result": result_key(result)},
        tool="Tool for the risk of bias",
        result=label,
        rows=rows,
        rulings=rulings_of(rows, sides, ruled),
    )
