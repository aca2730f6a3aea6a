"""Check copy: paste or upload, then read the document (`?document=`) with the dossier of each sentence beside it."""

from zoneinfo import ZoneInfo

import streamlit as st

from db.engine import reading
from review_app import auth
from review_app.components.back_link import back_link
from review_app.components.copy_check import check_again_button, copy_form, copy_trouble
from review_app.components.copy_list import copy_list
from review_app.components.copy_summary import copy_head, document_flags, downloads, verdict_counts
from review_app.components.copy_text import copy_text
from review_app.components.empty_state import empty_state
from review_app.components.sentence_acts import sentence_acts
from review_app.components.sentence_dossier import dossier, no_sentence, verdict_head
from review_app.database import engine
from review_app.services.document_view import document_lines, document_view

actor, member = auth.current_actor(), auth.signed_in_member()
zone = ZoneInfo(member.time_zone if member else "UTC")
named = st.query_params.get("document")
known = named is not None and named.isascii() and named.isdigit() and len(named) < 10
with reading(engine()) as session:
    view = document_view(session, viewer=actor, document_id=int(named)) if named and known else None
    lines = document_lines(session, viewer=actor) if named is None else []

copy_trouble()
if named is None:
    copy_form()
    copy_list(lines)
if named is not None and view is None:
    empty_state(
        "No such document.",
        "The address names a document that is not in this library, or that was withdrawn.",
        then="Choose one from the list, or check new copy.",
    )
    back_link("All copy", "/check_copy")
if view is not None:
    about, other, again, take = st.columns([6, 1.05, 1.15, 1], vertical_alignment="top")
    with about:
        copy_head(view, zone=zone)
    with other:
        back_link("All copy", "/check_copy")
    with again:
        check_again_button(view)
    with take:
        downloads(view)
    verdict_counts(view)
    document_flags(view)
    left, right = st.columns([58, 42], gap="large")
    with left:
        sentence = copy_text(view)
    with right, st.container(key=f"dossier_{sentence and sentence.position}"):  # another one begins at its top
        if sentence is None:
            no_sentence(view)
        else:
            verdict_head(view, sentence)
            sentence_acts(view, sentence, actor=actor)
            dossier(view, sentence)
