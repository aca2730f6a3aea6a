"""Why a claim or a sentence has to be looked at again, each reason with the way to the alert that told of it."""

from collections.abc import Sequence
from html import escape

from db.queries.alert_places import Told
from review_app.components.marks import STANDINGS
from review_app.services.doubts import Doubt


def doubts_markup(doubts: Sequence[Doubt], told: Told, *, claim_id: str | None = None) -> str:
    """A list as markup, everything escaped; nothing where there is no doubt."""
    if not doubts:
        return ""
    rows = "".join(f"<li>{_reason(doubt)}{_way(doubt, told, claim_id)}</li>" for doubt in doubts)
    return (
        '<div class="fn-alarm" role="note" data-weight="mild"><p><b>To be looked at again</b></p>'
        f'<ul class="fn-list">{rows}</ul></div>'
    )


def _reason(doubt: Doubt) -> str:
    return f'<span aria-hidden="true">{STANDINGS[doubt.standing][0]}</span> {escape(doubt.why)}'


def _way(doubt: Doubt, told: Told, claim_id: str | None) -> str:
    alert = told.articles.get(doubt.article_id or 0) or told.claims.get(claim_id or "")
    return f' <a href="/alerts?alert={alert}" target="_self">See the alert</a>' if alert is not None else ""
