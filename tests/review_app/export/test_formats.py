"""What holds for every format alike."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count, islice

import pytest
from exported_articles import FULL, notice

from review_app.cli_options import parse
from review_app.export.formats import FORMATS, Format
from review_app.export.model import ExportedArticle

EVERY = pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS)
CONCERN = notice("expression_of_concern", pmid=90000007, source="Annals. 2023;4:1")
STATES = {
    "retracted": notice("retraction", pmid=90000007, source="Annals. 2023;4:1"),
    "retracted_and_replaced": notice("retracted_and_republished", pmid=90000007),
    "expression_of_concern": CONCERN,
}


def endless() -> Iterator[ExportedArticle]:
    return (replace(FULL, id=number, pmid=90000000 + number) for number in count(1))


@EVERY
def test_a_library_without_end_is_written_as_it_is_read(form: Format) -> None:
    first = list(islice(form.write(endless()), 50))
    assert len(first) == 50
    assert "90000049" in "".join(first)


@EVERY
def test_the_command_takes_the_format_by_its_name(form: Format) -> None:
    assert parse(["export", "--format", form.name]).format == form.name
    assert form.label
    assert form.suffix.isalnum()


@EVERY
@pytest.mark.parametrize("state", STATES)
def test_what_does_not_stand_any_more_is_marked_with_where_that_is_said(form: Format, state: str) -> None:
    text = "".join(form.write([replace(FULL, integrity=state, notices=[STATES[state]])]))
    assert state.replace("_", " ") in text.casefold().replace("_", " ")
    assert "90000007" in text


@EVERY
def test_the_same_articles_give_the_same_bytes(form: Format) -> None:
    some = list(islice(endless(), 5))
    assert "".join(form.write(some)) == "".join(form.write(iter(some)))
