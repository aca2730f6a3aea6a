"""A document's sentences as the rules read them: folded, with the signals of their own words and of their place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from review_app.factcheck.folding import Folded, fold
from review_app.factcheck.model import Sentence, SourceText
from review_app.factcheck.sentences import sentences
from review_app.factcheck.signals import Signals, read
from review_app.factcheck.topic_data import TopicData

# A document is about a product when it is named this often, counting headings.
_NAMED_OFTEN = 2
# Copy that names ketamine this many times as often as esketamine means ketamine where it names neither.
_MOSTLY = 3
# How many sentences back `it` and `this` may point.
_REACH = 3
_PRODUCTS = ("ketamine", "esketamine")
_NAMED = (*_PRODUCTS, "conventional", "other")


@dataclass(frozen=True, slots=True)
class Reading:
    """`in_context` is the folded text with the lead-in of a list item before it; `heading` the one it stands under."""

    sentence: Sentence
    signals: Signals
    in_context: str
    heading: str | None

    @property
    def folded(self) -> Folded:
        return self.signals.folded

    def span(self, name: str) -> tuple[int, int] | None:
        """Offsets into the document of the words that gave a signal."""
        found = self.signals.span(name)
        return self.offsets(*found) if found is not None else None

    def offsets(self, start: int, end: int) -> tuple[int, int]:
        own_start, own_end = self.folded.span(start, end)
        return self.sentence.start + own_start, self.sentence.start + own_end


def readings(document: SourceText, data: TopicData) -> tuple[Reading, ...]:
    found = sentences(document)
    own = [read(fold(sentence.text), data.signals) for sentence in found]
    about = _document_signals(own)
    last_of_block = {sentence.block: number for number, sentence in enumerate(found)}
    heading: str | None = None
    result = []
    for number, (sentence, signals) in enumerate(zip(found, own, strict=True)):
        lead_in = _lead_in(document, sentence, last_of_block)
        names = {f"kind.{sentence.kind}", *about, *_neighbours(own, found, number)}
        context = signals.folded.text
        if lead_in is not None:
            names |= {f"lead.{name}" for name in own[lead_in].spans} | {"lead.any"}
            names |= {name for name in own[lead_in].spans if name.startswith(("drug.", "condition.", "route."))}
            context = f"{own[lead_in].folded.text} {context}"
        carried = _carried(own, found, number)
        names |= carried | (_molecule(signals, about) if "carried.esketamine" not in carried else set())
        if len(signals.folded.text.split()) <= 3:
            names.add("short")
        result.append(Reading(sentence, signals.adding(names), context, heading))
        if sentence.kind == "heading":
            heading = signals.folded.text
    return tuple(result)


def with_names(reading: Reading, names: Sequence[str]) -> Reading:
    return replace(reading, signals=reading.signals.adding(names))


def _lead_in(document: SourceText, sentence: Sentence, last_of_block: dict[int, int]) -> int | None:
    block = document.blocks[sentence.block].lead_in
    return last_of_block.get(block) if block is not None else None


def _document_signals(own: Sequence[Signals]) -> set[str]:
    names: set[str] = set()
    for drug in ("ketamine", "esketamine", "any"):
        if sum(f"drug.{drug}" in signals for signals in own) >= min(_NAMED_OFTEN, len(own)):
            names.add(f"document.{drug}")
    racemic, esketamine = (sum(f"drug.{drug}" in signals for signals in own) for drug in ("ketamine", "esketamine"))
    if "document.ketamine" in names and racemic >= _MOSTLY * esketamine:
        names.add("document.mostly_ketamine")
    return names


def _neighbours(own: Sequence[Signals], found: Sequence[Sentence], number: int) -> set[str]:
    near = range(max(0, number - 1), min(len(own), number + 2))
    return {
        f"neighbour.{name}"
        for index in near
        if index == number or found[index].kind != "heading"
        for name in own[index].spans
    }


def _carried(own: Sequence[Signals], found: Sequence[Sentence], number: int) -> set[str]:
    """`carried.<drug>`: a sentence that names no drug and points back speaks of the one last named under its heading.

    What stands at the head of a sentence is what the next ones speak of (Grosz 1995, centering).
    """
    if "drug.any" in own[number] or "refers.back" not in own[number]:
        return set()
    for index in range(number - 1, max(number - 1 - _REACH, -1), -1):
        if found[index].kind == "heading":
            return set()
        named = [drug for drug in _NAMED if f"drug.{drug}" in own[index]]
        if named:
            span = own[index].span(f"drug.{named[0]}")
            leads = span is not None and span[0] < len(own[index].folded.text) / 2
            return {f"carried.{named[0]}"} if leads and len(named) == 1 and named[0] in _PRODUCTS else set()
    return set()


def _molecule(signals: Signals, about: set[str]) -> set[str]:
    """Whether the sentence speaks of racemic ketamine, by name or because the document does.

    `unnamed.ketamine`: it names neither product, in a document that is mostly about ketamine.
    """
    if "drug.ketamine" in signals and "drug.esketamine" not in signals:
        return {"racemic"}
    if "drug.any" in signals or "document.mostly_ketamine" not in about:
        return set()
    return {"unnamed.ketamine"} if "document.esketamine" in about else {"racemic", "unnamed.ketamine"}
