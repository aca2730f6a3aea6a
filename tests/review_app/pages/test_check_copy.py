"""Copy comes in, is checked and kept; what the page shows of it, and what people may decide."""

from collections.abc import Callable
from pathlib import Path

import invented_claims
import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from db.engine import reading, writing
from db.queries import claims as claim_queries
from db.queries import documents as document_queries
from db.types import Actor, Certainty, Verdict
from review_app import database
from review_app.services import claims
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


def say(desk: AppTest, act: str, reason: str, keep: str) -> AppTest:
    """Open the form of an act, give the reason and keep it."""
    button(desk, act)
    next(box for box in desk.text_input if box.key and box.key.startswith("reason_")).input(reason)
    return button(desk, keep)


def test_a_rejected_claim_takes_its_verdict_demands_and_cards_with_it(
    open_copy: OpenCopy, document: str, library: Engine, people: dict[str, Actor]
) -> None:
    desk = open_copy("Dov", document=document, sentence="2")
    assert invented_claims.AGAINST_TITLE in words(desk)
    say(desk, "Makes another claim", "It speaks of another drug.", "Keep: another claim")
    said = words(desk)
    assert "<b>Dov</b> on" in said
    assert "the sentence makes another claim. It speaks of another drug." in said
    assert "no verdict" in said
    assert 'data-verdict="overstated"' not in said
    assert "Must be said" not in said
    assert invented_claims.REWORDING not in said
    assert "ships with the claim" not in said
    assert view(library, people["Dov"], document).counts["overstated"] == 1
    assert "Makes this claim" in labels(desk), "the way back"


def test_a_reason_is_asked_for_inside_the_form_which_stays(open_copy: OpenCopy, document: str) -> None:
    desk = button(open_copy("Dov", document=document, sentence="2"), "Makes another claim")
    assert not desk.error
    button(desk, "Keep: another claim")
    assert "why the claim does not fit" in desk.error[0].value
    assert "Keep: another claim" in labels(desk)
    button(desk, "Cancel")
    assert not desk.error
    assert "Keep: another claim" not in labels(desk)


def test_a_form_belongs_to_its_sentence(open_copy: OpenCopy, document: str) -> None:
    desk = button(open_copy("Dov", document=document, sentence="2"), "Makes another claim")
    desk.query_params["sentence"] = "1"
    assert "Keep: another claim" not in labels(desk.run())


def test_an_accepted_claim_says_by_whom(open_copy: OpenCopy, document: str) -> None:
    desk = button(open_copy("Dov", document=document, sentence="1"), "Makes this claim")
    assert "<b>Dov</b> on" in words(desk)
    assert "the sentence makes this claim" in words(desk)
    assert "Makes this claim" not in labels(desk)


def test_a_sentence_that_makes_no_claim_loses_its_cards_until_somebody_takes_that_back(
    open_copy: OpenCopy, document: str
) -> None:
    desk = open_copy("Dov", document=document, sentence="5")
    assert "▲ 2 overstated" in labels(desk)
    say(desk, "Makes no claim", "A test of the page.", "Keep: no claim")
    assert "the sentence makes no claim. A test of the page." in words(desk)
    assert "▲ 1 overstated" in labels(desk)
    assert "fn-card" not in words(desk)
    button(desk, "It makes a claim after all")
    assert "the sentence makes no claim" not in words(desk)
    assert "▲ 2 overstated" in labels(desk)


def judge(library: Engine, actor: Actor, verdict: Verdict) -> None:
    with writing(library) as session:
        page = claim_queries.claim(session, viewer=actor, claim_id=invented_claims.ONSET)
        assert page is not None
        claims.give_verdict(
            session, actor=actor, claim_id=invented_claims.ONSET, version_number=page.version.number,
            verdict=verdict, certainty=Certainty.LOW, reason="Two small trials disagree.",
            contradicting_seen=[row.id for row in page.evidence],
        )  # fmt: skip


def test_the_dossier_says_who_judged_the_claim_when_and_why(
    open_copy: OpenCopy, document: str, library: Engine, people: dict[str, Actor]
) -> None:
    judge(library, people["Ben"], Verdict.NEEDS_QUALIFICATION)
    said = words(open_copy("Dov", document=document, sentence="1"))
    assert "<b>Ben</b> judged the claim as it is stated on" in said
    assert "<b>needs qualification</b>. Two small trials disagree." in said
    assert "This check was made before that: check again." in said


def test_a_statement_that_people_judged_less_than_supported_is_not_offered_as_what_holds(
    open_copy: OpenCopy, document: str, library: Engine, people: dict[str, Actor]
) -> None:
    assert "A wording that holds" in words(open_copy("Dov", document=document, sentence="2"))
    judge(library, people["Ben"], Verdict.NEEDS_QUALIFICATION)
    desk = button(open_copy("Dov", document=document, sentence="1"), "Check again")
    assert 'data-verdict="needs_qualification" data-basis="reviewed"' in words(desk)
    assert "check again" not in words(desk)
    for sentence in ("1", "2"):
        said = words(open_copy("Dov", document=document, sentence=sentence))
        assert "A wording that holds" not in said
        assert "people judged the claim itself as needs qualification" in said


def test_shipped_evidence_shows_what_the_library_notes_of_it(open_copy: OpenCopy, document: str) -> None:
    said = words(open_copy("Dov", document=document, sentence="1"))
    assert '<p class="fn-card-note">Lower scores at 24 hours</p>' in said


def test_the_marks_have_a_legend(open_copy: OpenCopy, document: str) -> None:
    assert 'wavy line</span> <span class="fn-basis">a remark on these words' in words(
        open_copy("Dov", document=document)
    )


def test_a_reviewer_checks_but_leaves_the_links_to_writers(open_copy: OpenCopy, document: str) -> None:
    desk = open_copy("Ben", document=document, sentence="1")
    assert "Makes this claim" not in labels(desk)
    assert "Check again" in labels(desk)


def test_checking_again_keeps_what_people_decided(
    open_copy: OpenCopy, document: str, library: Engine, people: dict[str, Actor]
) -> None:
    desk = button(open_copy("Dov", document=document, sentence="1"), "Makes this claim")
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
