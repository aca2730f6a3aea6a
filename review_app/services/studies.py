"""Articles of the library as the pure packages want them: text to tag, studies to weigh as evidence."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from db import search
from db.engine import DatabaseUnavailable, reading, writing
from db.models import Article, Tagging, TagSuggestion
from db.queries import duplicates, literature
from db.queries import review as review_queries
from db.queries.blinding import default_review
from db.queries.study_rows import StudyRow, study_rows
from db.types import Actor
from review_app.factcheck.model import AbstractSection, FindStudies, Study
from review_app.tagging.form import TagForm
from review_app.tagging.model import StudyText, SuggestedTags
from review_app.tagging.own_terms import with_own_terms
from review_app.tagging.suggest import TAGGER_VERSION, suggest

BATCH = 200
_FRESH = "suggestions that are not stored yet"
TITLE_WORDS = 5  # of an article without authors, as its short reference


def finder(session: Session, *, viewer: Actor, topic_id: str) -> FindStudies:
    """Full-text search over the library that answers with studies; each article is read once, each query asked once."""
    known: dict[int, Study] = {}
    counted: search.Frequencies = {}
    gone = literature.gone_ids(session)
    tagged = _tagged(session, topic_id=topic_id)

    @cache
    def find(query: str, limit: int) -> Sequence[Study]:
        found = search.search(session, query, limit=limit + len(gone), mode="any", known=counted)
        hits = [hit for hit in found if hit.article_id not in gone][:limit]
        new = [hit.article_id for hit in hits if hit.article_id not in known]
        if new:
            reviewed = reviewed_tags(session, viewer=viewer, topic_id=topic_id, ids=sorted(tagged.intersection(new)))
            known.update(_studies(session, new, reviewed))
        return tuple(replace(known[hit.article_id], search_score=hit.score) for hit in hits)

    return find


def studies(session: Session, *, viewer: Actor, topic_id: str, ids: Sequence[int]) -> dict[int, Study]:
    """These articles as evidence, with the reviewed tags where there are any, else the suggested ones."""
    return _studies(session, ids, reviewed_tags(session, viewer=viewer, topic_id=topic_id, ids=ids))


def _studies(session: Session, ids: Sequence[int], reviewed: dict[int, dict[str, Any]]) -> dict[int, Study]:
    rows = study_rows(session, ids=ids, tagger_version=TAGGER_VERSION)
    unread = [key for key, row in rows.items() if row.tags is None and key not in reviewed]
    fresh = suggested_tags(session, list(literature.articles_by_id(session, ids=unread).values()))
    return {key: _study(row, reviewed.get(key) or row.tags or fresh[key]) for key, row in rows.items()}


def suggested_studies(session: Session, ids: Sequence[int]) -> dict[int, Study]:
    """These articles as evidence with the suggested tags, whatever people tagged."""
    return _studies(session, ids, {})


def study_of(article: Article, text: StudyText) -> Study:
    """An article as evidence, with what the tagger makes of `text`."""
    return _study(article, tags_as_json(_suggest(text)))


def _tagged(session: Session, *, topic_id: str) -> frozenset[int]:
    """Articles that anybody tagged, or that stand for one: there is no need to ask about the others."""
    review = default_review(session, topic_id=topic_id)
    if review is None:
        return frozenset()
    ids = review_queries.tagged_ids(session, review=review)
    return ids.union(duplicates.kept(session, ids=ids).values())


def reviewed_tags(session: Session, *, viewer: Actor, topic_id: str, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What people tagged, as far as `viewer` may see it, by article, in the shape of the export."""
    rows = reviewed_taggings(session, viewer=viewer, topic_id=topic_id, ids=ids)
    return {key: published(row.tags) for key, row in rows.items()}


def reviewed_taggings(session: Session, *, viewer: Actor, topic_id: str, ids: Sequence[int]) -> dict[int, Tagging]:
    """The entry that counts as reviewed, by article: the consensus, else the newest that `viewer` may see."""
    review = default_review(session, topic_id=topic_id) if ids else None
    if review is None:
        return {}
    merged = duplicates.merged_into(session, ids=ids)
    behind = [each for some in merged.values() for each in some]
    settled = review_queries.settled_tags(session, viewer=viewer, review=review, article_ids=[*ids, *behind])
    # What was tagged on a record that was merged counts where the kept one has no tags of its own.
    standing = {key: next((each for each in (key, *merged.get(key, ())) if each in settled), key) for key in ids}
    return {key: settled[each] for key, each in standing.items() if each in settled}


def published(tags: dict[str, Any]) -> dict[str, Any]:
    """An entry of any form in the shape of the export, which does not change with the form."""
    pairs = dict.fromkeys((row["molecule"], row["route"]) for row in tags.get("interventions") or ())
    parts = ("domain", "instrument", "direction")
    outcomes = dict.fromkeys(tuple(row.get(part) for part in parts) for row in tags.get("outcomes") or ())
    return {
        "study_design": tags.get("study_design"),
        "population": tags.get("population") or [],
        "interventions": [{"molecule": molecule, "route": route} for molecule, route in pairs],
        "comparators": tags.get("comparators") or [],
        "sample_size": tags.get("sample_size"),
        "outcomes": [dict(zip(parts, row, strict=True)) for row in outcomes],
    }


def suggested_tags(session: Session, articles: Sequence[Article]) -> dict[int, dict[str, Any]]:
    """What the tagger makes of these articles, with the basis of the design as `study_design_basis`.

    What it had to read for this is remembered with the session, for `keep_suggestions`.
    """
    stored = literature.suggestions(session, ids=[row.id for row in articles])
    stale = [row for row in articles if not _is_fresh(row, stored.get(row.id))]
    fresh = {row.article_id: row for row in _suggestions(session, stale)}
    session.info.setdefault(_FRESH, {}).update(fresh)
    return {row.id: (fresh.get(row.id) or stored[row.id]).tags for row in articles}


def keep_suggestions(engine: Engine, session: Session) -> None:
    """Store what was read for the answers of this session, so that nobody reads it again.

    A library that cannot be written answers all the same.
    """
    found = list(session.info.pop(_FRESH, {}).values())
    with suppress(DatabaseUnavailable):
        store_suggestions(engine, found)


def suggestion(session: Session, article: Article, form: TagForm) -> SuggestedTags:
    """What the tagger, and the words that a lead gave the terms of the form, make of one article now, each value with
    the words it came from."""
    text = study_text(article, literature.everything(session, ids=[article.id]))
    tags = _suggest(text)
    return with_own_terms(tags, text, form, tags_for_form(tags))


def refresh_suggestions(engine: Engine, *, limit: int = BATCH) -> int:
    """Tag up to `limit` articles that the tagger has not read since they changed; how many are still to be read.

    The write lock is held only to store what was found: reading 200 studies takes half a second or more.
    """
    with reading(engine) as session:
        waiting = literature.without_suggestion(session, tagger_version=TAGGER_VERSION, limit=limit)
        left = literature.without_suggestion_count(session, tagger_version=TAGGER_VERSION) if waiting else 0
        found = _suggestions(session, waiting)
    store_suggestions(engine, found)
    return left - len(found)


def catch_up(engine: Engine, told: Callable[[int], None]) -> None:
    """Tag what was not read yet, so that no command reads it again; `told` hears how many are left, batch by batch."""
    with reading(engine) as session:
        left = literature.without_suggestion_count(session, tagger_version=TAGGER_VERSION)
    with suppress(DatabaseUnavailable):  # a library that cannot be written is read for each answer
        while left > 0:
            told(left)
            left = refresh_suggestions(engine)


def store_suggestions(engine: Engine, found: Sequence[TagSuggestion]) -> None:
    """In the place of earlier ones of the same articles; the write lock is held only for this."""
    if found:
        with writing(engine) as session:
            literature.replace_suggestions(session, found)
            session.commit()


def _suggestions(session: Session, articles: Sequence[Article]) -> list[TagSuggestion]:
    """An article that changes meanwhile keeps the hash of what was read here, and is read again next time."""
    everything = literature.everything(session, ids=[row.id for row in articles])
    rows = []
    for article in articles:
        tags = _suggest(study_text(article, everything))
        rows.append(
            TagSuggestion(
                article_id=article.id,
                tagger_version=TAGGER_VERSION,
                content_hash=article.content_hash,
                study_design=tags.study_design,
                tags=tags_as_json(tags),
            )
        )
    return rows


def study_text(article: Article, everything: literature.Everything) -> StudyText:
    return StudyText(
        title=article.title,
        sections=tuple((part.get("label"), part["text"]) for part in article.sections),
        publication_types=tuple(row.name for row in everything.publication_types.get(article.id, ())),
        mesh=tuple(row.name for row in everything.mesh.get(article.id, ())),
        keywords=tuple(article.keywords),
        registry_ids=tuple(row.accession for row in everything.registry_ids.get(article.id, ())),
    )


def reference(article: Article | StudyRow) -> str:
    """A short reference: first author or collective, else the first words of the title; year, journal."""
    first = article.authors[0] if article.authors else {}
    name = first.get("last") or first.get("collective") or ""
    lead = f"{name} et al." if name and len(article.authors) > 1 else name or _first_words(article.title)
    place = " ".join(part for part in (lead, str(article.year or "")) if part)
    journal = article.iso_abbreviation or article.journal or ""
    return ", ".join(part for part in (place, journal) if part) or (f"PMID {article.pmid}" if article.pmid else "")


def _first_words(title: str) -> str:
    words = title.split()
    return f"“{' '.join(words[:TITLE_WORDS])}{'…' if len(words) > TITLE_WORDS else ''}”" if words else ""


def tags_as_json(tags: SuggestedTags) -> dict[str, Any]:
    """The tags in the shape of the export, with the basis of the design."""
    return {
        "study_design": tags.study_design,
        "population": list(tags.population),
        "interventions": [asdict(item) for item in tags.interventions],
        "comparators": list(tags.comparators),
        "sample_size": tags.sample_size,
        "outcomes": [asdict(item) for item in tags.outcomes],
        "study_design_basis": tags.study_design_basis,
    }


def tags_for_form(tags: SuggestedTags) -> dict[str, Any]:
    """All that is suggested, as a tagging form may ask it: more than the export carries."""
    interventions = [{**asdict(item), "dose": tags.dose} for item in tags.interventions]
    return tags_as_json(tags) | {"interventions": interventions, "registration": tags.registration} | tags.own


@lru_cache(maxsize=20_000)
def _suggest(text: StudyText) -> SuggestedTags:
    return suggest(text)


def _is_fresh(article: Article, row: TagSuggestion | None) -> bool:
    return row is not None and (row.tagger_version, row.content_hash) == (TAGGER_VERSION, article.content_hash)


def _study(article: Article | StudyRow, tags: dict[str, Any]) -> Study:
    return Study(
        id=article.id,
        pmid=article.pmid,
        title=article.title,
        sections=tuple(AbstractSection(part.get("label"), part["text"]) for part in article.sections),
        reference=reference(article),
        year=article.year,
        study_design=tags["study_design"],
        sample_size=tags["sample_size"],
        population=tuple(tags["population"]),
        molecules=tuple(item["molecule"] for item in tags["interventions"]),
        routes=tuple(item["route"] for item in tags["interventions"]),
        integrity=article.integrity.value,
    )
