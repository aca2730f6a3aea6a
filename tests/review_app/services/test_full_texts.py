"""Full texts are attached once, read, quoted by page and removed; quotes are seen as votes are."""

import subprocess

import invented_pdf
import invented_screening
import pytest
from sqlalchemy import Engine
from sqlmodel import select
from study_page import actor, article_id

from db import audit
from db.engine import reading, writing
from db.models import Attachment, QuoteAnchor, Review, StoredFile
from db.queries import full_texts as queries
from db.types import Decision, Stage
from review_app.screening.full_text import FullText
from review_app.services import full_text_quotes, full_text_view, full_texts, review_settings, screening, screening_view
from review_app.services.errors import Conflict, Invalid, NotFound, Refused
from review_app.services.full_text_view import FullTextDesk
from review_app.services.screening_view import ScreeningDesk

BEFORE, STAGE, TOPIC = Stage.TITLE_ABSTRACT, Stage.FULL_TEXT, invented_screening.invented_studies.TOPIC
PDF = invented_pdf.pdf(*invented_pdf.PAGES)
TEXT = FullText("application/pdf", invented_pdf.PAGES)
RESULT = "Scores fell by 7.4 points at 24 hours."


@pytest.fixture
def review(library: Engine) -> Review:
    return invented_screening.begin_full_text(library)


def vote(engine: Engine, name: str, decision: Decision, reason: str | None = None) -> None:
    invented_screening.vote_on_trial(engine, name, decision, STAGE, reason)


def attach(engine: Engine, name: str = "Ben", body: bytes = PDF, file: str = "trial.pdf") -> int:
    with writing(engine) as session:
        who, article = actor(engine, name), article_id(engine)
        return full_texts.attach(session, actor=who, article_id=article, name=file, body=body, text=TEXT).id


def remove(engine: Engine, name: str, attachment_id: int) -> None:
    with writing(engine) as session:
        full_texts.remove(session, actor=actor(engine, name), attachment_id=attachment_id)


def quote(engine: Engine, name: str, attachment_id: int, words: str = RESULT, page: int = 2) -> int:
    with writing(engine) as session:
        return full_text_quotes.add(
            session,
            actor=actor(engine, name),
            record_id=invented_screening.trial_record(engine),
            stage=STAGE,
            attachment_id=attachment_id,
            page=page,
            words=words,
        ).id


def desk(engine: Engine, name: str) -> tuple[ScreeningDesk, FullTextDesk | None]:
    with reading(engine) as session:
        who = actor(engine, name)
        found = screening_view.screening_desk(session, viewer=who, topic_id=TOPIC, stage=STAGE)
        assert found is not None
        return found, full_text_view.queued_full_text(session, viewer=who, desk=found)


def quoted(engine: Engine, name: str) -> list[str]:
    found = desk(engine, name)[1]
    assert found is not None
    return [each.quote.exact for each in found.quotes]


def test_a_file_is_read_by_a_process_of_its_own() -> None:
    assert full_texts.read(PDF) == TEXT
    with pytest.raises(Invalid, match="is broken"):
        full_texts.read(PDF[:200])


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused() -> None:
    bomb = invented_pdf.bomb()
    assert len(bomb) < 200_000
    with pytest.raises(Invalid, match="is broken"):
        full_texts.read(bomb)


def test_a_file_that_is_read_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("read", 1)

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(Invalid, match="too long to read"):
        full_texts.read(b"")


def test_what_is_included_is_on_the_desk_with_its_full_text(library: Engine, review: Review) -> None:
    found, full_text = desk(library, "Ben")
    assert found.on_desk is not None
    assert found.on_desk.record_id == invented_screening.trial_record(library)
    assert full_text == FullTextDesk([], None, {}, [])
    attach(library)
    full_text = desk(library, "Cleo")[1]
    assert full_text is not None
    assert full_text.shown is not None
    assert tuple(full_text.shown.pages) == invented_pdf.PAGES
    assert list(full_text.attached_by.values()) == ["Ben"]


def test_the_bytes_are_kept_once_and_the_same_file_is_attached_once(library: Engine, review: Review) -> None:
    first = attach(library, file="C:\\papers\\../trial\x07.pdf")
    with pytest.raises(Conflict, match="attached already"):
        attach(library, "Cleo", file="again.pdf")
    remove(library, "Ben", first)
    attach(library, "Cleo", file="again.pdf")
    with reading(library) as session:
        assert [row.name for row in session.exec(select(Attachment))][1] == "again.pdf"
        assert session.exec(select(StoredFile)).one().body == PDF
        assert audit.problems(session) == []


def test_who_attached_a_file_or_a_lead_removes_it_and_it_stays_in_the_library(library: Engine, review: Review) -> None:
    first = attach(library)
    with pytest.raises(Refused, match="or a lead"):
        remove(library, "Cleo", first)
    remove(library, "Ada", first)
    with pytest.raises(NotFound):
        remove(library, "Ada", first)
    with reading(library) as session:
        assert queries.attachments(session, article_id=article_id(library)) == []
        assert queries.stored_file(session, attachment_id=first) is None
        assert session.get_one(Attachment, first).removed_at is not None


def test_a_writer_attaches_nothing(library: Engine, review: Review) -> None:
    with pytest.raises(Refused):
        attach(library, "Dov")


def test_a_quote_is_verbatim_and_knows_its_page(library: Engine, review: Review) -> None:
    file = attach(library)
    quote(library, "Ben", file, words="Scores fell\nby 7.4 points at 24  hours.")
    with reading(library) as session:
        anchor = session.exec(select(QuoteAnchor)).one()
    assert (anchor.page, anchor.section, anchor.start, anchor.end) == (2, None, 0, len(RESULT))
    assert quoted(library, "Ben") == [RESULT]
    with pytest.raises(Conflict, match="quoted these words already"):
        quote(library, "Ben", file)
    for words, page, said in (
        ("Scores fell by 8.4 points at 24 hours.", 2, "do not stand on page 2"),
        (RESULT, 1, "do not stand on page 1"),
        (RESULT, 3, "no page 3"),
        ("Scores", 2, "at least 12"),
    ):
        with pytest.raises(Invalid, match=said):
            quote(library, "Ben", file, words=words, page=page)


def test_a_quote_is_taken_out_and_stays_with_the_vote_once_it_is_given(library: Engine, review: Review) -> None:
    file = attach(library)
    first, second = quote(library, "Ben", file), quote(library, "Ben", file, "Nausea was common.")
    for_ben = {"actor": actor(library, "Ben"), "record_id": invented_screening.trial_record(library), "stage": STAGE}
    with writing(library) as session:
        full_text_quotes.drop(session, **for_ben, quote_id=first)  # type: ignore[arg-type]
    assert quoted(library, "Ben") == ["Nausea was common."]
    vote(library, "Ben", Decision.INCLUDE)
    with writing(library) as session, pytest.raises(Conflict, match="Take it back"):
        full_text_quotes.drop(session, **for_ben, quote_id=second)  # type: ignore[arg-type]


def test_a_second_reader_sees_no_quote_of_the_first_and_the_conflict_shows_both(
    library: Engine, review: Review
) -> None:
    file = attach(library)
    quote(library, "Ben", file)
    vote(library, "Ben", Decision.INCLUDE)
    assert quoted(library, "Cleo") == []
    quote(library, "Cleo", file, "Nausea was common.")
    with pytest.raises(Invalid, match="each exclusion has one"):
        vote(library, "Cleo", Decision.EXCLUDE)
    vote(library, "Cleo", Decision.EXCLUDE, reason="comparator")
    with reading(library) as session:
        page = screening_view.conflict_page(session, viewer=actor(library, "Ada"), topic_id=TOPIC, stage=STAGE)
    assert page is not None
    assert [[each.quote.exact for each in side.quotes] for side in page.sides] == [[RESULT], ["Nausea was common."]]
    assert [row.name for row in page.attachments] == ["trial.pdf"]


def test_a_quote_from_another_article_s_file_is_refused(library: Engine, review: Review) -> None:
    with writing(library) as session:
        other = article_id(library, 90000002)
        row = full_texts.attach(
            session, actor=actor(library, "Ben"), article_id=other, name="other.pdf", body=PDF, text=TEXT
        )
    with pytest.raises(NotFound):
        quote(library, "Ben", row.id)


def test_a_vote_that_a_full_text_rests_on_is_not_taken_back(library: Engine, review: Review) -> None:
    vote(library, "Cleo", Decision.INCLUDE)
    record_id = invented_screening.trial_record(library)
    with writing(library) as session, pytest.raises(Conflict, match="in full text meanwhile"):
        screening.undo(session, actor=actor(library, "Ben"), record_id=record_id, stage=BEFORE)


def test_a_review_of_one_stage_takes_no_vote_on_a_full_text(library: Engine, review: Review) -> None:
    with writing(library) as session:
        review_settings.change_stages(session, actor=actor(library, "Ada"), review_id=review.id, full_text=False)
    with pytest.raises(Invalid, match="does not screen in full text"):
        vote(library, "Ben", Decision.INCLUDE)
    with reading(library) as session:
        found = screening_view.screening_desk(session, viewer=actor(library, "Ben"), topic_id=TOPIC, stage=STAGE)
    assert found is not None
    assert found.review.stage is BEFORE
