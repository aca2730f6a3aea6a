"""Once round a page with the Tab key: what is reached, and whether one sees where one is."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_SCRIPT = Path(__file__).with_suffix(".js").read_text("utf-8")
# Streamlit's own mouse parts of a field that the keyboard fills in without them, by what they are called.
STREAMLITS_FOR_THE_MOUSE = {
    "button: Open": "Arrow Down in the select box opens it",
    "button: Increment": "Arrow Up in the number field",
    "button: Decrement": "Arrow Down in the number field",
    "button: Clear value": "Backspace over what stands in the field",
    "button: Remove ": "Backspace in the multiselect",
}


@dataclass(frozen=True, slots=True)
class Walk:
    """`missed` acts on a click and Tab does not come there; at the stops `unseen` nothing shows the focus; Tab does not
    leave `trap`. All by role and name."""

    stops: int
    missed: tuple[str, ...]
    unseen: tuple[str, ...]
    trap: str | None


def walk(page: Page) -> Walk:
    """Press Tab until the first stop comes again; the page must stand still."""
    page.evaluate(_SCRIPT)
    actors: list[dict[str, Any]] = page.evaluate("keyboardWalk.actors()")
    stops: dict[int, dict[str, Any]] = {}
    trap = None
    for _ in range(2 * len(actors) + 20):
        page.keyboard.press("Tab")
        at = page.evaluate("keyboardWalk.atFocus()")
        if at is None:  # at the browser's own controls
            continue
        if at["number"] in stops:
            trap = None if at["number"] == next(iter(stops)) else at["name"]
            break
        stops[at["number"]] = at
    without: dict[str, Any] = page.evaluate("keyboardWalk.unfocusedLooks()")
    composites = {at["composite"] for at in stops.values()} - {None}
    return Walk(
        len(stops),
        tuple(each["name"] for each in actors if not _is_reached(each, stops, composites)),
        tuple(at["name"] for number, at in stops.items() if at["look"] == without[str(number)]),
        trap,
    )


def _is_reached(actor: dict[str, Any], stops: dict[int, Any], composites: set[int]) -> bool:
    """By Tab, by the arrow keys from a part of the same composite, or by the field that it belongs to."""
    of_a_field = not actor["ours"] and actor["name"].startswith(tuple(STREAMLITS_FOR_THE_MOUSE))
    return actor["number"] in stops or actor["composite"] in composites or of_a_field
