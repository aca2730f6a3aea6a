"""Everything that one study's page shows, read at one moment and as far as the viewer may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from db.models import (
    Article,
    AuditEvent,
    ChangeLog,
    ClaimEvidence,
    Finding,
    ImportSource,
    Member,
    Quote,
    QuoteAnchor,
    Review,
    Revision,
    RiskOfBias,
    Tagging,
)
from db.queries import accounts, appraisal, claims, dual_extraction, duplicates, harvesting, literature, screening
from db.queries import review as review_queries
from db.queries.blinding import default_review
from db.types import Actor
from review_app.services import appraisals, exporting, studies, tag_forms, tags
from review_app.services.study_groups import Group, group_of
from review_app.tagging.form import TagForm
from review_app.tagging.model import SuggestedTags


@dataclass(frozen=True, slots=True)
class Asked:
    """Which study the address asks for."""

    article_id: int | None = None
    pmid: int | None = None


@dataclass(frozen=True, slots=True)
class StudyPage:
    """A study with what hangs on it, also on the records `merged` into it; `citation` is in Vancouver style.

    `others` are the tags of other members that the viewer may see, and the consensus. `form` is what is asked now, in
    its `form_version`; `forms` gives, by id, the ones that these tags were made with. `draft` is what the viewer typed
    and did not save, `finding_draft` the same of a finding, `bias_draft` of the risk of bias; `bias` are the judgements
    of it that the viewer may see. `findings_given`: the viewer said that their findings are all; None where nobody is
    asked to, since one reviewer is enough. `next_untagged` is the next study for the viewer to tag once they have
    tagged this one.

    `members` gives the name behind each member id; `quotes` each quote, and where it stands now.
    """

    article: Article
    merged: tuple[Article, ...]
    record: literature.Everything
    citation: str
    suggestion: SuggestedTags
    merged_into: Article | None
    own: Tagging | None
    next_untagged: int | None
    others: tuple[Tagging, ...]
    findings: tuple[Finding, ...]
    evidence: tuple[tuple[ClaimEvidence, str], ...]
    quotes: dict[int, tuple[Quote, QuoteAnchor]]
    members: dict[int, str]
    form: TagForm
    form_version: int
    forms: dict[int, TagForm]
    draft: dict[str, Any]
    finding_draft: dict[str, Any]
    findings_given: bool | None
    bias: tuple[RiskOfBias, ...]
    bias_draft: dict[str, Any]
    viewer_id: int | None
    group: Group


@dataclass(frozen=True, slots=True)
class StudyHistory:
    """Where a study came from, what it said before, and who did what with it; the newest first.

    Times are in UTC; `zone` is the viewer's own.
    """

    sources: tuple[ImportSource, ...] = ()
    changes: tuple[ChangeLog, ...] = ()
    revisions: tuple[Revision, ...] = ()
    events: tuple[AuditEvent, ...] = ()
    zone: str = "UTC"


def study_page(session: Session, *, viewer: Actor, topic_id: str, asked: Asked) -> StudyPage | None:
    """The study that was asked for, None when the library does not hold it."""
    article = _article(session, asked)
    if article is None:
        return None
    review = default_review(session, topic_id=topic_id)
    behind = duplicates.merged_into(session, ids=[article.id]).get(article.id, [])
    merged = tuple(literature.articles_by_id(session, ids=sorted(behind)).values())
    ids = [article.id, *(row.id for row in merged)]
    own, next_untagged, others, findings, bias, given = None, None, [], [], [], None
    if review is not None:
        given = _gave_findings(session, viewer, review, article.id) if review.dual else None
        own = _own(session, viewer, review, ids)
        next_untagged = review_queries.next_untagged(session, viewer=viewer, review=review) if own else None
        seen = review_queries.taggings(session, viewer=viewer, review=review, article_ids=ids)
        others = [row for i in ids for row in seen.get(i, ()) if row.consensus or row.member_id != viewer.id]
        bias = appraisal.risk_of_bias(session, viewer=viewer, review=review, article_ids=[article.id])
        findings = review_queries.findings(session, viewer=viewer, review=review, article_ids=ids)
    evidence = [row for each in (article, *merged) for row in claims.claims_on_article(session, article=each)]
    tagged = [*([own] if own else []), *others]
    cited = [row.quote_id for row in findings] + [row.quote_id for row, _ in evidence]
    cited += [quote for row in tagged for some in row.tags.get(tags.QUOTES, {}).values() for quote in some]
    form_row, form = tag_forms.current_form(session)
    record = literature.everything(session, ids=[article.id])
    return StudyPage(
        article=article,
        merged=merged,
        record=record,
        citation=exporting.citation_of(article, record),
        suggestion=studies.suggestion(session, article, form),
        merged_into=session.get(Article, article.merged_into_id) if article.merged_into_id else None,
        own=own,
        next_untagged=next_untagged,
        others=tuple(others),
        findings=tuple(findings),
        evidence=tuple(evidence),
        quotes=review_queries.quotes(session, ids=sorted({quote for quote in cited if quote is not None})),
        members={member.id: member.name for member in accounts.members(session)},
        form=form,
        form_version=form_row.version,
        forms=tag_forms.forms_by_id(session, ids={row.form_id for row in tagged}),
        draft=screening.draft(session, viewer=viewer, key=tags.draft_key(article.id)),
        finding_draft=screening.draft(session, viewer=viewer, key=tags.finding_draft_key(article.id)),
        findings_given=given,
        bias=tuple(bias),
        bias_draft=screening.draft(session, viewer=viewer, key=appraisals.draft_key(article.id)),
        viewer_id=viewer.id,
        group=group_of(session, article=article),
    )


def _own(session: Session, viewer: Actor, review: Review, ids: Sequence[int]) -> Tagging | None:
    """The viewer's newest tags of the study, else of a record that was merged into it."""
    found = (review_queries.own_tagging(session, viewer=viewer, review=review, article_id=i) for i in ids)
    return next((row for row in found if row is not None), None)


def _gave_findings(session: Session, viewer: Actor, review: Review, article_id: int) -> bool:
    givers = dual_extraction.findings_givers(session, viewer=viewer, review=review, article_ids=[article_id])
    return viewer.id in givers.get(article_id, ())


def study_history(session: Session, *, viewer: Actor, topic_id: str, article_id: int) -> StudyHistory:
    review = default_review(session, topic_id=topic_id)
    member = session.get(Member, viewer.id) if viewer.id is not None else None
    behind = duplicates.merged_into(session, ids=[article_id]).get(article_id, [])
    ids = [article_id, *sorted(behind)]
    events: list[AuditEvent] = []
    if review is not None:
        for each in ids:
            events += review_queries.article_events(session, viewer=viewer, review=review, article_id=each)
    return StudyHistory(
        sources=tuple(row for i in ids for row in literature.import_sources(session, article_id=i)),
        changes=tuple(harvesting.changes(session, article_id=article_id)),
        revisions=tuple(literature.revisions(session, article_id=article_id)),
        events=tuple(events),
        zone=member.time_zone if member else "UTC",
    )


def _article(session: Session, asked: Asked) -> Article | None:
    if asked.article_id is not None:
        return literature.article(session, article_id=asked.article_id)
    return literature.article_by_pmid(session, pmid=asked.pmid) if asked.pmid is not None else None
