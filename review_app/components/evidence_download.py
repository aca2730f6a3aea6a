"""What is listed, as a file: a quiet button, and under it the formats. A file is made when it is asked for."""

from functools import partial

import streamlit as st

from db import config
from review_app import auth
from review_app.components.plain_words import counted
from review_app.database import engine
from review_app.export.formats import FORMATS
from review_app.services.evidence_list import EvidencePage, Wish, listed_as_file

LARGEST = 20_000  # a download is held in memory whole, some 4 kB a study


def evidence_download(found: EvidencePage, wish: Wish) -> None:
    """Draw the control for all that `wish` finds, whatever page is shown."""
    with st.popover("Download", type="tertiary", icon=":material/download:", key="evidence_download"):
        if found.total > LARGEST:
            st.caption(
                f"These are {found.total:,} studies, more than a browser should hold. Narrow the list, or use the "
                "command: `factcheck export --format ris --output FILE`."
            )
            return
        st.caption(f"{counted(found.total, 'study', 'studies')} as listed; retracted ones are marked.")
        with st.container(gap="xxsmall"):
            _formats(wish)


def _formats(wish: Wish) -> None:
    topic, token = config.settings().footnote_topic, auth.session_token()
    for form in FORMATS.values():
        st.download_button(
            form.label,
            partial(listed_as_file, engine(), token=token, topic_id=topic, wish=wish, form=form),
            f"footnote-evidence-{config.today().isoformat()}.{form.suffix}",
            form.media_type,
            key=f"download_{form.name}",
            on_click="ignore",
            type="tertiary",
        )
