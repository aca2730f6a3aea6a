"""Sentences of the abstract attached to what stands in the tag form."""

from collections.abc import Iterator
from html import escape

import streamlit as st

from db.models import Tagging
from db.types import AnchorState
from review_app.components import tag_values
from review_app.components.abstract import Place
from review_app.components.chosen_sentence import chosen_sentence, kept_quote
from review_app.components.study_act import study_lacks
from review_app.components.tag_words import row_told
from review_app.services.study_page import StudyPage
from review_app.services.tags import QUOTES
from review_app.tagging.form import TagForm


def attach_bar(article_id: int | str, form: TagForm, sentence: Place | None) -> None:
    """The sentence that was clicked, and what of the form it can be attached to."""
    chosen_sentence(sentence.text if sentence else "")
    if sentence is None:
        return
    places = dict(_places(article_id, form))
    key = tag_values.field_key(article_id, "attach")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        st.selectbox(
            "Attach it to",
            list(places),
            index=None,
            key=key,
            format_func=lambda place: places.get(place, place),
            placeholder="A field or a row of the form",
            label_visibility="collapsed",
        )
        st.button("Attach quote", key=f"{key}_now", shortcut="Q", on_click=_attach, args=(article_id, sentence.text))


def quotes_of(article_id: int | str, place: str) -> None:
    """The quotes attached to one field or row, each with a way to take it off."""
    for number, (where, words, _) in enumerate(tag_values.attached(article_id)):
        if where == place:
            with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
                st.html(kept_quote(words, orphaned=False))
                st.button(
                    "",
                    key=f"tag_{article_id}_unquote_{number}",
                    icon=":material/link_off:",
                    type="tertiary",
                    help="Take this quote off",
                    on_click=tag_values.detach,
                    args=(article_id, place, words),
                )


def entry_quotes(study: StudyPage, row: Tagging) -> str:
    """The quotes of a stored entry as markup, each under what it was attached to."""
    form, lines = study.forms[row.form_id], []
    for target, ids in row.tags.get(QUOTES, {}).items():
        field = form.field(target.partition(":")[0])
        label = field.label if field else target
        for each in ids:
            quote, anchor = study.quotes[each]
            said = kept_quote(quote.exact, orphaned=anchor.state is AnchorState.ORPHANED)
            lines.append(f'<p class="fn-by">{escape(label)}</p>{said}')
    return "".join(lines)


def _places(article_id: int | str, form: TagForm) -> Iterator[tuple[str, str]]:
    """What a sentence can be attached to, rows first: they are what an abstract's sentences are about."""
    fields = form.active()
    for field in (each for each in fields if each.kind == "rows"):
        for number in tag_values.row_numbers(article_id, field.id):
            told = row_told(field, tag_values.row_at(article_id, field, number))
            yield f"{field.id}_{number}", f"{field.label.split(' (')[0]}: {told or 'empty row'}"
    yield from ((each.id, each.label) for each in fields if each.kind != "rows")


def _attach(article_id: int | str, words: str) -> None:
    place = st.session_state.get(tag_values.field_key(article_id, "attach"))
    if not place:
        study_lacks({"what to attach the sentence to": place})
        return
    tag_values.attach(article_id, place, words)
