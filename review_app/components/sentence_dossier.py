"""The dossier of the open sentence: claim, verdict and why, what must be said, what goes too far, the evidence."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from review_app.components.badges import verdict_badge
from review_app.components.marks import BASES, VERDICTS
from review_app.components.plain_words import words
from review_app.components.study_card import StudyCard, study_card
from review_app.factcheck.marks import MATCH_WORDS, STANDING_WORDS
from review_app.factcheck.rule_words import rule_words
from review_app.factcheck.topic_data import load
from review_app.services.document_view import DocumentView, SentenceView

_RESTS = {
    "reviewed": "People decided this in this library.",
    "library": "The claims library says so of this wording; nobody here has decided it.",
    "suggested": "A suggestion from written rules over ranked studies. Nobody decided this.",
    "none": "Nothing in this library speaks of it.",
}


def no_sentence(view: DocumentView) -> None:
    """What to do, and what the marks mean."""
    checkable = sum(1 for sentence in view.sentences if sentence.answer["checkable"])
    key = "".join(f"<li>{verdict_badge(verdict, 'library')}</li>" for verdict in VERDICTS)
    fills = " ".join(verdict_badge("supported", basis) for basis in BASES if basis != "none")
    st.html(
        f'<div class="fn-empty"><p><strong>Choose a sentence.</strong></p><p>{checkable:,} of {len(view.sentences):,} '
        "sentences say something that can be checked. Click one, or use the arrow keys and Enter.</p></div>"
        f'<p class="fn-small-head">Marks</p><ul class="fn-key">{key}</ul>'
        f'<p class="fn-small-head">What a mark rests on</p><p class="fn-fills">{fills}</p>'
    )


def verdict_head(view: DocumentView, sentence: SentenceView) -> None:
    """The sentence, its verdict with what it rests on and the rules that led to it, and what people said of it."""
    messages = load(view.topic_id).rule_messages()
    st.html("".join([_head(sentence), *_why(sentence.answer, messages, sentence), *_decided(sentence)]))


def dossier(view: DocumentView, sentence: SentenceView) -> None:
    """What the verdict stands on; contradicting evidence comes first and is never folded away."""
    item = sentence.answer
    missing = item["claim"]["not_held"] if item["claim"] else []
    cards = [_card(one) for one in item["evidence"]] + [_missing(one) for one in missing]
    _cards("Contradicting evidence", [card for card in cards if card.stance == "contradicts"])
    if said := "".join([*_claim(item), *_advice(item), *_flags(item)]):
        st.html(said)
    _cards("Evidence", [card for card in cards if card.stance != "contradicts"])
    if not cards and item["checkable"]:
        st.caption("No study, label or notice of this library was found for this sentence.")


def _head(sentence: SentenceView) -> str:
    item = sentence.answer
    quote = f'<blockquote class="fn-quote">{escape(item["text"])}</blockquote>'
    if not item["checkable"]:
        reasons = ", ".join(item["checkability_reasons"]) or "it says nothing that could be checked"
        return f'{quote}<p>{verdict_badge(None, "none")}</p><p class="fn-rests">Why: {escape(reasons)}.</p>'
    if sentence.verdict is None:
        return f'{quote}<p><span class="fn-badge" data-basis="none">no verdict</span></p>'
    badge = verdict_badge(sentence.verdict, item["basis"], item["standing"])
    standing = "" if item["standing"] == "current" else f" {escape(STANDING_WORDS[item['standing']])}."
    return f'{quote}<p>{badge}</p><p class="fn-rests">{_RESTS[item["basis"]]}{standing}</p>'


def _decided(sentence: SentenceView) -> Iterator[str]:
    for given in (sentence.link, sentence.set_aside):
        if given is None:
            continue
        said = {"accepted": "accepted the claim", "rejected": "rejected the claim"}.get(
            given.what, f"said: {given.what}"
        )
        gone = " The verdict rested on it and is gone." if given.what == "rejected" else ""
        reason = f": {escape(given.reason)}" if given.reason else ""
        when = f"{given.at.day} {given.at:%B %Y}"
        yield f'<p class="fn-given"><b>{escape(given.member)}</b> {said} on {when}{reason}.{gone}</p>'


def _why(item: Mapping[str, Any], messages: Mapping[str, str], sentence: SentenceView) -> Iterator[str]:
    if item["rules"] and sentence.verdict is not None:
        rules = "".join(
            f'<li>{escape(rule_words(rule, messages))} <span class="fn-cues">{escape(rule)}</span></li>'
            for rule in item["rules"]
        )
        yield f'<p class="fn-small-head">Why</p><ul class="fn-list">{rules}</ul>'


def _claim(item: Mapping[str, Any]) -> Iterator[str]:
    claim = item["claim"]
    if claim is None:
        return
    address = f"/claims?claim={escape(claim['id'])}"
    how = f"matched {MATCH_WORDS[claim['match']]}, likeness {claim['score']:.2f}"
    yield (
        f'<p class="fn-small-head">Claim · {how}</p><p class="fn-claim">'
        f'<a href="{address}" target="_blank">{escape(claim["statement"])}</a></p>'
    )
    if claim["matched_text"] not in (claim["statement"], item["text"]):
        yield f'<p class="fn-rests">closest wording on it: {escape(claim["matched_text"])}</p>'
    if claim["match"] != "exact" and claim["differing"]:
        differing = " ".join(f"<mark>{escape(word)}</mark>" for word in claim["differing"] if len(word) > 1)
        yield f'<p class="fn-rests">differing words: {differing}</p>'


def _advice(item: Mapping[str, Any]) -> Iterator[str]:
    claim = item["claim"]
    if claim is None:
        return
    if claim["missing_qualifiers"]:
        head = "The claim also carries" if item["verdict"] == "supported" else "Must be said, and is not"
        rows = "".join(f"<li>{escape(text)}</li>" for text in claim["missing_qualifiers"])
        yield f'<p class="fn-small-head">{head}</p><ul class="fn-list">{rows}</ul>'
    if item["verdict"] not in ("supported", None):
        holds = claim["rewording"] or claim["statement"]
        yield f'<p class="fn-small-head">A wording that holds</p><p class="fn-holds">{escape(holds)}</p>'


def _flags(item: Mapping[str, Any]) -> Iterator[str]:
    rows = "".join(
        f"<li><b>{escape(words(flag['flag']))}</b> {escape(flag['message'])}"
        + (f'<div class="fn-rewording">{escape(flag["suggestion"])}</div>' if flag["suggestion"] else "")
        + "</li>"
        for flag in item["flags"]
    )
    if rows:
        yield f'<p class="fn-small-head">Wording</p><ul class="fn-list">{rows}</ul>'


def _cards(title: str, cards: Sequence[StudyCard]) -> None:
    if cards:
        st.html(f'<p class="fn-group">{title} · {len(cards)}</p>')
    for card in cards:
        study_card(card)


def _card(one: Mapping[str, Any]) -> StudyCard:
    if one["reviewed"]:
        origin = "linked by a person"
    elif one["linked"]:
        origin = "ships with the claim, not reviewed here"
    else:
        origin = "suggested: found by Footnote, nobody decided its stance"
    return StudyCard(
        kind=one["kind"],
        stance=one["stance"],
        reference=one["reference"],
        title=one["title"],
        article_id=one["id"] if one["kind"] == "study" else None,
        pmid=one["pmid"],
        year=one["year"],
        study_design=one["study_design"],
        sample_size=one["sample_size"],
        integrity=one["integrity"],
        quote=one["quote"],
        origin=origin,
        decided=one["linked"] or one["reviewed"],
    )


def _missing(one: Mapping[str, Any]) -> StudyCard:
    return StudyCard("study", one["stance"], "", "", pmid=one["pmid"], note=one["note"], held=False)
