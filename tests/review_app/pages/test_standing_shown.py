"""The morning after, as pages show it: copy, claims and Home say what to look at again, with the way to the alert."""

from collections.abc import Callable

import invented_alerts
import morning_after
import pytest
from copy_page import labels, words
from morning_after import Night
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

OpenPage = Callable[..., AppTest]


@pytest.fixture
def night(library: Engine) -> Night:
    return morning_after.retracted(library)


def test_a_sentence_shows_its_new_standing_why_and_the_alert(night: Night, open_copy: OpenPage) -> None:
    desk = open_copy("Dov", document=str(night.document), sentence="1")
    said = words(desk)
    assert '<span aria-hidden="true">↻ ✓</span> supported' in said
    assert "To be looked at again" in said
    assert invented_alerts.RETRACTED in said
    assert f'href="/alerts?alert={night.on_claim}"' in said
    assert "Why" in said, "the answer of the day before stays readable"


def test_an_accepted_link_that_went_stale_can_be_accepted_again(night: Night, open_copy: OpenPage) -> None:
    desk = open_copy("Dov", document=str(night.document), sentence="1")
    assert "the sentence makes this claim" in words(desk)
    next(button for button in desk.button if button.label == "Makes this claim").click().run()
    assert "Makes this claim" not in labels(desk)


def test_a_claim_says_why_it_has_to_be_looked_at_again(night: Night, open_claims: OpenPage) -> None:
    said = words(open_claims("Ben", claim=invented_alerts.ONSET))
    assert "retracted, and still linked as support" in said
    assert f'href="/alerts?alert={night.on_claim}"' in said


def test_home_says_what_changed_and_how_many_alerts_wait(
    night: Night, open_desk: Callable[[str | None], AppTest]
) -> None:
    said = words(open_desk("Ada"))
    assert "<b>1</b><span>alert waits for you</span>" in said
    assert "What waits for you, the newest first" in said
    assert "What changed last night" not in said, "no night has run here"
    assert f'<a href="/alerts?alert={night.on_claim}" target="_self">{invented_alerts.RETRACTED}</a>' in said
    assert "No alert waits for you." not in said
