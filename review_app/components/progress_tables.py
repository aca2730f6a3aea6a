"""Progress of a review: the flow of records, each stage with its reviewers, and how far people agree."""

from collections.abc import Sequence
from functools import partial
from html import escape

import streamlit as st

from db import config
from db.types import Stage
from review_app import auth
from review_app.components.agreement_table import agreement_lines, agreement_table
from review_app.components.empty_state import empty_state
from review_app.components.plain_words import counted, noun
from review_app.components.screening_stage import STAGE_WORDS
from review_app.database import engine
from review_app.services.excluded import excluded_as_file
from review_app.services.progress_view import ProgressPage, Reviewer, StageProgress
from review_app.services.tag_agreement import FieldAgreement


def stage_progress(found: StageProgress, page: ProgressPage) -> None:
    """How far the stage has come, who did how much, and how far the voters agree."""
    st.header(STAGE_WORDS[found.stage])
    done = sum(number for voters, number in found.voters.items() if voters >= found.needed)
    started = sum(number for voters, number in found.voters.items() if voters < found.needed)
    waits = f", {counted(started, 'waits', 'wait')} for a second vote" if started else ""
    conflicts = counted(found.conflicts, "conflict is open", "conflicts are open")
    kept = f"; {counted(found.parked, 'is', 'are')} kept as Maybe" if found.parked else ""
    full = noun(done, "has all the votes it needs", "have all the votes they need")
    whose = "" if page.sees_all else " among the records you voted on"
    st.html(
        f"<p><strong>{done:,} of {counted(found.records, 'record')}</strong> {full}{waits}. "
        f"{counted(found.included, 'is', 'are')} included, {found.excluded:,} excluded; {conflicts}{kept}{whose}.</p>"
    )
    _reviewers(found.reviewers)
    _agreement(found, page)


def tag_fields(found: Sequence[FieldAgreement], page: ProgressPage) -> None:
    """By field of the form."""
    st.header("Agreement on tags")
    if found:
        agreement_lines("Field", "Studies", [(each.label, each.agreement, each.is_chosen) for each in found])
        st.caption(
            "Of the first two who tagged a study. Several choices agree when all of them do; for numbers, words and "
            "tables agreement beyond chance says nothing."
        )
    else:
        _nothing("study", "tags", page)


def given_fields(found: Sequence[FieldAgreement]) -> None:
    """Of findings, the risk of bias and GRADE, once two have given them."""
    if found:
        st.header("Agreement on findings, risk of bias and GRADE")
        agreement_lines("What", "Pairs", [(each.label, each.agreement, each.is_chosen) for each in found])
        st.caption("Of the first two who gave them. Findings are compared result by result.")


def flow_numbers(page: ProgressPage) -> None:
    """The boxes of a PRISMA 2020 flow diagram, from the top; what still waits is told beside what is done."""
    st.header("Flow of records (PRISMA 2020)")
    flow = page.flow
    labels: dict[str | None, str] = {each.id: each.label for each in page.reasons[Stage.FULL_TEXT.value]}
    boxes: list[tuple[str, int | None, int]] = [
        ("Records identified", flow.identified, 0),
        *((f"{kind}: {name}", number, 1) for kind, name, number in page.sources),
        ("Duplicate records removed", flow.duplicates, 0),
        ("Records withdrawn by their source", flow.gone or None, 0),
        ("In the library, not added to the review", flow.not_added or None, 0),
        ("Records screened", flow.screened, 0),
        ("Still to be screened or settled", flow.to_screen or None, 1),
        ("Records excluded", flow.excluded, 0),
        ("Reports sought for retrieval", flow.sought, 0),
        ("Reports not retrieved", flow.not_retrieved, 0),
        ("Still to be read or settled", flow.to_assess or None, 1),
        ("Reports assessed for eligibility", flow.assessed, 0),
        *((f"Excluded: {labels.get(why, 'no reason given')}", n, 1) for why, n in flow.excluded_reports.items()),
        ("Studies included", flow.studies, 0),
        ("Reports of included studies", flow.reports, 0),
    ]
    rows = "".join(_box(*box) for box in boxes if box[1] is not None)
    st.html(f'<table class="fn-table fn-flow"><thead><tr><th>Box</th><th>Number</th></tr></thead>{rows}</table>')


def excluded_download() -> None:
    """The list of what was excluded, each with its reason; made when it is asked for."""
    topic, token = config.settings().footnote_topic, auth.session_token()
    st.download_button(
        "What was excluded, with reasons (CSV)",
        partial(excluded_as_file, engine(), token=token, topic_id=topic),
        f"footnote-excluded-{config.today().isoformat()}.csv",
        "text/csv",
        key="excluded_csv",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )


def _reviewers(reviewers: Sequence[Reviewer]) -> None:
    rows = "".join(
        f"<tr><td>{escape(each.name)}</td><td>{each.votes:,}</td><td>{_assigned(each)}</td></tr>" for each in reviewers
    )
    if rows:
        head = "<th>Reviewer</th><th>Records voted on</th><th>Of those assigned</th>"
        st.html(f'<table class="fn-table"><thead><tr>{head}</tr></thead>{rows}</table>')


def _assigned(reviewer: Reviewer) -> str:
    held = reviewer.assigned
    return f"{held.voted:,} of {held.records:,}" if held.records else "none assigned"


def _agreement(found: StageProgress, page: ProgressPage) -> None:
    if found.pairs:
        agreement_table(found.pairs)
    else:
        _nothing("record", "votes", page)


def _nothing(thing: str, given: str, page: ProgressPage) -> None:
    seen = f" whose {given} you may see" if page.blinded else ""
    empty_state("No agreement yet.", f"It is counted when two people have judged the same {thing}{seen}.")


def _box(words: str, number: int | None, level: int) -> str:
    return f'<tr data-level="{level}"><td>{escape(words)}</td><td>{number:,}</td></tr>'
