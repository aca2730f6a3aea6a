"""A copy on the left, an abstract below it, what was chosen on the right. All sentences are invented."""

import streamlit as st

from review_app.components.badges import verdict_badge
from review_app.components.marked_text import Highlight, MarkedSentence, marked_text
from review_app.components.style import apply_style

CYCLE = [
    ("overstated", "library", "current", "Ketamine cures depression in every patient within hours."),
    ("supported", "reviewed", "current", "In trials, one infusion lowered scores on the MADRS within a day."),
    ("needs_qualification", "suggested", "stale", "The effect lasts for several weeks."),
    ("insufficient_evidence", "suggested", "current", "Most people feel calmer after the first visit."),
    ("contradicted", "reviewed", "orphaned", "It has no side effects at all."),
    (None, "none", "current", "Our rooms are quiet and full of light."),
]


def copy_sentences() -> list[MarkedSentence]:
    sentences = [MarkedSentence(0, "What an infusion can do", block=0, kind="heading")]
    for index in range(1, 61):
        verdict, basis, standing, text = CYCLE[(index - 1) % len(CYCLE)]
        block = 1 + (index - 1) // 6
        kind = "list_item" if 7 <= index <= 12 else "paragraph"
        block = 100 + index if kind == "list_item" else block
        marks = (Highlight(9, 14, "flag", "promises a cure"),) if verdict == "overstated" else ()
        sentences.append(MarkedSentence(index, text, block, kind, None, verdict, basis, standing, marks))
    return sentences


ABSTRACT = [
    MarkedSentence(1, "Depression is common <b>& costly</b> 𝛃.", block=0, section="Background"),
    MarkedSentence(
        2,
        "We gave esketamine 𝛂 56 mg to 40 adults.",
        block=1,
        section="Methods",
        highlights=(Highlight(8, 18, "term"), Highlight(14, 26, "suggestion", "dose"), Highlight(30, 39, "quote")),
    ),
    MarkedSentence(3, "MADRS fell by 9 points.", block=2, section="Results", highlights=(Highlight(0, 5, "term"),)),
    MarkedSentence(4, "Rats were not studied.", block=2, highlights=(Highlight(0, 4, "exclude"),)),
    MarkedSentence(5, "Funded by nobody.", block=3, selectable=False),
]

st.set_page_config(layout="wide", page_title="Reading")
apply_style()
st.title("Reading")


@st.dialog("Attach to a claim")
def attach() -> None:
    st.html(verdict_badge("supported", "reviewed"))
    marked_text(ABSTRACT[:1], key="in_dialog", style="abstract", label="In the dialog")


left, right = st.columns([58, 42])
with right, st.container(key="dossier"):
    if st.button("Attach"):
        attach()
    if st.button("Go to sentence 30"):
        st.session_state["wish"] = 30
    note = st.text_input("Note")
with left:
    chosen = marked_text(copy_sentences(), key="copy", selected=st.session_state.get("wish"), label="The copy")
    attached = marked_text(ABSTRACT, key="abstract", style="abstract", label="Abstract")
with right, st.container(key="answer"):
    st.write(f"chosen={chosen} attached={attached} note={note}")
