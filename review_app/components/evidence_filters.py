"""What a reader narrows the evidence by. The widgets' keys are the names in the address, so that a view can be sent."""

from collections.abc import Sequence

import streamlit as st

from db import config
from db.queries.judged import OUTCOMES
from db.queries.literature import Filters
from db.types import Integrity
from db.vocabulary import vocabulary
from review_app import state
from review_app.services.evidence_list import Wish

FIRST_YEAR = 1950  # ketamine was first made in 1962; the library may hold what led there
LONGEST_QUERY = 500
_NOTICED = [kind.value for kind in Integrity]


def evidence_filters(*, publication_types: Sequence[tuple[str, int]]) -> Wish:
    """Draw the search box and the filters; returns what is looked for. `publication_types` come with their numbers."""
    with st.container(key="evidence_filters", gap="small"):
        return _draw(publication_types)


def _draw(publication_types: Sequence[tuple[str, int]]) -> Wish:
    query = st.text_input(
        "Search titles and abstracts",
        key=state.EVIDENCE_QUERY,
        type="search",
        max_chars=LONGEST_QUERY,
        placeholder="Any words, “a phrase”, -without",
        bind="query-params",
        on_change=_first_page,
        label_visibility="collapsed",
        icon=":material/search:",
    )
    years, design, kind, integrity, outcome = st.columns([24, 23, 20, 16, 17])
    with years:
        year_from, year_to = _years()
    numbers = dict(publication_types)
    with design:
        designs = _choice("Study design (suggested)", "design", vocabulary().ids("study_design"), "study_design")
    with kind:
        types = _choice("Publication type", "type", list(numbers), None)
    with integrity:
        noticed = _choice("Integrity", "integrity", _NOTICED, "integrity")
    with outcome:
        outcomes = _choice("In the review", "review", list(OUTCOMES), None)
    filters = Filters(
        year_from=year_from,
        year_to=year_to,
        designs=tuple(designs),
        publication_types=tuple(types),
        integrity=tuple(Integrity(value) for value in noticed),
    )
    return Wish(query or "", filters, tuple(each for each in OUTCOMES if each in outcomes), _page())


def _years() -> tuple[int | None, int | None]:
    first, last = st.columns(2, gap="small")
    with first:
        year_from = _year("From year", "from")
    with last:
        year_to = _year("To year", "to")
    return year_from, year_to


def _year(label: str, key: str) -> int | None:
    year = st.number_input(
        label,
        min_value=FIRST_YEAR,
        max_value=config.today().year + 1,
        value=None,
        step=1,
        key=key,
        placeholder="any",
        bind="query-params",
        on_change=_first_page,
    )
    return None if year is None else int(year)


def _choice(label: str, key: str, options: Sequence[str], group: str | None) -> list[str]:
    return st.multiselect(
        label,
        list(options),
        key=key,
        format_func=lambda value: vocabulary().label(group, value) if group else value,
        placeholder="any",
        bind="query-params",
        on_change=_first_page,
        select_all=False,
        wrap=False,
    )


def _first_page() -> None:
    """Another search begins at its first page."""
    st.session_state[state.EVIDENCE_PAGE] = 1


def _page() -> int:
    """The pages are drawn under the list: on the first run only the address knows which is wanted."""
    wished = str(st.session_state.get(state.EVIDENCE_PAGE) or st.query_params.get(state.EVIDENCE_PAGE, "1"))
    return max(1, int(wished)) if wished.isdecimal() and len(wished) < 7 else 1
