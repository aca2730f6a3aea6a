"""The process that reads baseline files: it unpacks, parses, chooses and makes ready, while another one writes.

Batches end at places that depend on the file alone and on which of
its records are kept, so that a load that was killed goes on at the same places.
"""

import gc
import pickle
import signal
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection
from typing import NamedTuple

from isal import igzip, isal_zlib

from harvester.baseline_files import BaselineFile
from harvester.not_pubmed import NotPubMedXml, one_line
from harvester.parsed import Deleted, Parsed, Rejected
from harvester.prepared import Prepared, prepare
from harvester.pubmed_xml import read_records
from harvester.topic_filter import TopicFilter

# About a twentieth of a second to write: nobody who saves has to wait longer.
BATCH = 300
# Of records that nobody keeps a batch may pass over more, and of very long ones it holds fewer.
LONGEST = 5_000
HEAVIEST = 4_000_000


class Batch(NamedTuple):
    """`read` counts the records of the file up to here; `deleted` were withdrawn after these.

    `others` are in the library and not, or no longer, of the topic.
    """

    read: int
    records: list[Prepared]
    others: list[Prepared]
    deleted: list[int]
    rejected: list[Rejected]
    last: bool


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why a file cannot be read (on)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Broke:
    """The reader itself failed: our mistake, in one line."""

    reason: str


@dataclass(slots=True)
class Choice:
    """What to keep: everything, or what a topic's filter wants and what the library has already, by PMID."""

    wanted: TopicFilter | None
    known: set[int]


def read_files(pipe: Connection, files: Sequence[tuple[BaselineFile, int]], choice: Choice) -> None:
    """The process: of each file, from behind as many records, pickled batches into the pipe until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other process hears it, and ends this one
    gc.disable()  # nothing here refers to itself; to look for it costs a twentieth
    with suppress(BrokenPipeError, ConnectionResetError):  # nobody listens any more
        try:
            for file, skip in files:
                for answer in answers(file, skip, choice):
                    pipe.send_bytes(pickle.dumps(answer, protocol=pickle.HIGHEST_PROTOCOL))
        except (BrokenPipeError, ConnectionResetError):
            raise
        except Exception as error:
            pipe.send_bytes(pickle.dumps(Broke(one_line(f"{type(error).__name__}: {error}"))))
            raise SystemExit(1) from error


def answers(file: BaselineFile, skip: int, choice: Choice) -> Iterator[Batch | Unusable]:
    """The batches of one file; `Unusable` is the last word where it cannot be read on."""
    try:
        if not file.is_whole():
            yield Unusable(f"its MD5 is not {file.md5}, as {file.name}.md5 says; fetch it again")
            return
        with igzip.open(file.path) as stream:
            yield from batches(islice(read_records(stream), skip, None), skip, choice)
    except (OSError, EOFError, isal_zlib.error, NotPubMedXml) as error:
        yield Unusable(f"{error}; fetch it again")


def batches(items: Iterator[Parsed], skip: int, choice: Choice) -> Iterator[Batch]:
    """The last batch is marked, and may be empty."""
    read, batch, weight = skip, Batch(skip, [], [], [], [], last=False), 0
    for item in items:
        # What is withdrawn and told again after it has to keep that order.
        if _is_full(batch, weight, read) or (batch.deleted and not isinstance(item, Deleted)):
            yield batch._replace(read=read)
            batch, weight = Batch(read, [], [], [], [], last=False), 0
        read += 1
        if isinstance(item, Deleted):
            batch.deleted.append(item.pmid)
        elif isinstance(item, Rejected):
            batch.rejected.append(item)
        else:
            topical = choice.wanted is None or choice.wanted.matches(item)
            if topical or item.pmid in choice.known:
                (batch.records if topical else batch.others).append(prepare(item))
                weight += len(item.raw or b"")
                if choice.wanted is not None and item.pmid is not None:
                    choice.known.add(item.pmid)
    yield batch._replace(read=read, last=True)


def _is_full(batch: Batch, weight: int, read: int) -> bool:
    kept = len(batch.records) + len(batch.others)
    return kept >= BATCH or len(batch.deleted) >= BATCH or weight >= HEAVIEST or read - batch.read >= LONGEST
