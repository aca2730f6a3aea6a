"""What a sentence is about: cues, lay words, the wordings of the library. All sentences are invented."""

from dataclasses import replace

import pytest
from factcheck.factcheck_copy import TOPIC, check, claim, shipped

from review_app.factcheck import topic_data
from review_app.factcheck.model import Wording
from review_app.factcheck.terms import load, stems
from review_app.factcheck.topic_likelihood import TopicLikelihood

ABOUT = "Ketamine is used in clinics. Ketamine came late to psychiatry."


def first_topic(text: str) -> str:
    return check(f"{ABOUT}\n\n{text}", *shipped()).sentences[-1].topics[0]


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Some feel woozy and throw up on the way out.", "adverse_effects"),
        ("Some are wobbly and out of it for an hour.", "adverse_effects"),
        ("A nurse sits with everybody until they are fit to leave.", "monitoring"),
        ("Some end up hooked and go through withdrawal.", "abuse_potential"),
        ("The drug lets worn-out neurons sprout new branches.", "mechanism_plasticity"),
        ("Most health plans refuse to pay for the drip.", "access_cost"),
        ("It came onto the market as a horse tranquilizer.", "identity"),
        ("The gains are gone three months later without top-ups.", "durability"),
        ("The regulator gave the nod in the spring.", "regulatory"),
        ("Teenagers and anyone with an aneurysm are turned away.", "eligibility"),
        ("Migraines and ringing in the ears get better as well.", "other_condition"),
    ],
)
def test_lay_words_name_the_topic_that_clinicians_call_otherwise(text: str, topic: str) -> None:
    assert first_topic(text) == topic


def test_a_word_that_shares_its_stem_with_a_lay_word_is_not_taken_for_it() -> None:
    for text, topic in (
        ("The number of visits is a part of the matter.", "adverse_effects"),
        ("The drip is a part of the plan that the medical staff makes.", "identity"),
        ("The drip boosts growth.", "durability"),
        ("The drips come in a series.", "safety"),
        ("The drip is vital.", "monitoring"),
        ("The drip is good for sleep.", "adverse_effects"),
        ("The drips are diverse.", "abuse_potential"),
        ("The results indicate that.", "regulatory"),
        ("The drip set the heart pounding.", "access_cost"),
    ):
        assert topic not in check(f"{ABOUT}\n\n{text}").sentences[-1].topics


def test_lay_words_are_given_once_per_topic_with_their_source() -> None:
    entries = load(f"topics/{TOPIC}/lay_words.toml")["lay"]
    topics = [entry["topic"] for entry in entries]
    assert sorted(topics) == sorted(set(topics))
    assert set(topics) <= set(topic_data.load(TOPIC).topics)
    assert all(entry["source"].strip() for entry in entries)


def test_no_phrase_of_lay_words_stands_for_one_topic_at_two_strengths() -> None:
    for entry in load(f"topics/{TOPIC}/lay_words.toml")["lay"]:
        phrases = [stems(phrase) for strength in ("strong", "fair", "weak") for phrase in entry.get(strength, ())]
        assert all(phrases)
    strengths = [
        (entry["topic"], phrase)
        for entry in load(f"topics/{TOPIC}/lay_words.toml")["lay"]
        for strength in ("strong", "fair", "weak")
        for phrase in set(entry.get(strength, ()))
    ]
    assert sorted(strengths) == sorted(set(strengths))


def test_the_wordings_of_a_library_teach_which_words_speak_for_a_topic() -> None:
    sleep = replace(
        claim(), id="sleep", topics=("adverse_effects",), wordings=(Wording("Patients are dozing off.", "supported"),)
    )
    price = replace(claim(), id="price", topics=("access_cost",), wordings=(Wording("A vial is dear.", "supported"),))
    learnt = TopicLikelihood((sleep, price))
    assert list(learnt.of("they were dozing")) == ["adverse_effects"]
    assert list(learnt.of("dear vials")) == ["access_cost"]
    assert learnt.of("nothing that the library says") == {}


def test_a_library_without_claims_or_topics_teaches_nothing() -> None:
    assert TopicLikelihood(()).of("ketamine eases depression") == {}
    assert TopicLikelihood((replace(claim(), topics=()),)).of("ketamine eases depression") == {}


def test_a_likelihood_is_over_chance_and_no_more_than_one_topic_of_all() -> None:
    claims = tuple(replace(claim(), id=topic, topics=(topic,)) for topic in ("onset", "safety", "relapse"))
    assert TopicLikelihood(claims).of(claims[0].statement) == {}
