"""What a topic's terms find in a record without asking PubMed. Every record here is invented."""

from pathlib import Path

import pytest

from harvester.errors import Fatal
from harvester.records import ArticleRecord, MeshHeading, Section
from harvester.topic import topic_names
from harvester.topic_filter import load_filter

TOPIC = load_filter("ketamine-depression")


def matches(title: str = "Invented", *, abstract: str = "", mesh: tuple[str, ...] = (), keyword: str = "") -> bool:
    headings = tuple(MeshHeading(None, name) for name in mesh)
    keywords = (keyword,) if keyword else ()
    record = ArticleRecord(title, pmid=90000001, sections=(Section(abstract),), mesh=headings, keywords=keywords)
    return TOPIC.matches(record)


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Ketamine in major depression", True),
        ("Esketamine for TRD", True),
        ("KETAMINE, DEPRESSIVE SYMPTOMS", True),
        ("S-ketamine and suicidality", True),
        ("S ketamine and suicidality", True),
        ("Ketamine", False),
        ("Depression", False),
        ("Ketamine in the MDDX cohort", False),
        ("Ketanest-free anaesthesia and mood", False),
        ("Ketamines and antidepressants", True),
        ("Hydroxynorketamine in MDD", True),
    ],
)
def test_words_of_the_title_are_found_as_wholes_or_by_their_beginning(title: str, found: bool) -> None:
    assert matches(title) is found


def test_the_concepts_may_stand_in_different_places() -> None:
    assert matches("Ketamine", abstract="Depression scores fell.")
    assert matches("Depression", keyword="esketamine")
    assert matches("A trial", mesh=("Ketamine", "Depressive Disorder, Major"))
    assert not matches("A trial", mesh=("Ketamine",))


def test_a_heading_brings_its_narrower_ones() -> None:
    assert matches("A trial", mesh=("Ketamine", "Dysthymic Disorder"))
    assert matches("A trial", mesh=("Ketamine", "Cyclothymic Disorder"))
    assert not matches("A trial", mesh=("Ketamine", "Anxiety"))


def test_a_heading_is_no_word_of_the_text() -> None:
    assert not matches("Bipolar disorder and ketamine")


def test_every_topic_that_ships_can_be_asked_of_files() -> None:
    for name in topic_names():
        assert load_filter(name).concepts


def test_a_term_that_only_pubmed_can_answer_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "odd.toml").write_text('name = "Odd"\n[[concept]]\nname = "x"\n[[concept.term]]\nterm = "humans[sb]"\n')
    with pytest.raises(Fatal, match=r"the term humans\[sb\] of the topic can be asked of PubMed only"):
        load_filter("odd", tmp_path)
