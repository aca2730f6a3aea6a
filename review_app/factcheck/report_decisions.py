"""What people decided about a checked document, as the last part of a report that was made before they did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from review_app.factcheck import marks
from review_app.factcheck.report_html import END
from review_app.factcheck.report_markdown import plain

_HEAD = "What people decided"


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing that a person said. `place` is the sentence, counted from 0; None for a verdict on the claim `about`.

    `undoes` is true where it takes the ground from the sentence's verdict.
    """

    member: str
    at: datetime
    said: str
    reason: str
    about: str
    place: int | None = None
    undoes: bool = False


def to_html(page: str, decisions: Sequence[Decision], as_of: datetime) -> str:
    """The page of `report_html` with the decisions as its last part; the page as it is where there are none."""
    if not decisions:
        return page
    items = "".join(_item(decision) for decision in decisions)
    part = f"<h2 id=decided>{_HEAD}</h2><p>{_scope(as_of)}</p><ul class=decided>{items}</ul>"
    return f"{_told(page.removesuffix(END), decisions)}{part}{END}"


def to_markdown(page: str, decisions: Sequence[Decision], as_of: datetime) -> str:
    """The page of `report_markdown` with the decisions as its last part; as it is where there are none."""
    if not decisions:
        return page
    lines = ["", f"## {_HEAD}", "", _scope(as_of), ""]
    for decision in decisions:
        reason = f" {plain(decision.reason)}" if decision.reason else ""
        lines.append(f"- {_where(decision)}: **{plain(decision.member)}** on {_day(decision)}: "
                     f"{plain(decision.said)}.{reason}{_gone(decision)}")  # fmt: skip
        lines.append(f"  > {plain(decision.about)}")
    return _told(page, decisions) + "\n".join(lines) + "\n"


def _item(decision: Decision) -> str:
    where = escape(_where(decision))
    where = where if decision.place is None else f'<a href="#d{decision.place}">{where}</a>'
    reason = f" {escape(decision.reason)}" if decision.reason else ""
    return (
        f"<li>{where}: <b>{escape(decision.member)}</b> on {_day(decision)}: {escape(decision.said)}.{reason}"
        f"<b>{_gone(decision)}</b><blockquote>{escape(decision.about)}</blockquote></li>"
    )


def _told(page: str, decisions: Sequence[Decision]) -> str:
    """The head of the report says that more is to be read at its end."""
    number = f"{len(decisions)} decision{'s' if len(decisions) > 1 else ''}"
    return page.replace(marks.NOT_AN_APPROVAL, f"{marks.NOT_AN_APPROVAL} {number} of people: see the end.", 1)


def _scope(as_of: datetime) -> str:
    return (
        f"As of {as_of:%Y-%m-%d %H:%M} UTC. The verdicts above are those of the check; "
        "where a decision here takes the ground from one, the decision holds."
    )


def _where(decision: Decision) -> str:
    return "Claim" if decision.place is None else f"Sentence {decision.place + 1}"


def _gone(decision: Decision) -> str:
    return " Its verdict above no longer stands." if decision.undoes else ""


def _day(decision: Decision) -> str:
    return f"{decision.at:%Y-%m-%d}"
