"""The title and abstract as one plain text with its sentences, from which every word can be traced back."""

import re
import tomllib
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from review_app.tagging.model import Basis, StudyText

_END = re.compile(r"[.!?][)\]\"”’]?(?=\s+[^\s])|[.!?](?=[A-Z][a-z]+(?: [a-z]+)?:)")
_NEVER_ENDS = re.compile(
    r"(?:\b(?:vs|cf|ca|e\.g|i\.e|al|approx|no|fig|figs|dr|mr|mrs|ms|st|resp|incl|[a-z](?:\.[a-z])*)|\d{1,2})\.$"
)


class _PlainLetters(dict[int, str]):
    """One sign in, one sign out, so that offsets into the plain text are offsets into the original."""

    def __missing__(self, codepoint: int) -> str:
        sign = chr(codepoint)
        base = unicodedata.normalize("NFKD", sign)[:1] if sign.isalpha() else sign
        plain = base.lower()
        if len(plain) != 1:
            plain = sign
        if sign.isspace() or unicodedata.category(sign) == "Pd" or sign == "−":
            plain = " "
        self[codepoint] = plain
        return plain


_PLAIN = _PlainLetters({ord("’"): "'", ord("‘"): "'", ord("·"): ".", ord("-"): " ", ord("\n"): " "})


def plain(text: str) -> str:
    """Lower case, no accents, every dash and space a space; as long as what came in."""
    return text.translate(_PLAIN)


@cache
def data(name: str) -> dict[str, Any]:
    return tomllib.loads((files("review_app.tagging") / "data" / name).read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Sentence:
    start: int
    end: int
    role: str  # title, background, aim, methods, results, conclusions or notes
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A span of the joined text, and what it was recognised as."""

    start: int
    end: int
    term: str


@dataclass(frozen=True, slots=True)
class Passages:
    """`text` is plain (see `plain`), `original` the same signs as written; parts are parted by a line feed."""

    original: str
    text: str
    parts: tuple[int, ...]
    sentences: tuple[Sentence, ...]
    starts: tuple[int, ...]

    def sentence_at(self, offset: int) -> Sentence:
        return self.sentences[max(bisect_right(self.starts, offset) - 1, 0)]

    def role_at(self, offset: int) -> str:
        return self.sentence_at(offset).role

    def basis(self, start: int, end: int) -> Basis:
        part = bisect_right(self.parts, start) - 1
        base = self.parts[part]
        words = self.original[start:end]
        if part == 0:
            return Basis("title", words, None, start, end)
        return Basis("abstract", words, part - 1, start - base, end - base)

    def text_of(self, *roles: str) -> tuple[Sentence, ...]:
        return tuple(s for s in self.sentences if s.role in roles)


@cache
def _labels() -> tuple[tuple[str, str], ...]:
    return tuple((word, role) for role, words in data("sections.toml")["labels"].items() for word in words)


@cache
def _cues() -> tuple[tuple[str, re.Pattern[str]], ...]:
    cues = data("sections.toml")["cues"]
    return tuple(
        (role, re.compile("|".join(cues[role]))) for role in ("notes", "conclusions", "aim", "results", "methods")
    )


@cache
def _inline_label() -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z])(?:{'|'.join(data('sections.toml')['inline_labels'])}) ?:")


def role_of_label(label: str) -> str | None:
    """The role an abstract section's label gives its sentences, None for a label that says nothing."""
    low = plain(label)
    return next((role for word, role in _labels() if word in low), None)


def read(study: StudyText) -> Passages:
    pieces = [study.title, *(text for _, text in study.sections)]
    original = "\n".join(pieces)
    text = "\n".join(plain(piece) for piece in pieces)
    parts: list[int] = []
    offset = 0
    for piece in pieces:
        parts.append(offset)
        offset += len(piece) + 1
    sentences = [Sentence(0, len(study.title), "title", text[: len(study.title)])]
    for (label, body), base in zip(study.sections, parts[1:], strict=True):
        sentences += _section(label, body, base, text)
    return Passages(original, text, tuple(parts), tuple(sentences), tuple(s.start for s in sentences))


def _section(label: str | None, body: str, base: int, text: str) -> list[Sentence]:
    labelled = role_of_label(label) if label else None
    role = labelled
    out: list[Sentence] = []
    for start, end in _spans(body):
        inline = _inline_label().match(body, start, end)
        if inline:
            role = role_of_label(inline.group()) or role
        words = text[base + start : base + end]
        aim = role == "background" and _spoken_role(words) == "aim"
        out.append(Sentence(base + start, base + end, "aim" if aim else role or "", words))
    return out if labelled else _with_roles(out)


def _with_roles(sentences: list[Sentence]) -> list[Sentence]:
    """An abstract without labels: told apart by how its sentences speak; before the aim all is background."""
    found = [s.role or _spoken_role(s.text) for s in sentences]
    first = next((i for i, role in enumerate(found) if role in ("aim", "methods", "results")), len(found))
    reached = "aim"
    out = []
    for number, (sentence, role) in enumerate(zip(sentences, found, strict=True)):
        if role == "conclusions" and number < len(found) / 2 and not sentence.role:
            reached = "aim"
        elif role:
            reached = role
        elif number < first < len(found):
            reached = "background"
        else:
            reached = "results" if reached == "results" else "methods"
        out.append(Sentence(sentence.start, sentence.end, reached, sentence.text))
    return out


def _spoken_role(words: str) -> str:
    return next((role for role, cue in _cues() if cue.search(words)), "")


def _spans(body: str) -> list[tuple[int, int]]:
    cuts = {m.start() for m in _inline_label().finditer(body)}
    for stop in _END.finditer(body):
        head = body[max(0, stop.start() - 12) : stop.start() + 1].lower()
        following = body[stop.end() :].lstrip()[:1]
        if not _NEVER_ENDS.search(head) or (head[-2:-1].isdigit() and not following.islower()):
            cuts.add(stop.end())
    edges = [0, *sorted(cuts), len(body)]
    spans = []
    for start, end in pairwise(edges):
        lead = len(body[start:end]) - len(body[start:end].lstrip())
        if body[start:end].strip():
            spans.append((start + lead, end))
    return spans
