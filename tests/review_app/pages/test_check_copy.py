"""Copy comes in, is checked and kept; what the page shows of it, and what people may decide."""

from collections.abc import Callable
from pathlib import Path

import invented_claims
import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from db.engine import reading
from db.queries import documents as document_queries
from db.types import Actor
from review_app import database
from review_app.services.document_view import DocumentView, document_view

OpenDesk = Callable[[str | None], AppTest]
OpenCopy = Callable[..., AppTest]
CHECK_COPY = str(Path(database.__file__).parent / "pages" / "check_copy.py")


@pytest.fixture
def people(library: Engine) -> dict[str, Actor]:
    return invented_claims.fill(library)


@pytest.fixture
def document(library: Engine, people: dict[str, Actor]) -> str:
    """Copy that Dov had checked; its id."""
    return str(invented_claims.keep_copy(library, people["Dov"]))


@pytest.fixture
def open_copy(open_desk: OpenDesk) -> OpenCopy:
    """`open_copy("Dov", document="1", sentence="2")`: the page at that address, as this person sees it."""

    def open_as(name: str, **address: str) -> AppTest:
        desk = open_desk(name).switch_page(CHECK_COPY)
        desk.query_params.update(address)
        return desk.run()

    return open_as


def words(desk: AppTest) -> str:
    bodies = [str(element.proto.body) for element in desk.get("html")]
    return " ".join(body for body in bodies if "<style>" not in body)


def button(desk: AppTest, label: str) -> AppTest:
    return next(item for item in desk.button if item.label == label).click().run()


def labels(desk: AppTest) -> list[str]:
    return [item.label for item in desk.button]


def view(library: Engine, viewer: Actor, document: str) -> DocumentView:
    with reading(library) as session:
        found = document_view(session, viewer=viewer, document_id=int(document))
    assert found is not None
    return found


def paste(desk: AppTest, copy: str) -> AppTest:
    desk.text_area(key="copy_pasted").input(copy)
    return button(desk, "Check")


@pytest.mark.parametrize("name", ["Ada", "Ben", "Dov"])
def test_everybody_who_may_check_finds_the_way_in(people: dict[str, Actor], open_copy: OpenCopy, name: str) -> None:
    desk = open_copy(name)
    assert not desk.exception
    assert "No copy has been checked yet." in words(desk)
    assert "does not approve documents" in desk.caption[0].value


def test_who_only_reads_has_no_such_page(people: dict[str, Actor], open_desk: OpenDesk) -> None:
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        open_desk("Rae").switch_page(CHECK_COPY)


def test_pasted_copy_is_checked_kept_and_shown(people: dict[str, Actor], open_copy: OpenCopy, library: Engine) -> None:
    desk = paste(open_copy("Dov"), invented_claims.COPY)
    assert not desk.exception
    assert not desk.error
    kept = view(library, people["Dov"], desk.query_params["document"])
    assert kept.answer["text"].count("Ketamine") == 3
    assert (kept.owner, kept.profile, kept.source) == ("Dov", "clinic", "pasted text")
    assert "✓ 2 supported" in labels(desk)
    assert "Footnote does not approve documents" in words(desk)


def test_copy_is_checked_on_an_empty_library_and_says_that_nothing_is_known(
    library: Engine, open_copy: OpenCopy
) -> None:
    invented_claims.people(library)
    invented_claims.topic(library)
    desk = paste(open_copy("Dov"), "Ketamine relieves depression within hours.")
    assert not desk.exception
    assert "against 0 claims and 0 studies, never completely harvested" in words(desk)


@pytest.mark.parametrize(
    ("copy", "told"),
    [
        ("", "0 words"),
        ("   \n ", "0 words"),
        ("!!! --- ???", "0 words"),
        ("ketamine " * 200_000, "at most"),
        ("%PDF-1.7 and so on", "a PDF cannot be read"),
    ],
)
def test_copy_that_cannot_be_checked_gives_a_clear_box(
    people: dict[str, Actor], open_copy: OpenCopy, copy: str, told: str, library: Engine
) -> None:
    desk = paste(open_copy("Dov"), copy)
    assert not desk.exception
    assert told in desk.error[0].value.replace("\\", "")
    with reading(library) as session:
        assert document_queries.document_count(session) == 0


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        ("leaflet.pdf", b"%PDF-1.7", "a PDF cannot be read"),
        ("leaflet.docx", b"PK\x03\x04", "DOCX"),
        ("empty.txt", b"", "0 words"),
    ],
)
def test_a_file_that_cannot_be_read_gives_a_clear_box(
    people: dict[str, Actor], open_copy: OpenCopy, name: str, body: bytes, told: str
) -> None:
    desk = open_copy("Dov")
    desk.file_uploader(key="copy_file").upload(name, body, "application/octet-stream")
    button(desk, "Check")
    assert not desk.exception
    assert told in desk.error[0].value.replace("\\", "")


def test_an_uploaded_page_is_checked(people: dict[str, Actor], open_copy: OpenCopy, library: Engine) -> None:
    page = f"<html><body><article><h1>One day</h1><p>{invented_claims.STATEMENT}</p></article></body></html>"
    desk = open_copy("Dov")
    desk.file_uploader(key="copy_file").upload("page.html", page.encode(), "text/html")
    button(desk, "Check")
    assert not desk.error
    assert view(library, people["Dov"], desk.query_params["document"]).counts["supported"] == 1


@pytest.mark.parametrize("named", ["999", "<script>", "-1", "1e3", "²", "9" * 40])
def test_an_unknown_document_gives_a_clear_box(people: dict[str, Actor], open_copy: OpenCopy, named: str) -> None:
    desk = open_copy("Dov", document=named)
    assert not desk.exception
    assert "No such document." in words(desk)


def test_a_sentence_opens_its_dossier_by_address(open_copy: OpenCopy, document: str) -> None:
    said = words(open_copy("Dov", document=document, sentence="2"))
    assert invented_claims.TOO_FAR in said
    assert 'data-verdict="overstated" data-basis="library"' in said
    assert "wording-exact-overstated" in said
    assert "Must be said, and is not" in said
    assert "for a few days, not for good" in said
    assert invented_claims.REWORDING in said
    assert f"/claims?claim={invented_claims.ONSET}" in said


def test_contradicting_evidence_is_open_and_before_the_rest(open_copy: OpenCopy, document: str) -> None:
    said = words(open_copy("Dov", document=document, sentence="1"))
    assert invented_claims.AGAINST_TITLE in said
    assert said.index("Contradicting evidence · 1") < said.index("Evidence · ")
    assert f"PMID {invented_claims.NOT_HELD}</b> is not in this library yet" in said


def test_a_sentence_that_cannot_be_checked_says_why(open_copy: OpenCopy, document: str) -> None:
    said = words(open_copy("Dov", document=document, sentence="3"))
    assert "not checkable" in said
    assert "about the practice or the page" in said


def test_a_suggestion_never_looks_like_a_decision(open_copy: OpenCopy, document: str) -> None:
    said = words(open_copy("Dov", document=document, sentence="5"))
    assert 'data-basis="suggested"' in said
    assert "Nobody decided this." in said
    assert 'data-basis="reviewed"' not in said


def test_markup_in_the_copy_is_text(open_copy: OpenCopy, document: str) -> None:
    desk = open_copy("Dov", document=document, sentence="5")
    assert not desk.exception
    assert "<script>" not in words(desk)
    assert "&lt;script&gt;alert(&#x27;copy&#x27;)&lt;/script&gt;" in words(desk)


@pytest.mark.parametrize("named", ["99", "<b>", "-2", "²"])
def test_an_unknown_sentence_opens_nothing(open_copy: OpenCopy, document: str, named: str) -> None:
    desk = open_copy("Dov", document=document, sentence=named)
    assert not desk.exception
    assert "Choose a sentence." in words(desk)


def test_the_counts_step_through_the_sentences_of_a_verdict(open_copy: OpenCopy, document: str) -> None:
    desk = open_copy("Dov", document=document)
    seen = []
    for _ in range(3):
        desk.button(key="count_supported").click().run()
        seen.append(desk.query_params["sentence"])
    assert seen == ["1", "4", "1"]


def test_the_balance_names_what_is_not_said(open_copy: OpenCopy, document: str) -> None:
    assert "<b>✕ not said</b> Sedation (boxed warning)" in words(open_copy("Dov", document=document))


def test_a_rejected_claim_takes_the_verdict_with_it(
    open_copy: OpenCopy, document: str, library: Engine, people: dict[str, Actor]
) -> None:
    desk = open_copy("Dov", document=document, sentence="2")
    button(desk, "Reject")
    assert "why the claim does not fit" in desk.error[0].value
    desk.text_input(key=f"reason_{document}_2_reject").input("It speaks of another drug.")
    button(desk, "Reject")
    said = words(desk)
    assert "<b>Dov</b> rejected the claim" in said
    assert "no verdict" in said
    assert 'data-verdict="overstated"' not in said
    assert view(library, people["Dov"], document).counts["overstated"] == 1


def test_an_accepted_claim_says_by_whom(open_copy: OpenCopy, document: str) -> None:
    desk = button(open_copy("Dov", document=document, sentence="1"), "Accept claim")
    assert "<b>Dov</b> accepted the claim" in words(desk)
    assert "Accept claim" not in labels(desk)


def test_a_sentence_is_set_aside_with_a_reason_only(open_copy: OpenCopy, document: str) -> None:
    desk = button(open_copy("Dov", document=document, sentence="5"), "Set aside")
    assert "Say in a few words why" in desk.error[0].value
    desk.text_input(key=f"reason_{document}_5_aside").input("A test of the page.")
    button(desk, "Set aside")
    assert "said: not a claim" in words(desk)
    assert "▲ 1 overstated" in labels(desk)


def test_a_reviewer_checks_but_leaves_the_links_to_writers(open_copy: OpenCopy, document: str) -> None:
    desk = open_copy("Ben", document=document, sentence="1")
    assert "Accept claim" not in labels(desk)
    assert "Check again" in labels(desk)


def test_checking_again_keeps_what_people_decided(
    open_copy: OpenCopy, document: str, library: Engine, people: dict[str, Actor]
) -> None:
    desk = button(open_copy("Dov", document=document, sentence="1"), "Accept claim")
    first = view(library, people["Dov"], document).check_id
    button(desk, "Check again")
    assert not desk.exception
    again = view(library, people["Dov"], document)
    assert again.check_id > first
    assert again.sentences[1].link is not None
    assert again.sentences[1].link.what == "accepted"


def test_the_reports_of_the_check_can_be_taken_along(open_copy: OpenCopy, document: str) -> None:
    desk = open_copy("Dov", document=document)
    assert [item.proto.label for item in desk.get("download_button")] == ["Web page", "Markdown", "JSON"]


def test_earlier_copy_is_listed_with_a_way_back(open_copy: OpenCopy, document: str) -> None:
    listed = f'<a href="/check_copy?document={document}" target="_self">One infusion, one day</a>'
    assert listed in words(open_copy("Dov"))
