"""The words a review goes by: its criteria as they were, version by version."""

from collections.abc import Sequence
from datetime import tzinfo
from html import escape

import streamlit as st

from db.types import Stage
from review_app.components.alert_card import moment
from review_app.components.empty_state import empty_state
from review_app.components.screening_stage import STAGE_WORDS
from review_app.screening.exclusion_reasons import Reasons, offered
from review_app.services.review_settings import CriteriaVersion


def criteria_history(versions: Sequence[CriteriaVersion], *, zone: tzinfo) -> None:
    """Every version with who wrote it and why it changed; votes name the version that they went by."""
    st.header("Criteria, version by version")
    if not versions:
        empty_state("No criteria are written yet.", "They are written beside this, and each saving keeps a version.")
    for each in versions:
        locked = ", locked" if each.criteria.is_locked else ""
        with st.expander(f"Version {each.criteria.version}{locked}: {each.author}, {moment(each.at, zone)}"):
            why = f"<p><strong>Why it changed:</strong> {escape(each.amendment)}</p>" if each.amendment else ""
            text = "".join(f"<p>{escape(line)}</p>" for line in each.criteria.text.splitlines() if line.strip())
            terms = each.criteria.terms
            lists = (("including", terms.include), ("excluding", terms.exclude), ("the PICO", terms.pico))
            lit = "".join(f'<p class="fn-meta">Lit for {name}: {escape(", ".join(words))}</p>' for name, words in lists)
            reasons = "".join(_reasons(stage, each.criteria.reasons) for stage in Stage)
            st.html(why + text + lit + reasons)


def _reasons(stage: Stage, reasons: Reasons) -> str:
    listed = ", ".join(escape(each.label) for each in offered(reasons[stage.value]))
    return f'<p class="fn-meta">Reasons for excluding, {STAGE_WORDS[stage].lower()}: {listed}</p>'
