"""What is listed, as a file: a quiet button, and under it the formats. A file is made when it is asked for."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from db import config
from review_app import auth
from review_app.components.plain_words import counted
from review_app.database import engine
from review_app.export.formats import FORMATS, Format
from review_app.export.judgements import WRITERS
from review_app.services.evidence_list import EvidencePage, Wish, judgements_as_file, listed_as_file

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
        st.caption("What reviewers found and judged in them: what holds, else what one reviewer gave.")
        _judgements(wish)


def judgements_download() -> None:
    """Draw the control for all of the review, where its grades are given."""
    with st.popover("Download", type="tertiary", icon=":material/download:", key="judgements_download"):
        st.caption("All that this review found and judged, and its grades: what holds, else what one reviewer gave.")
        _judgements(Wish())


def _judgements(wish: Wish) -> None:
    """Findings and risk of bias; grades too where `wish` is for all."""
    what = "Findings and risk of bias" if wish.is_narrowed else "Findings, risk of bias, GRADE"
    with st.container(gap="xxsmall"):
        for name in WRITERS:
            file = partial(judgements_as_file, wish=wish, name=name)
            _button(f"{what} (.{FORMATS[name].suffix})", file, FORMATS[name], "judgements")


def _formats(wish: Wish) -> None:
    for form in FORMATS.values():
        _button(form.label, partial(listed_as_file, wish=wish, form=form), form, "evidence")


def _button(label: str, file: Callable[..., bytes], form: Format, what: str) -> None:
    """A `file` is made for whoever is signed in, when it is asked for."""
    st.download_button(
        label,
        partial(file, engine(), token=auth.session_token(), topic_id=config.settings().footnote_topic),
        f"footnote-{what}-{config.today().isoformat()}.{form.suffix}",
        form.media_type,
        key=f"download_{what}_{form.name}",
        on_click="ignore",
        type="tertiary",
    )
