"""Which words, and which sentences, two texts do not share."""

from db.differing import MOST_PIECES, differing, differing_sentences


def marked(one: str, two: str) -> tuple[list[str], list[str]]:
    left, right = differing(one, two)
    return [run for run, differs in left if differs], [run for run, differs in right if differs]


def test_a_changed_number_is_marked_on_both_sides() -> None:
    assert marked("The score fell by 7.4 points.", "The score fell by 4.7 points.") == (["7.4"], ["4.7"])


def test_another_case_and_other_spaces_do_not_differ() -> None:
    assert marked("Ketamine  for Depression", "ketamine for depression") == ([], [])


def test_the_runs_put_together_are_the_text() -> None:
    one, two = "A trial in 40 adults.", "Two trials in 60 older adults."
    assert tuple("".join(run for run, _ in side) for side in differing(one, two)) == (one, two)


def test_a_text_that_stands_alone_or_is_far_too_long_is_not_marked() -> None:
    long = "word " * MOST_PIECES
    assert marked("", "New words.") == marked(long, long + "more") == ([], [])


def test_only_the_sentence_that_was_changed_is_told() -> None:
    one = "We gave ketamine. MADRS fell by 7.4 points (p < 0.05). Nobody left."
    two = "We gave ketamine. MADRS fell by 4.7 points (p < 0.05). Nobody left."
    changed = [("MADRS fell by 7.4 points (p < 0.05).", "MADRS fell by 4.7 points (p < 0.05).")]
    assert differing_sentences(one, two) == changed


def test_a_sentence_that_was_added_has_nothing_before_it() -> None:
    assert differing_sentences("One thing. Another.", "One thing. A third. Another.") == [("", "A third.")]


def test_a_line_of_a_label_ends_like_a_sentence() -> None:
    assert differing_sentences("Sedation\nDissociation", "Sedation\nRespiratory depression\nDissociation") == [
        ("", "Respiratory depression")
    ]
