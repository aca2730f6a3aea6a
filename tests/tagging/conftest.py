"""Invented studies: every title, abstract and number here was made up for these tests."""

from collections.abc import Callable

import pytest

from review_app.tagging.model import StudyText

MakeStudy = Callable[..., StudyText]


@pytest.fixture
def invented() -> MakeStudy:
    """`invented(title, abstract)` or `invented(title, METHODS=..., RESULTS=...)`."""

    def make(title: str, abstract: str = "", types: tuple[str, ...] = (), **labelled: str) -> StudyText:
        sections = ((None, abstract),) if abstract else tuple((label, text) for label, text in labelled.items())
        return StudyText(title, sections, publication_types=types)

    return make
