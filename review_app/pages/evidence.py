"""Evidence: every study of the library, found by words and narrowed by what is known of it."""

import streamlit as st

from db import config
from db.engine import reading
from db.queries import literature
from review_app import auth
from review_app.components.empty_state import empty_state
from review_app.components.evidence_download import evidence_download
from review_app.components.evidence_filters import evidence_filters
from review_app.components.evidence_rows import evidence_count, evidence_pages, evidence_rows
from review_app.components.suggestion_progress import suggestion_progress
from review_app.database import engine
from review_app.services.evidence_list import evidence_page

actor = auth.current_actor()
with reading(engine()) as session:
    types = literature.publication_types(session)
wish = evidence_filters(publication_types=types)
with reading(engine()) as session:
    found = evidence_page(session, viewer=actor, topic_id=config.settings().footnote_topic, wish=wish)

if not found.library:
    empty_state(
        "The library is empty.",
        "There is no study yet that could be searched.",
        then="Home offers the ways to bring studies in: harvest from PubMed, or import a file.",
    )
elif not found.total:
    empty_state(
        "Nothing found.",
        f"None of the {found.library:,} studies fits "
        + (f"“{wish.query}” with these filters." if wish.query else "these filters."),
        then="Try fewer or other words, or take a filter away.",
    )
else:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        evidence_count(found, wish)
        evidence_download(found, wish)
    evidence_rows(found)
    evidence_pages(found)
suggestion_progress()
