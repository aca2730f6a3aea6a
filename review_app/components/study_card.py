"""One piece of evidence as a card: what it is, how large, whether it still stands, and its own words."""

from dataclasses import dataclass
from html import escape

import streamlit as st

from review_app.components.badges import integrity_badge, is_struck, suggested
from review_app.components.library_words import library_words

_STANCES = {
    "supports": ("✓", "supports"),
    "qualifies": ("◐", "qualifies"),
    "contradicts": ("✕", "contradicts"),
    "related": ("·", "related"),
}
_KINDS = {"label": "product label", "notice": "notice of an authority"}


@dataclass(frozen=True, slots=True)
class StudyCard:
    """`decided` is true where a person or the claims library says the stance, false where it is only suggested.
    `held` is false for a study that the library does not have. `origin` says who says so."""

    kind: str
    stance: str
    reference: str
    title: str
    article_id: int | None = None
    pmid: int | None = None
    year: int | None = None
    study_design: str | None = None
    design_reviewed: bool = False
    sample_size: int | None = None
    integrity: str = "none_known"
    quote: str = ""
    quote_note: str = ""
    note: str = ""
    place: str = ""
    points: tuple[str, ...] = ()
    origin: str = ""
    decided: bool = True
    held: bool = True


def study_card(card: StudyCard) -> None:
    st.html(card_markup(card))


def card_markup(card: StudyCard) -> str:
    """The card as markup, everything escaped."""
    quote = f'<blockquote class="fn-quote">{escape(card.quote)}</blockquote>' if card.quote else ""
    parts = [
        f'<p class="fn-card-head">{stance_mark(card.stance, decided=card.decided)} {_title(card)}</p>',
        f'<p class="fn-card-facts">{" · ".join(fact for fact in _facts(card) if fact)}</p>',
        quote,
        _line(card.quote_note),
        _line(card.note),
        "".join(f'<p class="fn-card-note">– {escape(point)}</p>' for point in card.points),
        f'<p class="fn-card-origin">{escape(card.origin)}</p>' if card.origin else "",
    ]
    return f'<div class="fn-card" data-stance="{escape(card.stance)}">{"".join(parts)}</div>'


def stance_mark(stance: str, *, decided: bool = True) -> str:
    """What a source says of a claim, as markup; italic while only suggested."""
    sign, name = _STANCES.get(stance, ("·", stance))
    drawn = f'<span aria-hidden="true">{sign}</span> {escape(name)}'
    kind = "" if decided else ' data-suggested="true"'
    return f'<span class="fn-stance" data-stance="{escape(stance)}"{kind}>{drawn}</span>'


def _title(card: StudyCard) -> str:
    if not card.held:
        number = f"PMID {card.pmid}" if card.pmid else card.reference
        return f"<b>{escape(number)}</b> is not in this library yet"
    title = escape(card.title or card.reference)
    title = f"<s>{title}</s>" if is_struck(card.integrity) else title
    if card.kind == "study" and card.article_id is not None:
        return f'<a href="/study?id={card.article_id}" target="_blank">{title}</a>'
    return f"<b>{title}</b>"


def _facts(card: StudyCard) -> list[str]:
    if not card.held:
        return ["a key study of this claim; harvest again to bring it in", _pubmed(card.pmid)]
    size = f"N = {card.sample_size:,}" if card.sample_size else ""
    design = library_words().label("study_design", card.study_design) if card.study_design else ""
    year = str(card.year) if card.year and str(card.year) not in card.reference else ""
    facts = [integrity_badge(card.integrity), escape(_KINDS.get(card.kind, "")), escape(card.reference), year]
    known = escape(design) if card.design_reviewed else suggested(design, "suggested from the record, not reviewed")
    facts += [known if design else "", escape(size)]
    return [*facts, escape(card.place), _pubmed(card.pmid)]


def _pubmed(pmid: int | None) -> str:
    if pmid is None:
        return ""
    address = f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"
    return f'<a href="{address}" target="_blank" rel="noopener noreferrer">PMID {pmid} ↗</a>'


def _line(text: str) -> str:
    return f'<p class="fn-card-note">{escape(text)}</p>' if text else ""
