"""The records of the files given, by PMID, each with the exact bytes it has in its file."""

import gzip
import mmap
import multiprocessing
import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.parsers.expat import ExpatError

from eutils_server.record import Fields, Record, read_fields, record_of

OPEN = re.compile(rb"<(PubmedArticle|PubmedBookArticle)(?=[\s>])")
CLOSE = {name: re.compile(rb"</" + name + rb"\s*>") for name in (b"PubmedArticle", b"PubmedBookArticle")}
DELETED = re.compile(rb"<DeleteCitation>(.*?)</DeleteCitation>", re.DOTALL)
COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
Place = tuple[int, int]
WORTH_A_PROCESS, A_CHUNK = 5_000, 500
ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']+)")


mine: list["Reader"] = []  # the one of a process that reads for another


class UnreadableFile(Exception):
    """The message names the file and what is wrong with it."""


class Corpus:
    """Records by PMID; never changed once it is made, so that what was found in it may be remembered."""

    def __init__(self, records: Mapping[int, Record]) -> None:
        self.records = dict(sorted(records.items()))
        self.everything = frozenset(self.records)
        self.found: dict[tuple[str, ...], frozenset[int]] = {}
        self.citing: Mapping[int, list[int]] | None = None
        self.dois: Mapping[str, int] | None = None

    def without(self, pmids: Iterable[int]) -> "Corpus":
        gone = frozenset(pmids)
        return Corpus({pmid: record for pmid, record in self.records.items() if pmid not in gone})


def load(paths: Iterable[Path]) -> Corpus:
    """Files in the order given: a later file wins, within a file the higher PMID version, then the later record.

    Files are PubMed XML in UTF-8, plain or gzipped. `DeleteCitation` removes what was loaded before.
    """
    records: dict[int, Record] = {}
    for path in paths:
        mine, deleted = read_file(path)
        records |= mine
        for pmid in deleted:
            records.pop(pmid, None)
    return Corpus(records)


def read_file(path: Path) -> tuple[dict[int, Record], list[int]]:
    try:
        data = contents_of(path)
    except (OSError, EOFError) as error:
        raise UnreadableFile(f"{path}: {error}") from error
    declared = ENCODING.match(data[:200].lstrip(b"\xef\xbb\xbf"))
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"):
        raise UnreadableFile(f"{path}: encoding {declared[1].decode()}, expected UTF-8")
    # A record inside a comment is no record; outside of records comments go, inside they stay as they are.
    if data.find(b"<!--") >= 0:
        data = COMMENT.sub(lambda found: b"" if OPEN.search(found[0]) else found[0], data)
    records: dict[int, Record] = {}
    frame, at = [], 0
    places = list(elements(data))
    for (start, end), fields in zip(places, fields_at(path, data, places), strict=True):
        frame.append(data[at:start])
        at = end
        record = record_of(data[start:end], fields)
        known = records.get(record.pmid)
        if known is None or record.version >= known.version:
            records[record.pmid] = record
    around = b"".join([*frame, data[at:]])
    try:
        ET.fromstring(around)
    except ET.ParseError as error:
        raise UnreadableFile(f"{path}: not well-formed around its records: {error}") from error
    deleted = [int(pmid) for block in DELETED.findall(around) for pmid in re.findall(rb">\s*(\d+)\s*</PMID>", block)]
    if not records and not deleted and b"<PubmedArticleSet" not in around:
        raise UnreadableFile(f"{path}: no PubMed record in it")
    return records, deleted


def contents_of(path: Path) -> bytes | mmap.mmap:
    """A plain file is mapped: a load test's need not be in memory twice."""
    with path.open("rb") as file:
        start = file.read(2)
        if start == b"\x1f\x8b":
            return gzip.decompress(start + file.read())
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if start else b""


def elements(data: bytes | mmap.mmap) -> Iterator[Place]:
    """Start and end of every record; cut piece by piece, as one pattern would take minutes for a large file."""
    at = 0
    while opening := OPEN.search(data, at):
        closing = CLOSE[opening[1]].search(data, opening.end())
        if closing is None:
            return
        at = closing.end()
        yield opening.start(), at


def fields_at(path: Path, data: bytes | mmap.mmap, places: Sequence[Place]) -> Iterator[Fields]:
    """In the order of the places; of a large file by as many processes as there are cores."""
    cores = os.cpu_count() or 1
    if len(places) < WORTH_A_PROCESS or cores < 2:
        yield from Reader(path, data).fields(places)
        return
    chunks = [places[at : at + A_CHUNK] for at in range(0, len(places), A_CHUNK)]
    # Forked, the processes see the data where it is; there is no thread yet that a fork could leave behind.
    with multiprocessing.get_context("fork").Pool(cores, begin, (Reader(path, data),)) as pool:
        for chunk in pool.imap(read_chunk, chunks):
            yield from chunk


@dataclass(frozen=True, slots=True)
class Reader:
    path: Path
    data: bytes | mmap.mmap

    def fields(self, places: Iterable[Place]) -> Iterator[Fields]:
        for start, end in places:
            try:
                yield read_fields(self.data[start:end])
            except (SyntaxError, ValueError, ExpatError) as error:
                raise UnreadableFile(f"{self.path}: record at byte {start}: {error}") from error


def begin(reader: Reader) -> None:
    mine[:] = [reader]


def read_chunk(places: Sequence[Place]) -> list[Fields]:
    return [fields for reader in mine for fields in reader.fields(places)]
