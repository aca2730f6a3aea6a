"""The findings of a study: what members read in it, each with its sentence, and a form for the next."""

from functools import partial
from html import escape
from typing import Any

import streamlit as st

from db import config
from db.models import Finding
from db.types import Actor, AnchorState, Role
from db.vocabulary import Vocabulary
from review_app.components.abstract import Place
from review_app.components.chosen_sentence import chosen_sentence, kept_quote
from review_app.components.empty_state import empty_state
from review_app.components.library_words import library_words
from review_app.components.plain_words import in_sentence
from review_app.components.study_act import WHILE_TYPED, act, keep_as_typed, study_lacks
from review_app.services import tags as tag_service
from review_app.services.dual_extraction import result_label
from review_app.services.study_page import StudyPage
from review_app.services.tags import Figures

_CHOICES = {
    "domain": ("Outcome", "outcome_domain"),
    "direction": ("Direction (for the ketamine arm)", "direction"),
    "instrument": ("Instrument", "instrument"),
    "time_point": ("Time point", "time_point"),
}
_NUMBERS = {"estimate": "Estimate", "interval_low": "Interval from", "interval_high": "Interval to"}
_FIGURES = ("measure", *_NUMBERS, "p_value")
_TYPED, _WORDS = (*_CHOICES, *_FIGURES, "summary"), ("p_value", "summary")


def findings_list(study: StudyPage, *, actor: Actor, may_tag: bool) -> None:
    """Every finding that the viewer may see; one's own can be withdrawn."""
    if not study.findings:
        empty_state("No finding yet.", "Nobody whose findings you may see has recorded what this study found.")
    if may_tag and study.findings_given is False:
        st.html(
            '<p class="fn-by">Say when your findings are all: then yours and those of another reviewer who '
            "said so stand side by side under Consensus. In a blinded review neither sees the other's before.</p>"
        )
        st.button("These are all my findings", key=f"{_prefix(study)}_given", on_click=_give, args=(study,))
    for finding in study.findings:
        with st.container(key=f"finding_{finding.id}", gap="xsmall"):
            st.html(_markup(study, finding))
            if may_tag and (finding.member_id == actor.id or actor.role is Role.LEAD):
                st.button(
                    "Withdraw", key=f"withdraw_{finding.id}", type="tertiary", on_click=_withdraw, args=(finding.id,)
                )


def finding_form(study: StudyPage, place: Place | None) -> None:
    """Record a result, with the chosen sentence as its quote. What is typed is kept at once."""
    prefix = _prefix(study)
    st.html('<p class="fn-head">Record a finding</p>')
    if f"{prefix}_summary" not in st.session_state:  # Streamlit forgets it when the reader leaves the page
        _restore(study)
    _choose_quote(prefix, place)
    _keep_draft(study)
    with st.container(key=f"{prefix}_form"):
        _choices(prefix)
        _figures(prefix)
        st.text_input(
            "In a few words",
            key=f"{prefix}_summary",
            max_chars=500,
            placeholder="Such as: 8 points lower on MADRS at 24 hours",
            live=WHILE_TYPED,
            persist_state="page",
        )
        st.button("Record finding", type="primary", on_click=_record, args=(study,))


def _choose_quote(prefix: str, place: Place | None) -> None:
    """The sentence that was chosen last, also on an earlier visit."""
    now, seen, quote = place.text if place else "", f"{prefix}_seen", f"{prefix}_quote"
    if now != st.session_state[seen]:
        st.session_state[seen] = st.session_state[quote] = now
    chosen_sentence(st.session_state[quote])
    if st.session_state[quote]:
        st.button("Take the quote off", key=f"{quote}_off", type="tertiary", on_click=_take_off, args=(quote,))


def _take_off(quote: str) -> None:
    st.session_state[quote] = ""


def _restore(study: StudyPage) -> None:
    """What was typed on an earlier visit and not recorded."""
    prefix, draft = _prefix(study), study.finding_draft
    st.session_state.update(_nothing(prefix) | {f"{prefix}_{name}": value for name, value in draft.items()})
    st.session_state[f"{prefix}_seen"] = ""
    st.session_state[f"{prefix}_kept"] = _typed(prefix)


def _keep_draft(study: StudyPage) -> None:
    """A sentence by itself is no draft: it is chosen for whatever comes next."""
    prefix = _prefix(study)
    typed = _typed(prefix)
    keep_as_typed(
        f"{prefix}_kept",
        typed,
        lambda session, actor: tag_service.keep_finding_draft(
            session, actor=actor, article_id=study.article.id, value=typed if typed.keys() - {"quote"} else {}
        ),
    )


def _typed(prefix: str) -> dict[str, Any]:
    found = {name: st.session_state.get(f"{prefix}_{name}") for name in (*_TYPED, "quote")}
    return {name: value for name, value in found.items() if value not in (None, "")}


def _nothing(prefix: str) -> dict[str, Any]:
    return {f"{prefix}_{name}": "" if name in _WORDS else None for name in _TYPED} | {f"{prefix}_quote": ""}


def _prefix(study: StudyPage) -> str:
    return f"finding_{study.article.id}"


def _choices(prefix: str) -> None:
    words, pairs = library_words(), (("domain", "direction"), ("instrument", "time_point"))
    for pair in pairs:
        for cell, name in zip(st.columns(2), pair, strict=True):
            label, group = _CHOICES[name]
            cell.selectbox(
                label,
                words.ids(group),
                index=None,
                key=f"{prefix}_{name}",
                format_func=partial(words.label, group),
                placeholder="Choose one" if name in pairs[0] else "if stated",
                persist_state="page",
            )


def _figures(prefix: str) -> None:
    """The effect as the study prints it, where it does."""
    words = library_words()
    measure, p = st.columns(2)
    measure.selectbox(
        "Effect measure",
        words.ids("effect_measure"),
        index=None,
        key=f"{prefix}_measure",
        format_func=partial(words.label, "effect_measure"),
        placeholder="if stated",
        persist_state="page",
    )
    p.text_input(
        "p",
        key=f"{prefix}_p_value",
        max_chars=tag_service.MAX_P,
        placeholder="if stated",
        live=WHILE_TYPED,
        persist_state="page",
    )
    for cell, (name, label) in zip(st.columns(3), _NUMBERS.items(), strict=True):
        cell.number_input(
            label, value=None, step=0.01, key=f"{prefix}_{name}", placeholder="if stated", persist_state="page"
        )


def _record(study: StudyPage) -> None:
    prefix, article = _prefix(study), study.article
    given = {name: st.session_state.get(f"{prefix}_{name}") for name in (*_TYPED, "quote")}
    domain, direction = given["domain"], given["direction"]
    if not domain or not direction:
        study_lacks({"an outcome": domain, "a direction": direction})
        return
    recorded = act(
        lambda session, actor: tag_service.record_finding(
            session,
            actor=actor,
            topic_id=config.settings().footnote_topic,
            article_id=article.id,
            content_hash=article.content_hash,
            domain=domain,
            direction=direction,
            instrument=given["instrument"],
            time_point=given["time_point"],
            summary=given["summary"] or "",
            quote=given["quote"] or "",
            figures=Figures(**{name: given[name] for name in _FIGURES}),
        ),
        done="Finding recorded",
    )
    if recorded:
        st.session_state.update(_nothing(prefix) | {f"{prefix}_quote": given["quote"]})
        st.session_state[f"{prefix}_kept"] = _typed(prefix)


def _give(study: StudyPage) -> None:
    article = study.article
    act(
        lambda session, actor: tag_service.give_findings(
            session,
            actor=actor,
            topic_id=config.settings().footnote_topic,
            article_id=article.id,
            content_hash=article.content_hash,
        ),
        done="Your findings are given",
    )


def _withdraw(finding_id: int) -> None:
    act(
        lambda session, actor: tag_service.withdraw_finding(session, actor=actor, finding_id=finding_id),
        done="Finding withdrawn",
    )


def _markup(study: StudyPage, finding: Finding) -> str:
    words = library_words()
    what = escape(result_label(words, (finding.domain, finding.instrument, finding.time_point)))
    where = escape(in_sentence(words.label("direction", finding.direction)))
    lines = [each for each in (_effect(words, finding), finding.summary) if each]
    summary = "".join(f'<p class="fn-line">{escape(each)}</p>' for each in lines)
    kept = study.quotes.get(finding.quote_id) if finding.quote_id else None
    quote = kept_quote(kept[0].exact, orphaned=kept[1].state is AnchorState.ORPHANED) if kept else ""
    by = f"{escape(study.members.get(finding.member_id, 'somebody'))}, {finding.recorded_at:%d %B %Y}"
    return f'<p class="fn-line"><strong>{what}</strong>: {where}</p>{summary}{quote}<p class="fn-by">{by}</p>'


def _effect(words: Vocabulary, finding: Finding) -> str:
    """Such as `Mean difference −7.4 (−11 to −3.2), p 0.01`."""
    measure = words.label("effect_measure", finding.measure) if finding.measure else ""
    estimate = f"{finding.estimate:g}" if finding.estimate is not None else ""
    ends = [f"{end:g}" for end in (finding.interval_low, finding.interval_high) if end is not None]
    interval = f"({' to '.join(ends)})" if ends else ""
    said = " ".join(part for part in (measure, estimate, interval) if part)
    return ", ".join(part for part in (said, f"p {finding.p_value}" if finding.p_value else "") if part)
