"""Likeness of meaning, by an invented model: each word stands for a meaning, and some words for the same one."""

import json
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import invented_studies
import numpy as np
import pytest
from factcheck_command import Command, assert_failed
from numpy.typing import NDArray
from sqlalchemy import Engine
from sqlmodel import select

from db import config
from db.engine import reading, writing
from db.models import Article, Member
from db.types import Actor, Role
from review_app.services import semantic
from review_app.services.searching import BY_MEANING

SAME = {"elderly": "older", "seniors": "older"}
COPY = "Ketamine relieved depression within a day in most patients.\n"


class WordModel:
    """Makes a vector of the words of a text, and remembers the texts."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, texts: Sequence[str]) -> NDArray[np.floating]:
        self.read += texts
        made = np.zeros((len(texts), 512), np.float32)
        for row, text in zip(made, texts, strict=True):
            for word in text.casefold().split():
                weight = 1.0 if word in SAME or word in SAME.values() else 0.1
                row[crc32(SAME.get(word, word).encode()) % 512] += weight
        return made / np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> WordModel:
    made = WordModel()
    monkeypatch.setattr(semantic, "model", lambda: made)
    return made


@pytest.fixture
def library(sqlite_engine: Engine) -> Engine:
    with writing(sqlite_engine) as session:
        member = Member(name="Ada", name_key="ada", role=Role.LEAD, created_at=config.now())
        session.add(member)
        session.commit()
        ada = Actor(member.id, "Ada", Role.LEAD)
    invented_studies.fill(sqlite_engine, lead=ada, plain=3)
    return sqlite_engine


@pytest.fixture
def vectors(library: Engine) -> Path:
    return config.data_folder(library.url) / f"vectors-{semantic.MODEL}.npz"


def test_a_study_that_says_it_in_other_words_is_found(factcheck: Command, library: Engine, model: WordModel) -> None:
    assert json.loads(factcheck("search", "seniors elderly", "--json").out) == []
    (found,) = json.loads(factcheck("search", "seniors elderly", "--json", "--semantic").out)
    assert "late-life" in found["title"]
    assert found["likeness"] >= semantic.FLOOR


def test_nothing_is_near_to_no_words_or_to_strange_ones(factcheck: Command, library: Engine, model: WordModel) -> None:
    for query in ("xylophone", "", " "):
        assert factcheck("search", query, "--json", "--semantic").out == "[]\n"


def test_an_answer_says_that_a_model_ranked_it_and_only_then(
    factcheck: Command, library: Engine, model: WordModel, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.txt"
    copy.write_text(COPY)
    for form in ("text", "json", "html", "markdown"):
        assert "likeness of meaning" in factcheck("check", copy, "--format", form, "--semantic").out, form
        assert "likeness of meaning" not in factcheck("check", copy, "--format", form).out, form
    assert factcheck("search", "ketamine", "--semantic").err == f"factcheck: {BY_MEANING}\n"
    plain = factcheck("search", "ketamine", "--json")
    assert "likeness" not in plain.out
    assert plain.err == ""


def test_the_model_reads_each_article_once(factcheck: Command, library: Engine, model: WordModel) -> None:
    first = factcheck("search", "ketamine", "--json", "--semantic")
    with reading(library) as session:
        assert len(model.read) == len(session.exec(select(Article)).all()) + 1
    model.read.clear()
    assert factcheck("search", "ketamine", "--json", "--semantic") == first
    assert len(model.read) == 1


def test_an_article_that_changed_is_read_again(factcheck: Command, library: Engine, model: WordModel) -> None:
    factcheck("search", "ketamine", "--semantic")
    model.read.clear()
    with writing(library) as session:
        row = session.exec(select(Article).where(Article.pmid == invented_studies.TRIAL)).one()
        row.title, row.content_hash = "Another title", "f" * 64
        session.commit()
    factcheck("search", "ketamine", "--semantic")
    assert [text.split("\n")[0] for text in model.read[:-1]] == ["Another title"]


@pytest.mark.parametrize("broken", [b"", b"no archive", b"PK\x03\x04 cut off"])
def test_vectors_that_cannot_be_read_are_made_anew(
    factcheck: Command, library: Engine, model: WordModel, vectors: Path, broken: bytes
) -> None:
    first = factcheck("search", "ketamine", "--json", "--semantic")
    whole = vectors.read_bytes()
    vectors.write_bytes(broken)
    assert factcheck("search", "ketamine", "--json", "--semantic") == first
    assert len(vectors.read_bytes()) == len(whole)


def test_where_vectors_cannot_be_kept_there_is_an_answer_all_the_same(
    factcheck: Command, library: Engine, model: WordModel, vectors: Path
) -> None:
    vectors.mkdir()
    assert factcheck("search", "ketamine", "--json", "--semantic").code == 0
    assert [each.name for each in vectors.parent.glob("vectors*")] == [vectors.name]


def test_without_the_extra_the_command_says_how_to_install_it(
    factcheck: Command, library: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(semantic, "available", lambda: False)
    assert_failed(factcheck("search", "ketamine", "--semantic"), "not installed", "pip install -e '.[semantic]'")


def test_meaning_is_known_of_the_library_of_today_only(
    factcheck: Command, library: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        factcheck("check", "-", "--as-of", "2026-01-01", "--semantic")
    assert "not allowed with argument" in capsys.readouterr().err


@pytest.mark.skipif(not semantic.available(), reason="the extra `semantic` is not installed")
def test_the_real_model_knows_what_older_people_are() -> None:
    older, same, other = semantic.model()(["older adults", "elderly people", "a nasal spray"])
    assert older @ same > 0.5 > older @ other
