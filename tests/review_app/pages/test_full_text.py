"""Full-text screening driven without a browser: attach, read, quote, exclude with a reason."""

from collections.abc import Callable

import invented_pdf
import invented_screening
import pytest
from queue_page import judge, pane, progress
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest
from study_page import STUDY, article_id, press, words

from db.engine import reading
from db.models import Attachment, Review, ScreeningDecision
from db.types import Stage

OpenPage = Callable[[str, str], AppTest]
OpenDesk = Callable[[str | None], AppTest]
PDF = invented_pdf.pdf(*invented_pdf.PAGES)


@pytest.fixture
def review(library: Engine) -> Review:
    return invented_screening.begin_full_text(library)


def in_full_text(open_page: OpenPage, name: str, page: str = "queue") -> AppTest:
    desk = open_page(page, name)
    [choice] = [each for each in desk.segmented_control if each.label == "Stage"]
    return choice.set_value(Stage.FULL_TEXT.value).run()


def attach(desk: AppTest, body: bytes = PDF, name: str = "trial.pdf") -> AppTest:
    return desk.file_uploader[0].set_value((name, body, "application/pdf")).run()


def at_study(library: Engine, open_desk: OpenDesk) -> AppTest:
    desk = open_desk("Dov").switch_page(STUDY)
    desk.query_params["id"] = str(article_id(library))
    return desk.run()


def unfolded(desk: AppTest) -> AppTest:
    desk.session_state["full_text_fold_1"] = True
    return desk.run()


def shown(desk: AppTest) -> str:
    """Which page is read, if any is."""
    return next((each.value.strip() for each in desk.caption if each.value.startswith("Page ")), "")


def test_a_review_of_one_stage_shows_no_choice_of_stages(library: Engine, open_page: OpenPage) -> None:
    invented_screening.begin(library, plain=0)
    assert len(open_page("queue", "Ben").segmented_control) == 0


def test_without_a_full_text_the_page_says_what_to_do(review: Review, open_page: OpenPage) -> None:
    desk = in_full_text(open_page, "Ben")
    assert progress(desk) == "0 of 1"
    assert "Attach a PDF or a text file, or exclude the record as not retrieved." in desk.info[0].value
    assert "Not retrieved" in [each["label"] for each in pane(desk)["reasons"]]
    assert "A single infusion" in words(desk)


def test_a_file_is_attached_read_and_quoted_with_its_page(library: Engine, review: Review, open_page: OpenPage) -> None:
    desk = attach(in_full_text(open_page, "Ben"))
    assert "Page 1 of 2. J next page, K the one before." in [each.value for each in desk.caption]
    assert '<a href="/full-text/1"' in words(desk)
    desk = desk.get("pagination")[0].set_value(2).run()
    area = next(each for each in desk.text_area if each.label.startswith("Words of page 2"))
    area.input("Nausea was common.")
    desk = press(desk, "Quote")
    assert "Nausea was common. <small>page 2</small>" in words(desk)
    desk.text_area[0].input("Nausea was rare indeed.")
    desk = press(desk, "Quote")
    assert "do not stand on page 2" in desk.error[0].value
    for_cleo = words(in_full_text(open_page, "Cleo"))
    assert "trial.pdf" in for_cleo
    assert "Nausea was common. <small>" not in for_cleo


def test_a_file_that_cannot_be_read_says_why(library: Engine, review: Review, open_page: OpenPage) -> None:
    desk = attach(in_full_text(open_page, "Ben"), invented_pdf.pdf("x", password="sesame"))
    assert "The PDF is encrypted" in desk.error[0].value
    desk = attach(desk, invented_pdf.pdf("", ""), "scan.pdf")
    assert "scan.pdf has no text: it is a scan." in desk.warning[0].value
    with reading(library) as session:
        assert [row.name for row in session.exec(select(Attachment))] == ["scan.pdf"]
    assert len(press(desk, "Remove").warning) == 0


def test_an_exclusion_has_a_reason(library: Engine, review: Review, open_page: OpenPage) -> None:
    desk = judge(in_full_text(open_page, "Ben"), "exclude")
    assert "in full text each exclusion has one" in pane(desk)["failed"][0]["message"]
    desk = judge(desk, "exclude", "not_retrieved")
    assert "Nothing waits for your vote." in words(desk)
    with reading(library) as session:
        given = select(ScreeningDecision).where(ScreeningDecision.stage == Stage.FULL_TEXT)
        assert session.exec(given).one().exclusion_reason == "not_retrieved"
    desk = press(desk, "Go on with title and abstract")
    assert pane(desk)["stage"] == Stage.TITLE_ABSTRACT.value


def test_a_conflict_in_full_text_shows_the_quotes_of_both(library: Engine, review: Review, open_page: OpenPage) -> None:
    desk = attach(in_full_text(open_page, "Ben"))
    desk.text_area[0].input("Sixty adults took part.")
    judge(press(desk, "Quote"), "include")
    judge(in_full_text(open_page, "Cleo"), "exclude", "population")
    desk = in_full_text(open_page, "Ada", "conflicts")
    assert "1 conflict waits" in words(desk)
    assert "Sixty adults took part. <small>page 1</small>" in words(desk)
    assert (shown(desk), shown(unfolded(desk))) == ("", "Page 1 of 2.")
    assert 'href="/full-text/1"' in words(desk)
    [page] = [each.proto.json for each in desk.get("bidi_component") if "marked_text" in each.proto.component_name]
    assert "Sixty adults took part." in page
    assert '"quote"' in page


def test_a_full_text_is_read_at_its_study_when_its_fold_is_opened(
    library: Engine, review: Review, open_page: OpenPage, open_desk: OpenDesk
) -> None:
    assert not any(fold.label.startswith("Full text") for fold in at_study(library, open_desk).expander)
    attach(in_full_text(open_page, "Ben"))
    desk = at_study(library, open_desk)
    assert "Full text: trial\\.pdf" in [fold.label for fold in desk.expander]
    assert (shown(desk), shown(unfolded(desk))) == ("", "Page 1 of 2.")
    assert shown(desk.get("pagination")[0].set_value(2).run()) == "Page 2 of 2."


def test_a_scan_says_so_at_its_study(library: Engine, review: Review, open_page: OpenPage, open_desk: OpenDesk) -> None:
    attach(in_full_text(open_page, "Ben"), invented_pdf.pdf("", ""), "scan.pdf")
    assert "it is a scan" in unfolded(at_study(library, open_desk)).warning[0].value


def test_home_leads_to_full_texts_when_no_abstract_waits(
    library: Engine, review: Review, open_page: OpenPage, open_desk: OpenDesk
) -> None:
    assert "Continue screening: 1 of 5" in words(open_desk("Ben"))
    desk = open_page("queue", "Ben")
    for _ in range(4):
        desk = judge(desk, "exclude", "population")
    home = words(open_desk("Ben"))
    assert 'href="/queue?stage=full_text" target="_self">Start reading full texts: 0 of 1</a>' in home
    for name, said in (("Ben", ("include",)), ("Cleo", ("exclude", "design"))):
        judge(in_full_text(open_page, name), *said)
    home = words(open_desk("Ada"))
    assert "in full text to settle" in home
    assert 'href="/conflicts?stage=full_text"' in home


def test_the_lead_decides_whether_full_texts_are_read(library: Engine, open_page: OpenPage) -> None:
    invented_screening.begin(library, plain=0)
    desk = open_page("queue", "Ada")
    toggle = next(each for each in desk.toggle if each.label.startswith("Read what was included"))
    desk = toggle.set_value(True).run()
    assert [each.label for each in desk.segmented_control] == ["Stage"]
    desk = desk.segmented_control[0].set_value(Stage.FULL_TEXT.value).run()
    assert "Nothing to read in full text yet." in words(desk)
