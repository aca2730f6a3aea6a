"""What a check of 1,500 words costs against 10,000 studies: the command, cold, and the engine, warm; and whether two
processes give the same bytes."""

import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from bench.invented_ketamine_studies import copy_sentences, sentences_besides, write
from bench.measured import Measured, fixed_work, measured

from db import config
from db.engine import reading
from db.types import Actor, Role
from review_app.factcheck.model import Claim
from review_app.services import checking
from review_app.services.library import open_library

STUDIES, WORDS = 10_000, 1_500
VIEWER = Actor(None, "bench", Role.READ_ONLY)


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else STUDIES
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'library.db'}"
        config.settings.cache_clear()
        loaded = command("harvester.cli", "import", str(write(folder / "studies.xml.gz", count)))
        one, other = documents(folder)
        first = command("review_app.cli", "check", str(one), "--format", "json", hash_seed=1)
        cold = [command("review_app.cli", "check", str(one), "--format", "json", hash_seed=seed) for seed in (2, 3)]
        warm, again = in_one_process(other, one)
    answers = {json.dumps(json.loads(each.said) | {"checked_at": ""}) for each in (first, *cold)}
    print("## A check of one document\n")
    print(f"{WORDS:,} invented words against {count:,} invented studies ({loaded.cpu:.0f} s CPU to import them).\n")
    print("| | CPU s | s of the clock |")
    print("|---|---|---|")
    print(_row("the command, on studies that nobody asked about before", first.cpu, first.wall))
    print(_row("the command, cold", *min((each.cpu, each.wall) for each in cold)))
    print(_row("the engine, warm: another document was checked before", *warm))
    print(_row("the engine, warm: the same document again", *again))
    same = "the same bytes, less `checked_at`" if len(answers) == 1 else f"**{len(answers)} different answers**"
    print(f"\nThree processes, each with another order of its sets: {same}.")
    print(f"Ten million additions in Python took {fixed_work():.2f} s CPU meanwhile.")
    return 0 if len(answers) == 1 else 1


def command(program: str, *arguments: str, hash_seed: int = 0) -> Measured:
    os.environ["PYTHONHASHSEED"] = str(hash_seed)
    done = measured([sys.executable, "-m", program, *arguments])
    if done.code:
        raise SystemExit(f"{program} failed with exit code {done.code}")
    return done


def in_one_process(before: Path, document: Path) -> tuple[tuple[float, float], tuple[float, float]]:
    """CPU and clock seconds of a check with the library open, after another document, and once more."""
    topic = config.settings().footnote_topic
    engine = open_library(config.settings().database_url, topic_id=topic)
    with reading(engine) as session:
        opened = checking.library(session, viewer=VIEWER, topic_id=topic)
        _, warm, again = (_checked(opened, path) for path in (before, document, document))
    engine.dispose()
    return warm, again


def _checked(opened: checking.OpenLibrary, path: Path) -> tuple[float, float]:
    document = checking.document_from(path.read_bytes(), name=path.name)
    cpu, clock = time.process_time(), time.perf_counter()
    checking.check_document(opened, document, source=path.name, profile="clinic")
    return time.process_time() - cpu, time.perf_counter() - clock


def documents(folder: Path) -> tuple[Path, Path]:
    """Two documents of equal length. Half of their words stand in claims, as in labelled copy: wordings of other claims
    of the library in each, and claims it does not know; the rest invites and directs."""
    topic = config.settings().footnote_topic
    engine = open_library(config.settings().database_url, topic_id=topic)
    with reading(engine) as session:
        claims = checking.library(session, viewer=VIEWER, topic_id=topic).library.claims
    engine.dispose()
    halves = claims[::2], claims[1::2]
    paths = folder / "one.txt", folder / "other.txt"
    for seed, (path, half) in enumerate(zip(paths, halves, strict=True)):
        path.write_text(_copy(half, random.Random(seed)), encoding="utf-8")
    return paths


def _copy(claims: Iterable[Claim], chance: random.Random) -> str:
    wordings = [wording.text for claim in claims for wording in (*claim.wordings, *claim.overstatements)]
    chance.shuffle(wordings)
    claims_made = chain.from_iterable(zip(wordings, copy_sentences(chance), strict=False))
    besides = sentences_besides(chance)
    sentences: list[str] = []
    claimed = total = 0
    while total < WORDS:
        is_claim = 2 * claimed <= total
        sentences.append(next(claims_made if is_claim else besides))
        length = len(sentences[-1].split())
        claimed, total = claimed + length * is_claim, total + length
    return "\n\n".join(sentences)


def _row(what: str, cpu: float, clock: float) -> str:
    return f"| {what} | {cpu:.2f} | {clock:.2f} |"


if __name__ == "__main__":
    sys.exit(main())
