"""Builds a document's plain text block by block, so that every offset is known as the text is written."""

from review_app.factcheck.model import Block, SourceText


class TooIntricate(ValueError):
    """A page nested more deeply, or made of more elements, than any person writes."""


class Layout:
    """Collects blocks in reading order; a list remembers the block that introduces it."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
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
        if self._pieces:
            self._write("\n\n")
        start = self._length
        self._write(words)
        lead_in = self._lead_ins[-1] if kind == "list_item" and self._lead_ins else None
        self._blocks.append(Block(start, self._length, kind, lead_in))

    def document(self, title: str | None) -> SourceText:
        return SourceText("".join(self._pieces), title, tuple(self._blocks))

    def _write(self, piece: str) -> None:
        self._pieces.append(piece)
        self._length += len(piece)
