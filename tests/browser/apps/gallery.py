"""Every badge and card once. Everything in it is invented."""

from datetime import UTC, datetime

import streamlit as st

from review_app.components.abstract import AbstractPart
from review_app.components.article_card import ArticleView, article_card
from review_app.components.badges import integrity_badge, standing_badge, suggested, verdict_badge
from review_app.components.empty_state import empty_state
from review_app.components.marked_text import Highlight
from review_app.components.marks import BASES, STANDINGS, VERDICTS
from review_app.components.status_line import Status, status_line
from review_app.components.style import apply_style

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
RESULTS = "MADRS scores fell by 9.1 points (95% CI 6.2 to 12.0) after one infusion. The effect was gone by week four."

st.set_page_config(layout="wide", page_title="Gallery")
apply_style()
st.title("Study")
status_line(Status(4812, datetime(2026, 3, 10, 2, 14, tzinfo=UTC), 3, demonstration=True), now=NOW, zone=UTC)
left, right = st.columns([55, 45], gap="large")
with left:
    article_card(
        ArticleView(
            "Intravenous ketamine for a first depressive episode: an invented randomised controlled trial",
            "Journal of Invented Psychiatry",
            2021,
            "randomised controlled trial",
            90000001,
            "10.1234/invented.1",
            "corrected",
            (
                AbstractPart("Background", "Whether one infusion helps in a first episode is not known."),
                AbstractPart(
                    "Methods", "We gave 40 adults ketamine or midazolam.", (Highlight(8, 17, "suggestion", "adults"),)
                ),
                AbstractPart("Results", RESULTS, (Highlight(0, 5, "term"), Highlight(13, 30, "quote"))),
                AbstractPart("Conclusions", "One infusion helped for a while.", (Highlight(23, 31, "exclude"),)),
            ),
        ),
        key="first",
    )
    article_card(ArticleView("A trial that was withdrawn", year=2012, integrity="retracted"), key="second")
with right, st.container(key="dossier"):
    for verdict in VERDICTS:
        st.html(" ".join(verdict_badge(verdict, basis) for basis in BASES))
    st.html(" ".join(verdict_badge("supported", "reviewed", standing) for standing in STANDINGS))
    st.html(" ".join(standing_badge(standing) for standing in STANDINGS))
    st.html(" ".join(integrity_badge(name) for name in ("corrected", "expression_of_concern", "retracted")))
    st.html("Population: " + suggested("treatment-resistant", "“two failed courses”"))
    first, second, third = st.columns(3)
    first.button("Include", type="primary", shortcut="I", width="stretch")
    second.button("Maybe", shortcut="U", width="stretch")
    third.button("Exclude", shortcut="E", width="stretch")
    st.selectbox("Design", ["randomised controlled trial", "cohort"])
    st.text_input("Note", placeholder="Why")
    empty_state("No findings yet.", "Nobody has recorded what this study found.", then="Choose a sentence.")
