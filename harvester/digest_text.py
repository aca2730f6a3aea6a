"""A digest as Markdown, as a web page made of it, and as an Atom feed (RFC 4287)."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any
from xml.etree import ElementTree

from markdown_it import MarkdownIt

from db.differing import Marked, differing
from harvester.digest import Change, Digest, number_of

ATOM = "http://www.w3.org/2005/Atom"
NO_APPROVAL = "Footnote gives evidence to people who decide. It approves nothing by itself."
_MARKUP = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]<>#|~!&"})
_STYLE = (
    "body{font:17px/1.5 Georgia,serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#1f2328;background:#fff}"
    "blockquote{margin:.5rem 0;padding-left:1rem;border-left:3px solid #d0d7de}s{color:#cf222e}"
    "blockquote strong{color:#1a7f37}h3{margin-bottom:.2rem}"
    "@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}s{color:#f85149}"
    "blockquote strong{color:#3fb950}a{color:#58a6ff}}"
)
_CONTENT = "default-src 'none'; style-src 'unsafe-inline'"


def markdown(digest: Digest, *, address: str) -> str:
    """`address` is where people reach the app."""
    return "\n".join([*_head(digest), *_changes(digest, address), *_foot(digest)]) + "\n"


def html(digest: Digest, *, address: str) -> str:
    """One page that loads nothing and runs nothing."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_CONTENT}">'
        f"<title>{_plain(title(digest))}</title><style>{_STYLE}</style></head>"
        f"<body>{_rendered(markdown(digest, address=address))}</body></html>\n"
    )


def atom(digest: Digest, *, address: str) -> str:
    """The night as an entry, and an entry for each change."""
    feed = ElementTree.Element("feed", xmlns=ATOM)
    ended = digest.run.finished_at or digest.run.started_at
    _add(feed, "id", f"{address}/alerts")
    _add(feed, "title", f"Footnote: {digest.topic}")
    _add(feed, "updated", ended.isoformat())
    _add(_add(feed, "author"), "name", "Footnote")
    night = "\n".join([*_head(digest), *_foot(digest)])
    _entry(feed, title(digest), f"{address}/alerts?night={digest.run.id}", ended, night)
    for change in digest.changes:
        _entry(feed, change.summary, _link(address, change), change.at, "\n".join(_told(change, address)))
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(feed, encoding="unicode") + "\n"


def title(digest: Digest) -> str:
    number = len(digest.changes) + digest.more
    what = f"{number_of(number, 'change')} to look at" if number else "nothing to look at"
    state = "" if digest.run.status == "complete" else f", the night is {digest.run.status.value}"
    return f"Footnote, {digest.run.started_at:%Y-%m-%d}: {what}{state}"


def _head(digest: Digest) -> Iterator[str]:
    run = digest.run
    yield f"# {escaped(title(digest))}"
    yield ""
    yield f"{escaped(digest.topic)}: {digest.articles:,} articles, {run.new:,} new, {run.changed:,} changed."
    if digest.still_open:
        yield f"{number_of(digest.still_open, 'earlier change')} to answer."
    if digest.concerned:
        yield ""
        yield "What is affected, and whose it is:"
        yield ""
        yield from (f"- **{escaped(who)}**: {escaped(what)}" for who, what in digest.concerned)
    if run.message:
        yield ""
        yield f"**{escaped(run.message)}**"
    yield ""


def _changes(digest: Digest, address: str) -> Iterator[str]:
    for number, change in enumerate(digest.changes, 1):
        yield f"## {number}. {escaped(change.summary)}"
        yield ""
        yield from _told(change, address)
    if digest.more:
        yield f"**And {number_of(digest.more, 'more change')}**, which [Footnote]({address}/alerts) shows."
        yield ""


def _told(change: Change, address: str) -> Iterator[str]:
    if change.article:
        yield f"*{escaped(change.article)}*"
        yield ""
    for before, after in change.passages:
        yield from _passage(before, after)
    if change.rests_on:
        yield "What rests on it:"
        yield ""
        yield from ("  " * depth + f"- {escaped(line)}" for depth, line in change.rests_on)
        yield ""
    yield f"For {escaped(', '.join(change.whom))}. [Answer it in Footnote]({_link(address, change)})"
    yield ""


def _passage(before: str, after: str) -> Iterator[str]:
    old, new = differing(before, after)
    if before:
        yield f"> Before: {_emphasised(old, '~~')}"
        yield ">"
    yield f"> Now: {_emphasised(new, '**')}" if after else "> Now: this stands there no longer."
    yield ""


def _foot(digest: Digest) -> Iterator[str]:
    if digest.sources:
        yield "## What was checked"
        yield ""
        for source in digest.sources:
            told = f": {source['message']}" if source["message"] else ""
            yield f"- {escaped(source['source'])}: {_state(source)}{escaped(told)}"
        yield ""
    yield f"{NO_APPROVAL} The audit trail has {digest.head.count:,} events; the last is {digest.head.hash[:16]}."


def _state(source: Mapping[str, Any]) -> str:
    if source["state"] == "checked":
        return f"{source['checked']:,} asked, {source['changed']:,} changed"
    return "nothing new since it was read last" if source["state"] == "unchanged" else "could not be checked"


def _emphasised(text: Marked, sign: str) -> str:
    """Whole words are marked: Markdown takes a sign within a word, or beside a stop, for itself."""
    letters = [(letter, differs) for run, differs in text for letter in run]
    words = [
        ("".join(letter for letter, _ in word), any(differs for _, differs in word))
        for is_space, group in groupby(letters, lambda each: each[0].isspace())
        if (word := list(group)) and not is_space
    ]
    runs = groupby(words, lambda word: word[1])
    said = [(escaped(" ".join(word for word, _ in group)), differs) for differs, group in runs]
    return " ".join(f"{sign}{run}{sign}" if differs else run for run, differs in said)


def escaped(text: str) -> str:
    """Text that Markdown leaves as it is, in one line."""
    return " ".join(text.split()).translate(_MARKUP)


def _link(address: str, change: Change) -> str:
    return f"{address}/alerts?alert={change.alert_id}"


def _entry(feed: ElementTree.Element, heading: str, link: str, at: datetime, text: str) -> None:
    entry = _add(feed, "entry")
    _add(entry, "id", link)
    _add(entry, "title", heading)
    _add(entry, "updated", at.isoformat())
    _add(entry, "link", href=link)
    _add(entry, "content", _rendered(text), type="html")


def _add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name, attributes)
    element.text = text
    return element


def _rendered(text: str) -> str:
    render: Callable[[str], str] = MarkdownIt("commonmark", {"html": False}).enable("strikethrough").render
    return render(text)


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
