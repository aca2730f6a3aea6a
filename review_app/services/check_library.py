"""What a check is made against: each claim with its evidence as this library holds it, and with what people decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from sqlmodel import Session

from db import config
from db.models import ClaimEvidence, Label, Quote, QuoteAnchor, RegulatoryNotice
from db.queries import claims as claim_queries
from db.queries import duplicates, harvesting, literature
from db.queries import earlier as earlier_queries
from db.queries import review as review_queries
from db.queries.claims import ClaimPage
from db.types import Actor, AnchorState, ClaimOrigin, WordingKind
from review_app.factcheck import model
from review_app.services import earlier, studies
from review_app.services.claims_library import wordings

QuoteState = Literal["anchored", "orphaned", "none"]


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything that evidence rows point at, by the id they point with."""

    studies: dict[int, model.Study]
    by_pmid: dict[int, int]
    labels: dict[int, Label]
    notices: dict[int, RegulatoryNotice]
    quotes: dict[int, tuple[Quote, QuoteAnchor]]
    kept: dict[int, int]
    as_of: datetime | None = None

    @property
    def day(self) -> date:
        """The day that validity and review dates are held against."""
        return self.as_of.date() if self.as_of is not None else config.today()

    def study(self, row: ClaimEvidence) -> model.Study | None:
        article_id = row.article_id if row.article_id is not None else self.by_pmid.get(row.pmid or 0)
        return self.studies.get(self.kept.get(article_id or 0, article_id or 0))


def check_library(session: Session, *, viewer: Actor, topic_id: str, as_of: datetime | None = None) -> model.Library:
    """The library as the engine takes it; verdicts and tags are those that `viewer` may see.

    With `as_of` it is the library as it stood at that moment, and says what could not be derived.
    """
    pages = claim_queries.claims(session, viewer=viewer, topic_id=topic_id, as_of=as_of)
    pages = [page for page in pages if _vouched(page)]
    sources = sources_of(session, viewer, topic_id, [row for page in pages for row in page.evidence], as_of)
    claims = tuple(_claim(page, sources) for page in pages if _is_valid(page, sources.day))
    if as_of is None:
        return model.Library(harvesting.library_size(session), claims, harvesting.last_refresh(session))
    return model.Library(
        articles=earlier_queries.library_size(session, as_of=as_of),
        claims=claims,
        last_complete_run=harvesting.last_refresh(session, as_of=as_of),
        as_of=sources.day,
        limits=earlier.LIMITS,
    )


def sources_of(
    session: Session, viewer: Actor, topic_id: str, rows: Sequence[ClaimEvidence], as_of: datetime | None = None
) -> Sources:
    """What these evidence rows point at, now or as it stood at a moment."""
    by_pmid = literature.articles_by_pmid(session, pmids=[row.pmid for row in rows if row.pmid is not None])
    ids = [row.article_id for row in rows if row.article_id is not None] + [row.id for row in by_pmid.values()]
    kept = duplicates.kept(session, ids=set(ids))
    standing = {kept.get(each, each) for each in ids}
    if as_of is None:
        found = studies.studies(session, viewer=viewer, topic_id=topic_id, ids=sorted(standing))
    else:
        found = earlier.studies_at(session, ids=sorted(standing), as_of=as_of)
    return Sources(
        studies=found,
        by_pmid={pmid: row.id for pmid, row in by_pmid.items()},
        labels=literature.labels(session),
        notices=literature.regulatory_notices(session),
        quotes=review_queries.quotes(
            session, ids=[row.quote_id for row in rows if row.quote_id is not None], as_of=as_of
        ),
        kept=kept,
        as_of=as_of,
    )


def evidence_items(rows: Iterable[ClaimEvidence], sources: Sources) -> tuple[model.ClaimEvidence, ...]:
    """Evidence rows in the engine's words; a key study that the library does not hold keeps id None.

    Where a person linked the words of a study that is linked without words for the same stance, it is one piece.
    """
    items = [_evidence(row, sources) for row in rows]
    quoted = {_source(item) for item in items if item.quote}
    bare = {_source(item): item.note for item in items if item.note and not item.quote}
    return tuple(
        replace(item, note=item.note or bare.get(_source(item), "")) if item.quote else item
        for item in items
        if item.quote or _source(item) not in quoted
    )


def _source(item: model.ClaimEvidence) -> tuple[str, int | None, int | None, str, str]:
    return item.kind, item.id, item.pmid, item.key, item.stance


def _vouched(page: ClaimPage) -> bool:
    """A member's own claim that nobody has judged yet vouches for no sentence."""
    return page.claim.origin is not ClaimOrigin.CREATED or page.verdict is not None


def _is_valid(page: ClaimPage, day: date) -> bool:
    """Whether the claim may be used on that day, by its own dates."""
    version = page.version
    begun = version.valid_from is None or version.valid_from <= day
    return begun and (version.valid_until is None or day <= version.valid_until)


def _in_force(row: ClaimEvidence, sources: Sources) -> bool:
    """Whether the label or the notice was in force on the day; a study is evidence from when it was linked."""
    if row.label_id is not None:
        return sources.labels[row.label_id].effective <= sources.day
    if row.regulatory_notice_id is not None:
        return sources.notices[row.regulatory_notice_id].dated <= sources.day
    return True


def _claim(page: ClaimPage, sources: Sources) -> model.Claim:
    version = page.version
    return model.Claim(
        id=page.claim.id,
        statement=version.statement,
        topics=tuple(version.topics),
        wordings=wordings(page.wordings, WordingKind.WORDING),
        qualifiers=tuple(model.Qualifier(item["text"], tuple(item["cues"])) for item in version.qualifiers),
        overstatements=wordings(page.wordings, WordingKind.GOES_TOO_FAR),
        search_query=version.search_query,
        certainty=version.certainty.value,
        evidence=evidence_items([row for row in page.evidence if _in_force(row, sources)], sources),
        reviewed_verdict=_verdict(page, sources) if page.verdict else None,
        standing=standing(page, sources),
    )


def _verdict(page: ClaimPage, sources: Sources) -> model.ClaimVerdict | None:
    row = page.verdict
    if row is None:
        return None
    return model.ClaimVerdict(row.verdict.value, row.reason, standing(page, sources), row.decided_at)


def standing(page: ClaimPage, sources: Sources) -> model.Standing:
    """Whether a claim still stands: quotes where they were, sources unchanged, review date not passed."""
    anchors = [sources.quotes[row.quote_id][1] for row in page.evidence if row.quote_id in sources.quotes]
    if any(anchor.state is AnchorState.ORPHANED for anchor in anchors):
        return "orphaned"
    if page.stale is not None and (sources.as_of is None or page.stale[0] <= sources.as_of):
        return "stale"
    review_by = page.version.review_by
    return "overdue" if review_by is not None and review_by < sources.day else "current"


def _evidence(row: ClaimEvidence, sources: Sources) -> model.ClaimEvidence:
    if row.label_id is not None:
        return _label(row, sources.labels[row.label_id])
    if row.regulatory_notice_id is not None:
        return _notice(row, sources.notices[row.regulatory_notice_id])
    study = sources.study(row)
    quote = sources.quotes[row.quote_id][0].exact if row.quote_id in sources.quotes else ""
    if study is None:
        reference = f"PMID {row.pmid}"
        return model.ClaimEvidence("study", row.stance.value, None, row.pmid, reference, row.note)
    return model.ClaimEvidence(
        kind="study",
        stance=row.stance.value,
        id=study.id,
        pmid=study.pmid,
        reference=study.reference,
        title=study.title,
        year=study.year,
        study_design=study.study_design,
        sample_size=study.sample_size,
        quote=quote,
        reviewed=row.member_id is not None,
        integrity=study.integrity,
        quote_state=quote_state(row, sources),
        note=row.note,
    )


def _label(row: ClaimEvidence, label: Label) -> model.ClaimEvidence:
    place = f", {row.label_section}" if row.label_section else ""
    reference = f"{label.name} label, version {label.version}, {label.effective.isoformat()}{place}"
    reviewed, year = row.member_id is not None, label.effective.year
    return model.ClaimEvidence(
        "label",
        row.stance.value,
        label.id,
        None,
        reference,
        label.title,
        year,
        reviewed=reviewed,
        key=row.label_section or "",
        note=row.note,
    )


def _notice(row: ClaimEvidence, notice: RegulatoryNotice) -> model.ClaimEvidence:
    reference = f"{notice.authority}, {notice.dated.isoformat()}"
    reviewed, year = row.member_id is not None, notice.dated.year
    return model.ClaimEvidence(
        "notice",
        row.stance.value,
        notice.id,
        None,
        reference,
        notice.title,
        year,
        reviewed=reviewed,
        key=notice.key,
        note=row.note,
    )


def quote_state(row: ClaimEvidence, sources: Sources) -> QuoteState:
    """Whether the quote of an evidence row stands in its source now."""
    if row.quote_id not in sources.quotes:
        return "none"
    return "anchored" if sources.quotes[row.quote_id][1].state is AnchorState.ANCHORED else "orphaned"
