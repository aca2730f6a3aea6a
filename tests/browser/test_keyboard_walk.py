"""The walk that every page is tested with finds what it is for, on a page that has all of it."""

import pytest
from keyboard_walk import Walk, walk
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def met(page: Page, html: str) -> Walk:
    page.set_content(f'<main data-testid="stHtml">{html}</main>')
    return walk(page)


def test_a_page_of_plain_controls_is_walked_to_its_end(page: Page) -> None:
    around = '<div role="radiogroup"><i role="radio" tabindex="0">a</i><i role="radio" tabindex="-1">b</i></div>'
    found = met(page, f'<a href="#">Link</a><button>Button</button><button disabled>Off</button><input>{around}')
    assert found == Walk(stops=4, missed=(), unseen=(), trap=None)


def test_what_only_a_mouse_can_press_is_missed(page: Page) -> None:
    found = met(page, '<p style="cursor: pointer">Card</p><i role="button">Words</i><a href="#" tabindex="-1">Out</a>')
    assert found.missed == ("p: Card", "button: Words", "a: Out")


def test_a_focus_that_nobody_sees_is_told(page: Page) -> None:
    faint = "<style>.faint:focus { outline: 0 } .framed:has(:focus) { border: 1px solid }</style>"
    framed = '<div class="framed"><a class="faint" href="#">Framed</a></div>'
    assert met(page, f'{faint}<a class="faint" href="#">Faint</a>{framed}').unseen == ("a: Faint",)


def test_a_field_that_keeps_the_tab_key_is_a_trap(page: Page) -> None:
    keeps = "event.key === 'Tab' && event.preventDefault()"
    assert met(page, f'<a href="#">Link</a><textarea onkeydown="{keeps}" aria-label="Keeps"></textarea>').trap == (
        "textarea: Keeps"
    )
