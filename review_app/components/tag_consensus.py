"""The tags of two reviewers beside each other, and what holds of each field on which they differ."""

from html import escape

import streamlit as st

from db import config
from db.models import Tagging
from review_app.components.consensus_desk import KEY, Desk, consensus_desk, who_differs
from review_app.components.tag_words import tag_lines, tagging_head
from review_app.services.consensus import TagComparison, settle_tags
from review_app.services.study_page import StudyPage


def tag_consensus(study: StudyPage, compared: TagComparison, *, may_settle: bool) -> None:
    """The consensus there is, and where somebody tagged since, or nobody has settled it, both sides."""
    if compared.settled is not None:
        _settled(study, compared.settled, stale=not compared.is_settled)
    if compared.is_settled:
        return
    st.html(f'<p class="fn-count"><strong>{escape(f"Tags: {who_differs(compared)}")}</strong></p>')
    article_id = study.article.id
    desk = Desk(
        str(article_id),
        compared,
        compared.differing,
        study.quotes,
        lambda session, actor, choices, reason: settle_tags(
            session,
            actor=actor,
            topic_id=config.settings().footnote_topic,
            article_id=article_id,
            form_version=study.form_version,
            settles=[side.id for side in compared.sides],
            choices=choices,
            reason=reason,
        ),
    )
    consensus_desk(desk, may_settle=may_settle, shortcut=KEY)


def _settled(study: StudyPage, row: Tagging, *, stale: bool) -> None:
    after = '<p class="fn-by">↻ Somebody tagged the study again since.</p>' if stale else ""
    reasons = "".join(f'<p class="fn-line">{escape(line)}</p>' for line in (row.note or "").splitlines())
    body = tag_lines(study.forms[row.form_id], row.tags)
    st.html(f'<p class="fn-head">{tagging_head(row, study.members)}</p>{after}{body}{reasons}')
