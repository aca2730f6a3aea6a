"""One claim: what it says, what must be said with it, how else it is said, and what it stands on."""

from collections.abc import Iterator, Sequence
from html import escape

import streamlit as st

from db.models import Wording
from db.types import Actor, Stance, Verdict
from review_app.components.badges import verdict_badge
from review_app.components.claims_list import certainty_words, claim_badge, stance_bar
from review_app.components.doubts import doubts_markup
from review_app.components.empty_state import empty_state
from review_app.components.marks import VERDICTS
from review_app.components.plain_words import words
from review_app.components.study_card import StudyCard, study_card
from review_app.services.claims_view import ClaimSource, ClaimView, GivenVerdict
from review_app.services.permissions import May, allows

_ORDER = (
    (Stance.CONTRADICTS, "Contradicting evidence"),
    (Stance.SUPPORTS, "Evidence for it"),
    (Stance.QUALIFIES, "Evidence that limits it"),
    (Stance.RELATED, "Related"),
)


def claim_head(view: ClaimView) -> None:
    """The statement with its verdict and where it comes from, then what must be said with it."""
    line = view.line
    facts = [
        "topics: " + ", ".join(words(topic) for topic in line.topics) if line.topics else "",
        ": ".join(part for part in (certainty_words(line.certainty), view.certainty_note) if part),
        f"version {view.version}",
        f"written by {view.owner}" if view.owner else "",
    ]
    meta = " · ".join(escape(fact) for fact in facts if fact)
    st.html(
        f'<h2 class="fn-title">{escape(line.statement)}</h2>'
        f'<p class="fn-meta">{claim_badge(line)}</p>{doubts_markup(view.doubts, view.told, claim_id=line.id)}'
        f"{''.join(_judged(view))}"
        f'<p class="fn-meta">{meta}</p>{_qualifiers(view)}'
    )


def _judged(view: ClaimView) -> Iterator[str]:
    """Each member's newest verdict on the statement as it stands: who, when and why."""
    newest: dict[str, GivenVerdict] = {}
    for given in view.verdicts:
        if given.version == view.version:
            newest.setdefault(given.member, given)
    for given in newest.values():
        when = f"{given.decided_at.day} {given.decided_at:%B %Y}"
        certainty = certainty_words(given.certainty)
        yield (
            f'<p class="fn-given"><b>{escape(given.member)}</b> on {when}: {VERDICTS[given.verdict].words}'
            f"{', ' + certainty if certainty else ''}. {escape(given.reason)}</p>"
        )


def _qualifiers(view: ClaimView) -> str:
    if not view.qualifiers:
        return ""
    items = "".join(
        f"<li>{escape(text)}<span class='fn-cues'> such as {escape(', '.join(cues[:6]))}</span></li>"
        for text, cues in view.qualifiers
    )
    return f'<p class="fn-small-head">Must be said with it</p><ul class="fn-list">{items}</ul>'


def wordings(view: ClaimView) -> None:
    """What goes too far with a wording that holds, then the wordings that copy uses."""
    far = "".join(_too_far(row) for row in view.too_far) or "<li>Nothing recorded yet.</li>"
    as_it_stands = _said(view, Verdict.SUPPORTED) or "<li>None recorded.</li>"
    less = view.line.basis == "reviewed" and view.line.verdict != "supported"
    doubt = " (people judged the claim itself as less than supported)" if less else ""
    parts = {
        "Goes too far": far,
        f"May be said as it stands{doubt}": as_it_stands,
        "Not without a qualifier": _said(view, Verdict.NEEDS_QUALIFICATION),
    }
    drawn = (
        f'<p class="fn-small-head">{head}</p><ul class="fn-list fn-wordings">{rows}</ul>'
        for head, rows in parts.items()
        if rows
    )
    st.html("".join(drawn))


def _said(view: ClaimView, verdict: Verdict) -> str:
    return "".join(f"<li>{_mark(row)} {escape(row.text)}</li>" for row in view.wordings if row.verdict is verdict)


def _too_far(row: Wording) -> str:
    better = f'<div class="fn-rewording">say rather: {escape(row.rewording)}</div>' if row.rewording else ""
    return f"<li>{_mark(row)} {escape(row.text)}{better}</li>"


def _mark(row: Wording) -> str:
    return verdict_badge(row.verdict.value, "reviewed" if row.author_id is not None else "library")


def evidence_table(view: ClaimView) -> None:
    """Every piece of evidence by stance; what contradicts comes first and is never folded away."""
    st.html(f'<p class="fn-small-head">Evidence</p>{stance_bar(view.line)}')
    if not view.evidence:
        empty_state(
            "No evidence is linked.",
            "Nobody has pointed this claim at a study's own words.",
            then="Open a study and attach a sentence to the claim.",
        )
    for stance, title in _ORDER:
        rows = [row for row in view.evidence if row.stance is stance]
        if rows:
            st.html(f'<p class="fn-group">{title} · {_counted(rows)}</p>')
            _cards(rows)


def _counted(rows: Sequence[ClaimSource]) -> str:
    """How many sources there are, and in how many pieces where somebody linked one more than once."""
    sources = len({row.source for row in rows})
    return f"{sources}" if sources == len(rows) else f"{sources} in {len(rows)} pieces"


def _cards(rows: Sequence[ClaimSource]) -> None:
    for row in rows:
        study_card(source_card(row))


def source_card(row: ClaimSource) -> StudyCard:
    """A piece of the claim's evidence as a card."""
    note = {"orphaned": "⚠ These words are no longer in the record.", "anchored": row.quote_section or ""}
    return StudyCard(
        kind=row.kind,
        stance=row.stance.value,
        reference=row.reference,
        title=row.title,
        article_id=row.article_id,
        pmid=row.pmid,
        year=row.year,
        study_design=row.study_design,
        sample_size=row.sample_size,
        integrity=row.integrity,
        quote=row.quote,
        quote_note=note.get(row.quote_state, ""),
        note=row.note,
        place=row.place,
        points=row.points,
        origin=f"linked by {row.linked_by}" if row.linked_by else "ships with the claim, not reviewed here",
        held=row.kind != "study" or row.article_id is not None,
    )


def history(view: ClaimView) -> None:
    """Who decided what, and what the claim said before."""
    for given in view.verdicts:
        old = "" if given.version == view.version else f" on version {given.version}"
        stale = f"<div>↻ {escape(given.stale_reason)}</div>" if given.stale_reason else ""
        when = f"{given.decided_at.day} {given.decided_at:%B %Y}"
        certainty = certainty_words(given.certainty)
        st.html(
            f'<div class="fn-past"><b>{escape(given.member)}</b> · {when}{old}<br>'
            f"{verdict_badge(given.verdict, 'reviewed')} {certainty}"
            f"<div>{escape(given.reason)}</div>{stale}</div>"
        )
    if not view.verdicts:
        st.caption("Nobody's verdict shows here yet." + (" Others' show after yours." if view.blinded else ""))
    st.html('<p class="fn-small-head">What the claim said</p>')
    for past in view.statements:
        who, when = past.author or "shipped or loaded", f"{past.created_at.day} {past.created_at:%B %Y}"
        head = f"version {past.number} · {when} · {escape(who)}"
        st.html(f'<div class="fn-past">{head}<div>{escape(past.text)}</div></div>')


def where_used(view: ClaimView, *, actor: Actor) -> None:
    """The sentences of stored copy that make this claim, with the way to them for who may check copy."""
    if not view.uses:
        st.caption("No checked copy makes this claim.")
    for use in view.uses:
        address = f"/check_copy?document={use.document_id}&sentence={use.position}"
        title = escape(use.title)
        if allows(actor, May.CHECK_COPY):
            title = f'<a href="{address}" target="_self">{title}</a>'
        st.html(f'<div class="fn-past">{title} · link {escape(use.state)}<div>{escape(use.text)}</div></div>')
