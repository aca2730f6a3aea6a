"""A check as plain text for a terminal: every checkable sentence with what it rests on."""

import textwrap
from collections.abc import Iterable

from review_app.factcheck import marks
from review_app.factcheck.dossier import (
    UNNAMED,
    About,
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

_WIDTH = 100


def render(check: Check, data: TopicData, about: About = UNNAMED) -> str:
    found, total = dossiers(check, data), counts(check)
    lines = [about.heading(check)] if about.heading(check) != check.source else []
    lines.append(f"Source: {check.source}")
    lines += [checked_line(check, about), ""]
    lines += [
        f"{marks.VERDICT_SIGNS[verdict]} {words}: {total[verdict]}" for verdict, words in marks.VERDICT_WORDS.items()
    ]
    lines.append(f"{len(found)} of {len(check.sentences)} sentences are checkable.")
    lines += [f"! {flag.message}" for flag in check.document_flags]
    for dossier in found:
        lines += ["", *_dossier_lines(dossier)]
    lines += _balance_lines(check, data)
    cited = references(found)
    if cited:
        lines += ["", "References"]
        lines += [_wrapped(f"{one.number}. {listed_line(one.evidence, about)}", "   ") for one in cited]
    lines += ["", *textwrap.wrap(marks.NOT_AN_APPROVAL, _WIDTH)]
    return "\n".join(_printable(line) for line in lines) + "\n"


def _dossier_lines(dossier: Dossier) -> Iterable[str]:
    checked = dossier.checked
    verdict = checked.verdict or "insufficient_evidence"
    numbers = "".join(f"[{one.number}]" for one in dossier.cited)
    yield _wrapped(f"{marks.VERDICT_SIGNS[verdict]} {' '.join(checked.sentence.text.split())} {numbers}".rstrip(), "  ")
    suggested = " (suggestion)" if checked.basis in {"suggested", "none"} else ""
    yield f"  {marks.VERDICT_WORDS[verdict].upper()}{suggested}"
    for what, words in dossier.lines:
        yield _wrapped(f"  {what}: {words}", "    ")
    for one in dossier.cited:
        yield _wrapped(f"  [{one.number}] {evidence_line(one.evidence)}", "    ")
    if dossier.beside:
        beside = "".join(f"[{one.number}]" for one in dossier.beside)
        yield _wrapped(f"  {marks.FOUND_BESIDE}: {beside}", "    ")
    for line in dossier.not_held:
        yield _wrapped(f"  {line}", "    ")


def _balance_lines(check: Check, data: TopicData) -> list[str]:
    if not check.balance:
        return []
    said = "Balance: what copy about these products should say"
    return ["", said, *(f"  {line}" for line in balance_lines(check, data))]


def _wrapped(line: str, indent: str) -> str:
    return textwrap.fill(line, _WIDTH, subsequent_indent=indent, break_long_words=False, drop_whitespace=True)


def _printable(line: str) -> str:
    """Without control characters, which a document could use to move the reader's cursor."""
    return "".join(character for character in line if character == "\n" or (character >= " " and character != "\x7f"))
