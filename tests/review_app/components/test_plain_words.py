"""How what was counted is said."""

import pytest

from review_app.components.plain_words import counted, in_sentence, noun


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 records"), (1, "1 record"), (2, "2 records"), (1234, "1,234 records")]
)
def test_what_was_counted_agrees_with_its_number(number: int, said: str) -> None:
    assert counted(number, "record") == said


def test_a_plural_of_its_own_is_given() -> None:
    assert [counted(number, "study waits", "studies wait") for number in (1, 2)] == ["1 study waits", "2 studies wait"]
    assert [noun(number, "is", "are") for number in (0, 1, 2)] == ["are", "is", "are"]


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Wrong design", "wrong design"),
        ("Design", "design"),
        ("RCT", "RCT"),
        ("PRISMA duplicate", "PRISMA duplicate"),
        ("McGill score only", "McGill score only"),
        ("Not an RCT", "not an RCT"),
        ("N of 1 trial", "N of 1 trial"),
        ("", ""),
    ],
)
def test_a_label_inside_a_sentence_keeps_the_case_of_words_that_are_not_plain(label: str, said: str) -> None:
    assert in_sentence(label) == said
