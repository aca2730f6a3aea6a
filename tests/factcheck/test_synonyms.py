import re
import tomllib
from importlib import resources

import pytest
from factcheck.factcheck_copy import TOPIC

from review_app.factcheck import matching, synonyms
from review_app.factcheck.folding import folded_text
from review_app.factcheck.topic_data import load

PHRASES = synonyms.phrases([("drip", ["drip"]), ("drip", ["into", "a", "vein"]), ("vein", ["into", "a"])])


def test_the_longest_phrase_is_read_as_what_it_means() -> None:
    assert synonyms.folded(["given", "into", "a", "vein"], PHRASES) == ["given", "~drip"]
    assert synonyms.folded(["into", "a", "drip"], PHRASES) == ["~vein", "~drip"]
    assert synonyms.folded([], PHRASES) == []


@pytest.mark.parametrize(
    ("lay", "clinical"),
    [
        ("Ketamine may make you queasy.", "Ketamine may cause you nausea."),
        ("Some get hooked on it.", "Some become addicted to it."),
        ("A drip of ketamine.", "An intravenous infusion of ketamine."),
        ("The effect wears off.", "The effect fades."),
    ],
)
def test_a_lay_word_and_the_clinical_one_are_one_to_the_library(lay: str, clinical: str) -> None:
    shared = set(matching._tokens(folded_text(lay), load(TOPIC))) & set(
        matching._tokens(folded_text(clinical), load(TOPIC))
    )
    assert any(token.startswith("~") and token != "~esketamine" for token in shared)


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("nausea", "vomiting"),
        ("sedation", "fatigue"),
        ("overdose", "death"),
        ("off-label", "unlicensed"),
        ("schedule III", "schedule 2"),
        ("left-handed", "right-handed"),
        ("saline", "midazolam"),
        ("pregnant", "breastfeeding"),
        ("psychosis", "schizophrenia"),
        ("tomorrow", "a good night's sleep"),
        ("pregnant", "nurse"),
        ("children", "minor"),
        ("approved", "clear"),
        ("blinding", "expect"),
        ("addicted", "it depends"),
        ("a study", "you experience"),
        ("sublingual", "swallowed"),
        ("telehealth", "at home"),
    ],
)
def test_words_for_two_things_stay_two(one: str, another: str) -> None:
    shared = set(matching._tokens(one.lower(), load(TOPIC))) & set(matching._tokens(another.lower(), load(TOPIC)))
    assert not any(token.startswith("~") for token in shared)


def test_every_group_names_its_source_and_no_phrase_stands_in_two() -> None:
    file = resources.files("review_app.factcheck").joinpath("topics", TOPIC, "synonyms.toml")
    groups = tomllib.loads(file.read_text("utf-8"))["synonym"]
    assert all(re.fullmatch(r"\w+", group["id"]) and group["source"].strip() for group in groups)
    said = [words for group in groups for words in group["words"]]
    assert sorted(words for words in set(said) if said.count(words) > 1) == []
