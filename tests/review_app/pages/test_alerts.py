"""The page of alerts, driven without a browser: what each member reads, and what their acts do."""

from collections.abc import Callable

import invented_alerts
import morning_after
import pytest
from copy_page import PAGES, button, labels, words
from morning_after import Night
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from db.engine import writing
from db.models import HarvestRun, Notice
from db.types import RunKind, RunStatus

OpenAlerts = Callable[..., AppTest]


@pytest.fixture
def night(library: Engine) -> Night:
    return morning_after.retracted(library)


@pytest.fixture
def open_alerts(open_desk: Callable[[str | None], AppTest]) -> OpenAlerts:
    """`open_alerts("Ada", alert="1")`: the page at that address, as this person sees it."""

    def open_as(name: str, **address: str) -> AppTest:
        desk = open_desk(name).switch_page(str(PAGES / "alerts.py"))
        desk.query_params.update(address)
        return desk.run()

    return open_as


def press(desk: AppTest, key: str) -> AppTest:
    return desk.button(key=key).click().run()


def give_reason(desk: AppTest, why: str, act: str) -> AppTest:
    next(field for field in desk.text_input if field.label == "Reason").set_value(why)
    return button(desk, f"{act} with this reason")


def told(desk: AppTest) -> list[str]:
    return [error.value.replace("\\", "") for error in desk.error]


def test_a_card_says_what_happened_who_says_so_and_what_rests_on_it(night: Night, open_alerts: OpenAlerts) -> None:
    said = words(open_alerts("Ada"))
    place = said.index
    assert place(invented_alerts.RETRACTED) < place("says PubMed") < place("says Retraction Watch")
    assert place("says Retraction Watch") < place(invented_alerts.ONSET) < place("One infusion, one day")
    assert "The sources do not say the same." not in said
    assert "waits for Dov" in said
    assert "↻ ✓" in said


def test_sources_that_disagree_are_shown_side_by_side(night: Night, open_alerts: OpenAlerts) -> None:
    with writing(night.engine) as session:
        listed = session.exec(select(Notice).where(Notice.source == "retraction_watch")).one()
        listed.withdrawn_at = listed.first_seen_at
        session.add(listed)
        session.commit()
    said = words(open_alerts("Ada"))
    assert "PubMed: retraction; Retraction Watch: nothing against it." in said
    assert "taken back" in said


def test_who_reinstated_an_article_is_told_and_says_nothing_against_it_any_more(
    night: Night, open_alerts: OpenAlerts
) -> None:
    with writing(night.engine) as session:
        listed = session.exec(select(Notice).where(Notice.source == "retraction_watch")).one()
        new = {"id": None, "kind": "reinstatement", "source_key": "invented, later"}
        session.add(Notice(**(listed.model_dump() | new)))
        session.commit()
    said = words(open_alerts("Ada"))
    assert "Reinstatement · says Retraction Watch" in said
    assert "PubMed: retraction; Retraction Watch: nothing against it." in said


def test_a_member_reads_their_own_and_may_look_at_everyones(night: Night, open_alerts: OpenAlerts) -> None:
    desk = open_alerts("Ben")
    assert "No alert waits for you." in words(desk)
    desk.segmented_control(key="whose").set_value("everyone").run()
    said = words(desk)
    assert invented_alerts.RETRACTED in said
    assert "waits for a lead" in said
    assert not {"Accept", "Dismiss", "Check again"} & set(labels(desk))


def test_the_sidebar_and_the_line_under_the_title_count_what_waits(night: Night, open_alerts: OpenAlerts) -> None:
    desk = open_alerts("Dov")
    assert desk.title[0].value == "Alerts"
    assert ">1 open alert<" in words(desk)
    assert "open alert" not in words(open_alerts("Cleo"))


def test_dismissing_asks_for_a_reason_and_moves_the_alert_to_the_answered(
    night: Night, open_alerts: OpenAlerts
) -> None:
    desk = press(open_alerts("Dov"), f"dismiss_{night.on_copy}")
    give_reason(desk, " ", "Dismiss")
    assert told(desk) == ["Say in a few words why."]
    give_reason(desk, "The copy is withdrawn.", "Dismiss")
    assert "No alert waits for you." in words(desk)
    desk.segmented_control(key="show").set_value("resolved").run()
    assert "<b>Dov</b> dismissed on" in words(desk)
    assert "The copy is withdrawn." in words(desk)


def test_accepting_shows_the_contradicting_evidence_and_what_it_does(night: Night, open_alerts: OpenAlerts) -> None:
    morning_after.support_elsewhere(night)
    desk = press(open_alerts("Ada"), f"accept_{night.on_claim}")
    assert "Contradicting evidence: read it before you decide" in words(desk)
    about = " ".join(caption.value for caption in desk.caption)
    assert "The verdict (supported, low certainty) is given again in your name." in about
    assert "2 links to it as support will be withdrawn" in about
    give_reason(desk, "The other trial carries it.", "Accept")
    assert desk.toast[0].value == "Accepted, with your name"
    assert night.standing() == "current"


def test_what_is_refused_is_told_in_the_form_which_stays(night: Night, open_alerts: OpenAlerts) -> None:
    desk = press(open_alerts("Ada"), f"accept_{night.on_claim}")
    give_reason(desk, "It holds.", "Accept")
    assert told(desk) == ["Nothing that still stands supports this claim. Give it another verdict on its page."]
    assert any(field.label == "Reason" for field in desk.text_input)
    desk = button(desk, "Cancel")
    assert not [field for field in desk.text_input if field.label == "Reason"]


def test_a_lead_dismisses_the_whole_card(night: Night, open_alerts: OpenAlerts) -> None:
    desk = press(open_alerts("Ada"), f"dismiss_{night.on_claim}_{night.on_copy}")
    give_reason(desk, "A copy of an older notice.", "Dismiss")
    assert "No alert waits for you." in words(desk)
    assert not night.row(night.on_copy).is_open


def test_a_writer_checks_the_newest_version_again(night: Night, open_alerts: OpenAlerts) -> None:
    desk = press(open_alerts("Dov"), f"check_again_{night.on_copy}")
    assert desk.toast[0].value == "Checked against today's library"
    assert "No alert waits for you." in words(desk)


def test_one_alert_has_its_own_address(night: Night, open_alerts: OpenAlerts) -> None:
    assert invented_alerts.RETRACTED in words(open_alerts("Ben", alert=str(night.on_claim)))
    for unknown in ("999", "none"):
        assert "No such alert." in words(open_alerts("Ben", alert=unknown))


def test_a_night_that_ran_in_part_is_said_on_every_page(night: Night, open_alerts: OpenAlerts) -> None:
    with writing(night.engine) as session:
        at = session.get_one(HarvestRun, 1).started_at
        message = "DailyMed could not be checked."
        run = HarvestRun(kind=RunKind.REFRESH, status=RunStatus.PARTIAL, message=message, started_at=at, finished_at=at)
        session.add(run)
        session.commit()
    desk = open_alerts("Ben")
    assert "the last night is incomplete" in words(desk)
    assert "DailyMed could not be checked." in desk.warning[0].value.replace("\\", "")


def test_nothing_in_an_alert_becomes_markup(library: Engine, open_alerts: OpenAlerts) -> None:
    night = morning_after.retracted(library, title="<script>alert('night')</script>")
    assert "<script>alert('night')" not in words(open_alerts("Ada", alert=str(night.on_claim)))
