"""Marked text in a real browser: reading, choosing, moving, and what it must never do."""

from collections.abc import Callable
from pathlib import Path

import pytest
from browser.seats import at_rest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

READING = Path(__file__).parent / "apps" / "reading.py"
FONT_SIZE = "el => getComputedStyle(el).fontSize"
FIRST_LINE = "el => { const r = el.getClientRects()[0]; return [r.x + r.width / 2, r.y + r.height / 2] }"
SCROLLED = "() => document.querySelector('[data-testid=stMain]').scrollTop"


@pytest.fixture(scope="module")
def url(serve: Callable[..., str]) -> str:
    return serve(READING)


@pytest.fixture
def reading(page: Page, url: str) -> Page:
    page.goto(url)
    sentence(page, 60).wait_for()
    expect(page.get_by_text("attached=None")).to_be_visible()
    at_rest(page)
    return page


def the_copy(page: Page) -> Locator:
    return page.get_by_role("group", name="The copy")


def sentence(page: Page, number: int) -> Locator:
    return the_copy(page).locator(f'[data-id="{number}"]')


def press(where: Locator) -> None:
    """A bare click on the first line: Playwright's own click scrolls first."""
    x, y = where.locator(".words").evaluate(FIRST_LINE)
    where.page.mouse.click(x, y)


def note(page: Page, words: str) -> None:
    """Has the page run again, and waits until it has: whatever was sent before has arrived by then."""
    page.get_by_label("Note").fill(words)
    page.get_by_label("Note").press("Enter")
    expect(page.get_by_text(f"note={words}")).to_be_visible()


def test_a_click_chooses_the_sentence_and_tells_the_page(reading: Page) -> None:
    press(sentence(reading, 4))
    expect(reading.get_by_text("chosen=4 attached=None")).to_be_visible()
    expect(sentence(reading, 4)).to_have_attribute("aria-pressed", "true")
    expect(the_copy(reading).locator('[aria-pressed="true"]')).to_have_count(1)


def test_two_quick_clicks_end_on_the_second(reading: Page) -> None:
    press(sentence(reading, 4))
    press(sentence(reading, 8))
    expect(reading.get_by_text("chosen=8")).to_be_visible()
    expect(sentence(reading, 8)).to_have_attribute("aria-pressed", "true")


def test_the_keyboard_alone_reaches_and_chooses_a_sentence(reading: Page) -> None:
    reading.get_by_role("button", name="Go to sentence 30").focus()
    sentence(reading, 0).focus()
    for key in ("ArrowDown", "j", "j", "k"):
        reading.keyboard.press(key)
    expect(sentence(reading, 2)).to_be_focused()
    reading.keyboard.press("Enter")
    expect(reading.get_by_text("chosen=2")).to_be_visible()
    expect(sentence(reading, 2)).to_be_focused()
    reading.keyboard.press("End")
    expect(sentence(reading, 60)).to_be_focused()
    reading.keyboard.press(" ")
    expect(reading.get_by_text("chosen=60")).to_be_visible()
    reading.keyboard.press("Home")
    expect(sentence(reading, 0)).to_be_focused()
    reading.keyboard.press("Escape")
    expect(reading.get_by_text("chosen=None")).to_be_visible()


def test_the_whole_text_is_one_stop_for_the_tab_key(reading: Page) -> None:
    expect(the_copy(reading).locator('[tabindex="0"]')).to_have_count(1)
    sentence(reading, 0).focus()
    reading.keyboard.press("ArrowDown")
    expect(the_copy(reading).locator('[tabindex="0"]')).to_have_attribute("data-id", "1")
    reading.keyboard.press("Tab")
    expect(reading.get_by_role("group", name="Abstract").locator('[data-id="1"]')).to_be_focused()
    reading.keyboard.press("Shift+Tab")
    expect(sentence(reading, 1)).to_be_focused()


def test_choosing_far_down_does_not_scroll_the_page(reading: Page) -> None:
    sentence(reading, 45).scroll_into_view_if_needed()
    before = reading.evaluate(SCROLLED)
    assert before > 0
    press(sentence(reading, 45))
    expect(reading.get_by_text("chosen=45")).to_be_attached()
    assert reading.evaluate(SCROLLED) == before


def test_the_page_can_select_a_sentence_far_down_and_the_reader_can_go_on(reading: Page) -> None:
    press(sentence(reading, 4))
    expect(reading.get_by_text("chosen=4")).to_be_visible()
    reading.get_by_role("button", name="Go to sentence 30").click()
    expect(reading.get_by_text("chosen=30")).to_be_visible()
    expect(sentence(reading, 30)).to_have_attribute("aria-pressed", "true")
    expect(sentence(reading, 30)).to_be_in_viewport()
    sentence(reading, 4).scroll_into_view_if_needed()
    press(sentence(reading, 4))
    expect(reading.get_by_text("chosen=4")).to_be_visible()


def test_a_rerun_for_another_reason_keeps_the_selection_and_the_elements(reading: Page) -> None:
    press(sentence(reading, 4))
    expect(reading.get_by_text("chosen=4")).to_be_visible()
    sentence(reading, 4).evaluate("el => { el.sameAsBefore = true }")
    note(reading, "a note")
    expect(sentence(reading, 4)).to_have_attribute("aria-pressed", "true")
    assert sentence(reading, 4).evaluate("el => el.sameAsBefore") is True


def test_letters_typed_elsewhere_do_not_move_the_sentences(reading: Page) -> None:
    reading.get_by_label("Note").click()
    reading.keyboard.type("jjk")
    expect(reading.get_by_label("Note")).to_have_value("jjk")


def test_a_drag_over_words_selects_text_and_chooses_nothing(reading: Page) -> None:
    box = sentence(reading, 2).locator(".words").bounding_box()
    assert box is not None
    reading.mouse.move(box["x"] + 20, box["y"] + box["height"] - 8)
    reading.mouse.down()
    reading.mouse.move(box["x"] + 180, box["y"] + box["height"] - 8, steps=4)
    reading.mouse.up()
    note(reading, "after the drag")
    expect(reading.get_by_text("chosen=None")).to_be_visible()


def test_markup_in_the_text_stays_text(reading: Page) -> None:
    abstract = reading.get_by_role("group", name="Abstract")
    expect(abstract.get_by_text("<b>& costly</b>")).to_be_visible()
    expect(abstract.locator("b")).to_have_count(0)


def test_highlights_count_characters_as_python_does_and_may_overlap(reading: Page) -> None:
    second = reading.get_by_role("group", name="Abstract").locator('[data-id="2"]')
    marks = second.locator("mark")
    assert marks.all_inner_texts() == ["esketa", "mine", " 𝛂 56 mg", "40 adults"]
    expect(marks.nth(1)).to_have_class("is-suggestion is-term")
    expect(marks.nth(2)).to_have_attribute("title", "dose")


def test_a_verdict_is_told_by_sign_and_line_and_words_and_not_by_colour_alone(reading: Page) -> None:
    lines = {1: "solid", 2: "solid", 3: "dashed", 4: "dotted", 5: "double"}
    for number, line in lines.items():
        words = sentence(reading, number).locator(".words")
        assert words.evaluate("el => getComputedStyle(el).textDecorationStyle") == line
    assert [sentence(reading, n).locator(".sign").inner_text() for n in lines] == ["▲", "✓", "↻ ◐", "?", "⚠ ✕"]
    expect(sentence(reading, 6).locator(".sign")).to_have_count(0)
    expect(sentence(reading, 5)).to_have_accessible_name(
        "contradicted, reviewed, orphaned quote: It has no side effects at all."
    )


def test_a_sentence_that_is_not_selectable_is_no_button(reading: Page) -> None:
    last = reading.get_by_role("group", name="Abstract").locator('[data-id="5"]')
    expect(last).to_have_text("Funded by nobody.")
    assert last.get_attribute("role") is None


def test_copy_is_set_like_an_article_and_an_abstract_has_its_section_labels(reading: Page) -> None:
    assert the_copy(reading).evaluate(FONT_SIZE) == "17px"
    assert the_copy(reading).evaluate("el => getComputedStyle(el).maxWidth") == "630px"
    expect(the_copy(reading).get_by_role("heading", level=2)).to_have_text("What an infusion can do")
    expect(the_copy(reading).get_by_role("listitem")).to_have_count(6)
    labels = reading.get_by_role("group", name="Abstract").get_by_role("heading", level=3)
    assert labels.all_inner_texts() == ["Background", "Methods", "Results"]


CONTRAST = """el => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const luminance = (colour) => {
    canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => {
      const share = part / 255; return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const style = getComputedStyle(el);
  const paper = getComputedStyle(el.closest('.text')).getPropertyValue('--st-background-color');
  const clear = style.backgroundColor === 'rgba(0, 0, 0, 0)';
  const [a, b] = [luminance(style.color), luminance(clear ? paper : style.backgroundColor)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_signs_have_the_contrast_that_aa_asks_for_in_both_themes(page: Page, url: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(url)
    sentence(page, 5).wait_for()
    for number in range(1, 6):
        assert sentence(page, number).locator(".sign").evaluate(CONTRAST) >= 4.5
        assert sentence(page, number).locator(".words").evaluate(CONTRAST) >= 7


@pytest.mark.parametrize(("scheme", "colour"), [("light", "rgb(26, 127, 55)"), ("dark", "rgb(63, 185, 80)")])
def test_marks_in_a_dialog_follow_the_theme_too(page: Page, url: str, scheme: str, colour: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(url)
    page.get_by_role("button", name="Attach").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".fn-badge")).to_have_css("background-color", colour)
    expect(dialog.get_by_role("group", name="In the dialog")).to_have_css("color-scheme", scheme)


def test_the_dossier_stays_in_view_while_the_text_scrolls(reading: Page) -> None:
    sentence(reading, 50).scroll_into_view_if_needed()
    assert reading.evaluate(SCROLLED) > 200
    expect(reading.get_by_role("button", name="Go to sentence 30")).to_be_in_viewport()
