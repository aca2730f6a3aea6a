"""How far two people agree: a line for each pair, and the tables behind it."""

import math
from collections.abc import Sequence
from html import escape

import streamlit as st

from review_app.screening.agreement import Agreement, Estimate
from review_app.services.calibration_view import CHOICES, PairAgreement


def agreement_table(pairs: Sequence[PairAgreement]) -> None:
    """Percent agreement, kappa and PABAK of each pair of voters, and who voted how."""
    rows = [(" and ".join(pair.names), pair.agreement) for pair in pairs]
    agreement_lines("Pair", "Records", [(name, found, True) for name, found in rows])
    _tables(pairs)


def agreement_lines(what: str, counted: str, rows: Sequence[tuple[str, Agreement, bool]]) -> None:
    """A line for each; the last says whether agreement beyond chance means anything for it."""
    lines = "".join(_line(*row) for row in rows)
    st.html(
        f'<table class="fn-table"><thead><tr><th>{what}</th><th>{counted}</th><th>Agree</th><th>Cohen\'s kappa</th>'
        f"<th>PABAK</th></tr></thead>{lines}</table>"
        '<p class="fn-by">In brackets the 95% interval. Kappa is not defined where both gave one and the same answer '
        "throughout; its formula gives no interval where all answers are alike, or one of the two never varied.</p>"
    )


def _line(name: str, found: Agreement, by_chance: bool) -> str:
    beyond = (_number(found.kappa), _number(found.pabak)) if by_chance else ("–", "–")
    cells = (found.number, _share(found.percent), *beyond)
    return f"<tr><td>{escape(name)}</td>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _share(found: Estimate) -> str:
    return f"{found.value:.0%} ({found.low:.0%} to {found.high:.0%})"


def _number(found: Estimate | None) -> str:
    if found is None:
        return "not defined"
    is_point = math.isclose(found.low, found.high, abs_tol=1e-6)
    interval = "no interval" if is_point else f"{found.low:.2f} to {found.high:.2f}"
    return f"{found.value:.2f} ({interval})"


def _tables(pairs: Sequence[PairAgreement]) -> None:
    with st.expander("Who voted how, as tables"):
        for pair in pairs:
            one, two = map(escape, pair.names)
            head = "".join(f"<th>{two}: {choice}</th>" for choice in CHOICES)
            rows = "".join(
                f"<tr><th>{one}: {choice}</th>{''.join(f'<td>{number}</td>' for number in numbers)}</tr>"
                for choice, numbers in zip(CHOICES, pair.agreement.table, strict=True)
            )
            st.html(f'<table class="fn-table"><thead><tr><th></th>{head}</tr></thead>{rows}</table>')
