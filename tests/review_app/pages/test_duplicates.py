"""The page where two records become one, driven without a browser."""

from collections.abc import Callable

import invented_studies
import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from study_page import actor

from db.engine import reading, writing
from db.queries import duplicates as queries
from db.queries import harvesting
from harvester.records import ArticleRecord, Author
from review_app.components.differing_words import differing_words
from review_app.services import duplicates

OpenPage = Callable[[str, str], AppTest]
TITLES = (
    "A single infusion of ketamine in treatment-resistant depression - a randomised controlled trial",
    "Ketamine clinics in one county: a retrospective cohort <b>study</b>",
)


@pytest.fixture
def twins(library: Engine) -> Engine:
    """Two invented studies, and each once more from a reference manager."""
    invented_studies.fill(library, lead=actor(library, "Ada"), plain=2)
    plain = ArticleRecord(title=TITLES[1].replace(" <b>study</b>", " (2)"), year=2013, authors=(Author("Petrov", "A"),))
    trial = ArticleRecord(title=TITLES[0], year=2024, authors=(Author("Lindqvist", initials="A"),))
    with writing(library) as session:
        invented_studies.keep(session, [trial, plain])
        session.commit()
    return library


def markup(desk: AppTest) -> str:
    return "\n".join(str(html.proto.body) for html in desk.get("html"))


def press(desk: AppTest, key: str) -> AppTest:
    return desk.button(key=key).click().run()


def sidebar_lists_duplicates(engine: Engine) -> bool:
    with reading(engine) as session:
        return queries.any_proposed(session)


def test_an_empty_page_says_what_it_is_for(library: Engine, open_page: OpenPage) -> None:
    desk = open_page("duplicates", "Ben")
    assert "No two records wait for a decision." in markup(desk)
    assert "same PMID or DOI are one article without asking" in markup(desk)
    assert not sidebar_lists_duplicates(library)


def test_two_records_stand_side_by_side_with_what_differs_marked(twins: Engine, open_page: OpenPage) -> None:
    text = markup(open_page("duplicates", "Ben"))
    assert "2 pairs wait" in text
    assert (
        text.index("Is kept if you merge") < text.index("PMID 9000") < text.index("Came from") < text.index("Abstract")
    )
    assert '<mark class="fn-differs">' in text
    assert "file invented.xml" in text
    assert sidebar_lists_duplicates(twins)


def test_merge_shows_the_next_pair_and_take_back_brings_the_first_again(twins: Engine, open_page: OpenPage) -> None:
    desk = open_page("duplicates", "Ben")
    with reading(twins) as session:
        first, size = duplicates.duplicates_page(session).next, harvesting.library_size(session)
    assert first is not None
    desk = press(desk, "merge")
    text = markup(desk)
    assert desk.toast[0].value == "Merged. Z takes it back."
    assert "1 pair waits" in text
    assert "<strong>merged into</strong>" in text
    with reading(twins) as session:
        assert harvesting.library_size(session) == size - 1
    desk = press(desk, f"take_back_{first.proposal.id}")
    assert "2 pairs wait" in markup(desk)
    assert "<strong>merged into</strong>" not in markup(desk)


def test_later_puts_a_pair_last_and_not_a_duplicate_ends_it(twins: Engine, open_page: OpenPage) -> None:
    desk = open_page("duplicates", "Cleo")
    before = markup(desk)
    desk = press(desk, "later")
    assert markup(desk).partition("Title")[2] != before.partition("Title")[2]
    desk = press(press(desk, "keep_apart"), "keep_apart")
    text = markup(desk)
    assert text.count("<strong>is not a duplicate of</strong>") == 2
    assert "No two records wait" in text
    assert not desk.exception


def test_what_was_decided_meanwhile_is_told(twins: Engine, open_page: OpenPage) -> None:
    desk = open_page("duplicates", "Ben")
    with writing(twins) as session:
        pair = duplicates.duplicates_page(session).next
        assert pair is not None
        duplicates.merge(session, actor=actor(twins, "Ada"), proposal_id=pair.proposal.id, seen=pair.seen)
    desk = press(desk, "merge")
    told = [error.value.replace("\\", "") for error in desk.error]
    assert told == ["Somebody decided about this pair meanwhile. Look at the next one."]


def test_words_that_differ_are_marked_and_nothing_becomes_markup() -> None:
    left, right = differing_words("Ketamine & <b> for Pain", "ketamine &  <b> for depression")
    assert left == 'Ketamine &amp; &lt;b&gt; for <mark class="fn-differs">Pain</mark>'
    assert right == 'ketamine &amp;  &lt;b&gt; for <mark class="fn-differs">depression</mark>'
