"""Articles out of the library with everything known of them."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session

from db import search
from db.models import Article, Notice, Tagging
from db.queries import claims as claim_queries
from db.queries import duplicates, literature
from db.queries import review as review_queries
from db.queries.blinding import default_review
from db.queries.review import Included
from db.types import Actor
from review_app.export.citation import citation
from review_app.export.model import ExportedArticle
from review_app.services import studies
from review_app.services.errors import NotFound
from review_app.services.tags import QUOTES

BATCH = 500
_SAME_NAME = (
    *("id", "pmid", "version", "title", "abstract", "sections", "authors", "journal", "iso_abbreviation", "volume"),
    *("issue", "pages", "year", "month", "day", "medline_date", "doi", "pmcid", "keywords", "status"),
    *("issn", "vernacular_title"),
)


def articles(
    session: Session,
    *,
    viewer: Actor,
    topic_id: str,
    query: str | None = None,
    pmids: Sequence[int] | None = None,
    claim_id: str | None = None,
    article_ids: Sequence[int] | None = None,
    with_tags: bool = True,
) -> Iterator[ExportedArticle]:
    """The whole library by PMID, or what a query finds (best first), or these articles, or a claim's evidence.

    A batch at a time, so that memory does not grow with the library. Without tags nothing is read that was not tagged.
    """
    found = chosen(session, viewer=viewer, query=query, pmids=pmids, claim_id=claim_id, article_ids=article_ids)
    for batch in found:
        yield from _exported(session, viewer, topic_id, batch, with_tags)


def chosen(
    session: Session,
    *,
    viewer: Actor,
    query: str | None = None,
    pmids: Sequence[int] | None = None,
    claim_id: str | None = None,
    article_ids: Sequence[int] | None = None,
) -> Iterator[list[Article]]:
    """The articles that are exported, as `articles` has them, a batch at a time."""
    if claim_id is not None:
        named, article_ids = _evidence(session, viewer, claim_id)
        article_ids = [*article_ids, *_ids(session, named)]
    elif pmids is not None:
        article_ids = _ids(session, pmids)
    elif query is not None:
        total = search.count(session, query, article_ids=literature.present_ids())
        hits = search.search(session, query, limit=total, article_ids=literature.present_ids())
        article_ids = [hit.article_id for hit in hits]
    if article_ids is None:
        yield from literature.all_articles(session, batch=BATCH)
    else:
        kept = duplicates.kept(session, ids=article_ids)
        yield from _by_id(session, list(dict.fromkeys(kept.get(each, each) for each in article_ids)))


def citation_of(row: Article, everything: literature.Everything) -> str:
    """The article as a reference list has it, in Vancouver style."""
    return citation(_article(row, everything, {}, None))


def citations(session: Session, *, ids: Sequence[int]) -> dict[int, str]:
    """The references of these articles by id, in Vancouver style."""
    rows, everything = literature.articles_by_id(session, ids=ids), literature.everything(session, ids=ids)
    return {key: citation_of(row, everything) for key, row in rows.items()}


def absent(
    session: Session,
    *,
    viewer: Actor,
    pmids: Sequence[int] | None = None,
    claim_id: str | None = None,
    article_ids: Sequence[int] | None = None,
) -> list[int]:
    """The PMIDs that were asked for, or that a claim's evidence names, and that the library does not hold (any more).

    A record that was merged into another is there as that one.
    """
    asked = _evidence(session, viewer, claim_id)[0] if claim_id is not None else pmids or ()
    rows = literature.articles_by_pmid(session, pmids=asked)
    found = {row.id: pmid for pmid, row in rows.items()}
    rest = literature.articles_by_id(session, ids=article_ids or ())
    found |= {row.id: row.pmid for row in rest.values() if row.pmid is not None}
    kept = duplicates.kept(session, ids=found)
    now = literature.articles_by_id(session, ids=[kept.get(each, each) for each in found])
    there = {pmid for each, pmid in found.items() if _is_there(now[kept.get(each, each)])}
    return [pmid for pmid in dict.fromkeys([*asked, *found.values()]) if pmid not in there]


def included(session: Session, *, viewer: Actor, topic_id: str) -> Included:
    """What the topic's review has included at its last stage. Raises NotFound where nothing was decided there yet."""
    review = default_review(session, topic_id=topic_id)
    found = review_queries.included(session, viewer=viewer, review=review) if review else None
    if found is None or not found.decided:
        stage = found.stage.value.replace("_", "-") if found else "title-abstract"
        raise NotFound(f"No record has a final decision at {stage} screening yet, so none is included.")
    return found


def _ids(session: Session, pmids: Sequence[int]) -> list[int]:
    found = literature.articles_by_pmid(session, pmids=pmids)
    return [found[pmid].id for pmid in dict.fromkeys(pmids) if pmid in found]


def _is_there(row: Article) -> bool:
    return row.tombstoned_at is None and row.merged_into_id is None


def _by_id(session: Session, ids: Sequence[int]) -> Iterator[list[Article]]:
    for some in _batches(ids):
        found = literature.articles_by_id(session, ids=some)
        yield [found[each] for each in some if each in found and _is_there(found[each])]


def _evidence(session: Session, viewer: Actor, claim_id: str) -> tuple[list[int], list[int]]:
    """The PMIDs and the article ids that a claim's evidence names; an article is named by one of them."""
    page = claim_queries.claim(session, viewer=viewer, claim_id=claim_id)
    if page is None:
        raise NotFound(f"There is no claim {claim_id}. `factcheck claims list` names them.")
    ids = {row.article_id for row in page.evidence if row.article_id}
    kept = duplicates.kept(session, ids=ids)
    rows = literature.articles_by_id(session, ids=sorted({kept.get(each, each) for each in ids}))
    pmids = [row.pmid for row in page.evidence if row.pmid] + [row.pmid for row in rows.values() if row.pmid]
    return pmids, [row.id for row in rows.values() if row.pmid is None]


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _exported(
    session: Session, viewer: Actor, topic_id: str, rows: list[Article], with_tags: bool
) -> Iterator[ExportedArticle]:
    ids = [row.id for row in rows]
    everything = literature.everything(session, ids=ids)
    if not with_tags:
        yield from (_article(row, everything, {}, None) for row in rows)
        return
    suggested = studies.suggested_tags(session, rows)
    reviewed = studies.reviewed_taggings(session, viewer=viewer, topic_id=topic_id, ids=ids)
    entries = _entries(session, reviewed)
    for row in rows:
        tags = studies.published(reviewed[row.id].tags) if row.id in reviewed else None
        yield _article(row, everything, dict(suggested[row.id]), tags, entries.get(row.id))


def _entries(session: Session, rows: dict[int, Tagging]) -> dict[int, dict[str, Any]]:
    """The entries whole, by article: with the form they were made with, and the words of their quotes."""
    forms = review_queries.forms_by_id(session, ids=sorted({row.form_id for row in rows.values()}))
    ids = {each for row in rows.values() for some in row.tags.get(QUOTES, {}).values() for each in some}
    quotes = review_queries.quotes(session, ids=sorted(ids))
    return {
        key: {
            "form": {"name": forms[row.form_id].name, "version": forms[row.form_id].version},
            "consensus": row.consensus,
            "tags": {field: value for field, value in row.tags.items() if field != QUOTES},
            "quotes": {
                target: [quotes[each][0].exact for each in some] for target, some in row.tags.get(QUOTES, {}).items()
            },
        }
        for key, row in rows.items()
    }


def _article(
    row: Article,
    everything: literature.Everything,
    suggested: dict[str, Any],
    reviewed: dict[str, Any] | None,
    entry: dict[str, Any] | None = None,
) -> ExportedArticle:
    basis = suggested.pop("study_design_basis", None)
    design = suggested.get("study_design")
    if reviewed and reviewed["study_design"]:
        basis, design = "reviewed", reviewed["study_design"]
    citations = everything.citations.get(row.id)
    return ExportedArticle(
        **{name: getattr(row, name) for name in _SAME_NAME},
        electronic_date=_iso(row.electronic_date),
        language="; ".join(row.languages) or None,
        publication_types=[{"ui": t.ui, "name": t.name} for t in everything.publication_types.get(row.id, ())],
        mesh=[
            {"ui": m.ui, "name": m.name, "major": m.major, "qualifiers": m.qualifiers}
            for m in everything.mesh.get(row.id, ())
        ],
        registry_ids=[f"{r.databank}/{r.accession}" for r in everything.registry_ids.get(row.id, ())],
        notices=[_notice(n) for n in everything.notices.get(row.id, ()) if n.withdrawn_at is None],
        integrity=row.integrity.value,
        date_revised=_iso(row.date_revised),
        citation_count=citations[-1].citation_count if citations else None,
        study_design=design,
        study_design_basis=basis,
        retrieved_at=row.retrieved_at.isoformat(),
        suggested=suggested,
        reviewed=reviewed,
        date_completed=_iso(row.date_completed),
        date_entered=_iso(row.date_entered),
        reviewed_entry=entry,
    )


def _notice(row: Notice) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "pmid": row.other_pmid,
        "source": row.stated,
        "is_subject": row.is_subject,
        "doi": row.other_doi,
        "note": row.note,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
