"""Which rewordings change words, and which a numeral, a sign or a negation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.impact_wording import Rewording, lexicon, rewording

TEXT = "Scores fell by 8.2 points (p<0.05) and did not rise again in 1,234 adults."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a score of −8.2", "a score of 8.2"),
        ("p < 0.05", "p > 0.05"),
        ("p ≤ 0.05", "p < 0.05"),
        ("8 of 12", "12 of 8"),
        ("3 weeks", "four weeks"),
        ("0.5 mg/kg", "5 mg/kg"),
        ("40% responded", "40 responded"),
        ("was superior", "was not superior"),
        ("it worked", "it didn't work"),
        ("an effect", "no effect"),
        ("superior", "non-superior"),
        ("1,234 adults", "1.234 adults"),
        ("responded", "failed to respond"),
    ],
)
def test_a_numeral_a_sign_or_a_negation_is_another(before: str, after: str) -> None:
    assert rewording(before, after) == Rewording(words=True, marks=True)
    assert rewording(after, before) == Rewording(words=True, marks=True)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Scores fell.", "Ratings fell."),
        ("5–7 days", "5 to 7 days"),
        ("45 percent", "45%"),
        ("patients", "people with depression"),
    ],
)
def test_other_words_with_the_same_numbers_are_only_words(before: str, after: str) -> None:
    assert rewording(before, after) == Rewording(words=True, marks=False)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("KETAMINE, in depression", "Ketamine in depression."),
        ("0·5 mg", "0.5 mg"),
        ("5–7 days", "5-7 days"),
        ("three weeks", "3 weeks"),
        ("p <= .05", "p ≤ 0.05"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("follow-up", "follow‐up"),
        ("a  b\n\nc", "a b c"),
    ],
)
def test_how_the_same_is_written_is_no_rewording(before: str, after: str) -> None:
    assert rewording(before, after) == Rewording()


@given(st.text(max_size=60), st.text(max_size=60))
def test_it_holds_both_ways_and_a_mark_is_a_word(before: str, after: str) -> None:
    assert rewording(before, after) == rewording(after, before)
    assert not rewording(before, before).words
    assert rewording(before, after).words or not rewording(before, after).marks


@given(st.integers(0, 9), st.integers(0, len(TEXT) - 1))
def test_no_digit_changes_unseen(digit: int, at: int) -> None:
    changed = TEXT[:at] + str(digit) + TEXT[at + 1 :]
    if TEXT[at].isdigit():
        assert rewording(TEXT, changed).marks is (TEXT[at] != str(digit))


def test_every_word_of_the_lexicon_is_one_word_in_small_letters() -> None:
    words = {*lexicon().numbers, *lexicon().negations}
    assert words == {word.casefold() for word in words if word.isalpha()}
