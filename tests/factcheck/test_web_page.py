"""What a web page says in boxes rather than in sentences."""

import pytest
from factcheck.factcheck_copy import TOPIC, check

from review_app.factcheck.extraction import Unreadable, extract
from review_app.factcheck.model import CheckRequest, SourceText


def kinds(document: SourceText) -> list[tuple[str, str]]:
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def page(inner: str) -> SourceText:
    return extract(f"<!doctype html><html><body><main>{inner}</main></body></html>".encode(), name="page.html")


@pytest.mark.parametrize(
    ("tile", "said"),
    [
        ("<div><h3>FDA</h3><p>Approved &amp; proven effective</p></div>", "FDA Approved & proven effective"),
        ("<div><div>70%</div><div>of patients feel relief</div></div>", "70% of patients feel relief"),
        (
            "<li><p>1 in 3</p><p>does not respond to antidepressants</p></li>",
            "1 in 3 does not respond to antidepressants",
        ),
        ("<section><p>Relief within</p><strong><p>24h</p></strong></section>", "Relief within 24h"),
        ("<figure><p>3,000+</p><figcaption>infusions given</figcaption></figure>", "3,000+ infusions given"),
    ],
)
def test_a_tile_and_its_caption_are_one_claim(tile: str, said: str) -> None:
    read = page(f"<p>Before it stands a sentence.</p>{tile}<p>And one stands after it.</p>")
    assert [words for _, words in kinds(read)] == ["Before it stands a sentence.", said, "And one stands after it."]


def test_tiles_in_a_row_stay_apart() -> None:
    row = "<div><div><b>70%</b><p>respond</p></div><div><h4>FDA</h4><p>approved</p></div></div>"
    assert [words for _, words in kinds(page(row))] == ["70% respond", "FDA approved"]


@pytest.mark.parametrize(
    "box",
    [
        "<div><h3>Safety</h3><p>Dissociation is common</p></div>",
        "<div><h3>FDA</h3><p>The agency has approved esketamine for adults.</p></div>",
        "<div><h3>FDA</h3><p>Approved</p><p>In 2019</p></div>",
        "<div><p>70%</p><p>30%</p></div>",
    ],
)
def test_a_heading_and_its_text_stay_two(box: str) -> None:
    assert len(page(box).blocks) > 1


def test_offsets_after_a_joined_tile_still_point_to_the_words() -> None:
    tile = "<div><h3>FDA</h3><p>Approved for depression</p></div>"
    read = page(f"{tile}{tile}<ul><li>nausea</li></ul><p>Ketamine may help.</p>")
    assert [words for _, words in kinds(read)] == [
        "FDA Approved for depression",
        "FDA Approved for depression",
        "nausea",
        "Ketamine may help.",
    ]


def test_a_claim_in_a_tile_is_checked_as_one_sentence() -> None:
    read = page("<p>Spravato for depression.</p><div><h3>FDA</h3><p>Approved &amp; proven effective</p></div>")
    made = check("", request=CheckRequest("page.html", read, TOPIC))
    (tile,) = [each for each in made.sentences if each.sentence.text.startswith("FDA")]
    assert tile.sentence.text == "FDA Approved & proven effective"
    assert "approval_claim" in {flag.flag for flag in tile.flags}


XML = '<?xml version="1.0" encoding="utf-8"?>\n'
XHTML = '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Ketamine may help.</p></body></html>'
DOCTYPE = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "xhtml1-strict.dtd">'


@pytest.mark.parametrize("before", ["", DOCTYPE, f"<!-- > -->\n{DOCTYPE}", '<?xml-stylesheet href="page.css"?>'])
def test_a_page_that_is_xml_is_read_as_every_page(before: str) -> None:
    assert extract(f"{XML}{before}{XHTML}".encode(), name="page.xhtml").text == "Ketamine may help."


@pytest.mark.parametrize(
    "feed",
    [
        '<rss version="2.0"><channel><title>News</title><description>Ketamine may help.</description></channel></rss>',
        "<!-- <html> --><article><body><sec><title>Results</title><p>Ketamine may help.</p></sec></body></article>",
        "<htmlish><p>Ketamine may help.</p></htmlish>",
        "<!-- -->" * 5_000,
    ],
)
def test_other_xml_is_refused_as_what_it_is(feed: str) -> None:
    with pytest.raises(Unreadable, match=r"page\.html: XML that is no web page cannot be read; accepted are"):
        extract(f"{XML}{feed}".encode(), name="page.html")


def test_xml_inside_markdown_is_read_without_a_warning() -> None:
    assert "Ketamine may help." in extract(f"{XML.strip()}<p>Ketamine may help.</p>".encode(), name="copy.md").text
