"""The figures of Home as a browser lays them out."""

import pytest
from playwright.sync_api import Page

from review_app.components.style import stylesheet
from review_app.components.tiles import Tile, tiles_markup

pytestmark = pytest.mark.browser

DESK = 1061  # pixels between the sidebar and the edge of a window of 1366


@pytest.mark.parametrize("number", [4, 7, 8])
def test_all_figures_of_home_stand_in_one_row_on_a_small_screen(page: Page, number: int) -> None:
    row = tiles_markup([Tile("3 of 89", "claims with a verdict by people", "/claims")] * number)
    page.set_content(f'<style>{stylesheet()} * {{ font-size: 15px }}</style><div style="width: {DESK}px">{row}</div>')
    boxes = [tile.bounding_box() for tile in page.locator(".fn-tile").all()]
    assert len({box["y"] for box in boxes if box}) == 1
    assert not page.locator(".fn-tile").evaluate_all("tiles => tiles.some(each => each.scrollWidth > each.clientWidth)")
