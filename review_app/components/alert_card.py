"""What happened, in one plain line: the article, the sources that say so, the words before and after."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from html import escape

import streamlit as st

from db.integrity import ENDED, standing
from db.models import Article, Notice
from db.queries.alert_texts import Section, Side
from db.queries.alerts import AlertCard
from review_app.components.badges import integrity_badge, is_struck
from review_app.components.differing_words import differing_words
from review_app.components.study_notices import ON_STANDING, notice_words, source_words

# What befell, and how gravely it is drawn.
_KINDS = {
    "retracted": ("retracted", "grave"),
    "partially_retracted": ("partially retracted", "grave"),
    "retracted_and_replaced": ("retracted and replaced", "grave"),
    "withdrawn": ("withdrawn", "grave"),
    "concern": ("expression of concern", "grave"),
    "corrected": ("corrected", "mild"),
    "reinstated": ("reinstated", "mild"),
    "reworded": ("reworded", "plain"),
    "quote_orphaned": ("quote gone", "mild"),
    "gone": ("gone from its source", "grave"),
    "returned": ("back in its source", "plain"),
    "updated": ("newer version", "mild"),
    "label_revised": ("label revised", "mild"),
    "new_study": ("new study", "plain"),
    "contradicting_study": ("contradicting study", "grave"),
    "sources_disagree": ("sources disagree", "mild"),
    "night_missed": ("night missed", "grave"),
    "night_partial": ("night in part", "mild"),
    "night_failed": ("night failed", "grave"),
    "translation_drift": ("query reads differently", "mild"),
    "mass_vanishing": ("many records vanished", "grave"),
}


def change_head(card: AlertCard, *, zone: tzinfo) -> None:
    """The change and its article, with every notice and who says so."""
    words, weight = _KINDS.get(card.kind, (card.kind.replace("_", " "), "plain"))
    badge = f'<span class="fn-badge" data-integrity="{weight}">{escape(words)}</span>'
    head = f'<h2 class="fn-change">{badge} {escape(card.summary)}</h2>'
    st.html(head + "".join([_about(card, zone), *_notices(card.notices)]))


def before_and_after(card: AlertCard) -> None:
    """The sections that say something else now, side by side, the words marked that only one side has."""
    if card.before is None or card.after is None:
        return
    rows = "".join(_rows(card.before, card.after))
    if not rows:
        return
    st.html(
        '<table class="fn-pair fn-change-words"><thead><tr><td></td><th scope="col">Before</th>'
        f'<th scope="col">Now</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _about(card: AlertCard, zone: tzinfo) -> str:
    article, facts = card.article, [f"found {moment(card.raised_at, zone)}"]
    title = ""
    if article is not None:
        title = f'<p class="fn-line">{_link(article)} {integrity_badge(article.integrity.value)}</p>'
        pmid = f"PMID {article.pmid}" if article.pmid else ""
        facts = [article.iso_abbreviation or article.journal or "", str(article.year or ""), pmid, *facts]
    others = "; ".join(_link(each) for each in card.same_study)
    same = f'<p class="fn-line">Other articles of the same study: {others}</p>' if others else ""
    meta = escape(" · ".join(fact for fact in facts if fact))
    return f'{title}<p class="fn-meta">{meta}</p>{same}'


def _link(article: Article) -> str:
    title = escape(article.title or "Untitled record")
    title = f"<s>{title}</s>" if is_struck(article.integrity.value) else title
    return f'<a class="fn-change-study" href="/study?id={article.id}" target="_self">{title}</a>'


def _notices(notices: tuple[Notice, ...]) -> Iterator[str]:
    """Each with its source; where sources say different things, that they do."""
    told = [each for each in notices if each.kind in {*ON_STANDING, "update"}]
    if told:
        rows = "".join(f"<li>{notice_words(each)}{_withdrawn(each)}</li>" for each in told)
        yield f'<ul class="fn-log">{rows}</ul>'
    said: dict[str, set[str]] = {source_words(each.source): set() for each in told}
    for each in standing(told):
        said[source_words(each.source)] |= {each.kind} & ENDED
    if len({frozenset(kinds) for kinds in said.values()}) > 1:
        sides = "; ".join(f"{source}: {_listed(kinds)}" for source, kinds in sorted(said.items()))
        yield f'<p class="fn-note">The sources do not say the same. {escape(sides)}.</p>'


def _listed(kinds: set[str]) -> str:
    return ", ".join(sorted(kind.replace("_", " ") for kind in kinds)) or "nothing against it"


def _withdrawn(notice: Notice) -> str:
    return f" · <b>taken back {notice.withdrawn_at:%d %B %Y}</b>" if notice.withdrawn_at is not None else ""


def moment(at: datetime, zone: tzinfo) -> str:
    """Such as `1 March 2026, 09:00`, in the reader's zone."""
    there = at.astimezone(zone)
    return f"{there.day} {there:%B %Y, %H:%M}"


def _rows(before: Side, after: Side) -> Iterator[str]:
    if before.title != after.title:
        yield _row("Title", before.title, after.title)
    for label, one, two in _paired(before.sections, after.sections):
        if one.split() != two.split():
            yield _row(label, one, two)


def _paired(before: tuple[Section, ...], after: tuple[Section, ...]) -> Iterator[tuple[str, str, str]]:
    """Sections by their label and how often it came before; what only one side has stands against nothing."""
    old, new = _numbered(before), _numbered(after)
    for key in [*old, *(key for key in new if key not in old)]:
        yield key[0] or "Abstract", old.get(key, ""), new.get(key, "")


def _numbered(sections: tuple[Section, ...]) -> dict[tuple[str | None, int], str]:
    found: dict[tuple[str | None, int], str] = {}
    for section in sections:
        number = sum(label == section.label for label, _ in found)
        found[section.label, number] = section.text
    return found


def _row(label: str, before: str, after: str) -> str:
    left, right = differing_words(before, after)
    cells = "".join(f"<td>{side or _NOTHING}</td>" for side in (left, right))
    return f'<tr><th scope="row">{escape(label.capitalize())}</th>{cells}</tr>'


_NOTHING = '<span class="fn-by">nothing</span>'
