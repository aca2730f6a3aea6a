"""Above the copy: what it is, how many sentences stand where, what it never says, and what to take along."""

from datetime import tzinfo
from functools import partial
from html import escape

import streamlit as st

from review_app.components.copy_text import go_to, open_sentence
from review_app.components.marks import VERDICTS
from review_app.components.plain_words import counted, plain_words
from review_app.factcheck.model import Verdict
from review_app.factcheck.topic_data import load
from review_app.services.checking import answer_text
from review_app.services.document_report import report
from review_app.services.document_view import DocumentView

_REPORTS = {"html": ("Web page", "html", "text/html"), "markdown": ("Markdown", "md", "text/markdown")}


def copy_head(view: DocumentView, *, zone: tzinfo) -> None:
    """Title, when it was asked, and of which library."""
    library = view.answer["library"]
    when = view.checked_at.astimezone(zone)
    run = library["last_complete_run"]
    studies = counted(library["articles"], "study", "studies")
    harvested = f"last complete harvest {run[:10]}" if run else "never completely harvested"
    facts = [
        f"version {view.version}",
        f"{view.profile} rules",
        f"checked {when.day} {when:%B %Y, %H:%M}",
        f"against {counted(library['claims'], 'claim')} and {studies}, {harvested}",
    ]
    st.html(
        f'<h2 class="fn-title">{escape(view.title)}</h2><p class="fn-meta">{escape(" · ".join(facts))}<br>'
        "Evidence for people who decide: Footnote does not approve documents.</p>"
    )


def verdict_counts(view: DocumentView) -> None:
    """One button a verdict, each press opens the next of its sentences; then the balance ledger."""
    with st.container(horizontal=True, gap="small"):
        for verdict, mark in VERDICTS.items():
            number = view.counts.get(verdict, 0)
            st.button(
                f"{mark.sign} {number} {mark.words}",
                key=f"count_{verdict}",
                disabled=not number,
                on_click=_next,
                args=(view, verdict),
                help=f"Go to the next sentence: {mark.words}" if number else None,
            )
        _ledger(view)


def _next(view: DocumentView, verdict: Verdict) -> None:
    found = [sentence.position for sentence in view.sentences if sentence.verdict == verdict]
    at = open_sentence(view)
    later = [position for position in found if at is None or position > at]
    go_to((later or found)[0])


def document_flags(view: DocumentView) -> None:
    """What holds for the whole document."""
    for flag in view.answer["document"]["flags"]:
        st.warning(plain_words(" ".join(part for part in (flag["message"], flag["suggestion"]) if part)))


def _ledger(view: DocumentView) -> None:
    """What copy about these products should say, and whether it does; what is not said first."""
    ledger = view.answer["document"]["balance"]
    if not ledger:
        return
    texts = {concept.id: concept.text for concept in load(view.topic_id).balance}
    absent = sum(1 for item in ledger if not item["present"])
    label = f"Balance: {absent} of {len(ledger)} not said" if absent else f"Balance: all {len(ledger)} said"
    with st.popover(label):
        st.caption("What copy about these products should say beside its benefits.")
        rows = "".join(_row(item, texts) for item in sorted(ledger, key=lambda item: bool(item["present"])))
        st.html(f'<ul class="fn-ledger" tabindex="0">{rows}</ul>')


def _row(item: dict[str, object], texts: dict[str, str]) -> str:
    text = escape(texts.get(str(item["concept"]), str(item["concept"])))
    if not item["present"]:
        return f'<li data-said="no"><b>✕ not said</b> {text}</li>'
    at = item["sentence"]
    where = f" in sentence {at + 1}" if isinstance(at, int) else ""
    return f"<li><b>✓ said</b> {text}{where}</li>"


def downloads(view: DocumentView) -> None:
    """The answer as it was given, and the reports that were kept with it."""
    with st.popover("Report", width="stretch"):
        st.caption("As it was checked, and at its end what people have decided. The JSON holds the check alone.")
        stem = f"footnote-{view.id}-{view.checked_at:%Y%m%d-%H%M}"
        for form, (words, ending, media) in _REPORTS.items():
            if form in view.reports:
                st.download_button(
                    words,
                    partial(report, view, form),
                    f"{stem}.{ending}",
                    media,
                    key=f"download_{form}",
                    on_click="ignore",
                    width="stretch",
                )
        st.download_button(
            "JSON",
            partial(answer_text, dict(view.answer)),
            f"{stem}.json",
            "application/json",
            key="download_json",
            on_click="ignore",
            width="stretch",
        )
