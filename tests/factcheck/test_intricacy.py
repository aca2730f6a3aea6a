import pytest

from review_app.factcheck import extraction, intricacy, plain_copy, topic_data
from review_app.factcheck.extraction import Unreadable, extract, from_text
from review_app.factcheck.folding import LONGEST_WORD, fold
from review_app.factcheck.sentences import split

CLAIM = "Ketamine reduces depression within 24 hours in 70% of patients."


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("digits.txt", "1" * 20_000, "letters or signs in a row"),
        ("glued.txt", "ketamine" * 1_000, "letters or signs in a row"),
        ("dots.txt", "a" + "." * 2_000, "letters or signs in a row"),
        ("gap.txt", "a" + " " * 1_000_000 + "b", "1,000,002 characters of text"),
        ("lines.txt", "-\n" * 100_001 + "word", "100,002 lines"),
        ("attributes.html", "<p " + " ".join(f"a{i}=x" for i in range(401)) + ">" + CLAIM, "401|400 attributes"),
        ("slashes.html", "<p " + "/".join(f"a{i}" for i in range(500)) + ">" + CLAIM, "more than 400 attributes"),
        ("many.html", ("<p " + "a=1 " * 190 + ">x") * 1_000, "attributes; at most"),
        ("angles.html", "<" * 50_001, "50,001 tags"),
        ("bold.html", "<b><i>" * 25_001 + CLAIM, "50,002 tags"),
        ("cells.html", "<table>" + "<tr><td>" * 25_000, "50,001 tags"),
        ("comments.html", "<!--" * 50_001, "50,001 tags"),
        ("paragraphs.html", "<p>Ketamine works." * 50_001, "50,001 tags"),
        ("images.md", "![" * 10_001, "10,001 times ["),
        ("angles.md", "<" * 5_001, "5,001 times <"),
        ("brackets.md", "[" * 10_001, "10,001 times ["),
        ("backticks.md", "".join("`" * (i % 300) + "a" for i in range(300)), "times `"),
        ("backslashes.md", "a" + "\\" * 20_001, "20,001 times"),
        ("table.md", "|a" * 500 + "\n" + "|-" * 500 + "\n" + "|\n" * 500, "a table of more than"),
    ],
)
def test_markup_that_no_person_writes_is_refused_in_one_line(name: str, content: str, says: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        extract(content.encode(), name=name)
    assert any(part in str(refusal.value) for part in says.split("|"))
    assert "\n" not in str(refusal.value)


def test_raw_markup_is_counted_before_a_parser_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from review_app.factcheck import web_page

    monkeypatch.setattr(web_page, "BeautifulSoup", lambda *_: pytest.fail("parsed"))
    with pytest.raises(Unreadable, match="tags"):
        extract(b"<p>x" * 60_000, name="page.html")


def test_pasted_text_is_held_to_the_same_limits() -> None:
    with pytest.raises(Unreadable, match="letters or signs in a row"):
        from_text("1" * 20_000)


def test_a_quoted_attribute_value_is_one_attribute_however_long() -> None:
    path = " ".join(f"L{i}={i}/2" for i in range(2_000))
    document = extract(f"<p data-path=\"{path}\" title='{path}'>{CLAIM}</p>".encode(), name="page.html")
    assert document.text == CLAIM


def test_ordinary_comparisons_in_text_are_no_tags() -> None:
    signs = "and so on = " * 1_000
    assert extract(f"<p>p < 0.05 {signs}</p>".encode(), name="page.html").text.startswith("p < 0.05 and so on =")
    with pytest.raises(intricacy.TooIntricate, match="a tag with more than"):
        intricacy.refuse_page(f"<p and {signs}></p>")


def test_no_word_that_the_rules_read_is_longer_than_the_longest_word() -> None:
    for text in ("1" * 950, "ketamine" * 110, "\ufdfa" * 90, "a\u0301" * 400):
        folded = fold(text)
        assert max(len(word) for word in folded.text.split()) <= LONGEST_WORD
        assert len(folded.origins) == len(folded.text) + 1
        assert folded.span(0, len(folded.text)) == (0, len(text)) or not text.isascii()


def test_a_word_of_the_longest_length_stays_whole() -> None:
    assert fold("a" * LONGEST_WORD).text == "a" * LONGEST_WORD


def test_every_signal_reads_a_run_of_20_000_characters_in_short_pieces() -> None:
    folded = fold("ketamine" * 2_500).text
    found = [signal.id for signal in topic_data.load("ketamine-depression").signals if signal.find(folded) is not None]
    assert "drug.ketamine" not in found
    assert len(folded.split()) == 200


def test_a_run_of_full_stops_ends_a_sentence_once() -> None:
    assert split("It works..... Ask us.") == ((0, 13), (14, 21))
    assert split("It works" + "." * 900 + "x") == ((0, 909),)


def test_the_line_below_a_bulleted_heading_is_found_across_blank_lines() -> None:
    kinds = [block.kind for block in plain_copy.read("- Why It Helps\n\n\nIt eases low mood in some.\n").blocks]
    assert kinds == ["heading", "paragraph"]


def test_line_breaks_of_a_page_end_blocks_only_after_a_sentence() -> None:
    page = "<p>First <b>line.</b>)<br>Second<br>\n<br>third &quot;end.&quot;<br> <br>Fourth</p>"
    document = extract(page.encode(), name="page.html")
    assert [document.text[one.start : one.end] for one in document.blocks] == [
        "First line.)",
        'Second third "end."',
        "Fourth",
    ]


def test_a_long_article_stays_within_every_limit() -> None:
    paragraph = "<p>Ketamine may <b>help</b> some people. <a href='/x?a=1&b=2'>Read</a></p>\n"
    document = extract((paragraph * 5_000).encode(), name="page.html")
    assert len(document.blocks) == 5_000
    assert extraction.WORD_LIMIT * 20 == intricacy.LENGTH_LIMIT
