"""An abstract as marked sentences, and back: which words of which section a chosen sentence is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from review_app.components.marked_text.sentences import Highlight, MarkedSentence
from review_app.factcheck.sentences import split


@dataclass(frozen=True, slots=True)
class AbstractPart:
    """A section of an abstract. `highlights` are offsets (code points) into this section's text."""

    label: str | None
    text: str
    highlights: tuple[Highlight, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sentence stands: section (counted from 0), offsets into that section's text, and the words there."""

    section: int
    start: int
    end: int
    text: str


def places(parts: Sequence[AbstractPart]) -> tuple[Place, ...]:
    """The sentences of the abstract in order; the index of each is its id in `abstract_sentences`."""
    return tuple(
        Place(number, start, end, part.text[start:end])
        for number, part in enumerate(parts)
        for start, end in split(part.text)
    )


def abstract_sentences(parts: Sequence[AbstractPart], *, selectable: bool = True) -> list[MarkedSentence]:
    """The abstract for `marked_text(style="abstract")`: a block for each section, labels above it."""
    return [
        MarkedSentence(
            id=number,
            text=place.text,
            block=place.section,
            section=parts[place.section].label,
            highlights=tuple(_inside(parts[place.section].highlights, place)),
            selectable=selectable,
        )
        for number, place in enumerate(places(parts))
    ]


def _inside(highlights: Sequence[Highlight], place: Place) -> Iterator[Highlight]:
    """The highlights that fall into the sentence, cut at its edges and counted from its beginning."""
    for highlight in highlights:
        start, end = max(highlight.start, place.start), min(highlight.end, place.end)
        if start < end:
            yield Highlight(start - place.start, end - place.start, highlight.kind, highlight.note)
