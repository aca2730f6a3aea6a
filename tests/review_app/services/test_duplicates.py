"""Two records of one article are merged or kept apart by a person, and either is taken back. All records invented."""

from typing import Any

import invented_studies
import pytest
from invented_people import actions
from sqlalchemy import Engine
from sqlmodel import col, select
from study_page import actor

from db.engine import reading, writing
from db.models import Alert, Article, ChangeLog, DuplicateProposal
from db.queries import claims as claim_queries
from db.queries import duplicates as queries
from db.queries import harvesting, literature
from db.types import Actor, ChangeEvent, Stance
from harvester.records import ArticleRecord, Author, NoticeLink, Section
from review_app.services import check_library, claims, duplicates, exporting, studies, study_page, tags
from review_app.services.errors import Conflict, NotFound, Refused
from review_app.services.study_page import Asked

TOPIC = invented_studies.TOPIC
TITLE = "A single infusion of ketamine in treatment resistant depression: a randomised, controlled trial"
WORDS = "One infusion relieved depression within a day."
TRIAL_TITLE = invented_studies.trial().title
TAGS = {"study_design": "rct", "population": [], "interventions": [], "comparators": [], "outcomes": []}


@pytest.fixture
def studies_twice(library: Engine) -> Engine:
    """The invented trial as PubMed has it, and again from a reference manager without PMID and DOI."""
    invented_studies.fill(library, lead=actor(library, "Ada"), plain=1)
    keep(library, twin(sections=(Section(WORDS),)))
    return library


def twin(**other: Any) -> ArticleRecord:
    said: dict[str, Any] = {"title": TITLE, "year": 2024, "authors": (Author("Lindqvist", initials="A"),)}
    return ArticleRecord(**said | other)


def keep(engine: Engine, *records: ArticleRecord) -> None:
    with writing(engine) as session:
        invented_studies.keep(session, list(records))
        session.commit()


def page(engine: Engine) -> duplicates.DuplicatesPage:
    with reading(engine) as session:
        return duplicates.duplicates_page(session)


def waiting(engine: Engine) -> duplicates.Pair:
    pair = page(engine).next
    assert pair is not None
    return pair


def merge(engine: Engine, name: str = "Ben") -> tuple[int, int]:
    """Merge what waits; the ids of what is kept and of what goes."""
    pair = waiting(engine)
    with writing(engine) as session:
        kept = duplicates.merge(session, actor=actor(engine, name), proposal_id=pair.proposal.id, seen=pair.seen)
    assert kept == pair.kept.article.id
    return kept, pair.goes.article.id


def found(engine: Engine, words: str = "infusion resistant") -> list[int]:
    with reading(engine) as session:
        listed = literature.find(session, query=words, filters=literature.Filters(), offset=0, limit=50)
        return [article.id for article in listed.articles]


def test_the_record_with_a_pmid_is_the_one_that_stays(studies_twice: Engine) -> None:
    pair = waiting(studies_twice)
    assert (pair.kept.article.pmid, pair.goes.article.pmid) == (invented_studies.TRIAL, None)
    assert [source.name for source in pair.goes.sources] == ["invented.xml"]
    assert pair.proposal.basis == "title, year and first author"


def test_what_was_merged_is_gone_from_search_lists_counts_and_exports(studies_twice: Engine) -> None:
    with reading(studies_twice) as session:
        before = harvesting.library_size(session)
    kept, goes = merge(studies_twice)
    assert kept in found(studies_twice)
    assert goes not in found(studies_twice)
    with reading(studies_twice) as session:
        viewer = actor(studies_twice, "Ben")
        assert harvesting.library_size(session) == before - 1
        assert goes not in {a.id for a in exporting.articles(session, viewer=viewer, topic_id=TOPIC)}
        assert goes not in {a.id for batch in literature.all_articles(session) for a in batch}
        hits = studies.finder(session, viewer=viewer, topic_id=TOPIC)(TITLE, 50)
        assert goes not in {hit.id for hit in hits}


def test_both_pages_lead_to_each_other_and_keep_their_sources(studies_twice: Engine) -> None:
    kept, goes = merge(studies_twice)
    with reading(studies_twice) as session:
        viewer = actor(studies_twice, "Ben")
        gone = study_page.study_page(session, viewer=viewer, topic_id=TOPIC, asked=Asked(article_id=goes))
        stays = study_page.study_page(session, viewer=viewer, topic_id=TOPIC, asked=Asked(article_id=kept))
        history = study_page.study_history(session, viewer=viewer, topic_id=TOPIC, article_id=kept)
    assert gone is not None
    assert gone.merged_into is not None
    assert gone.merged_into.id == kept
    assert stays is not None
    assert [row.id for row in stays.merged] == [goes]
    assert {source.article_id for source in history.sources} == {kept, goes}


def test_what_people_judged_is_reached_from_the_record_that_is_kept(studies_twice: Engine) -> None:
    pair, ben = waiting(studies_twice), actor(studies_twice, "Ben")
    goes = pair.goes.article
    with writing(studies_twice) as session:
        about: dict[str, Any] = {"topic_id": TOPIC, "article_id": goes.id, "content_hash": goes.content_hash}
        tags.save_tags(session, actor=ben, tags=TAGS, suggested=[], **about)
    with writing(studies_twice) as session:
        tags.record_finding(session, actor=ben, domain="response", direction="favours_intervention", **about)
    kept, _ = merge(studies_twice)
    with reading(studies_twice) as session:
        seen = study_page.study_page(session, viewer=ben, topic_id=TOPIC, asked=Asked(article_id=kept))
        assert seen is not None
        assert seen.own is not None
        assert [row.article_id for row in seen.findings] == [goes.id]
        assert studies.reviewed_tags(session, viewer=ben, topic_id=TOPIC, ids=[kept])[kept]["study_design"] == "rct"


def test_evidence_on_a_merged_record_stands_and_falls_with_the_kept_one(studies_twice: Engine) -> None:
    """A claim linked to the record without PMID must hear of the retraction that PubMed knows."""
    goes, ada = waiting(studies_twice).goes.article.id, actor(studies_twice, "Ada")
    claim_id = linked_claim(studies_twice, ada, goes)
    kept, _ = merge(studies_twice)
    notice = NoticeLink("RetractionIn", "retraction", True, 90000099, "Invented J. 2025")
    keep(studies_twice, ArticleRecord(pmid=invented_studies.TRIAL, title=TRIAL_TITLE, year=2024, notices=(notice,)))
    with reading(studies_twice) as session:
        rows = [row for row, _ in claim_queries.claims_on_article(session, article=session.get_one(Article, goes))]
        source = check_library.sources_of(session, ada, TOPIC, rows).study(rows[0])
        exported = list(exporting.articles(session, viewer=ada, topic_id=TOPIC, claim_id=claim_id))
    assert source is not None
    assert (source.id, source.integrity) == (kept, "retracted")
    assert [article.id for article in exported] == [kept]


def test_who_rests_on_a_record_hears_how_it_stands_when_it_is_merged_and_when_it_is_parted(
    studies_twice: Engine,
) -> None:
    pair, ada = waiting(studies_twice), actor(studies_twice, "Ada")
    notice = NoticeLink("RetractionIn", "retraction", True, 90000099, "Invented J. 2025")
    keep(studies_twice, ArticleRecord(pmid=invented_studies.TRIAL, title=TITLE, year=2024, notices=(notice,)))
    claim_id = linked_claim(studies_twice, ada, pair.goes.article.id)
    assert told_of(studies_twice, claim_id) == []
    merge(studies_twice)
    assert told_of(studies_twice, claim_id) == [("retracted", invented_studies.TRIAL)]
    with writing(studies_twice) as session:
        duplicates.take_back(session, actor=ada, proposal_id=pair.proposal.id)
    assert told_of(studies_twice, claim_id) == [("retracted", invented_studies.TRIAL), ("reinstated", None)]


def told_of(engine: Engine, claim_id: str) -> list[tuple[str, int | None]]:
    """Kinds of the alerts on a claim, with the PMID of the record that they are about."""
    rows = select(Alert.kind, Article.pmid).join(Article, col(Article.id) == col(Alert.article_id))
    with reading(engine) as session:
        return list(session.exec(rows.where(Alert.claim_id == claim_id).order_by(col(Alert.id))))


def linked_claim(engine: Engine, by: Actor, article_id: int) -> str:
    with writing(engine) as session:
        claim_id: str = claim_queries.claims(session, viewer=by, topic_id=TOPIC)[0].claim.id
        seen = session.get_one(Article, article_id).content_hash
        link: dict[str, Any] = {"claim_id": claim_id, "article_id": article_id, "words": WORDS, "content_hash": seen}
        claims.link_quote(session, actor=by, stance=Stance.SUPPORTS, **link)
    return claim_id


def test_taking_a_merge_back_makes_two_articles_again_and_the_pair_waits(studies_twice: Engine) -> None:
    pair = waiting(studies_twice)
    before = found(studies_twice)
    merge(studies_twice)
    assert page(studies_twice).next is None
    with writing(studies_twice) as session:
        duplicates.take_back(session, actor=actor(studies_twice, "Cleo"), proposal_id=pair.proposal.id)
    assert found(studies_twice) == before
    assert waiting(studies_twice).proposal.id == pair.proposal.id
    assert ("Cleo", "merge_taken_back") in actions(studies_twice)
    with reading(studies_twice) as session:
        events = session.exec(select(ChangeLog.event).where(ChangeLog.article_id == pair.goes.article.id)).all()
    assert events == [ChangeEvent.NEW, ChangeEvent.MERGED, ChangeEvent.RETURNED]


def test_not_a_duplicate_is_remembered_when_the_file_comes_again(studies_twice: Engine) -> None:
    pair = waiting(studies_twice)
    with writing(studies_twice) as session:
        duplicates.keep_apart(session, actor=actor(studies_twice, "Ben"), proposal_id=pair.proposal.id, seen=pair.seen)
    keep(studies_twice, twin(volume="12"))
    assert page(studies_twice).next is None
    assert [one.proposal.decision for one in page(studies_twice).decided] == [queries.NOT_DUPLICATE]
    with writing(studies_twice) as session:
        duplicates.take_back(session, actor=actor(studies_twice, "Ben"), proposal_id=pair.proposal.id)
    assert waiting(studies_twice).proposal.id == pair.proposal.id


def test_what_was_proposed_for_the_record_that_goes_is_proposed_for_the_one_that_stays(studies_twice: Engine) -> None:
    keep(studies_twice, twin(title=TITLE.replace(", controlled", " controlled"), journal="Invented J", doi="10.5555/b"))
    with reading(studies_twice) as session:
        assert queries.waiting_count(session) == 2, "the DOIs of the trial and of the third differ"
    merge(studies_twice)
    with reading(studies_twice) as session:
        proposals = session.exec(select(DuplicateProposal)).all()
        assert queries.waiting_count(session) == 1
        assert len(proposals) == 3


def test_a_retraction_is_not_lost_in_a_merge(library: Engine) -> None:
    invented_studies.fill(library, lead=actor(library, "Ada"), plain=0)
    notice = NoticeLink("RetractionIn", "retraction", True, None, "stated in an export")
    keep(library, twin(notices=(notice,)))
    with pytest.raises(Conflict, match="is retracted, and the one that would stay does not say so"):
        merge(library)


def test_who_decides_on_what_changed_or_was_decided_meanwhile_is_told(studies_twice: Engine) -> None:
    pair, ben = waiting(studies_twice), actor(studies_twice, "Ben")
    with writing(studies_twice) as session, pytest.raises(Conflict, match="changed while you read it"):
        duplicates.merge(session, actor=ben, proposal_id=pair.proposal.id, seen={"another"})
    merge(studies_twice)
    with writing(studies_twice) as session, pytest.raises(Conflict, match="decided about this pair meanwhile"):
        duplicates.keep_apart(session, actor=ben, proposal_id=pair.proposal.id, seen=pair.seen)
    with writing(studies_twice) as session:
        duplicates.take_back(session, actor=ben, proposal_id=pair.proposal.id)
    with writing(studies_twice) as session, pytest.raises(NotFound):
        duplicates.take_back(session, actor=ben, proposal_id=pair.proposal.id)


def test_a_writer_does_not_decide(studies_twice: Engine) -> None:
    with pytest.raises(Refused, match="decide which records are one article"):
        merge(studies_twice, "Dov")


def test_the_same_file_again_leaves_the_merge_alone(studies_twice: Engine) -> None:
    _, goes = merge(studies_twice)
    with writing(studies_twice) as session:
        outcome = invented_studies.keep(session, [twin()])
        session.commit()
    assert (outcome.new, outcome.changed) == (0, 0)
    assert goes not in found(studies_twice)
