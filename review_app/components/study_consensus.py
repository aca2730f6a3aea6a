"""All that two reviewers gave of a study, side by side: tags, findings, risk of bias."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from db import config
from db.models import Adjudication, Quote, QuoteAnchor
from db.queries.dual_extraction import FINDING, TOOL
from review_app.components.consensus_desk import KEY, Desk, consensus_desk, who_differs
from review_app.components.empty_state import empty_state
from review_app.components.tag_consensus import tag_consensus
from review_app.components.tag_words import told
from review_app.services.adjudicating import settle
from review_app.services.compared import Compared
from review_app.services.consensus import comparison
from review_app.services.study_page import StudyPage
from review_app.tagging.form import Field


def study_consensus(study: StudyPage, compared: Sequence[Compared], *, may_settle: bool) -> None:
    """Each by itself, or how it comes that there is none."""
    tags = comparison(study)
    if tags is None and not compared:
        empty_state(
            "Nothing to settle yet.",
            "Two reviewers tag a study, record its findings and judge its risk of bias, each without seeing the "
            "other's; then both stand here side by side.",
        )
        return
    if tags is not None:
        tag_consensus(study, tags, may_settle=may_settle)
    taken = tags is not None and not tags.is_settled  # the key is that of the first button
    for each in compared:
        shortcut = None if taken else KEY
        compared_sides(each, study.quotes, study.members, may_settle=may_settle, shortcut=shortcut)
        taken = taken or bool(each.open)


def compared_sides(
    compared: Compared,
    quotes: Mapping[int, tuple[Quote, QuoteAnchor]],
    members: Mapping[int, str],
    *,
    may_settle: bool,
    shortcut: str | None = None,
) -> None:
    """What was settled, with its reasons, and what waits for it. Where they agree nothing is asked."""
    item = "result" if compared.subject == FINDING else "field"
    st.html(f'<p class="fn-count"><strong>{escape(f"{compared.title}: {_differ(compared, item)}")}</strong></p>')
    _settled(compared, members)
    if compared.open:
        desk = Desk(
            compared.key,
            compared,
            compared.open,
            quotes,
            lambda session, actor, choices, reason: settle(
                session,
                actor=actor,
                topic_id=config.settings().footnote_topic,
                seen=compared,
                choices=choices,
                reason=reason,
            ),
            item,
        )
        consensus_desk(desk, may_settle=may_settle, shortcut=shortcut)


def _differ(compared: Compared, item: str) -> str:
    if compared.subject != TOOL:
        return who_differs(compared, item)
    names = " and ".join(side.name for side in compared.sides)
    return f"{names} used different ones, so that what they judged is not compared"


def _settled(compared: Compared, members: Mapping[int, str]) -> None:
    labels = {each.id: each for each in compared.form.fields}
    lines = "".join(
        f"<dt>{escape(labels[name].label)}</dt><dd>{escape(_held(labels[name], row.decision['value']))}: "
        f"{escape(row.reason)} {_by(row, members)}</dd>"
        for name, row in compared.rulings.items()
    )
    if lines:
        st.html(f'<p class="fn-head">Settled</p><dl class="fn-facts">{lines}</dl>')


def _held(field: Field, value: Any) -> str:
    return "left out" if value == [] else told(field, value)


def _by(row: Adjudication, members: Mapping[int, str]) -> str:
    name = escape(members.get(row.member_id, "somebody"))
    return f"<small>({name}, {row.decided_at.day} {row.decided_at:%B %Y})</small>"
