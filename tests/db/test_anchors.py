"""Quote anchors: the same words in the same sentence, or an orphan."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import anchors
from db.anchors import Anchor, Passage

ABSTRACT = (
    "Depression is common. Ketamine was not superior to midazolam at day 28. "
    "The mean MADRS score fell by 8 points (95% CI 4.1 to 11.9). Nobody died."
)


def anchor(quote: str, text: str = ABSTRACT) -> Anchor:
    start = text.index(quote)
    return anchors.make([Passage("RESULTS", text)], 0, start, start + len(quote))


def again(quote: str, revised: str, text: str = ABSTRACT) -> Anchor | None:
    return anchors.reanchor(anchor(quote, text), [Passage("RESULTS", revised)])


def test_an_anchor_knows_its_words_place_section_and_surroundings() -> None:
    made = anchor("Nobody died.")
    assert ABSTRACT[made.start : made.end] == made.exact == "Nobody died."
    assert (made.section, made.section_label) == (0, "RESULTS")
    assert made.prefix.endswith("11.9). ")
    assert made.text_hash == anchors.text_hash(ABSTRACT)


@pytest.mark.parametrize(("section", "start", "end"), [(1, 0, 5), (0, 5, 5), (0, 8, 3), (0, -1, 4), (0, 0, 9999)])
def test_a_place_that_holds_no_words_makes_no_anchor(section: int, start: int, end: int) -> None:
    with pytest.raises(ValueError, match=r"no section|no words"):
        anchors.make([Passage(None, ABSTRACT)], section, start, end)


def test_white_space_is_no_quote() -> None:
    with pytest.raises(ValueError, match="no words"):
        anchors.make([Passage(None, "a   b")], 0, 1, 4)
    assert anchors.find("  ", [Passage(None, "a   b")]) == []


def test_an_untouched_text_keeps_the_quote_where_it_is_even_among_twins() -> None:
    twins = "It helped. It helped. It helped."
    made = anchors.make([Passage(None, twins)], 0, 11, 21)
    assert anchors.reanchor(made, [Passage(None, twins)]) == made


def test_white_space_and_composition_do_not_orphan_a_quote() -> None:
    text = "Zoë felt better after the  infusion. She went home."
    revised = unicodedata.normalize("NFD", "First. Zoë felt\u00a0better\nafter the infusion. She went home.")
    found = again("Zoë felt better after the  infusion.", revised, text)
    assert found is not None
    there = revised[found.start : found.end]
    assert anchors.normalise(there) == "Zoë felt better after the infusion."
    assert there.startswith("Zoe\u0308")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("8 points", "18 points"),
        ("8 points", "8.5 points"),
        ("8 points", "1.8 points"),
        ("8 points", "1,8 points"),
        ("8 points", "1·8 points"),
        ("8 points", "-8 points"),
        ("8 points", "−8 points"),
        ("8 points", "4–8 points"),
        ("8 points", "9 points"),
        ("4.1 to 11.9", "4.1 to 1.9"),
    ],
)
def test_a_changed_number_orphans_the_quote(old: str, new: str) -> None:
    assert again(old, ABSTRACT.replace(old, new)) is None
    assert again("The mean MADRS score fell by 8 points (95% CI 4.1 to 11.9).", ABSTRACT.replace(old, new)) is None


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("8 points", "fell by 18 points"),
        ("8 points", "fell by 8.5 points"),
        ("8 points", "fell by -8 points"),
        ("8 points", "fell by −8 points"),
        ("5 points", "fell by 8.5 points"),
        ("fell by 8", "fell by 8.5 points"),
        ("fell by 8", "fell by 8,500 points"),
        ("fell by 8", "fell by 8-12 points"),
        ("fell by 8", "fell by 8–12 points"),
        ("fell by 8", "fell by 8/10 points"),
        ("was 45", "was 45% of them"),
        ("was 45", "was 45‰ of them"),
        ("0.05", "P<0.05"),
        ("0.0", "P = 0.05"),
        ("inferior to placebo", "was non-inferior to placebo"),
        ("patients did", "patients didn't improve"),
        ("patients did", "patients didn’t improve"),
        ("improved", "unimproved"),
        ("dose 10", "dose 10⁵"),
    ],
)
def test_part_of_a_number_or_of_a_word_is_no_quote(quote: str, text: str) -> None:
    assert anchors.find(quote, [Passage(None, text)]) == []


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("8 points", "fell by (8 points)."),
        ("8 points", "8 points"),
        ("fell by 8", "fell by 8."),
        ("fell by 8", "fell by 8, then rose"),
        ("45%", "was 45% of them"),
        ("-8 points", "changed by -8 points"),
        ("ketamine group", "“ketamine group”"),
        ("It helped", "He said—It helped"),
        ("placebo", "ketamine vs. placebo-controlled"[:20]),
    ],
)
def test_whole_words_are_found_beside_punctuation(quote: str, text: str) -> None:
    assert [found.exact for found in anchors.find(quote, [Passage(None, text)])] == [quote]


@pytest.mark.parametrize(
    "revised",
    [
        "Ketamine was superior to midazolam at day 28.",
        "Ketamine was never superior to midazolam at day 28.",
        "Ketamine was not inferior to midazolam at day 28.",
        "Ketamine was not superior to midazolam at day 14.",
        "Esketamine was not superior to midazolam at day 28.",
    ],
)
def test_a_lookalike_sentence_is_not_the_quote(revised: str) -> None:
    sentence = "Ketamine was not superior to midazolam at day 28."
    assert again(sentence, ABSTRACT.replace(sentence, revised)) is None


def test_a_negation_before_the_quote_in_its_sentence_orphans_it() -> None:
    text = "Ketamine was superior to midazolam at day 28. Nobody died."
    assert again("superior to midazolam", text.replace("was", "was not"), text) is None
    assert (
        again("superior to midazolam", text.replace("Ketamine was", "It is not true that ketamine was"), text) is None
    )


def test_a_qualifier_after_the_quote_in_its_sentence_orphans_it() -> None:
    text = "Ketamine was superior to midazolam. Nobody died."
    assert again("Ketamine was superior", text.replace("midazolam.", "midazolam in rats."), text) is None
    assert again("Ketamine was superior to midazolam", text.replace("midazolam.", "midazolam in rats."), text) is None


def test_a_sentence_that_moved_is_found_where_it_is_now() -> None:
    sentence = "Ketamine was not superior to midazolam at day 28."
    revised = [Passage("BACKGROUND", "Depression is common."), Passage("FINDINGS", f"Nobody died. {sentence}")]
    found = anchors.reanchor(anchor(sentence), revised)
    assert found is not None
    assert (found.section, found.section_label, found.exact) == (1, "FINDINGS", sentence)
    assert revised[1].text[found.start : found.end] == sentence


def test_a_change_in_another_sentence_leaves_a_part_of_a_sentence_anchored() -> None:
    found = again("not superior to midazolam", "An added sentence. " + ABSTRACT.replace("Nobody", "One patient"))
    assert found is not None
    assert found.start == ABSTRACT.index("not superior") + len("An added sentence. ")


def test_of_twins_the_one_with_the_same_surroundings_is_taken() -> None:
    text = "In men: It helped. In women: It helped. The end."
    start = text.rindex("It helped.")
    made = anchors.make([Passage(None, text)], 0, start, start + 10)
    moved = "New words came first here. " + text
    found = anchors.reanchor(made, [Passage(None, moved)])
    assert found is None or found.start == moved.rindex("It helped.")
    far = f"{'A long enough beginning stands here, of many words. ' * 2}It helped. Twelve patients were men, all old."
    later = f"{far} {'Then another long beginning follows, other words. ' * 2}It helped. Nine patients were women."
    made = anchors.make([Passage(None, later)], 0, later.rindex("It helped."), later.rindex("It helped.") + 10)
    found = anchors.reanchor(made, [Passage(None, "Before all. " + later)])
    assert found is not None
    assert found.start == ("Before all. " + later).rindex("It helped.")


def test_twins_whose_surroundings_changed_are_orphaned() -> None:
    text = "One came. It helped. Two came."
    assert again("It helped.", "Three came. It helped. Four came. It helped. Five came.", text) is None


def test_places_that_overlap_count_as_several() -> None:
    assert len(anchors.find("no no no", [Passage(None, "no no no no")])) == 2


words = st.text(alphabet="abcXYZ 0189.,-−%()é\u0301\n", min_size=1, max_size=80)


@given(text=words, data=st.data())
def test_what_was_anchored_is_found_again_in_the_same_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    if text[start:end].strip():
        made = anchors.make([Passage(None, text)], 0, start, end)
        assert anchors.reanchor(made, [Passage(None, text)]) == made


@given(text=words, other=words, data=st.data())
def test_what_is_found_again_are_the_same_words(text: str, other: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    if text[start:end].strip():
        made = anchors.make([Passage(None, text)], 0, start, end)
        revised = f"{other} {text} {other}"
        found = anchors.reanchor(made, [Passage(None, revised)])
        if found is not None:
            assert anchors.normalise(revised[found.start : found.end]) == anchors.normalise(made.exact)
