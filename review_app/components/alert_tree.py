"""What rests on a change: a claim with its quotes and the copy that makes it, a document, a member's own findings."""

from collections.abc import Iterator, Mapping
from datetime import tzinfo
from html import escape
from urllib.parse import quote

from db.models import Finding
from db.types import Actor, AlertState
from db.vocabulary import Vocabulary
from review_app.components.alert_card import moment
from review_app.components.chosen_sentence import kept_quote
from review_app.components.claims_list import claim_badge
from review_app.components.study_card import stance_mark
from review_app.services.alerts_view import Affected, Copy
from review_app.services.dual_extraction import result_label
from review_app.services.permissions import May, allows

_ANSWERS = {
    AlertState.ACCEPTED: "accepted",
    AlertState.REANCHORED: "re-anchored",
    AlertState.DISMISSED: "dismissed",
}


def branch(row: Affected, *, actor: Actor, names: Mapping[int, str], words: Vocabulary, zone: tzinfo) -> str:
    """One thing and what is below it, as markup, everything escaped."""
    opens = allows(actor, May.CHECK_COPY)
    if row.claim is not None:
        parts = [*_claim(row), *(_copy(copy, opens=opens) for copy in row.used)]
    elif row.copy is not None:
        parts = [_copy(row.copy, opens=opens, alone=True)]
    else:
        parts = [*_findings(row, names, words)]
    return f'<div class="fn-branch">{"".join([*parts, _for_whom(row), _answered(row, zone)])}</div>'


def _claim(row: Affected) -> Iterator[str]:
    claim = row.claim
    if claim is None:
        return
    owner = f" · {escape(row.owner)}" if row.owner else ""
    stances = "".join(f" · {stance_mark(stance.value)}" for stance in row.stances)
    yield (
        f'<p class="fn-line"><span class="fn-kind">Claim</span> '
        f'<a href="/claims?claim={quote(claim.id)}" target="_self">{escape(claim.statement)}</a></p>'
        f'<p class="fn-line">{claim_badge(claim)}<span class="fn-basis">{owner}{stances}</span></p>'
    )
    for each in row.quotes:
        yield kept_quote(each.exact, orphaned=not each.stands)


def _copy(copy: Copy, *, opens: bool, alone: bool = False) -> str:
    title = escape(copy.title)
    if opens:
        title = f'<a href="/check_copy?document={copy.id}" target="_self">{title}</a>'
    rows = "".join(f"<li>{_sentence(copy, position, text, opens)}</li>" for position, text in copy.sentences)
    under = f'<ul class="fn-list fn-bare">{rows}</ul>' if rows else ""
    head = f'<p class="fn-line"><span class="fn-kind">Copy</span> {title}</p>{under}'
    return head if alone else f'<div class="fn-below">{head}</div>'


def _sentence(copy: Copy, position: int, text: str, opens: bool) -> str:
    if not opens:
        return escape(text)
    address = f"/check_copy?document={copy.id}&amp;sentence={position}"
    return f'<a href="{address}" target="_self">{position + 1}</a> {escape(text)}'


def _findings(row: Affected, names: Mapping[int, str], words: Vocabulary) -> Iterator[str]:
    if row.for_whom is None and not row.findings:
        yield '<p class="fn-line"><span class="fn-kind">For the leads</span></p>'
        return
    whose = "Your" if row.mine else f"{row.for_whom or 'A former member'}’s"
    yield f'<p class="fn-line"><span class="fn-kind">{escape(whose)} findings and tags</span></p>'
    for finding in row.findings:
        who = escape(names.get(finding.member_id, "somebody"))
        yield f'<p class="fn-line">{escape(_finding(finding, words))} · {who}</p>'
    for each in row.quotes:
        yield kept_quote(each.exact, orphaned=not each.stands)


def _finding(finding: Finding, words: Vocabulary) -> str:
    result = result_label(words, (finding.domain, finding.instrument, finding.time_point))
    direction = words.label("direction", finding.direction)
    return " · ".join(part for part in (result, direction, finding.summary) if part)


def _for_whom(row: Affected) -> str:
    if not row.is_open or row.mine:
        return ""
    return f'<p class="fn-by">waits for {escape(row.for_whom or "a lead")}</p>'


def _answered(row: Affected, zone: tzinfo) -> str:
    given = row.resolution
    if given is None:
        return ""
    said = _ANSWERS.get(given.state, given.state.value)
    reason = f" {escape(given.reason)}" if given.reason else ""
    return f'<p class="fn-given"><b>{escape(given.by)}</b> {said} on {moment(given.at, zone)}.{reason}</p>'
