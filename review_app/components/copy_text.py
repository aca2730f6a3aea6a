"""The copy, set like an article, each sentence with its mark; and which sentence is open."""

from collections.abc import Iterator

import streamlit as st

from review_app.components.marked_text import BlockKind, Highlight, MarkedSentence, marked_text
from review_app.services.document_view import DocumentView, SentenceView

_SENTENCE = "sentence"
_KINDS: dict[str, BlockKind] = {
    "heading": "heading",
    "list_item": "list_item",
    "quote": "quote",
    "table_cell": "table_cell",
    "code": "code",
}


def open_sentence(view: DocumentView) -> int | None:
    """The sentence that the address names; None for no or an unknown one."""
    named = st.query_params.get(_SENTENCE, "")
    if not (named.isascii() and named.isdigit()):
        return None
    return int(named) if any(sentence.position == int(named) for sentence in view.sentences) else None


def copy_text(view: DocumentView) -> SentenceView | None:
    """Draw the copy; the sentence that is open now."""
    wish = open_sentence(view)
    marked = [_marked(sentence) for sentence in view.sentences]
    key = f"copy_{view.id}_{view.check_id}"
    now = marked_text(marked, key=key, selected=wish, style="copy", label="The copy", follows=True)
    if now != wish:
        go_to(now)
    return next((sentence for sentence in view.sentences if sentence.position == now), None)


def go_to(position: int | None) -> None:
    """Open a sentence through the address, so that the address always names what is shown."""
    if position is None:
        st.query_params.pop(_SENTENCE, None)
    else:
        st.query_params[_SENTENCE] = str(position)


def _marked(sentence: SentenceView) -> MarkedSentence:
    item = sentence.answer
    stands = sentence.verdict is not None
    return MarkedSentence(
        id=sentence.position,
        text=item["text"],
        block=sentence.block,
        kind=_KINDS.get(sentence.kind, "paragraph"),
        verdict=sentence.verdict,
        basis=item["basis"] if stands else "none",
        standing=sentence.standing,
        highlights=tuple(_flags(sentence)),
    )


def _flags(sentence: SentenceView) -> Iterator[Highlight]:
    item = sentence.answer
    if sentence.set_aside is not None:
        return
    for flag in item["flags"]:
        start = max(flag["start"] - item["start"], 0)
        end = min(flag["end"] - item["start"], len(item["text"]))
        if start < end:
            yield Highlight(start, end, "flag", flag["message"])
