"""Every page opens, on an empty library, for everybody who may see it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from db.types import Actor, Role
from review_app import navigation

PEOPLE = {"Ada": Role.LEAD, "Ben": Role.REVIEWER, "Dov": Role.WRITER}
PAGES = Path(navigation.__file__).parent / "pages"
SEEN = [
    (desk.file, name)
    for name, role in PEOPLE.items()
    for desk in navigation.seen_by(Actor(1, name, role))
    if (PAGES / f"{desk.file}.py").exists()
]


@pytest.mark.parametrize(("page", "name"), SEEN)
def test_a_page_opens_without_an_error(page: str, name: str, open_page: Callable[[str, str], AppTest]) -> None:
    desk = open_page(page, name)
    assert [error.value for error in desk.exception] == []
    assert desk.title[0].value in {place.title for place in navigation.DESKS}


def test_every_page_in_the_folder_has_its_place_in_the_navigation() -> None:
    places = {desk.file for desk in navigation.DESKS}
    assert {path.stem for path in PAGES.glob("*.py")} <= places
