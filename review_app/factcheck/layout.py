"""Builds a document's plain text block by block, so that every offset is known as the text is written."""

from review_app.factcheck.model import Block, SourceText

_BETWEEN = "\n\n"


class TooIntricate(ValueError):
    """A page nested more deeply, or made of more elements, than any person writes."""


class Layout:
    """Collects blocks in reading order; a list remembers the block that introduces it."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._blocks: list[Block] = []
        self._lead_ins: list[int | None] = []

    def open_list(self) -> None:
        last = self._blocks[-1] if self._blocks else None
        introduces = last is not None and last.kind in {"paragraph", "heading", "list_item"}
        self._lead_ins.append(len(self._blocks) - 1 if introduces else None)

    def close_list(self) -> None:
        if self._lead_ins:
            self._lead_ins.pop()

    def add(self, words: str, kind: str) -> None:
        """One block; runs of white space become one space, and nothing is added for an empty one."""
        words = " ".join(words.split())
        if not words:
            return
        start = self._blocks[-1].end + len(_BETWEEN) if self._blocks else 0
        lead_in = self._lead_ins[-1] if kind == "list_item" and self._lead_ins else None
        self._words.append(words)
        self._blocks.append(Block(start, start + len(words), kind, lead_in))

    def __len__(self) -> int:
        return len(self._blocks)

    def words_from(self, first: int) -> tuple[str, ...]:
        """The words of each block from number `first` on."""
        return tuple(self._words[first:])

    def join_from(self, first: int, kind: str) -> None:
        """The blocks from number `first` on become one, of this kind, as a reader takes them in one glance."""
        words = self.words_from(first)
        del self._words[first:], self._blocks[first:]
        self.add(" ".join(words), kind)

    def document(self, title: str | None) -> SourceText:
        return SourceText(_BETWEEN.join(self._words), title, tuple(self._blocks))
