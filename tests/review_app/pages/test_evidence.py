"""The list of evidence, driven without a browser."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import invented_studies
import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from db import config
from db.engine import reading, writing
from db.models import Member
from db.queries import accounts as account_queries
from db.queries import literature
from db.types import Actor, Role
from review_app import database
from review_app.components import evidence_download
from review_app.services import tags
from review_app.tagging.suggest import TAGGER_VERSION

OpenDesk = Callable[[str | None], AppTest]
EVIDENCE = str(Path(database.__file__).parent / "pages" / "evidence.py")


def actor(engine: Engine, name: str) -> Actor:
    with reading(engine) as session:
        member = account_queries.member_by_name(session, name=name)
    assert member is not None
    return account_queries.actor_of(member)


@pytest.fixture
def studies(library: Engine) -> Engine:
    """Ada's library of invented studies; Rae may only read."""
    with writing(library) as session:
        session.add(Member(name="Rae", name_key="rae", role=Role.READ_ONLY, created_at=config.now()))
        session.commit()
    invented_studies.fill(library, lead=actor(library, "Ada"))
    return library


@pytest.fixture
def evidence(studies: Engine, open_desk: OpenDesk) -> AppTest:
    desk = open_desk("Ben").switch_page(EVIDENCE).run()
    assert not desk.exception
    return desk


def words(desk: AppTest) -> str:
    drawn = [str(element.proto.body) for element in desk.get("html")]
    return " ".join([*drawn, *(text.value for text in desk.markdown), *(text.value for text in desk.caption)])


def titles(desk: AppTest) -> list[str]:
    """The titles in the list, as the browser shows them; a struck one keeps its mark."""
    return [unescape(title) for title in re.findall(r'<a href="study\?id=\d+" target="_self">(.*?)</a>', words(desk))]


@pytest.mark.parametrize("name", ["Ada", "Ben", "Dov", "Rae"])
def test_every_role_may_look_at_the_evidence(studies: Engine, open_desk: OpenDesk, name: str) -> None:
    desk = open_desk(name).switch_page(EVIDENCE).run()
    assert not desk.exception
    assert "<strong>35 studies</strong> · 1–20 · newest first" in words(desk)
    assert len(titles(desk)) == 20


def test_an_empty_library_says_so_and_points_to_home(library: Engine, open_desk: OpenDesk) -> None:
    desk = open_desk("Ben").switch_page(EVIDENCE).run()
    assert not desk.exception
    assert "The library is empty." in words(desk)
    assert "Home offers the ways" in words(desk)
    assert titles(desk) == []


def test_words_find_the_studies_that_have_them_all(evidence: AppTest) -> None:
    evidence.text_input(key="q").set_value("midazolam infusion").run()
    assert titles(evidence) == [invented_studies.trial().title]
    assert "<strong>1 of 35 studies</strong> · best match first" in words(evidence)
    assert "these have some" not in words(evidence)


def test_when_no_study_has_all_words_the_list_says_that_these_have_some(evidence: AppTest) -> None:
    evidence.text_input(key="q").set_value("midazolam zebra").run()
    assert titles(evidence) == [invented_studies.trial().title]
    assert "No study has all of these words; these have some." in words(evidence)


def test_nothing_found_names_the_words_and_the_size_of_the_library(evidence: AppTest) -> None:
    evidence.text_input(key="q").set_value("<b>zebra</b>").run()
    assert "Nothing found." in words(evidence)
    assert "None of the 35 studies fits “&lt;b&gt;zebra&lt;/b&gt;” with these filters." in words(evidence)


@pytest.mark.parametrize("typed", ["covid-19", "p<0.05", "mesh:ketamine", '"open', "beta*(", "-", "NOT OR AND", "\x00"])
def test_whatever_is_typed_is_words_and_never_an_error(evidence: AppTest, typed: str) -> None:
    assert not evidence.text_input(key="q").set_value(typed).run().exception


def test_years_narrow_the_list(evidence: AppTest) -> None:
    evidence.number_input(key="from").set_value(2024).run()
    assert titles(evidence) == [invented_studies.trial().title]


def test_designs_are_suggested_as_the_list_is_opened_and_then_narrow_it(evidence: AppTest, studies: Engine) -> None:
    with reading(studies) as session:
        assert literature.without_suggestion_count(session, tagger_version=TAGGER_VERSION) == 0
    assert "still to be read" not in words(evidence)
    evidence.multiselect(key="design").set_value(["cohort_retrospective"]).run()
    assert titles(evidence)
    assert all("retrospective cohort" in title for title in titles(evidence))


def test_publication_types_narrow_the_list(evidence: AppTest) -> None:
    evidence.multiselect(key="type").set_value(["Randomized Controlled Trial"]).run()
    assert titles(evidence) == [invented_studies.trial().title]


def test_a_retracted_study_is_struck_and_says_so_and_its_notice_is_not(evidence: AppTest) -> None:
    evidence.multiselect(key="integrity").set_value(["retracted"]).run()
    assert titles(evidence) == ["<s>Ketamine cures depression in all patients: a randomised trial</s>"]
    assert "retracted</span>" in words(evidence)


def test_a_study_that_names_no_author_and_no_year_says_so(evidence: AppTest) -> None:
    evidence.text_input(key="q").set_value('"record without an abstract"').run()
    assert "no authors listed · undated" in words(evidence)


def test_a_suggested_design_is_never_drawn_as_a_reviewed_one(evidence: AppTest) -> None:
    evidence.text_input(key="q").set_value("midazolam infusion").run()
    assert '<i class="fn-suggested" title="suggested from the record, not reviewed">Randomised' in words(evidence)


def test_a_study_that_somebody_tagged_carries_a_mark(studies: Engine, open_desk: OpenDesk) -> None:
    with reading(studies) as session:
        article = literature.article_by_pmid(session, pmid=invented_studies.TRIAL)
    assert article is not None
    with writing(studies) as session:
        tags.save_tags(
            session, actor=actor(studies, "Ada"), topic_id=invented_studies.TOPIC, article_id=article.id,
            tags={"study_design": "rct"}, suggested=["study_design"], content_hash=article.content_hash,
        )  # fmt: skip
    desk = open_desk("Ben").switch_page(EVIDENCE).run()
    assert words(desk).count("✓ tagged") == 1
    row = words(desk).partition(invented_studies.trial().title)[2].partition("</li>")[0]
    assert "✓ tagged" in row
    assert "fn-suggested" not in row


def test_a_page_beyond_the_last_is_the_last_in_the_list_and_under_it(studies: Engine, open_desk: OpenDesk) -> None:
    desk = open_desk("Ben").switch_page(EVIDENCE)
    desk.query_params["page"] = "9"
    desk.run()
    assert "21–35" in words(desk)
    assert desk.pagination(key="page").value == 2


def test_the_last_page_holds_the_rest_and_a_search_begins_at_the_first(evidence: AppTest) -> None:
    evidence.pagination(key="page").set_value(2).run()
    assert "21–35" in words(evidence)
    assert len(titles(evidence)) == 15
    evidence.text_input(key="q").set_value("depression").run()
    assert "1–20" in words(evidence)


def test_the_address_says_what_is_looked_for(studies: Engine, open_desk: OpenDesk) -> None:
    desk = open_desk("Ben").switch_page(EVIDENCE)
    desk.query_params.update({"q": "depression", "page": "2"})
    desk.run()
    assert desk.text_input(key="q").value == "depression"
    assert "· 21–" in words(desk)


@pytest.mark.parametrize("page", ["0", "-1", "99", "99999999999999999999", "two", "½"])
def test_a_page_that_is_not_there_is_another_page_and_no_error(studies: Engine, open_desk: OpenDesk, page: str) -> None:
    desk = open_desk("Ben").switch_page(EVIDENCE)
    desk.query_params["page"] = page
    desk.run()
    assert not desk.exception
    assert titles(desk)


def test_markup_in_a_title_is_text(evidence: AppTest) -> None:
    evidence.text_input(key="q").set_value("script").run()
    assert titles(evidence) == [invented_studies.SCRIPT_TITLE]
    assert "<script>" not in words(evidence)
    assert "&lt;b&gt;Bold" in words(evidence)


def test_every_format_is_offered_for_what_is_listed(evidence: AppTest) -> None:
    labels = [button.proto.label for button in evidence.get("download_button")]
    citations = ["RIS", "BibTeX", "CSL-JSON", "MEDLINE", "CSV", "JSON lines"]
    assert [label.split(" (")[0] for label in labels] == [*citations, *["Findings, risk of bias, GRADE"] * 2]
    evidence.text_input(key="q").set_value("midazolam infusion").run()
    assert "1 study as listed" in words(evidence)
    assert evidence.get("download_button")[-1].proto.label == "Findings and risk of bias (.jsonl)"
    evidence.text_input(key="q").set_value("zebra").run()
    assert evidence.get("download_button") == []


def test_a_list_too_long_for_a_browser_is_left_to_the_command(
    evidence: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_download, "LARGEST", 34)
    evidence.run()
    assert evidence.get("download_button") == []
    assert "35 studies, more than a browser should hold" in words(evidence)
    assert "factcheck export" in words(evidence)


def test_the_list_is_narrowed_to_what_the_review_decided(evidence: AppTest) -> None:
    chosen = next(widget for widget in evidence.multiselect if widget.key == "review")
    assert chosen.options == ["included", "excluded", "undecided"]
    assert "35 of 35 studies" in words(chosen.select("undecided").run())
    assert "Nothing found." in words(chosen.unselect("undecided").select("included").run())
