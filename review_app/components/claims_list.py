"""The claims library as a list that can be narrowed: statement, verdict, certainty, evidence for and against, use."""

from collections.abc import Sequence
from html import escape
from typing import Any
from urllib.parse import quote

import streamlit as st

from db.types import Certainty
from review_app.components.badges import verdict_badge
from review_app.components.empty_state import empty_state
from review_app.components.marks import VERDICTS
from review_app.components.plain_words import counted, words
from review_app.services.claims_view import ClaimLine

AT_ONCE = 20
ANY = "any"
_SEARCH, _TOPIC, _STATE, _PAGE = "words", "topic", "state", "claims_page"  # also their names in the address
_STATES: dict[str, str] = {
    ANY: "any state",
    "open": "not decided by people yet",
    "decided": "decided by people",
    "again": "to be looked at again",
    "against": "with contradicting evidence",
    "used": "used in checked copy",
    **{str(verdict): mark.words for verdict, mark in VERDICTS.items()},
}
_BAR = (("supports", "✓"), ("qualifies", "◐"), ("contradicts", "✕"))


def claim_filters(lines: Sequence[ClaimLine]) -> list[ClaimLine]:
    """Draw the filters; the claims that they leave, those to be looked at again first."""
    search, topic, state = st.columns([3, 1.5, 1.8])
    held: dict[str, Any] = {"bind": "query-params", "on_change": _first_page}
    asked = search.text_input("Words of the statement", key=_SEARCH, **held)
    topics = [ANY, *sorted({name for line in lines for name in line.topics})]
    chosen = topic.selectbox("Topic", topics, key=_TOPIC, format_func=_topic_words, **held)
    stage = state.selectbox("State", list(_STATES), key=_STATE, format_func=_STATES.__getitem__, **held)
    left = [line for line in lines if _says(line, asked or "") and chosen in (ANY, *line.topics) and _is(line, stage)]
    return sorted(left, key=lambda line: (not line.needs_review, line.id))


def claim_list(lines: Sequence[ClaimLine], *, total: int) -> None:
    """One page of the claims, each a way to the claim itself."""
    if not lines:
        empty_state("No claim fits.", f"None of the {total:,} claims has all of this.", then="Take a filter away.")
        return
    pages = -(-len(lines) // AT_ONCE)
    at = min(st.session_state.get(_PAGE, 1), pages)
    st.caption(f"{len(lines):,} of {counted(total, 'claim')} · sources: ✓ support ◐ qualify ✕ contradict")
    rows = "".join(_row(line) for line in lines[(at - 1) * AT_ONCE : at * AT_ONCE])
    st.html(f'<ul class="fn-claims">{rows}</ul>')
    if pages > 1:
        st.pagination(pages, key=_PAGE, bind="query-params")


def _row(line: ClaimLine) -> str:
    """A plain link, so that the browser's Back leads back here."""
    uses = f"used in {counted(line.uses, 'sentence')}" if line.uses else ""
    meta = " · ".join(part for part in (certainty_words(line.certainty), uses) if part)
    return (
        f'<li><div>{claim_badge(line)}</div><a href="/claims?claim={quote(line.id)}" target="_self">'
        f"{escape(line.statement)}</a><div>{stance_bar(line)}"
        f'<div class="fn-basis">{escape(meta)}</div></div></li>'
    )


def certainty_words(certainty: Certainty) -> str:
    """The certainty of a body of evidence (GRADE); empty where nobody graded one."""
    return "" if certainty is Certainty.NOT_APPLICABLE else f"{words(certainty.value)} certainty"


def claim_badge(line: ClaimLine) -> str:
    """The verdict with its basis; a member's own claim that nobody judged has none."""
    if line.verdict is None:
        return '<span class="fn-badge" data-basis="none">no verdict yet</span> <span class="fn-basis">draft</span>'
    return verdict_badge(line.verdict, line.basis, line.standing)


def stance_bar(line: ClaimLine) -> str:
    """How much evidence speaks for, for a part, and against: a small bar with its figures."""
    counted = [(stance, sign, line.stances.get(stance, 0)) for stance, sign in _BAR]
    total = sum(number for _, _, number in counted)
    if not total:
        return '<div class="fn-basis">nothing linked for or against it</div>'
    bar = "".join(
        f'<i data-stance="{stance}" style="flex-grow:{number}"></i>' for stance, _, number in counted if number
    )
    spoken = ", ".join(f"{number} {stance}" for stance, _, number in counted)
    figures = " ".join(f'<b data-stance="{stance}">{sign} {number}</b>' for stance, sign, number in counted)
    return (
        f'<div class="fn-stances" role="img" aria-label="{spoken}"><span class="fn-bar">{bar}</span>'
        f'<span class="fn-figures" aria-hidden="true">{figures}</span></div>'
    )


def _says(line: ClaimLine, asked: str) -> bool:
    said = f"{line.id} {line.statement}".casefold()
    return all(word in said for word in asked.casefold().split())


def _is(line: ClaimLine, stage: str) -> bool:
    return {
        ANY: True,
        "open": line.basis != "reviewed",
        "decided": line.basis == "reviewed",
        "again": line.needs_review,
        "against": bool(line.stances.get("contradicts")),
        "used": bool(line.uses),
    }.get(stage, line.verdict == stage)


def _topic_words(topic: str) -> str:
    return "any topic" if topic == ANY else words(topic)


def _first_page() -> None:
    st.session_state[_PAGE] = 1
