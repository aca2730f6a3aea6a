"""The home page, driven without a browser: what each member meets, and the ways to bring studies in."""

from collections.abc import Callable
from pathlib import Path

import invented_screening
import invented_studies
import pytest
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from db import config
from db.demonstration import is_demonstration
from db.engine import reading, writing
from db.models import AuditEvent, HarvestRun, Lease, Member
from db.queries import accounts as account_queries
from db.types import Decision, Role, RunKind, RunStatus, Stage
from review_app.services import harvests

OpenDesk = Callable[[str | None], AppTest]


def words(page: AppTest) -> str:
    """Everything that stands on the page."""
    drawn = [item.value for kind in ("caption", "markdown", "subheader", "error") for item in getattr(page, kind)]
    markup = [item.proto.body for item in page.get("html")]
    return "\n".join([*drawn, *markup, *(button.label for button in page.button)])


@pytest.fixture
def studies(library: Engine) -> Engine:
    with reading(library) as session:
        ada = account_queries.member_by_name(session, name="Ada")
    assert ada is not None
    invented_studies.fill(library, lead=account_queries.actor_of(ada))
    return library


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that the app would have started."""
    commands: list[list[str]] = []
    monkeypatch.setattr(harvests, "_run", lambda arguments, engine: commands.append(arguments))
    return commands


def test_an_empty_library_offers_the_ways_in(open_desk: OpenDesk) -> None:
    page = words(open_desk("Ada"))
    assert "The library is empty." in page
    assert "Harvest now" in page
    assert "Import a file" in page
    assert "Load the demonstration" in page


def test_the_demonstration_fills_an_empty_library_and_says_so_on_every_page(
    library: Engine, open_desk: OpenDesk
) -> None:
    page = open_desk("Ada")
    next(button for button in page.button if button.label == "Load the demonstration").click().run(timeout=60)
    assert not page.exception
    assert "Demonstration data" in words(page)
    assert "Harvest now" not in words(page)
    assert "Import" not in words(page)
    with reading(library) as session:
        assert is_demonstration(session)


def test_a_writer_is_told_whom_to_ask_and_offered_nothing_that_is_refused(open_desk: OpenDesk) -> None:
    page = words(open_desk("Dov"))
    assert "Ask a lead to harvest." in page
    assert "Harvest now" not in page


def test_a_reviewer_goes_on_with_the_next_study(studies: Engine, open_desk: OpenDesk) -> None:
    page = words(open_desk("Ben"))
    assert "Tag the next study: 0 tagged by you" in page
    assert "/study?id=" in page


def test_who_settles_conflicts_does_that_first(library: Engine, open_desk: OpenDesk) -> None:
    invented_screening.begin(library, plain=0)
    invented_screening.vote_on_trial(library, "Ben", Decision.INCLUDE, Stage.TITLE_ABSTRACT)
    invented_screening.vote_on_trial(library, "Cleo", Decision.EXCLUDE, Stage.TITLE_ABSTRACT)
    assert "Settle 1 conflict<" in words(open_desk("Ada"))
    assert "Continue screening: 1 of 5" in words(open_desk("Ben"))


def test_a_writer_goes_on_with_copy(studies: Engine, open_desk: OpenDesk) -> None:
    page = words(open_desk("Dov"))
    assert 'href="/check_copy"' in page
    assert "Bring more studies in" not in page


def test_harvest_now_starts_the_harvester_and_says_who_did(
    library: Engine, open_desk: OpenDesk, started: list[list[str]]
) -> None:
    page = open_desk("Ben")
    next(button for button in page.button if button.label == "Harvest now").click().run()
    assert started == [["sync", "--topic", "ketamine-depression"]]
    with reading(library) as session:
        assert [
            e.actor_name for e in session.exec(select(AuditEvent).where(AuditEvent.action == "harvest_started"))
        ] == ["Ben"]


def test_an_import_that_begins_is_told_and_one_that_has_ended_leaves_the_page_at_once(
    open_desk: OpenDesk, started: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(harvests, "is_beginning", lambda _: bool(started))
    page = open_desk("Ben")
    next(button for button in page.button if button.label == "Harvest now").click().run()
    assert "Harvest now" not in words(page)
    assert "Starting the harvester" in str(page.get("progress")[0].proto.text)
    started.clear()
    assert "Harvest now" in words(page.run())


def test_a_running_harvest_shows_how_far_it_is_and_can_be_stopped(library: Engine, open_desk: OpenDesk) -> None:
    with writing(library) as session:
        run = HarvestRun(kind=RunKind.SYNC, phase="fetching", total=604, done=200, new=200, started_at=config.now())
        session.add(run)
        session.flush()
        now = config.now()
        session.add(
            Lease(name="harvest", holder="cron", host="h", pid=1, run_id=run.id, acquired_at=now, heartbeat_at=now)
        )
        session.commit()
    page = open_desk("Ada")
    next(button for button in page.button if button.label == "Stop").click().run()
    with reading(library) as session:
        lease = session.get(Lease, "harvest")
        assert lease is not None
        assert lease.cancel_requested_by == "Ada"


def test_a_harvest_that_was_not_heard_of_for_long_may_be_started_again(library: Engine, open_desk: OpenDesk) -> None:
    long_ago = config.now() - 2 * harvests.QUIET
    with writing(library) as session:
        session.add(Lease(name="harvest", holder="cron", host="h", pid=1, acquired_at=long_ago, heartbeat_at=long_ago))
        session.commit()
    assert "Harvest now" in words(open_desk("Ada"))


def test_what_an_import_rejected_is_said(library: Engine, open_desk: OpenDesk) -> None:
    with writing(library) as session:
        now = config.now()
        run = HarvestRun(
            kind=RunKind.IMPORT, status=RunStatus.COMPLETE, new=1, rejected=2, started_at=now, finished_at=now
        )
        session.add(run)
        session.commit()
    assert "1 new, 0 changed, 0 unchanged, 2 rejected" in words(open_desk("Ada"))


def test_trouble_names_the_file_as_the_member_knows_it(sqlite_engine: Engine, tmp_path: Path) -> None:
    upload = harvests.keep_upload(sqlite_engine, name="set.csv", body=b"x")
    harvests.log_file(sqlite_engine).write_text(f"imported 0 of 1\nharvest: {upload}: it has no header row\n")
    assert harvests.last_trouble(sqlite_engine) == "set.csv: it has no header row"
    assert str(tmp_path) not in harvests.last_trouble(sqlite_engine)


def test_a_member_who_may_only_read_is_led_to_the_evidence(studies: Engine, open_desk: OpenDesk) -> None:
    with writing(studies) as session:
        session.add(Member(name="Rae", name_key="rae", role=Role.READ_ONLY, created_at=config.now()))
        session.commit()
    page = words(open_desk("Rae"))
    assert 'href="/evidence"' in page
    assert "Tag the next study" not in page
