"""Sentences with their marks, and the plain data that the browser draws them from. No Streamlit here."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

from review_app.components.marks import STANDINGS, VERDICTS, spoken
from review_app.factcheck.model import Basis, Standing, Verdict

BlockKind = Literal["paragraph", "heading", "list_item", "quote", "table_cell", "code"]
HighlightKind = Literal["term", "include", "exclude", "suggestion", "differing", "flag", "quote"]
Style = Literal["copy", "abstract"]


@dataclass(frozen=True, slots=True)
class Highlight:
    """Words inside a sentence: `start` and `end` are offsets (code points) into the sentence's text.

    `term`, `include` and `exclude` are words to look out for, `suggestion` the words a suggested tag came from,
    `differing` words that differ from a claim, `flag` words a rule speaks about, `quote` a quote attached here. `note`
    shows on hover.
    """

    start: int
    end: int
    kind: HighlightKind
    note: str = ""


@dataclass(frozen=True, slots=True)
class MarkedSentence:
    """One sentence as the reader sees it. Sentences of the same `block` (a number) stand in one paragraph.

    `section` is the label of an abstract's section, drawn above the block that it begins. A sentence that is not
    `selectable` is text and nothing more.
    """

    id: int
    text: str
    block: int = 0
    kind: BlockKind = "paragraph"
    section: str | None = None
    verdict: Verdict | None = None
    basis: Basis = "none"
    standing: Standing = "current"
    highlights: tuple[Highlight, ...] = ()
    selectable: bool = True


def runs(sentence: MarkedSentence) -> list[dict[str, object]]:
    """The sentence cut where a highlight begins or ends; highlights may overlap.

    Raises ValueError when a highlight lies outside the sentence.
    """
    cuts = {0, len(sentence.text)}
    for highlight in sentence.highlights:
        if not 0 <= highlight.start < highlight.end <= len(sentence.text):
            length = len(sentence.text)
            raise ValueError(f"sentence {sentence.id}: {highlight} lies outside its {length} characters")
        cuts |= {highlight.start, highlight.end}
    edges = sorted(cuts)
    return [_run(sentence, start, end) for start, end in pairwise(edges)]


def _run(sentence: MarkedSentence, start: int, end: int) -> dict[str, object]:
    over = [h for h in sentence.highlights if h.start <= start and end <= h.end]
    return {
        "text": sentence.text[start:end],
        "kinds": sorted({h.kind for h in over}),
        "note": " · ".join(h.note for h in over if h.note),
    }


def _drawn(sentence: MarkedSentence) -> dict[str, object]:
    mark = VERDICTS[sentence.verdict] if sentence.verdict else None
    signs = (STANDINGS[sentence.standing][0], mark.sign if mark else "")
    return {
        "id": sentence.id,
        "runs": runs(sentence),
        "verdict": sentence.verdict,
        "basis": sentence.basis,
        "line": mark.line if mark else "none",
        "sign": " ".join(sign for sign in signs if sign),
        "spoken": spoken(sentence.verdict, sentence.basis, sentence.standing),
        "selectable": sentence.selectable,
    }


def blocks(sentences: Sequence[MarkedSentence]) -> list[dict[str, object]]:
    """The blocks in order, each with its kind, its section label and its sentences, as plain data for the browser.

    Raises ValueError when two sentences have one id.
    """
    ids = [sentence.id for sentence in sentences]
    if len(set(ids)) != len(ids):
        raise ValueError("two sentences have the same id")
    drawn: list[dict[str, object]] = []
    for _, group in groupby(sentences, key=lambda sentence: sentence.block):
        together = list(group)
        first = together[0]
        drawn.append({"kind": first.kind, "section": first.section, "sentences": [_drawn(s) for s in together]})
    return drawn
