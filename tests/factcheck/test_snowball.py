import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from review_app.factcheck import snowball

STARTS = ("effect", "respond", "antidepress", "hospital")
WORDS = [start + end for start in STARTS for end in ("iveness", "ational")]


@pytest.fixture
def eager_threads() -> Iterator[None]:
    """Threads that take turns after every few instructions."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("eager_threads")
def test_words_that_several_people_check_at_once_get_the_stems_that_they_get_alone() -> None:
    started = Barrier(4)

    def stemmed(_: int) -> list[str]:
        started.wait()
        return [snowball.stem.__wrapped__(word) for _ in range(40) for word in WORDS]

    with ThreadPoolExecutor(4) as threads:
        at_once = list(threads.map(stemmed, range(4)))
    assert at_once == [[snowball.stem(word) for word in WORDS] * 40] * 4
