"""Words of half the articles and more rank nothing, so a search leaves them out as long as others find enough."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, text

from db import search

COMMON = "ketamine"


@pytest.fixture
def library() -> Iterator[Connection]:
    with create_engine("sqlite://").connect() as connection:
        connection.execute(text("CREATE TABLE article (id integer PRIMARY KEY, title text, abstract text)"))
        words = ["relapse after months", "relapse", "bladder", "sleep", "pain"]
        rows = [{"id": number, "title": COMMON, "abstract": each} for number, each in enumerate(words, 1)]
        connection.execute(text("INSERT INTO article VALUES (:id, :title, :abstract)"), rows)
        search.ensure_index(connection)
        yield connection


def _ids(library: Connection, query: str, limit: int) -> list[int]:
    return [hit.article_id for hit in search.search(library, query, limit=limit)]


def test_a_word_of_every_article_does_not_change_what_comes_first(library: Connection) -> None:
    assert _ids(library, f"{COMMON} relapse months", 2) == _ids(library, "relapse months", 2) == [1, 2]


def test_articles_with_only_the_common_word_follow_where_others_are_too_few(library: Connection) -> None:
    found = _ids(library, f"{COMMON} relapse months", 5)
    assert found[:2] == [1, 2]
    assert sorted(found[2:]) == [3, 4, 5]


def test_a_query_of_common_words_only_still_finds(library: Connection) -> None:
    assert len(_ids(library, COMMON, 10)) == 5


def test_a_word_of_no_article_takes_none_away(library: Connection) -> None:
    assert len(_ids(library, f"{COMMON} xylophone", 10)) == 5
