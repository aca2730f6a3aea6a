"""The demonstration library: invented, labelled, whole, and apart from real studies."""

from pathlib import Path

import pytest
from invented_pubmed import invented, write_records
from sqlalchemy import Engine
from sqlmodel import col, select

from db.demonstration import is_demonstration
from db.engine import reading, writing
from db.models import Alert, Article, Member, Setting
from db.queries import accounts, documents, harvesting, screening
from db.queries.blinding import default_review
from db.types import Actor, Integrity, Stage
from harvester import cli as harvest
from review_app.demo import __main__ as demo
from review_app.demo import seed as seeding
from review_app.services.accounts import join
from review_app.services.errors import Conflict
from review_app.services.library import open_library

TOPIC = "ketamine-depression"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("demonstration") / "demonstration.db"
    demo.make(file, topic_id=TOPIC)
    return file


@pytest.fixture
def engine(library: Path) -> Engine:
    return open_library(f"sqlite:///{library}", topic_id=TOPIC)


def lead_of(engine: Engine) -> Actor:
    with reading(engine) as session:
        member = accounts.member_by_name(session, name=seeding.LEAD)
        assert member is not None
        return accounts.actor_of(member)


def test_everything_in_it_says_that_it_is_invented(engine: Engine) -> None:
    with reading(engine) as session:
        articles = session.exec(select(Article)).all()
        members = session.exec(select(Member.name)).all()
        assert is_demonstration(session)
    assert len(articles) == 21
    assert all((row.pmid or 0) >= 90_000_000 for row in articles)
    assert all("invented" in (row.title + row.abstract) for row in articles if row.abstract)
    assert all(name.endswith("(invented)") for name in members)


def test_a_night_has_changed_what_the_page_and_the_claims_rest_on(engine: Engine) -> None:
    with reading(engine) as session:
        retracted = session.exec(select(Article).where(Article.pmid == 90001001)).one()
        told = session.exec(select(Alert.summary).order_by(col(Alert.id))).all()
        assert retracted.integrity is Integrity.RETRACTED
        assert documents.document_count(session) == 1
    assert any("retracted" in summary for summary in told)
    assert any("quote" in summary for summary in told)


def test_its_reviewers_disagree_on_one_record(engine: Engine) -> None:
    lead = lead_of(engine)
    with reading(engine) as session:
        review = default_review(session, topic_id=TOPIC)
        assert review is not None
        assert (review.dual, review.blinded) == (True, True)
        assert screening.conflict_count(session, viewer=lead, review=review, stage=Stage.TITLE_ABSTRACT) == 1


def test_real_studies_are_not_let_in(
    library: Path, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{library}")
    file = write_records(tmp_path / "real.xml", [invented(90_000_777)])
    assert harvest.main(["import", str(file)]) == harvest.FAILED
    assert "never mixes with real studies; set DATABASE_URL" in capsys.readouterr().err
    with reading(engine) as session:
        assert harvesting.library_size(session) == 21


def test_it_is_not_let_into_a_library_of_real_studies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'ours.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    assert harvest.main(["import", str(write_records(tmp_path / "ours.xml", [invented(90_000_777)]))]) == 0
    invented_file = seeding.FILES / "studies.xml"
    assert harvest.main(["import", "--demonstration", str(invented_file)]) == harvest.FAILED
    assert "needs an empty library" in capsys.readouterr().err
    engine = open_library(url, topic_id=TOPIC)
    ada = seeding.first_lead(engine)
    with pytest.raises(Conflict, match="never mixes with real studies"):
        seeding.seed(engine, topic_id=TOPIC, lead=ada)
    with reading(engine) as session:
        assert harvesting.library_size(session) == 1
        assert not is_demonstration(session)


def test_each_start_gives_a_link_that_signs_its_lead_in_once(library: Path, engine: Engine) -> None:
    token = demo.sign_in_link(library, topic_id=TOPIC).rsplit("/", 1)[1]
    with writing(engine) as session:
        assert join(session, token=token, name=seeding.LEAD, password_hash="a hash")


def test_a_library_of_somebody_else_under_its_name_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "demonstration.db"
    open_library(f"sqlite:///{file}", topic_id=TOPIC).dispose()
    with pytest.raises(Conflict, match="no demonstration library"):
        demo.sign_in_link(file, topic_id=TOPIC)


def test_what_was_left_of_one_that_was_stopped_is_begun_anew(tmp_path: Path, library: Path) -> None:
    (tmp_path / "demonstration.beginning").mkdir()
    (tmp_path / "demonstration.beginning/demonstration.db").write_bytes(library.read_bytes()[:50_000])
    demo.make(tmp_path / "demonstration.db", topic_id=TOPIC)
    assert [each.name for each in tmp_path.iterdir()] == ["demonstration.db"]
    engine = open_library(f"sqlite:///{tmp_path / 'demonstration.db'}", topic_id=TOPIC)
    with reading(engine) as session:
        assert session.get(Setting, "demonstration") is not None
