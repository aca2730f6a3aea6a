"""What the browser is given to draw."""

import pytest

from review_app.components.marked_text.sentences import Highlight, MarkedSentence, blocks, runs


def texts(sentence: MarkedSentence) -> list[tuple[object, object]]:
    return [(run["text"], run["kinds"]) for run in runs(sentence)]


def test_a_sentence_without_highlights_is_one_run() -> None:
    assert texts(MarkedSentence(1, "Scores fell.")) == [("Scores fell.", [])]


def test_overlapping_highlights_are_cut_where_they_begin_and_end() -> None:
    sentence = MarkedSentence(1, "abcdef", highlights=(Highlight(0, 4, "term"), Highlight(2, 6, "flag", "why")))
    assert texts(sentence) == [("ab", ["term"]), ("cd", ["flag", "term"]), ("ef", ["flag"])]
    assert [run["note"] for run in runs(sentence)] == ["", "why", "why"]


def test_the_runs_together_are_the_sentence() -> None:
    sentence = MarkedSentence(1, "Δ −9·5 𝛂", highlights=(Highlight(2, 6, "differing"), Highlight(7, 8, "term")))
    assert "".join(str(run["text"]) for run in runs(sentence)) == sentence.text


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 3), (4, 99)])
def test_a_highlight_outside_its_sentence_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="lies outside its 6 characters"):
        runs(MarkedSentence(7, "abcdef", highlights=(Highlight(start, end, "term"),)))


def test_two_sentences_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="same id"):
        blocks([MarkedSentence(1, "One."), MarkedSentence(1, "Two.")])


def test_sentences_of_one_block_stand_together_under_their_section_label() -> None:
    drawn = blocks(
        [
            MarkedSentence(1, "One.", block=0, section="Methods"),
            MarkedSentence(2, "Two.", block=0),
            MarkedSentence(3, "Three.", block=1, kind="list_item"),
        ]
    )
    assert [(block["kind"], block["section"]) for block in drawn] == [("paragraph", "Methods"), ("list_item", None)]


def test_a_stale_verdict_shows_the_standing_before_the_verdict() -> None:
    sentence = MarkedSentence(1, "It works.", verdict="supported", basis="library", standing="stale")
    (block,) = blocks([sentence])
    (drawn,) = block["sentences"]  # type: ignore[misc]
    assert (drawn["sign"], drawn["spoken"]) == ("↻ ✓", "supported, library, stale")
