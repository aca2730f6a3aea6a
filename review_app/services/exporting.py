"""Articles out of the library with everything known of them."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import Session

from db import search
from db.models import Article
from db.queries import claims as claim_queries
from db.queries import literature
from db.types import Actor
from review_app.export.model import ExportedArticle
from review_app.services import studies
from review_app.services.errors import NotFound

BATCH = 500
_SAME_NAME = (
    *("id", "pmid", "version", "title", "abstract", "sections", "authors", "journal", "iso_abbreviation", "volume"),
    *("issue", "pages", "year", "month", "day", "medline_date", "doi", "pmcid", "keywords", "status"),
)


def articles(
    session: Session,
    *,
    viewer: Actor,
    topic_id: str,
    query: str | None = None,
    pmids: Sequence[int] | None = None,
    claim_id: str | None = None,
) -> Iterator[ExportedArticle]:
    """The whole library by PMID, or what a query finds (best first), or these PMIDs, or a claim's evidence."""
    for batch in _chosen(session, viewer, query, pmids, claim_id):
        yield from _exported(session, viewer, topic_id, batch)


def _chosen(
    session: Session, viewer: Actor, query: str | None, pmids: Sequence[int] | None, claim_id: str | None
) -> Iterator[list[Article]]:
    if claim_id is not None:
        pmids, ids = _evidence(session, viewer, claim_id)
        yield from _batches(list(literature.articles_by_id(session, ids=ids).values()))
    if pmids is not None:
        found = _present(session, pmids)
        yield from _batches([found[pmid] for pmid in dict.fromkeys(pmids) if pmid in found])
    elif query is not None:
        total = search.count(session, query, article_ids=literature.present_ids())
        hits = search.search(session, query, limit=total, article_ids=literature.present_ids())
        rows = literature.articles_by_id(session, ids=[hit.article_id for hit in hits])
        yield from _batches([rows[hit.article_id] for hit in hits])
    else:
        yield from literature.all_articles(session, batch=BATCH)


def absent(
    session: Session, *, viewer: Actor, pmids: Sequence[int] | None = None, claim_id: str | None = None
) -> list[int]:
    """The PMIDs that were asked for, or that a claim's evidence names, and that the library does not hold."""
    asked = _evidence(session, viewer, claim_id)[0] if claim_id is not None else pmids or ()
    found = _present(session, asked)
    return [pmid for pmid in dict.fromkeys(asked) if pmid not in found]


def _present(session: Session, pmids: Sequence[int]) -> dict[int, Article]:
    found = literature.articles_by_pmid(session, pmids=pmids)
    return {key: row for key, row in found.items() if row.tombstoned_at is None and row.merged_into_id is None}


def _evidence(session: Session, viewer: Actor, claim_id: str) -> tuple[list[int], list[int]]:
    """The PMIDs and the article ids that a claim's evidence names; an article is named by one of them."""
    page = claim_queries.claim(session, viewer=viewer, claim_id=claim_id)
    if page is None:
        raise NotFound(f"There is no claim {claim_id}. `factcheck claims list` names them.")
    rows = literature.articles_by_id(session, ids=[row.article_id for row in page.evidence if row.article_id])
    pmids = [row.pmid for row in page.evidence if row.pmid] + [row.pmid for row in rows.values() if row.pmid]
    return pmids, [row.id for row in rows.values() if row.pmid is None]


def _batches(rows: list[Article]) -> Iterator[list[Article]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def _exported(session: Session, viewer: Actor, topic_id: str, rows: list[Article]) -> Iterator[ExportedArticle]:
    ids = [row.id for row in rows]
    everything = literature.everything(session, ids=ids)
    suggested = studies.suggested_tags(session, rows)
    reviewed = studies.reviewed_tags(session, viewer=viewer, topic_id=topic_id, ids=ids)
    for row in rows:
        yield _article(row, everything, dict(suggested[row.id]), reviewed.get(row.id))


def _article(
    row: Article, everything: literature.Everything, suggested: dict[str, Any], reviewed: dict[str, Any] | None
) -> ExportedArticle:
    basis = suggested.pop("study_design_basis")
    design = suggested["study_design"]
    if reviewed and reviewed["study_design"]:
        basis, design = "reviewed", reviewed["study_design"]
    citations = everything.citations.get(row.id)
    return ExportedArticle(
        **{name: getattr(row, name) for name in _SAME_NAME},
        electronic_date=row.electronic_date.isoformat() if row.electronic_date else None,
        language="; ".join(row.languages) or None,
        publication_types=[{"ui": t.ui, "name": t.name} for t in everything.publication_types.get(row.id, ())],
        mesh=[
            {"ui": m.ui, "name": m.name, "major": m.major, "qualifiers": m.qualifiers}
            for m in everything.mesh.get(row.id, ())
        ],
        registry_ids=[f"{r.databank}/{r.accession}" for r in everything.registry_ids.get(row.id, ())],
        notices=[
            {"kind": n.kind, "pmid": n.other_pmid, "source": n.stated, "is_subject": n.is_subject}
            for n in everything.notices.get(row.id, ())
        ],
        integrity=row.integrity.value,
        date_revised=row.date_revised.isoformat() if row.date_revised else None,
        citation_count=citations[-1].citation_count if citations else None,
        study_design=design,
        study_design_basis=basis,
        retrieved_at=row.retrieved_at.isoformat(),
        suggested=suggested,
        reviewed=reviewed,
    )
