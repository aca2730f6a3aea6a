"""Beside a full text: one's quotes from it, and the files that are attached to the article."""

from collections.abc import Callable
from html import escape

import streamlit as st
from sqlmodel import Session

from db.engine import writing
from db.models import Attachment
from db.queries.full_texts import FullTextQuote
from db.types import Actor, Role, Stage
from review_app import auth, state
from review_app.components.full_text_reader import OnPage
from review_app.components.plain_words import counted
from review_app.components.trouble import explaining
from review_app.database import engine
from review_app.screening.full_text import MAX_MEGABYTES, FullText
from review_app.services import full_text_quotes, full_texts
from review_app.services.full_text_view import FullTextDesk
from review_app.services.screening_view import OnDesk

_SHOWN = "full_text_shown"  # the file that is read where there are several: the id of an attachment
_ROUND = "full_text_round"  # how many files were given on this visit: an uploader takes one, then is a new one


def chosen_file() -> int | None:
    return st.session_state.get(_SHOWN)


def quotes_panel(on_desk: OnDesk, stage: Stage, full_text: FullTextDesk, on_page: OnPage | None) -> None:
    """What one quoted so far, and the chosen words to add."""
    st.html('<h2 class="fn-head">Quotes</h2>')
    for each in full_text.quotes:
        with st.container(horizontal=True, gap="small", key=f"quote_{each.quote.id}"):
            st.html(quote_with_page(each))
            drop = (on_desk.record_id, stage, each.quote.id)
            st.button("Remove", type="tertiary", key=f"drop_{each.quote.id}", on_click=_drop, args=drop)
    if on_page is None:
        st.caption("With a full text you can quote it here, with its page.")
        return
    key = f"full_text_quote_{on_desk.record_id}_{on_page.attachment.id}_{on_page.page}"
    if st.session_state.get(f"{key}:chosen", "") != on_page.words:
        st.session_state[key] = st.session_state[f"{key}:chosen"] = on_page.words
    st.text_area(
        f"Words of page {on_page.page}, as they stand there",
        height=90,
        placeholder="Choose a sentence of the page, or paste words of it",
        key=key,
    )
    args = (on_desk.record_id, stage, on_page, key)
    st.container(key="full_text_quote_button").button("Quote", shortcut="Q", key="quote_it", on_click=_quote, args=args)


def quote_with_page(each: FullTextQuote) -> str:
    """As markup."""
    return (
        f'<blockquote class="fn-quote">{escape(each.quote.exact)} <small>page {each.anchor.page}</small></blockquote>'
    )


def files_panel(on_desk: OnDesk, full_text: FullTextDesk, actor: Actor) -> None:
    """The files with what can be done with them, and a place for a new one."""
    st.html('<h2 class="fn-head">Full text</h2>')
    for row in full_text.attachments:
        _file(row, full_text, actor)
    article = on_desk.article
    if article.pmcid:
        st.link_button(
            f"Look for it in PMC ({article.pmcid})", f"https://pmc.ncbi.nlm.nih.gov/articles/{article.pmcid}/"
        )
    turn = st.session_state.get(_ROUND, 0)
    given = st.file_uploader(
        f"Attach a PDF or a text file (up to {MAX_MEGABYTES} MB)",
        type=["pdf", "txt"],
        key=f"full_text_upload_{on_desk.record_id}_{turn}",
        max_upload_size=MAX_MEGABYTES,
    )
    if given is not None:
        with st.spinner(f"{given.name} is read page by page …"):
            _attach(article.id, given.name, given.getvalue())
        st.session_state[_ROUND] = turn + 1
        st.rerun()


def file_link(attachment_id: int, name: str) -> str:
    """To keep the file or to open it elsewhere, as markup."""
    return f'<a href="/full-text/{attachment_id}" target="_blank" rel="noopener">{escape(name)}</a>'


def _file(row: Attachment, full_text: FullTextDesk, actor: Actor) -> None:
    pages = counted(len(row.pages), "page")
    by = f"{escape(full_text.attached_by[row.id])}, {row.attached_at:%d %B %Y}"
    here = full_text.shown is not None and full_text.shown.id == row.id
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"full_text_file_{row.id}"):
        st.html(f'<p class="fn-file">{file_link(row.id, row.name)}<br><small>{pages} · {by}</small></p>')
        if not here:
            st.button("Read", type="tertiary", key=f"read_{row.id}", on_click=_show, args=(row.id,))
        if row.member_id == actor.id or actor.role is Role.LEAD:
            st.button("Remove", type="tertiary", key=f"remove_{row.id}", on_click=_remove, args=(row.id,))


def _show(attachment_id: int) -> None:
    st.session_state[_SHOWN] = attachment_id


def _attach(article_id: int, name: str, body: bytes) -> None:
    with explaining(state.SCREENING_TROUBLE):
        text = full_texts.read(body)
        with writing(engine()) as session:
            row = full_texts.attach(
                session, actor=auth.current_actor(), article_id=article_id, name=name, body=body, text=text
            )
            st.session_state[_SHOWN] = row.id
        st.session_state[state.FLASH] = _attached(text)


def _attached(text: FullText) -> str:
    return f"Attached: {counted(len(text.pages), 'page')}." if text.has_words else "Attached: a scan without text."


def _remove(attachment_id: int) -> None:
    _act(lambda session, actor: full_texts.remove(session, actor=actor, attachment_id=attachment_id))


def _quote(record_id: int, stage: Stage, on_page: OnPage, key: str) -> None:
    words = str(st.session_state.get(key) or "")
    _act(
        lambda session, actor: full_text_quotes.add(
            session,
            actor=actor,
            record_id=record_id,
            stage=stage,
            attachment_id=on_page.attachment.id,
            page=on_page.page,
            words=words,
        )
    )


def _drop(record_id: int, stage: Stage, quote_id: int) -> None:
    _act(
        lambda session, actor: full_text_quotes.drop(
            session, actor=actor, record_id=record_id, stage=stage, quote_id=quote_id
        )
    )


def _act(service: Callable[[Session, Actor], object]) -> None:
    with explaining(state.SCREENING_TROUBLE), writing(engine()) as session:
        service(session, auth.current_actor())
