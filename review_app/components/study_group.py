"""The other articles of the same study: listed, proposed by a shared registration, grouped and taken out."""

from collections.abc import Callable
from html import escape

import streamlit as st

from db.models import Article
from review_app.components.study_act import act
from review_app.services import study_groups
from review_app.services.study_page import StudyPage

_REASON = "both name {}"


def study_group(study: StudyPage, *, may_tag: bool) -> None:
    """Draw what belongs together and what may; nothing where there is nothing to say and nothing to do."""
    group = study.group
    if group.others:
        st.html('<p class="fn-head">Other articles of this study</p>')
        for row in group.others:
            _line(row, "", act_=("Take out", _take_out, (row.id,)) if may_tag else None)
    for proposal in group.proposals:
        why = f"also registered as {proposal.registration}"
        given = (study.article.id, proposal.article.id, _REASON.format(proposal.registration))
        _line(proposal.article, why, act_=("Same study", _add, given) if may_tag else None)
    if may_tag:
        _by_hand(study)
    for move in group.moves[:5]:
        name = escape(study.members.get(move.member_id, "somebody"))
        st.html(f'<p class="fn-by">{name}, {move.at:%d %B %Y}: {escape(move.reason)}</p>')


def _line(row: Article, why: str, *, act_: tuple[str, Callable[..., None], tuple[object, ...]] | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        said = f" · {escape(why)}" if why else ""
        title = f'<a href="/study?id={row.id}" target="_self">{escape(row.title or "Untitled record")}</a>'
        st.html(f'<p class="fn-line">{title} <small>{row.year or ""}{said}</small></p>')
        if act_ is not None:
            label, call, given = act_
            st.button(label, key=f"group_{label}_{row.id}", type="tertiary", on_click=call, args=given)


def _by_hand(study: StudyPage) -> None:
    with (
        st.expander("Group with another article of the same study"),
        st.form(f"group_{study.article.id}", border=False),
    ):
        st.number_input("Its PMID", min_value=1, step=1, value=None, key=f"group_{study.article.id}_pmid")
        st.text_input("Why they are one study", key=f"group_{study.article.id}_why", max_chars=study_groups.MAX_REASON)
        st.form_submit_button("Group", on_click=_add_by_pmid, args=(study.article.id,))


def _add(article_id: int, other_id: int, reason: str) -> None:
    act(
        lambda session, actor: study_groups.add(
            session, actor=actor, article_id=article_id, other_id=other_id, reason=reason
        ),
        done="Grouped into one study",
    )


def _add_by_pmid(article_id: int) -> None:
    pmid, why = (st.session_state.get(f"group_{article_id}_{name}") for name in ("pmid", "why"))
    act(
        lambda session, actor: study_groups.add_by_pmid(
            session, actor=actor, article_id=article_id, pmid=int(pmid or 0), reason=str(why or "")
        ),
        done="Grouped into one study",
    )


def _take_out(article_id: int) -> None:
    act(
        lambda session, actor: study_groups.take_out(
            session, actor=actor, article_id=article_id, reason="another study, said on the study's page"
        ),
        done="A study of its own again",
    )
