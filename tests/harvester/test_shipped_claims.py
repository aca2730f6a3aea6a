"""A library that a harvest command opened first holds what ships with the topic, as every other one does."""

from pathlib import Path

import pytest
from sqlmodel import Session, func, select

from db.engine import open_engine, reading
from db.models import Claim
from harvester import cli


def test_a_harvest_command_brings_the_shipped_claims(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path}/footnote.db"
    monkeypatch.setenv("DATABASE_URL", url)
    assert cli.main(["status"]) == cli.COMPLETE
    assert "0 articles in the library" in capsys.readouterr().out
    engine = open_engine(url)
    with reading(engine) as session:
        assert shipped(session) > 27
    engine.dispose()


def shipped(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Claim)).one()
