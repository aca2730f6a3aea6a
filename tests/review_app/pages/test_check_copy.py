"""Copy comes in, is checked and kept; and what the page shows of it."""

from collections.abc import Callable

import invented_claims
import pytest
from copy_page import PAGES, button, labels, view, words
from scripted_server import answer, scripted
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from db.engine import reading
from db.queries import documents as document_queries
from db.types import Actor
from review_app import guarded_network

OpenDesk = Callable[[str | None], AppTest]
OpenCopy = Callable[..., AppTest]
CHECK_COPY = str(PAGES / "check_copy.py")


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
        ("leaflet.docx", b"PK\x03\x04", "a zipped file that is not whole"),
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


def test_a_page_is_fetched_checked_and_kept_by_its_address(
    people: dict[str, Actor], open_copy: OpenCopy, library: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = f"<html><body><article><h1>One day</h1><p>{invented_claims.STATEMENT}</p></article></body></html>"
    with scripted(answer(page.encode(), headers="Content-Type: text/html\r\n")) as server:
        monkeypatch.setattr(guarded_network, "is_public", lambda address: True)
        monkeypatch.setattr(guarded_network, "PUBLIC_PORTS", {server.port})
        desk = open_copy("Dov")
        desk.text_input(key="copy_address").input(server.url)
        button(desk, "Check")
        assert not desk.error
        kept = view(library, people["Dov"], desk.query_params["document"])
        assert (kept.source, kept.counts["supported"]) == (server.url, 1)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://127.0.0.1/", "is not an address of the public web, so this server does not fetch it"),
        ("localhost:8501", "is not an address of the public web"),
        ("ftp://clinic.example/copy", "only http and https addresses are fetched"),
    ],
)
def test_an_address_that_may_not_be_fetched_gives_a_clear_box(
    people: dict[str, Actor], open_copy: OpenCopy, address: str, told: str
) -> None:
    desk = open_copy("Dov")
    desk.text_input(key="copy_address").input(address)
    button(desk, "Check")
    assert not desk.exception
    assert told in desk.error[0].value.replace("\\", "")


def test_two_things_at_once_are_not_guessed_between(people: dict[str, Actor], open_copy: OpenCopy) -> None:
    desk = open_copy("Dov")
    desk.text_input(key="copy_address").input("https://clinic.example/")
    assert "more than one thing to check" in paste(desk, invented_claims.COPY).error[0].value


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


def test_shipped_evidence_shows_what_the_library_notes_of_it(open_copy: OpenCopy, document: str) -> None:
    said = words(open_copy("Dov", document=document, sentence="1"))
    assert '<p class="fn-card-note">Lower scores at 24 hours</p>' in said


def test_the_marks_have_a_legend(open_copy: OpenCopy, document: str) -> None:
    assert 'wavy line</span> <span class="fn-basis">a remark on these words' in words(
        open_copy("Dov", document=document)
    )


def test_the_reports_of_the_check_can_be_taken_along(open_copy: OpenCopy, document: str) -> None:
    desk = open_copy("Dov", document=document)
    assert [item.proto.label for item in desk.get("download_button")] == ["Web page", "Markdown", "JSON"]


def test_earlier_copy_is_listed_with_a_way_back(open_copy: OpenCopy, document: str) -> None:
    listed = f'<a href="/check_copy?document={document}" target="_self">One infusion, one day</a>'
    assert listed in words(open_copy("Dov"))
