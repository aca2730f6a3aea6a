"""Two records side by side and the decision about them; what was decided, each to be taken back."""

from collections.abc import Callable
from html import escape
from typing import Any
from urllib.parse import quote

import streamlit as st
from sqlmodel import Session

from db.engine import writing
from db.models import Article, ImportSource
from db.types import Actor
from review_app import auth, state
from review_app.components.badges import integrity_badge
from review_app.components.differing_words import differing_words
from review_app.components.empty_state import empty_state
from review_app.components.plain_words import counted
from review_app.components.trouble import explaining, show_trouble
from review_app.database import engine
from review_app.services import duplicates
from review_app.services.duplicates import DuplicatesPage, Pair, Side

LATER = "duplicates_later"
_KINDS = {"file": "file", "pubmed": "PubMed, topic"}


def put_off() -> frozenset[int]:
    """The pairs that this reader wants to see last."""
    return frozenset(st.session_state.get(LATER, ()))


def duplicate_pair(page: DuplicatesPage) -> None:
    """Draw the pair to decide next with its buttons, or why there is none."""
    show_trouble(state.DUPLICATES_TROUBLE)
    if page.next is None:
        empty_state(
            "No two records wait for a decision.",
            "Records with the same PMID or DOI are one article without asking. When an import brings a record whose "
            "title, year and first author are nearly those of another, the two are put here side by side.",
            then="Until a person has decided, both are counted, searched and exported." if not page.decided else "",
        )
        return
    st.html(_count(page))
    _buttons(page.next, waiting=page.waiting)
    st.html(_table(page.next))


def decided_pairs(page: DuplicatesPage) -> None:
    """Draw the last decisions, the newest first."""
    if not page.decided:
        return
    st.html('<h2 class="fn-head">Decided</h2>')
    for place, pair in enumerate(page.decided):
        words, button = st.columns([86, 14], vertical_alignment="center")
        words.html(_decision(pair))
        button.button(
            "Take back",
            key=f"take_back_{pair.proposal.id}",
            shortcut="Z" if place == 0 else None,
            on_click=_take_back,
            args=(pair.proposal.id,),
            help="The two are separate records again, and the pair waits for a decision.",
        )


def _buttons(pair: Pair, *, waiting: int) -> None:
    with st.container(horizontal=True):
        given = (pair.proposal.id, pair.seen)
        st.button("Merge", type="primary", shortcut="M", on_click=_merge, args=given, key="merge")
        st.button("Not a duplicate", shortcut="N", on_click=_keep_apart, args=given, key="keep_apart")
        st.button("Later", shortcut="L", on_click=_later, args=given[:1], disabled=waiting < 2, key="later")


def _merge(proposal_id: int, seen: frozenset[str]) -> None:
    _act(
        lambda session, actor: duplicates.merge(session, actor=actor, proposal_id=proposal_id, seen=seen),
        done="Merged. Z takes it back.",
    )


def _keep_apart(proposal_id: int, seen: frozenset[str]) -> None:
    _act(
        lambda session, actor: duplicates.keep_apart(session, actor=actor, proposal_id=proposal_id, seen=seen),
        done="Kept as two articles. Z takes it back.",
    )


def _take_back(proposal_id: int) -> None:
    _act(lambda session, actor: duplicates.take_back(session, actor=actor, proposal_id=proposal_id), done="Taken back.")


def _later(proposal_id: int) -> None:
    st.session_state[LATER] = put_off() | {proposal_id}


def _act(service: Callable[[Session, Actor], object], *, done: str) -> None:
    with explaining(state.DUPLICATES_TROUBLE), writing(engine()) as session:
        service(session, auth.current_actor())
        st.session_state[state.FLASH] = done


def _count(page: DuplicatesPage) -> str:
    pair = page.next
    alike = f" · {_why(pair)}" if pair else ""
    pairs = counted(page.waiting, "pair waits", "pairs wait")
    return f'<p class="fn-count"><strong>{pairs}</strong>{alike}</p>'


def _why(pair: Pair) -> str:
    if pair.proposal.basis == "doi":
        return "both state the same DOI"
    return f"alike in {escape(pair.proposal.basis)}, {pair.proposal.score:.0%}"


def _table(pair: Pair) -> str:
    """One row a field, the longest last; words that only one record has are marked."""
    one, two = pair.kept.article, pair.goes.article
    rows = [
        ("Title", *_heads(one, two)),
        ("Authors", *differing_words(_authors(one), _authors(two))),
        ("Published", *differing_words(_published(one), _published(two))),
        ("Identifiers", _identifiers(one), _identifiers(two)),
        ("Came from", _sources(pair.kept), _sources(pair.goes)),
        ("Abstract", *differing_words(one.abstract, two.abstract)),
    ]
    body = "".join(
        f'<tr><th scope="row">{name}</th><td>{left or _NONE}</td><td>{right or _NONE}</td></tr>'
        for name, left, right in rows
    )
    return (
        '<table class="fn-pair"><thead><tr><td></td><th scope="col">Is kept if you merge</th>'
        f'<th scope="col">Is merged into it</th></tr></thead><tbody>{body}</tbody></table>'
    )


_NONE = '<span class="fn-by">none</span>'


def _heads(one: Article, two: Article) -> tuple[str, str]:
    left, right = differing_words(one.title, two.title)
    return _head(one, left), _head(two, right)


def _head(article: Article, title: str) -> str:
    badge = integrity_badge(article.integrity.value)
    return f'<a href="/study?id={article.id}" target="_self">{title}</a>{" " if badge else ""}{badge}'


def _authors(article: Article) -> str:
    return ", ".join(author.get("collective") or _person(author) for author in article.authors)


def _person(author: dict[str, Any]) -> str:
    """ "Last AB" from either source, so that a name in full does not differ from its initials."""
    initials = author.get("initials") or "".join(part[0] for part in (author.get("fore") or "").split())
    return f"{author.get('last') or ''} {initials}".strip()


def _published(article: Article) -> str:
    place = article.volume or ""
    place += f"({article.issue})" if article.issue else ""
    place += f":{article.pages}" if article.pages else ""
    return " · ".join(part for part in (article.journal or "", str(article.year or ""), place) if part)


def _identifiers(article: Article) -> str:
    found = []
    if article.pmid:
        found.append(_link(f"https://pubmed.ncbi.nlm.nih.gov/{article.pmid}/", f"PMID {article.pmid}"))
    if article.doi:
        found.append(_link(f"https://doi.org/{quote(article.doi, safe='/:;().-_')}", article.doi))
    return "<br>".join([*found, *([escape(article.pmcid)] if article.pmcid else [])])


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{escape(words)} ↗</a>'


def _sources(side: Side) -> str:
    return "<br>".join(_source(row) for row in side.sources)


def _source(row: ImportSource) -> str:
    return escape(f"{_KINDS.get(row.kind, row.kind)} {row.name} · {row.seen_at:%d %B %Y}")


def _decision(pair: Pair) -> str:
    what = "merged into" if pair.is_merged else "is not a duplicate of"
    goes, kept = (
        f'<a href="/study?id={side.article.id}" target="_self">{escape(side.article.title)}</a>'
        f" ({escape(_named(side.article))})"
        for side in (pair.goes, pair.kept)
    )
    who = escape(pair.decided_by or "somebody")
    when = f"{pair.proposal.decided_at:%d %B %Y}" if pair.proposal.decided_at else ""
    return f'<p class="fn-line">{goes} <strong>{what}</strong> {kept}</p><p class="fn-by">{who}, {when}</p>'


def _named(article: Article) -> str:
    return f"PMID {article.pmid}" if article.pmid else article.doi or (f"{article.year}" if article.year else "no id")
