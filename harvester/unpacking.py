"""The body of an answer without its gzip, piece by piece."""

import zlib
from collections.abc import Iterable, Iterator

from harvester.errors import Retry

PIECE = 1 << 16


def unpacked(chunks: Iterable[bytes], encoding: str, *, whole: bool = True) -> Iterator[bytes]:
    """httpx itself does not notice when the gzip was cut short, which only matters where the `whole` is wanted.

    Raises `Retry` for one that is cut short, damaged, or packed in a way that nobody asked for.
    """
    if encoding.strip().lower() in {"", "identity"}:
        yield from chunks
        return
    if encoding.strip().lower() not in {"gzip", "x-gzip"}:
        raise Retry(f"the answer is packed as {encoding}, which was not asked for")
    unpacker = None
    for packed in chunks:
        rest = packed
        while rest:
            if unpacker is None or unpacker.eof:
                unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
            try:
                yield unpacker.decompress(rest, PIECE)
            except zlib.error:
                raise Retry("the gzip of the answer is damaged", heavy=True) from None
            rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    if unpacker is not None:
        yield unpacker.flush()
    if whole and (unpacker is None or not unpacker.eof):
        raise Retry("the gzip of the answer was cut short", heavy=True)
