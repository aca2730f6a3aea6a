"""What was published about a study since, and whether its record still stands: above everything else."""

from html import escape

import streamlit as st

from db.integrity import GRAVITY, SOURCE_NAMES
from db.models import Article, Notice
from db.types import Integrity
from db.vocabulary import vocabulary
from review_app.components.badges import integrity_badge
from review_app.services.study_page import StudyPage

_MILD = {Integrity.CORRECTED, Integrity.REINSTATED}
# Kinds that tell how an article stands; a comment or an update does not.
ON_STANDING = frozenset({"republished", *(kind for kind, _ in GRAVITY)})


def study_notices(study: StudyPage) -> None:
    """Draw one box for the integrity of the article and one for a record that is gone or merged."""
    article = study.article
    if article.integrity is not Integrity.NONE_KNOWN:
        _integrity_box(article, _on_standing(study))
    if study.merged_into is not None:
        link = f'<a href="/study?id={study.merged_into.id}" target="_self">{escape(study.merged_into.title)}</a>'
        _box(f"<p>This record was merged into another: {link}</p>", "mild")
    elif article.tombstoned_at is not None:
        gone = f"{article.tombstoned_at:%d %B %Y}"
        _box(f"<p><strong>Gone from its source</strong> since {gone}. It is shown as it was last seen.</p>", "grave")
    if study.merged:
        names = "; ".join(
            f'<a href="/study?id={row.id}" target="_self">{escape(row.title)}</a>' for row in study.merged
        )
        _box(f"<p>Merged into this record, with what people said of it: {names}</p>", "mild")
    if about := _is_notice(study):
        _box(f"<p>This record is itself a notice: {about}.</p>", "mild")


def notice_words(notice: Notice) -> str:
    """One notice as markup: what it is, where it stands, and who says so."""
    kind = notice.kind.replace("_", " ").capitalize()
    words = escape(kind if notice.is_subject else f"{kind} of another article")
    if notice.other_pmid:
        address = f"https://pubmed.ncbi.nlm.nih.gov/{notice.other_pmid}/"
        words += f' · <a href="{address}" target="_blank" rel="noopener noreferrer">PMID {notice.other_pmid} ↗</a>'
    stated = " · ".join(escape(part) for part in (notice.stated, notice.note) if part)
    words += f" · {stated}" if stated else ""
    return f"{words} · says {escape(source_words(notice.source))}, first seen {notice.first_seen_at:%d %B %Y}"


def source_words(source: str) -> str:
    """The name of whoever says so."""
    return SOURCE_NAMES.get(source, source.replace("_", " "))


def _on_standing(study: StudyPage) -> list[Notice]:
    notices = study.record.notices.get(study.article.id, ())
    return [n for n in notices if n.is_subject and n.withdrawn_at is None and n.kind in ON_STANDING]


def _is_notice(study: StudyPage) -> str:
    notices = study.record.notices.get(study.article.id, ())
    told = [n for n in notices if not n.is_subject and n.withdrawn_at is None and n.kind in ON_STANDING]
    return "; ".join(notice_words(notice) for notice in told)


def _integrity_box(article: Article, notices: list[Notice]) -> None:
    meaning = vocabulary().groups["integrity"][article.integrity.value].definition
    lines = "".join(f"<p>{notice_words(notice)}</p>" for notice in notices)
    weight = "mild" if article.integrity in _MILD else "grave"
    _box(f"<p>{integrity_badge(article.integrity.value)} {escape(meaning)}.</p>{lines}", weight)


def _box(markup: str, weight: str) -> None:
    st.html(f'<div class="fn-alarm" role="note" data-weight="{weight}">{markup}</div>')
