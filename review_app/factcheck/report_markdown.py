"""A check as Markdown, to paste into a ticket or a document."""

import re
from collections.abc import Iterable

from review_app.factcheck import marks
from review_app.factcheck.dossier import (
    UNNAMED,
    About,
    Cited,
    Dossier,
    balance_lines,
    checked_line,
    counts,
    dossiers,
    evidence_line,
    listed_line,
    references,
)
from review_app.factcheck.model import Check
from review_app.factcheck.topic_data import TopicData

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~&-])")


def render(check: Check, data: TopicData, about: About = UNNAMED) -> str:
    found = dossiers(check, data)
    total = counts(check)
    lines = [f"# {plain(about.heading(check))}", "", f"Source: {plain(check.source)}  "]
    lines += [plain(checked_line(check, about)), ""]
    lines += [f"> {marks.NOT_AN_APPROVAL}", "", "| verdict | sentences |", "|---|---:|"]
    lines += [f"| {marks.VERDICT_SIGNS[key]} {words} | {total[key]} |" for key, words in marks.VERDICT_WORDS.items()]
    lines += [f"\n**{plain(flag.message)}**" for flag in check.document_flags]
    lines += ["", "## Sentences"]
    for dossier in found:
        lines += ["", *_dossier_lines(dossier)]
    if check.balance:
        lines += ["", "## Balance", "", *(f"- {plain(line)}" for line in balance_lines(check, data))]
    cited = references(found)
    if cited:
        lines += ["", "## References", ""]
        lines += [f"{one.number}. {plain(listed_line(one.evidence, about))}" for one in cited]
    return "\n".join(lines) + "\n"


def _dossier_lines(dossier: Dossier) -> Iterable[str]:
    checked = dossier.checked
    verdict = checked.verdict or "insufficient_evidence"
    words = marks.VERDICT_WORDS[verdict]
    shown = f"*{words}* (suggestion)" if checked.basis in {"suggested", "none"} else f"**{words}**"
    numbers = _numbers(dossier.cited)
    yield f"### {checked.sentence.index + 1}. {marks.VERDICT_SIGNS[verdict]} {shown}"
    yield ""
    yield f"> {plain(checked.sentence.text)} {numbers}".rstrip()
    yield ""
    for what, text in dossier.lines:
        yield f"- {plain(what)}: {plain(text)}"
    for one in dossier.cited:
        yield f"- \\[{one.number}\\] {plain(evidence_line(one.evidence))}"
    if dossier.beside:
        yield f"- {marks.FOUND_BESIDE}: {_numbers(dossier.beside)}"
    for line in dossier.not_held:
        yield f"- {plain(line)}"


def _numbers(cited: Iterable[Cited]) -> str:
    return " ".join(f"\\[{one.number}\\]" for one in cited)


def plain(text: str) -> str:
    """Text that Markdown and the HTML it may become show as it stands."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split())).replace("\\<", "&lt;").replace("\\>", "&gt;")
