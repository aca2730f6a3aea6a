from hypothesis import given
from hypothesis import strategies as st

from review_app.factcheck.folding import fold


def test_look_alike_letters_and_invisible_characters_read_as_plain_words() -> None:
    assert fold("Ket\u0430mi\u200bne \u2014 \u201csafe\u201d").text == 'ketamine - "safe"'


def test_a_folded_span_points_at_the_original_words() -> None:
    text = "Is Ket\u0430mi\u200bne safe?"
    folded = fold(text)
    start = folded.text.index("ketamine")
    begin, end = folded.span(start, start + len("ketamine"))
    assert text[begin:end] == "Ket\u0430mi\u200bne"


@given(st.text(max_size=200))
def test_every_folded_character_knows_where_it_came_from(text: str) -> None:
    folded = fold(text)
    assert len(folded.origins) == len(folded.text) + 1
    origins = list(folded.origins)
    assert origins == sorted(origins)
    assert origins[-1] == len(text)
