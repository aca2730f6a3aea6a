"""A checked document is kept with its answer, its reports and what people decide about it, on both engines."""

import hashlib

import invented_claims
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import Engine
from sqlmodel import col, func, select

from db import audit
from db.engine import reading, writing
from db.models import AuditEvent, Dismissal, DocumentCheck, DocumentVersion, SentenceEvidence, SentenceLink, StoredFile
from db.queries import claims as claim_queries
from db.types import Actor, LinkState, Verdict
from review_app.services import checking, document_report, documents
from review_app.services.document_view import NOT_A_CLAIM, DocumentView, document_lines, document_view
from review_app.services.errors import Conflict, Invalid, NotFound, Refused

ONSET, TOPIC = invented_claims.ONSET, invented_claims.TOPIC
AS_STATED, TOO_FAR, QUIET = 1, 2, 3


@pytest.fixture
def people(engine: Engine) -> dict[str, Actor]:
    return invented_claims.fill(engine)


@pytest.fixture
def document(engine: Engine, people: dict[str, Actor]) -> int:
    return invented_claims.keep_copy(engine, people["Dov"])


def view(engine: Engine, document: int, viewer: Actor) -> DocumentView:
    with reading(engine) as session:
        found = document_view(session, viewer=viewer, document_id=document)
    assert found is not None
    return found


def decide(engine: Engine, actor: Actor, document: int, state: LinkState, *, at: int = TOO_FAR, why: str = "") -> None:
    sentence = view(engine, document, actor).sentences[at]
    with writing(engine) as session:
        documents.decide_link(
            session, actor=actor, document_id=document, sentence_id=sentence.sentence_id, claim_id=ONSET,
            state=state, reason=why,
        )  # fmt: skip


def last_action(engine: Engine) -> str:
    with reading(engine) as session:
        assert audit.problems(session) == []
        return session.exec(select(AuditEvent).order_by(col(AuditEvent.id).desc()).limit(1)).one().action


def test_the_bytes_that_were_given_are_kept(engine: Engine, document: int, people: dict[str, Actor]) -> None:
    with reading(engine) as session:
        version = session.exec(select(DocumentVersion)).one()
        file = session.get(StoredFile, version.sha256)
    assert file is not None
    assert file.body == invented_claims.COPY.encode()
    assert version.sha256 == hashlib.sha256(file.body).hexdigest()


def test_the_answer_comes_back_as_it_was_given(engine: Engine, document: int, people: dict[str, Actor]) -> None:
    kept = view(engine, document, people["Ben"])
    assert [item["text"] for item in kept.answer["sentences"]] == [row.answer["text"] for row in kept.sentences]
    assert kept.answer["sentences"][TOO_FAR]["claim"]["rewording"] == invented_claims.REWORDING
    assert kept.sentences[TOO_FAR].verdict == "overstated"
    assert kept.sentences[QUIET].verdict is None


def test_the_stored_text_is_checked_as_the_given_one_was(
    engine: Engine, document: int, people: dict[str, Actor]
) -> None:
    kept = view(engine, document, people["Dov"])
    assert checking.stored_text(dict(kept.answer)) == checking.document_from(
        invented_claims.COPY.encode(), name="pasted text"
    )


def test_sentences_know_their_block(engine: Engine, document: int, people: dict[str, Actor]) -> None:
    kinds = [row.kind for row in view(engine, document, people["Dov"]).sentences]
    assert kinds == ["heading", "paragraph", "paragraph", "paragraph", "list_item", "list_item"]


def test_reports_are_kept_with_the_check_that_they_report(
    engine: Engine, document: int, people: dict[str, Actor]
) -> None:
    kept = view(engine, document, people["Dov"])
    assert set(kept.reports) == {"html", "markdown"}
    page = kept.reports["html"].decode()
    assert "<script>alert" not in page
    assert "does not approve documents" in page
    assert invented_claims.STATEMENT in page


def test_a_report_names_the_document_the_rules_and_what_evidence_is(
    engine: Engine, document: int, people: dict[str, Actor]
) -> None:
    kept = view(engine, document, people["Dov"])
    for form in kept.reports:
        page = document_report.report(kept, form).replace("\\", "")
        assert "One infusion, one day" in page
        assert "by clinic rules against" in page
        assert "Randomised controlled trial" in page
        assert "ships with the claim, not reviewed here" in page
        assert "found by search" in page.casefold()
        assert "Noted in the claims library: Adults only" in page
        assert "What people decided" not in page


def test_a_report_ends_with_what_people_decided(engine: Engine, document: int, people: dict[str, Actor]) -> None:
    decide(engine, people["Dov"], document, LinkState.REJECTED, why="<b>Another</b> drug.")
    invented_claims.judge(engine, people["Ben"], Verdict.NEEDS_QUALIFICATION, "Two trials disagree.")
    kept = view(engine, document, people["Dov"])
    web, plain = (document_report.report(kept, form) for form in ("html", "markdown"))
    for words in (
        BeautifulSoup(web, "lxml").get_text(),
        plain.replace("\\", "").replace("**", "").replace("&lt;", "<").replace("&gt;", ">"),
    ):
        head, _, end = words.partition("What people decided")
        assert "2 decisions of people: see the end." in head
        assert f"Sentence {TOO_FAR + 1}: Dov on " in end
        assert f"it makes another claim than “{invented_claims.STATEMENT[:-1]}”. <b>Another</b> drug." in end
        assert "Its verdict above no longer stands." in end
        assert "Claim: Ben on " in end
        assert "judged as stated: needs qualification, after this check. Two trials disagree." in end
    assert "<b>Another</b>" not in web
    assert web.endswith("</footer></body></html>\n")


def test_a_change_of_a_study_finds_the_sentences_that_it_was_offered_for(engine: Engine, document: int) -> None:
    with reading(engine) as session:
        rows = session.exec(select(func.count()).select_from(SentenceEvidence)).one()
        stances = set(session.exec(select(SentenceEvidence.stance)))
    assert rows > 0
    assert "contradicts" in stances


def test_the_claim_knows_where_it_is_used(engine: Engine, document: int, people: dict[str, Actor]) -> None:
    def used() -> list[int]:
        with reading(engine) as session:
            return [
                sentence.position
                for _, sentence, _ in claim_queries.uses(session, viewer=people["Dov"], claim_ids=[ONSET])
            ]

    assert used() == [AS_STATED, TOO_FAR]
    decide(engine, people["Dov"], document, LinkState.REJECTED, why="Another drug.")
    assert used() == [AS_STATED]


def test_eve_is_refused_everything(engine: Engine, document: int, people: dict[str, Actor]) -> None:
    eve, found = people["Eve"], invented_claims.answered(engine, people["Dov"])
    with pytest.raises(Refused, match="may not check documents"):
        invented_claims.keep_copy(engine, eve)
    with writing(engine) as session, pytest.raises(Refused, match="may not check documents"):
        documents.check_again(session, actor=eve, document_id=document, answered=found)
    with pytest.raises(Refused, match="may not accept or reject"):
        decide(engine, eve, document, LinkState.ACCEPTED)
    with writing(engine) as session, pytest.raises(Refused, match="may not accept or reject"):
        documents.set_aside(session, actor=eve, document_id=document, text="x", what=NOT_A_CLAIM, reason="why")
    assert last_action(engine) == "document_checked"


def test_a_link_is_decided_and_the_suggestion_stays_readable(
    engine: Engine, document: int, people: dict[str, Actor]
) -> None:
    decide(engine, people["Dov"], document, LinkState.ACCEPTED)
    given = view(engine, document, people["Ben"]).sentences[TOO_FAR].link
    assert given is not None
    assert (given.what, given.member) == ("accepted", "Dov")
    with reading(engine) as session:
        states = session.exec(select(SentenceLink.state).where(SentenceLink.claim_id == ONSET)).all()
    assert sorted(states) == ["accepted", "suggested", "suggested"]
    assert last_action(engine) == "link_accepted"


def test_a_rejection_needs_a_reason_and_takes_the_verdict(
    engine: Engine, document: int, people: dict[str, Actor]
) -> None:
    with pytest.raises(Invalid, match="why the claim does not fit"):
        decide(engine, people["Dov"], document, LinkState.REJECTED)
    decide(engine, people["Dov"], document, LinkState.REJECTED, why="It speaks of another drug.")
    assert view(engine, document, people["Dov"]).sentences[TOO_FAR].verdict is None


def test_the_last_decision_counts(engine: Engine, document: int, people: dict[str, Actor]) -> None:
    decide(engine, people["Dov"], document, LinkState.REJECTED, why="It speaks of another drug.")
    decide(engine, people["Dov"], document, LinkState.ACCEPTED)
    assert view(engine, document, people["Dov"]).sentences[TOO_FAR].verdict == "overstated"


def test_a_link_that_nobody_suggested_cannot_be_decided(
    engine: Engine, document: int, people: dict[str, Actor]
) -> None:
    with pytest.raises(Conflict):
        decide(engine, people["Dov"], document, LinkState.ACCEPTED, at=QUIET)
    with pytest.raises(NotFound), writing(engine) as session:
        documents.decide_link(
            session, actor=people["Dov"], document_id=999, sentence_id=1, claim_id=ONSET,
            state=LinkState.ACCEPTED, reason="",
        )  # fmt: skip


def test_a_decision_outlives_a_new_check(engine: Engine, document: int, people: dict[str, Actor]) -> None:
    decide(engine, people["Dov"], document, LinkState.REJECTED, why="It speaks of another drug.")
    again = invented_claims.answered(engine, people["Ben"], document_id=document)
    with writing(engine) as session:
        documents.check_again(session, actor=people["Ben"], document_id=document, answered=again)
    assert view(engine, document, people["Dov"]).sentences[TOO_FAR].verdict is None
    with reading(engine) as session:
        assert session.exec(select(func.count()).select_from(DocumentCheck)).one() == 2


def test_an_answer_about_other_words_is_refused(engine: Engine, document: int, people: dict[str, Actor]) -> None:
    other = invented_claims.answered(engine, people["Ben"], "Ketamine is a medicine for people.")
    with writing(engine) as session, pytest.raises(Conflict, match="newer version"):
        documents.check_again(session, actor=people["Ben"], document_id=document, answered=other)


def test_a_sentence_is_set_aside_for_its_words_with_a_reason(
    engine: Engine, document: int, people: dict[str, Actor]
) -> None:
    text = view(engine, document, people["Dov"]).sentences[TOO_FAR].answer["text"]
    with writing(engine) as session, pytest.raises(Invalid, match="why"):
        documents.set_aside(session, actor=people["Dov"], document_id=document, text=text, what=NOT_A_CLAIM, reason=" ")
    with writing(engine) as session:
        documents.set_aside(
            session, actor=people["Dov"], document_id=document, text=text, what=NOT_A_CLAIM, reason="A heading."
        )
    sentence = view(engine, document, people["Ben"]).sentences[TOO_FAR]
    assert sentence.verdict is None
    assert sentence.set_aside is not None
    assert (sentence.set_aside.member, sentence.set_aside.reason) == ("Dov", "A heading.")


def test_what_was_set_aside_is_brought_back_once_and_both_stay_on_record(
    engine: Engine, document: int, people: dict[str, Actor]
) -> None:
    dov, ben = people["Dov"], people["Ben"]
    text = view(engine, document, dov).sentences[TOO_FAR].answer["text"]
    with writing(engine) as session:
        documents.set_aside(session, actor=dov, document_id=document, text=text, what=NOT_A_CLAIM, reason="A heading.")
    with writing(engine) as session, pytest.raises(Refused, match="may not accept or reject"):
        documents.bring_back(session, actor=ben, document_id=document, text=text, what=NOT_A_CLAIM)
    with writing(engine) as session:
        documents.bring_back(session, actor=dov, document_id=document, text=text, what=NOT_A_CLAIM)
    assert last_action(engine) == "brought_back"
    assert view(engine, document, dov).sentences[TOO_FAR].verdict == "overstated"
    with reading(engine) as session:
        (row,) = session.exec(select(Dismissal)).all()
    assert (row.reason, row.withdrawn_by) == ("A heading.", dov.id)
    with writing(engine) as session, pytest.raises(NotFound, match="taken back already"):
        documents.bring_back(session, actor=dov, document_id=document, text=text, what=NOT_A_CLAIM)


def test_documents_are_listed_the_newest_first(engine: Engine, document: int, people: dict[str, Actor]) -> None:
    second = invented_claims.keep_copy(engine, people["Ben"])
    with reading(engine) as session:
        lines = document_lines(session, viewer=people["Dov"])
    assert [(line.id, line.owner) for line in lines] == [(second, "Ben"), (document, "Dov")]


def test_an_unknown_document_is_none(engine: Engine, people: dict[str, Actor]) -> None:
    with reading(engine) as session:
        assert document_view(session, viewer=people["Dov"], document_id=4711) is None
