"""The dossier of the open sentence: claim, verdict and why, what must be said, what goes too far, the evidence."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, cast

import streamlit as st

from review_app.components.badges import verdict_badge
from review_app.components.doubts import doubts_markup
from review_app.components.marks import BASES, VERDICTS
from review_app.components.plain_words import words
from review_app.components.study_card import StudyCard, study_card
from review_app.factcheck.marks import MATCH_WORDS
from review_app.factcheck.model import Verdict
from review_app.factcheck.rule_words import rule_words
from review_app.factcheck.topic_data import load
from review_app.services.document_view import Decided, DocumentView, SentenceView

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
    key += '<li><span class="fn-wave">wavy line</span> <span class="fn-basis">a remark on these words</span></li>'
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
    said = [*_why(sentence.answer, messages, sentence), *_judged(view, sentence), *_decided(sentence)]
    claim = sentence.answer["claim"]
    doubts = doubts_markup(sentence.doubts, view.told, claim_id=claim["id"] if claim else None)
    st.html("".join([_head(sentence), doubts, *said]))


def dossier(view: DocumentView, sentence: SentenceView) -> None:
    """What the verdict stands on; contradicting evidence comes first and is never folded away.

    A claim that somebody said is another one brings nothing here; a sentence that makes no claim has no dossier.
    """
    item = sentence.answer
    if sentence.set_aside is not None:
        return
    found = [one for one in item["evidence"] if not (sentence.is_rejected and one["linked"])]
    missing = item["claim"]["not_held"] if item["claim"] and not sentence.is_rejected else []
    cards = [_card(one) for one in found] + [_missing(one) for one in missing]
    _cards("Contradicting evidence", [card for card in cards if card.stance == "contradicts"])
    claim = [] if sentence.is_rejected else [*_claim(item), *_advice(sentence)]
    if said := "".join([*claim, *_flags(item)]):
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
    badge = verdict_badge(sentence.verdict, item["basis"], sentence.standing)
    return f'{quote}<p>{badge}</p><p class="fn-rests">{_RESTS[item["basis"]]}</p>'


def _judged(view: DocumentView, sentence: SentenceView) -> Iterator[str]:
    """Who decided what about the claim itself, when and why."""
    given = sentence.judged
    if given is None or sentence.is_rejected or sentence.set_aside is not None:
        return
    later = " This check was made before that: check again." if given.at > view.checked_at else ""
    verdict = VERDICTS[cast("Verdict", given.what)].words
    yield (
        f'<p class="fn-given"><b>{escape(given.member)}</b> judged the claim as it is stated on {_day(given)}: '
        f"<b>{verdict}</b>. {escape(given.reason)}{later}</p>"
    )


def _decided(sentence: SentenceView) -> Iterator[str]:
    """What people said of the match; what it means, and the way on, where it takes the verdict away."""
    link, aside = sentence.link, sentence.set_aside
    if link is not None and aside is None:
        said = "another claim" if sentence.is_rejected else "this claim"
        yield _given(link, f"the sentence makes {said}")
    if aside is not None:
        yield _given(aside, "the sentence makes no claim")
    elif sentence.is_rejected:
        yield (
            '<p class="fn-rests">The verdict rested on that match and is gone. If the library has the right claim, '
            'add these words to it under <a href="/claims" target="_self">Claims</a>; if not, write it there. '
            "Then check again.</p>"
        )


def _given(given: Decided, said: str) -> str:
    reason = f" {escape(given.reason)}" if given.reason else ""
    return f'<p class="fn-given"><b>{escape(given.member)}</b> on {_day(given)}: {said}.{reason}</p>'


def _day(given: Decided) -> str:
    return f"{given.at.day} {given.at:%B %Y}"


def _why(item: Mapping[str, Any], messages: Mapping[str, str], sentence: SentenceView) -> Iterator[str]:
    if item["rules"] and sentence.verdict is not None:
        rules = "".join(
            f'<li title="{escape(rule)}">{escape(rule_words(rule, messages))}</li>' for rule in item["rules"]
        )
        yield f'<p class="fn-small-head">Why</p><ul class="fn-list">{rules}</ul>'


def _claim(item: Mapping[str, Any]) -> Iterator[str]:
    claim = item["claim"]
    if claim is None:
        return
    address = f"/claims?claim={escape(claim['id'])}"
    exact = claim["match"] == "exact"
    how = f"said {MATCH_WORDS[claim['match']]}" + ("" if exact else f", {claim['score']:.0%} alike")
    yield (
        f'<p class="fn-small-head">Claim · {how}</p><p class="fn-claim">'
        f'<a href="{address}" target="_blank">{escape(claim["statement"])}</a></p>'
    )
    if claim["matched_text"] not in (claim["statement"], item["text"]):
        yield f'<p class="fn-rests">closest wording on it: {escape(claim["matched_text"])}</p>'
    if claim["match"] != "exact" and claim["differing"]:
        differing = " ".join(f"<mark>{escape(word)}</mark>" for word in claim["differing"] if len(word) > 1)
        yield f'<p class="fn-rests">differing words: {differing}</p>'


def _advice(sentence: SentenceView) -> Iterator[str]:
    item, claim = sentence.answer, sentence.answer["claim"]
    if claim is None:
        return
    if claim["missing_qualifiers"]:
        supported = item["verdict"] == "supported"
        head = "The claim carries too, not said here" if supported else "Must be said, and is not"
        rows = "".join(f"<li>{escape(text)}</li>" for text in claim["missing_qualifiers"])
        yield f'<p class="fn-small-head">{head}</p><ul class="fn-list">{rows}</ul>'
    if item["verdict"] in ("supported", None):
        return
    if judged := _less_than_supported(sentence):
        yield f'<p class="fn-rests">No wording is offered: people judged the claim itself as {judged}.</p>'
        return
    holds = claim["rewording"] or claim["statement"]
    yield f'<p class="fn-small-head">A wording that holds</p><p class="fn-holds">{escape(holds)}</p>'


def _less_than_supported(sentence: SentenceView) -> str:
    """In words, what people judged of the claim, now or when the check was made; empty where it holds."""
    at_check = [rule.removeprefix("reviewed-") for rule in sentence.answer["rules"] if rule.startswith("reviewed-")]
    said = [sentence.judged.what] if sentence.judged else at_check
    return next((mark.words for verdict, mark in VERDICTS.items() if verdict in said and verdict != "supported"), "")


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
        sources = {(card.kind, card.article_id, card.pmid, card.reference) for card in cards}
        st.html(f'<p class="fn-group">{title} · {len(sources)}</p>')
    for card in cards:
        study_card(card)


def _card(one: Mapping[str, Any]) -> StudyCard:
    if one["reviewed"]:
        origin = "linked by a person in this library"
    elif one["linked"]:
        origin = "ships with the claim, not reviewed here"
    else:
        origin = "suggested by search, nobody decided its stance"
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
        note=one.get("note", ""),  # an answer that was kept before evidence carried notes has none
        origin=origin,
        decided=one["linked"] or one["reviewed"],
    )


def _missing(one: Mapping[str, Any]) -> StudyCard:
    return StudyCard("study", one["stance"], "", "", pmid=one["pmid"], note=one["note"], held=False)
