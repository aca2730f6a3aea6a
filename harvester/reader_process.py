"""A process that reads ahead of the one that writes, a few batches at most."""

import multiprocessing
import pickle
import threading
from collections.abc import Iterator, Sequence
from itertools import chain
from multiprocessing.connection import Connection
from queue import Queue
from types import TracebackType
from typing import Self

from harvester.baseline_files import BaselineFile
from harvester.baseline_reader import Batch, Broke, Choice, Unusable, answers, read_files

AHEAD = 4


class ReaderDied(RuntimeError):
    """The message says how."""


class ReaderProcess:
    """Reads these files, each from behind as many records. Leaving it ends the process, whatever it does."""

    def __init__(self, files: Sequence[tuple[BaselineFile, int]], choice: Choice) -> None:
        # Not a fork: a copy of this process would share its database connections.
        context = multiprocessing.get_context("spawn")
        self.pipe, self.theirs = context.Pipe(duplex=False)
        self.process = context.Process(target=read_files, args=(self.theirs, files, choice), daemon=True)
        self.queue: Queue[bytes | None] = Queue(AHEAD)
        self.listener = threading.Thread(target=_listen, args=(self.pipe, self.queue), daemon=True)

    def __enter__(self) -> Self:
        self.process.start()
        self.theirs.close()  # so that the pipe ends when the process does
        self.listener.start()
        return self

    def answers(self) -> Iterator[Batch | Unusable]:
        """What the process has to say, in order. Raises `ReaderDied` when it ended before it was through."""
        while (packed := self.queue.get()) is not None:
            # Our own process wrote it.
            answer: Batch | Unusable | Broke = pickle.loads(packed)  # noqa: S301
            if isinstance(answer, Broke):
                raise ReaderDied(answer.reason)
            yield answer
        self.queue.put(None)
        self.process.join()
        if code := self.process.exitcode:
            raise ReaderDied(f"it was ended by signal {-code}" if code < 0 else f"it ended with code {code}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        while self.queue.get() is not None:  # the listener may wait for room
            pass
        self.process.join()
        self.listener.join()
        self.pipe.close()
        self.process.close()


class ReadHere:
    """The same in this process, for what is too little to begin another one for."""

    def __init__(self, files: Sequence[tuple[BaselineFile, int]], choice: Choice) -> None:
        self.files, self.choice = files, choice

    def __enter__(self) -> Self:
        return self

    def answers(self) -> Iterator[Batch | Unusable]:
        return chain.from_iterable(answers(file, skip, self.choice) for file, skip in self.files)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return


def _listen(pipe: Connection, queue: "Queue[bytes | None]") -> None:
    try:
        while True:
            queue.put(pipe.recv_bytes())
    except (EOFError, OSError):
        queue.put(None)
