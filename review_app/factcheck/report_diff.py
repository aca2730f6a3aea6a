"""What a new version of a document changes, as text, Markdown, a web page or an object for programs."""

import textwrap
from collections.abc import Callable, Iterator
from html import escape
from typing import Any, Final

from review_app.factcheck import answer, marks
from review_app.factcheck.diff import Change, Diff, Effect, Kind, Run
from review_app.factcheck.dossier import UNNAMED, About, checked_line
from review_app.factcheck.model import CheckedSentence
from review_app.factcheck.report_markdown import plain
from review_app.factcheck.topic_data import TopicData

_KINDS: Final[dict[Kind, str]] = {
    "added": "Added",
    "removed": "Taken out",
    "changed": "Changed",
    "reassessed": "Same words, another answer",
}
_HEAD: Final = "What the new version changes"
_WIDTH = 100
_STYLE: Final = (
    "body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:16px/1.5 system-ui,sans-serif;color-scheme:light dark}"
    "section{border-top:1px solid;padding:.5rem 0}blockquote{margin:.5rem 0}"
)
# How the words of one version only are marked: what comes before and after them.
_Marks = dict[Run, tuple[str, str]]
_PLAIN_MARKS: Final[_Marks] = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
_MARKDOWN_MARKS: Final[_Marks] = {"same": ("", ""), "removed": ("~~", "~~"), "added": ("**", "**")}
_HTML_MARKS: Final[_Marks] = {"same": ("", ""), "removed": ("<del>", "</del>"), "added": ("<ins>", "</ins>")}


def to_json(found: Diff) -> dict[str, Any]:
    """The comparison as an object; key order is fixed, so equal comparisons give equal bytes.

    `old` and `new` of a change are sentences as the answer of a check gives them.
    """
    old, new = answer.to_json(found.old), answer.to_json(found.new)
    return {
        "old": {key: old[key] for key in ("source", "title")},
        "new": {key: new[key] for key in ("source", "title")},
        "checked_at": new["checked_at"],
        "library": new["library"],
        "as_of": new["as_of"],
        "limits": new["limits"],
        "changes": [
            {
                "kind": change.kind,
                "old": old["sentences"][change.old.sentence.index] if change.old is not None else None,
                "new": new["sentences"][change.new.sentence.index] if change.new is not None else None,
                "words": [{"run": run, "text": text} for run, text in change.words],
                "effects": [{"what": one.what, "old": one.old, "new": one.new} for one in change.effects],
            }
            for change in found.changes
        ],
        "balance": [{"concept": one.concept, "old": one.old, "new": one.new} for one in found.balance],
        "summary": counts(found),
    }


def counts(found: Diff) -> dict[str, int]:
    """How many sentences are unchanged, added, removed, changed and reassessed."""
    kinds = [change.kind for change in found.changes]
    return {"unchanged": found.unchanged} | {kind: kinds.count(kind) for kind in _KINDS}


def to_text(found: Diff, data: TopicData, about: About = UNNAMED) -> str:
    lines = [
        f"Old: {found.old.source}",
        f"New: {found.new.source}",
        checked_line(found.new, about),
        "",
        _summary(found),
    ]
    for change in found.changes:
        lines += ["", _wrapped(f"{_KINDS[change.kind].upper()}: {_marked(change, _PLAIN_MARKS, str)}")]
        lines += [_wrapped(f"  {line}") for line in _said(change)]
    lines += [
        "",
        *(f"Balance: {line}" for line in _balance(found, data)),
        *textwrap.wrap(marks.NOT_AN_APPROVAL, _WIDTH),
    ]
    return "\n".join(_printable(line) for line in lines) + "\n"


def to_markdown(found: Diff, data: TopicData, about: About = UNNAMED) -> str:
    lines = [f"# {_HEAD}", "", f"Old: {plain(found.old.source)}  ", f"New: {plain(found.new.source)}  "]
    lines += [plain(checked_line(found.new, about)), "", f"> {marks.NOT_AN_APPROVAL}", "", _summary(found)]
    for change in found.changes:
        lines += ["", f"## {_KINDS[change.kind]}", "", f"> {_marked(change, _MARKDOWN_MARKS, plain)}", ""]
        lines += [f"- {plain(line)}" for line in _said(change)]
    if found.balance:
        lines += ["", "## Balance", "", *(f"- {plain(line)}" for line in _balance(found, data))]
    return "\n".join(lines) + "\n"


def to_html(found: Diff, data: TopicData, about: About = UNNAMED) -> str:
    """Nothing in the page is loaded from elsewhere and it runs no script; all text of the documents is escaped."""
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{_HEAD}</title><style>{_STYLE}</style></head><body><h1>{_HEAD}</h1>",
        f"<p>Old: {escape(found.old.source)}<br>New: {escape(found.new.source)}<br>",
        f"{escape(checked_line(found.new, about))}</p><p>{escape(marks.NOT_AN_APPROVAL)}</p><p>{_summary(found)}</p>",
    ]
    for change in found.changes:
        parts.append(f"<section><h2>{_KINDS[change.kind]}</h2>")
        parts.append(f"<blockquote>{_marked(change, _HTML_MARKS, escape)}</blockquote><ul>{_items(_said(change))}</ul>")
        parts.append("</section>")
    if found.balance:
        parts.append(f"<section><h2>Balance</h2><ul>{_items(_balance(found, data))}</ul></section>")
    return "".join([*parts, "</body></html>\n"])


def _items(lines: Iterator[str]) -> str:
    return "".join(f"<li>{escape(line)}</li>" for line in lines)


def _summary(found: Diff) -> str:
    number = counts(found)
    said = f"{number['unchanged']} sentences unchanged, {number['added']} added, {number['removed']} taken out, "
    return f"{said}{number['changed']} changed, {number['reassessed']} with the same words and another answer."


def _marked(change: Change, how: _Marks, shown: Callable[[str], str]) -> str:
    """The sentence with the words of one version only marked."""
    sides = [one for one in (change.new, change.old) if one is not None]
    runs = change.words or (("same", sides[0].sentence.text),)
    return " ".join(f"{how[run][0]}{shown(text)}{how[run][1]}" for run, text in runs)


def _said(change: Change) -> Iterator[str]:
    """What the fact-check says of the sentence: from what to what, or as it is where there is one side only."""
    if change.old is not None and change.new is not None:
        for effect in change.effects:
            yield f"{effect.what}: {_shown(effect, effect.old)} → {_shown(effect, effect.new)}"
        if "verdict" not in {effect.what for effect in change.effects}:
            yield f"verdict: {_verdict(change.new)}, as before"
        return
    for side in (change.old, change.new):
        if side is not None:
            flags = ", ".join(sorted({flag.flag.replace("_", " ") for flag in side.flags}))
            yield f"verdict: {_verdict(side)}{f'; flags: {flags}' if flags else ''}"


def _shown(effect: Effect, value: Any) -> str:
    if effect.what == "verdict":
        return marks.VERDICT_WORDS.get(value, "not checkable")
    if effect.what == "flags":
        return ", ".join(value).replace("_", " ") or "none"
    if effect.what == "evidence":
        return "; ".join(value) or "none"
    return str(value) if value is not None else "none"


def _verdict(checked: CheckedSentence) -> str:
    suggested = " (suggestion)" if checked.checkable and checked.basis in {"suggested", "none"} else ""
    return f"{marks.VERDICT_WORDS[checked.verdict] if checked.verdict else 'not checkable'}{suggested}"


def _balance(found: Diff, data: TopicData) -> Iterator[str]:
    texts = {concept.id: concept.text for concept in data.balance}
    said = {True: "said", False: "not said", None: "not called for"}
    for one in found.balance:
        yield f"{texts.get(one.concept, one.concept)}: {said[one.old]} → {said[one.new]}"


def _wrapped(line: str) -> str:
    return textwrap.fill(line, _WIDTH, subsequent_indent="    ", break_long_words=False)


def _printable(line: str) -> str:
    """Without control characters, which a document could use to move the reader's cursor."""
    return "".join(letter for letter in line if letter == "\n" or (letter >= " " and letter != "\x7f"))
