"""The full-text index on both engines. The articles are invented; PMIDs from 90000000 up belong to nobody."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine, select, text

from db import search
from db.engine import reading, writing
from db.models import Article, Study
from db.search import IndexedText
from db.search_query import MAX_TERMS, parse_query, stop_words

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LIBRARY = {
    1: ("Ketamine for depression", "Infusions of ketamine improved mood within hours."),
    2: ("Esketamine nasal spray", "Treatment-resistant depression responded to 0.5 mg/kg (p<0.05), not to placebo."),
    3: ("COVID-19 and mood", "Mood fell during COVID-19. TNF-α rose; β-endorphin did not."),
    4: ("Électroconvulsive thérapie", "Naïve patients. Coenzyme Q10 and the 5-HT2A receptor."),
    5: ("A registry of registries", "Patients of the register registered; dying and died."),
    6: ("Depression in adolescents", "Ketamine was given to adolescents; suicidal ideation fell by 42%."),
    7: ("To be or not to be", "Nothing but the of and."),
}
# What a person types, and the articles found on either engine.
ALL_OF = {
    "ketamine": {1, 6},
    "KETAMINE Depression": {1, 6},
    "ketamine -adolescents": {1},
    "ketamine NOT adolescents": {1},
    'depression -ketamine -"nasal spray"': set(),
    '"nasal spray"': {2},
    '"spray nasal"': set(),
    "“nasal spray”": {2},
    "esketamine OR adolescents": {2, 6},
    "depression esketamine OR adolescents": {2, 6},
    "ketamine AND hours": {1},
    "covid-19": {3},
    "covid 19": {3},
    "treatment-resistant": {2},
    "treatment resistant": {2},
    "p<0.05": {2},
    "mg/kg": {2},
    "kg": {2},
    "TNF-α": {3},
    "β": {3},
    "electroconvulsive therapie": {4},
    "naive": {4},
    "NAÏVE": {4},
    "5-HT2A": {4},
    "q10": {4},
    "infusion": {1},
    "infusions improving": {1},
    "registers": {5},
    "registries": {5},
    "the ketamine of": {1, 6},
    "of": {1, 5, 7},
    "to be or not to be": {7},
    '"to be or not to be"': {7},
    "mesh:ketamine": set(),
    "ket*": set(),
    "42%": {6},
    "nosuchword": set(),
    "-ketamine": set(),
    "": set(),
    "   ": set(),
    "()*&|!:<->'\"\\": set(),
}
ANY_OF = {
    "ketamine nosuchword": {1, 6},
    "covid-19 nasal": {2, 3},
    "mood OR hours": {1, 3},
    "mood -covid": {1},
    "NOT ketamine": {1, 6},
}


@pytest.fixture
def library(engine: Engine) -> Engine:
    with writing(engine) as session:
        for number, (title, abstract) in LIBRARY.items():
            session.add(Study(id=number, created_at=NOW))
            session.flush()
            session.add(_article(number, title, abstract))
        session.flush()
        search.add(session.connection(), _texts(LIBRARY))
        session.commit()
    return engine


@contextmanager
def _changing(library: Engine) -> Iterator[Connection]:
    with writing(library) as session:
        yield session.connection()
        session.commit()


def _article(number: int, title: str, abstract: str) -> Article:
    return Article(
        id=number, pmid=90000000 + number, study_id=number, title=title, abstract=abstract, year=2000 + number,
        content_hash="invented", parser_version=1, retrieved_at=NOW,
    )  # fmt: skip


def _texts(rows: dict[int, tuple[str, str]]) -> list[IndexedText]:
    return [IndexedText(number, *texts) for number, texts in rows.items()]


def _found(engine: Engine, query: str, mode: search.Mode) -> set[int]:
    with reading(engine) as session:
        return {hit.article_id for hit in search.search(session, query, limit=100, mode=mode)}


def test_both_engines_find_the_same_articles_for_what_a_person_types(library: Engine) -> None:
    assert {query: _found(library, query, "all") for query in ALL_OF} == ALL_OF
    assert {query: _found(library, query, "any") for query in ANY_OF} == ANY_OF


def test_the_count_is_that_of_the_hits(library: Engine) -> None:
    with reading(library) as session:
        assert {query: search.count(session, query, mode="all") for query in ALL_OF} == {
            query: len(found) for query, found in ALL_OF.items()
        }


ODDITIES = (
    "\x00", "ketamine\x00depression", "beta*(", 'an "open quote', "NOT OR AND", "AND OR", "a" * 100_000,
    "'; DROP TABLE article", "\ud800", "😀 ketamine", "抑郁症 氯胺酮", "{title}:ketamine", "^ketamine", "NEAR(a b)",
    "-", "--", '""', '-""', "OR ketamine", "ketamine OR", " ".join(f"word{number}" for number in range(10_000)),
    '"' + "x " * 10_000 + '"', "½ ² ⅷ", "co₂", "%_", "e\u0301",
)  # fmt: skip


def test_nothing_typed_is_an_error(library: Engine) -> None:
    modes: tuple[search.Mode, ...] = ("all", "any")
    with reading(library) as session:
        for query in ODDITIES:
            for mode in modes:
                found = search.search(session, query, limit=10, mode=mode)
                assert search.count(session, query, mode=mode) >= len(found)


def test_a_match_in_the_title_counts_for_more_than_one_in_the_abstract(library: Engine) -> None:
    with reading(library) as session:
        hits = search.search(session, "ketamine", limit=10)
    assert [hit.article_id for hit in hits] == [1, 6]
    assert hits[0].score > hits[1].score > 0


def test_a_rare_word_counts_for_more_than_a_common_one(library: Engine) -> None:
    with reading(library) as session:
        assert search.search(session, "depression ideation", limit=1)[0].article_id == 6


def test_pages_follow_one_another_without_gap_or_repetition(library: Engine) -> None:
    with reading(library) as session:
        whole = search.search(session, "depression ketamine mood patients", limit=100)
        pages = [
            search.search(session, "depression ketamine mood patients", limit=2, offset=offset) for offset in (0, 2, 4)
        ]
    assert [hit for page in pages for hit in page] == whole[:6]


def test_a_search_keeps_to_the_articles_that_a_filter_selects(library: Engine) -> None:
    recent = select(Article.id).where(Article.year > 2001)
    with reading(library) as session:
        hits = search.search(session, "ketamine", limit=10, article_ids=recent)
        assert [hit.article_id for hit in hits] == [6]
        assert search.count(session, "ketamine", article_ids=recent) == 1


def test_the_matches_can_be_joined_with_the_articles(library: Engine) -> None:
    with reading(library) as session:
        hits = search.matches(session, "ketamine", "all")
        joined = select(Article.pmid).join(hits, hits.c.article_id == Article.id).order_by(hits.c.score.desc())
        assert session.execute(joined).scalars().all() == [90000001, 90000006]


def _change(connection: Connection, number: int, title: str, abstract: str) -> None:
    statement = text("UPDATE article SET title = :title, abstract = :abstract WHERE id = :id")
    connection.execute(statement, {"id": number, "title": title, "abstract": abstract})


def test_a_changed_article_is_found_by_its_new_words_only(library: Engine) -> None:
    with _changing(library) as connection:
        search.remove(connection, _texts({1: LIBRARY[1]}))
        _change(connection, 1, "Naproxen", "")
        search.add(connection, _texts({1: ("Naproxen", "")}))
        assert search.check(connection) == []
    assert _found(library, "infusions", "all") == set()
    assert _found(library, "naproxen", "all") == {1}


def test_the_index_rolls_back_with_its_transaction(library: Engine) -> None:
    with writing(library) as session:
        connection = session.connection()
        _change(connection, 1, "Naproxen", "")
        search.remove(connection, _texts({1: LIBRARY[1]}))
        search.add(connection, _texts({1: ("Naproxen", "")}))
    assert _found(library, "infusions", "all") == {1}
    with _changing(library) as connection:
        assert search.check(connection) == []


def test_a_removed_article_is_no_longer_found(library: Engine) -> None:
    with _changing(library) as connection:
        search.remove(connection, _texts({6: LIBRARY[6]}))
        connection.execute(text("DELETE FROM article WHERE id = 6"))
        assert search.check(connection) == []
    assert _found(library, "ketamine", "all") == {1}


def _spoil(connection: Connection) -> None:
    """An article changes and nobody tells the index."""
    _change(connection, 1, "Naproxen", "")


def _forget(connection: Connection) -> None:
    search.remove(connection, _texts({1: LIBRARY[1]}))


@pytest.mark.parametrize("damage", [_spoil, _forget])
def test_the_check_finds_an_index_that_does_not_say_what_the_articles_say(
    library: Engine, damage: Callable[[Connection], None]
) -> None:
    with _changing(library) as connection:
        damage(connection)
    with _changing(library) as connection:
        assert search.check(connection) != []
    with _changing(library) as connection:
        search.reindex(connection)
        assert search.check(connection) == []


def test_a_missing_index_is_a_finding_and_is_made_and_filled_again(library: Engine) -> None:
    with _changing(library) as connection:
        connection.execute(text("DROP TABLE article_fts"))
        assert search.check(connection) != []
    with _changing(library) as connection:
        search.ensure_index(connection)
        search.ensure_index(connection)
        assert search.check(connection) == []
    assert _found(library, "ketamine", "all") == {1, 6}


def test_every_table_and_index_of_the_search_is_known_as_its_own(library: Engine) -> None:
    names = {
        "sqlite": "SELECT name FROM sqlite_master WHERE name LIKE 'article_fts%'",
        "postgresql": "SELECT relname FROM pg_class WHERE relname LIKE 'article_fts%'",
    }
    with library.connect() as connection:
        found = set(connection.execute(text(names[library.dialect.name])).scalars())
    assert found
    assert found <= search.owned_names()


def test_stop_words_are_dropped_unless_nothing_else_is_left() -> None:
    assert parse_query("the effect of ketamine", "all").groups == ((("effect",),), (("ketamine",),))
    assert parse_query("to the", "all").groups == ((("to",),), (("the",),))


def test_a_phrase_keeps_its_stop_words() -> None:
    assert parse_query('"out of hospital"', "all").groups == ((("out", "of", "hospital"),),)


def test_words_that_decide_what_a_sentence_asserts_are_no_stop_words() -> None:
    assert not stop_words() & {"more", "less", "before", "after", "most"}


def test_a_minus_excludes_only_before_a_word() -> None:
    assert parse_query("ketamine -children", "any").excluded == (("children",),)
    for query in ("scores of -0.5", "esketamine - a review", "well-tolerated", "-"):
        assert parse_query(query, "any").excluded == ()


def test_a_pasted_chapter_is_cut_to_its_first_words() -> None:
    query = parse_query(" ".join(f"word{number}" for number in range(10_000)), "any")
    assert len(query.groups[0]) == MAX_TERMS
    assert query.groups[0][0] == ("word0",)
