"""What a person does about an alert: accept, re-anchor, check again, dismiss; each act asks for its reason."""

from collections.abc import Callable, Sequence
from typing import Final

import streamlit as st
from sqlmodel import Session

from db.engine import writing
from db.types import Actor
from review_app import auth, state
from review_app.components.abstract import Place
from review_app.components.alert_quote import compared, sentence_now
from review_app.components.claim_card import source_card
from review_app.components.claims_list import certainty_words
from review_app.components.copy_check import check_document_again
from review_app.components.marks import VERDICTS
from review_app.components.study_card import study_card
from review_app.components.trouble import explaining, show_trouble
from review_app.database import engine
from review_app.services import alerts
from review_app.services.alerts_view import Act, Affected, Change, CitedQuote

_TROUBLE: Final = "alerts_trouble"
_ASKED: Final = "alert_asked"  # the form that is open: the alerts' ids, and the act
_WORDS: Final[dict[Act, str]] = {"accept": "Accept", "reanchor": "Re-anchor", "dismiss": "Dismiss"}
_HELP: Final[dict[Act, str]] = {
    "accept": "What was judged holds despite the change.",
    "reanchor": "Point the quote at the words that stand in the record now.",
    "dismiss": "Nothing follows from the change. What is stale stays stale.",
}
_ABOUT_DISMISSING: Final = (
    "Says that nothing follows from the change. What is stale stays stale until somebody judges it."
)


def act_buttons(row: Affected) -> None:
    """The acts that the reader may do about one thing."""
    with st.container(horizontal=True, gap="small", horizontal_alignment="right"):
        if "check_again" in row.acts and row.copy is not None:
            st.button(
                "Check again",
                key=f"check_again_{row.alert_id}",
                on_click=check_document_again,
                args=(row.copy.id,),
                help="Ask today's library about the newest version; what people decided stays.",
            )
        for act, words in _WORDS.items():
            if act in row.acts:
                _ask_button(words, [row], act)


def whole_card_buttons(change: Change) -> None:
    """One answer to everything on a card, where the reader may give more than one."""
    rows = [row for row in change.rows if row.acts]
    if len(rows) < 2:
        return
    with st.container(horizontal=True, gap="small", horizontal_alignment="right"):
        if all("accept" in row.acts for row in rows):
            _ask_button(f"Accept all {len(rows)}", rows, "accept")
        _ask_button(f"Dismiss all {len(rows)}", rows, "dismiss")


def act_form(change: Change, rows: Sequence[Affected]) -> None:
    """The form that was asked for about exactly these rows, if any."""
    ids, act = st.session_state.get(_ASKED, ((), None))
    if act is None or ids != _ids(rows):
        return
    if act == "reanchor":
        _reanchor_form(change, rows[0])
    elif act == "accept":
        _accept_form(change, rows)
    else:
        _reason_form(rows, "dismiss", _dismiss, (_ids(rows),), _ABOUT_DISMISSING)


def _ask_button(words: str, rows: Sequence[Affected], act: Act) -> None:
    ids = _ids(rows)
    key = f"{act}_{'_'.join(map(str, ids))}"
    st.button(words, key=key, on_click=_ask, args=(ids, act), help=_HELP[act])


def _accept_form(change: Change, rows: Sequence[Affected]) -> None:
    said = [_what_accepting_does(row) for row in rows]
    if change.card.kind == "label_revised" and any(row.claim for row in rows):
        said.append("What the claim says of the label rests on its new version from then on.")
    about = " ".join(dict.fromkeys(said))
    _reason_form(rows, "accept", _accept, (_ids(rows), _contradicting(rows)), about)


def _contradicting(rows: Sequence[Affected]) -> tuple[int, ...]:
    """Draw what contradicts the claims, never folded away; the rows of evidence that are shown by it."""
    against = {source.row_id: source for row in rows for source in row.against}
    if against:
        st.html('<p class="fn-group">Contradicting evidence: read it before you decide</p>')
    for source in against.values():
        study_card(source_card(source))
    return tuple(against)


def _what_accepting_does(row: Affected) -> str:
    if row.copy is not None:
        return "Links in the copy that went stale are accepted again, in your name."
    if row.claim is None:
        return "Findings and tags stay as they are." if row.findings else "Says that it was seen to."
    falls = ""
    if row.falls:
        links = "link" if row.falls == 1 else f"{row.falls} links"
        falls = f" A retracted study bears nothing: the claim's {links} to it as support will be withdrawn."
    if row.claim.basis != "reviewed" or row.claim.verdict is None:
        return f"Nobody has judged this claim here: it stays as it is stated.{falls}"
    if not row.falls and row.claim.standing not in ("stale", "orphaned"):
        return "Nothing went stale: the verdict stays as it is. A study becomes evidence on its own page."
    verdict = ", ".join(
        part for part in (VERDICTS[row.claim.verdict].words, certainty_words(row.claim.certainty)) if part
    )
    return f"The verdict ({verdict}) is given again in your name.{falls}"


def _reanchor_form(change: Change, row: Affected) -> None:
    quote = next((each for each in row.quotes if not each.stands), None)
    if quote is None or change.card.article is None:
        return
    judged = row.claim is not None and row.claim.basis == "reviewed" and row.may_judge
    holds = f"holds_{row.alert_id}" if judged else None
    record, words = st.columns([56, 44], gap="large")
    with record:
        place = sentence_now(change.card.article, key=f"now_{row.alert_id}_{quote.id}")
    with words:
        compared(quote, place)
        seen = _contradicting([row]) if judged else ()
        _reason_form([row], "reanchor", _reanchor, (change, row, quote, place, holds, seen), "", holds=holds)


def _reason_form(
    rows: Sequence[Affected],
    act: Act,
    done: Callable[..., None],
    given: tuple[object, ...],
    about: str,
    *,
    holds: str | None = None,
) -> None:
    """The reason, and what the act does; what was refused is told inside, and the form stays."""
    key = _reason_key(_ids(rows), act)
    with st.form(f"{key}_form", border=True):
        if about:
            st.caption(about)
        st.text_input("Reason", key=key, max_chars=500, placeholder="One sentence: why")
        if holds is not None:
            st.checkbox("The verdict on the claim holds on the new words", key=holds)
        show_trouble(_TROUBLE)
        with st.container(horizontal=True, gap="small"):
            st.form_submit_button(f"{_WORDS[act]} with this reason", type="primary", on_click=done, args=given)
            st.form_submit_button("Cancel", on_click=_close)


def _ids(rows: Sequence[Affected]) -> tuple[int, ...]:
    return tuple(row.alert_id for row in rows)


def _reason_key(ids: tuple[int, ...], act: Act) -> str:
    return f"why_{act}_{'_'.join(map(str, ids))}"


def _ask(ids: tuple[int, ...], act: Act) -> None:
    st.session_state[_ASKED] = (ids, act)


def _close() -> None:
    st.session_state.pop(_ASKED, None)


def _accept(ids: tuple[int, ...], seen: tuple[int, ...]) -> None:
    reason = _reason(ids, "accept")
    _act(
        lambda session, actor: alerts.accept(
            session, actor=actor, alert_ids=ids, reason=reason, contradicting_seen=seen
        ),
        done="Accepted, with your name",
    )


def _dismiss(ids: tuple[int, ...]) -> None:
    reason = _reason(ids, "dismiss")
    _act(lambda session, actor: alerts.dismiss(session, actor=actor, alert_ids=ids, reason=reason), done="Dismissed")


def _reanchor(
    change: Change, row: Affected, quote: CitedQuote, place: Place | None, holds: str | None, seen: tuple[int, ...]
) -> None:
    article, reason = change.card.article, _reason((row.alert_id,), "reanchor")
    if article is None or place is None:
        st.session_state[_TROUBLE] = "Click the sentence first; nothing was kept."
        return
    _act(
        lambda session, actor: alerts.reanchor(
            session,
            actor=actor,
            alert_id=row.alert_id,
            quote_id=quote.id,
            words=place.text,
            content_hash=article.content_hash,
            reason=reason,
            holds=bool(holds and st.session_state.get(holds)),
            contradicting_seen=seen,
        ),
        done="Re-anchored: the old words stay in the history",
    )


def _reason(ids: tuple[int, ...], act: Act) -> str:
    return str(st.session_state.get(_reason_key(ids, act)) or "")


def _act(service: Callable[[Session, Actor], object], *, done: str) -> None:
    with explaining(_TROUBLE), writing(engine()) as session:
        service(session, auth.current_actor())
        _close()
        st.session_state[state.FLASH] = done
