from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_app.factcheck import extraction, plain_copy
from review_app.factcheck.sentences import sentences, split


def parts(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. Dov writes. Eve reads.", ["Dr. Dov writes.", "Eve reads."]),
        ("Scores fell by 7.9 points. Then they rose.", ["Scores fell by 7.9 points.", "Then they rose."]),
        ("Ada et al. found it. Ben did not.", ["Ada et al. found it.", "Ben did not."]),
        ("Ketamine vs. Placebo was tested.", ["Ketamine vs. Placebo was tested."]),
        ("Is it safe? Ask.", ["Is it safe?", "Ask."]),
        ("No. It is not.", ["No.", "It is not."]),
        ("See No. 4 for more.", ["See No. 4 for more."]),
        ("Approved in the U.S. Market in May.", ["Approved in the U.S. Market in May."]),
        ("It works (in some.) Others wait.", ["It works (in some.)", "Others wait."]),
        ("By John J. Smith. He wrote it.", ["By John J. Smith.", "He wrote it."]),
        ("It needs vitamin C. Then rest.", ["It needs vitamin C.", "Then rest."]),
        ("One line\nruns on.\n\nNext paragraph", ["One line\nruns on.", "Next paragraph"]),
        ("(e.g. Ben) came. Fine.", ["(e.g. Ben) came.", "Fine."]),
        ("\u201cIt helps.\u201d Cleo agreed.", ["\u201cIt helps.\u201d", "Cleo agreed."]),
        ("It helps.\u200b \u200bCleo agreed.", ["It helps.", "\u200b \u200bCleo agreed."]),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


@given(st.text(alphabet=st.sampled_from("aB1 .!?\n\"')(\u2022:;-\u201d%"), max_size=300))
def test_spans_are_in_order_apart_and_lose_no_word(text: str) -> None:
    position = 0
    for start, end in split(text):
        assert position <= start < end <= len(text)
        assert not any(character.isalnum() for character in text[position:start])
        position = end
    assert not any(character.isalnum() for character in text[position:])


@given(st.text(max_size=300))
def test_every_sentence_of_a_document_is_the_text_at_its_offsets(text: str) -> None:
    document = plain_copy.read(text)
    found = sentences(document)
    for number, sentence in enumerate(found):
        assert sentence.index == number
        assert document.text[sentence.start : sentence.end] == sentence.text
    assert all(before.end <= after.start for before, after in pairwise(found))


def test_headings_and_list_items_stand_alone() -> None:
    document = extraction.from_text("Why it works\nIt acts on glutamate.\n\n- Nausea\n- Dizziness")
    assert [(one.kind, one.text) for one in sentences(document)] == [
        ("heading", "Why it works"),
        ("paragraph", "It acts on glutamate."),
        ("list_item", "Nausea"),
        ("list_item", "Dizziness"),
    ]
