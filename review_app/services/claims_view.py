"""Claims as a reader meets them: a line in the list, and one claim with its evidence and history. Reads only."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from db.models import ClaimEvidence, ClaimVersion, Wording
from db.queries import accounts
from db.queries import claims as claim_queries
from db.queries.alert_places import Told, told
from db.queries.blinding import default_review, is_blinded
from db.queries.claims import ClaimPage
from db.types import Actor, Certainty, ClaimOrigin, ClaimStatus, Stance, WordingKind
from review_app.factcheck.model import Basis, EvidenceKind, Standing, Verdict
from review_app.services.check_library import QuoteState, Sources, quote_state, sources_of
from review_app.services.doubts import Doubt, claim_doubts, standing_of


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One claim in the list. `stances` counts its sources by stance, each once; `uses` are sentences of stored copy."""

    id: str
    statement: str
    topics: tuple[str, ...]
    verdict: Verdict | None
    basis: Basis
    standing: Standing
    certainty: Certainty
    stances: Mapping[str, int]
    uses: int

    @property
    def needs_review(self) -> bool:
        return self.standing != "current"


@dataclass(frozen=True, slots=True)
class ClaimSource:
    """One piece of evidence. `article_id` is None for a study that the library does not hold; `linked_by` None for
    what ships with the claim. `place` says which label version or notice; `points` are Footnote's summary of it."""

    row_id: int
    kind: EvidenceKind
    stance: Stance
    reference: str
    title: str
    article_id: int | None = None
    pmid: int | None = None
    year: int | None = None
    study_design: str | None = None
    sample_size: int | None = None
    integrity: str = "none_known"
    quote: str = ""
    quote_section: str | None = None
    quote_state: QuoteState = "none"
    note: str = ""
    place: str = ""
    points: tuple[str, ...] = ()
    linked_by: str | None = None
    linked_by_id: int | None = None

    @property
    def source(self) -> tuple[str, int | None, int | None, str]:
        """What it is a piece of: two quotes of one study are one source, two sections of a label are two."""
        by_id = self.kind == "study" and self.article_id is not None
        return self.kind, self.article_id, None if by_id else self.pmid, "" if by_id else self.reference + self.place


@dataclass(frozen=True, slots=True)
class GivenVerdict:
    """What one person decided about one version of the statement."""

    member: str
    verdict: Verdict
    certainty: Certainty
    reason: str
    version: int
    decided_at: datetime
    stale_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """What the claim said in one version; `author` is None for what ships."""

    number: int
    text: str
    certainty: Certainty
    created_at: datetime
    author: str | None


@dataclass(frozen=True, slots=True)
class Use:
    """A sentence of stored copy that makes the claim; `position` counts from 0."""

    document_id: int
    title: str
    position: int
    text: str
    state: str


@dataclass(frozen=True, slots=True)
class ClaimView:
    """One claim, whole. `blinded`: other members' verdicts show after one's own."""

    line: ClaimLine
    version: int
    origin: ClaimOrigin
    owner: str | None
    certainty_note: str
    source: str
    qualifiers: tuple[tuple[str, tuple[str, ...]], ...]
    wordings: tuple[Wording, ...]
    too_far: tuple[Wording, ...]
    evidence: tuple[ClaimSource, ...]
    verdicts: tuple[GivenVerdict, ...]
    statements: tuple[Statement, ...]
    uses: tuple[Use, ...]
    doubts: tuple[Doubt, ...]
    told: Told
    blinded: bool


def claim_lines(session: Session, *, viewer: Actor, topic_id: str) -> list[ClaimLine]:
    """Every claim of the topic, by id."""
    pages = claim_queries.claims(session, viewer=viewer, topic_id=topic_id)
    sources = sources_of(session, viewer, topic_id, [row for page in pages for row in page.evidence])
    used = claim_queries.uses(session, viewer=viewer, claim_ids=[page.claim.id for page in pages])
    uses = Counter(link.claim_id for link, _, _ in used)
    return [claim_line(page, sources, uses[page.claim.id]) for page in pages]


def claim_view(session: Session, *, viewer: Actor, claim_id: str) -> ClaimView | None:
    """One claim as `viewer` may see it; None for an unknown or withdrawn one."""
    page = claim_queries.claim(session, viewer=viewer, claim_id=claim_id)
    if page is None or page.status is ClaimStatus.WITHDRAWN:
        return None
    topic_id, version = page.claim.topic_id, page.version
    sources = sources_of(session, viewer, topic_id, page.evidence)
    names = {member.id: member.name for member in accounts.members(session)}
    used = claim_queries.uses(session, viewer=viewer, claim_ids=[claim_id])
    return ClaimView(
        line=claim_line(page, sources, len(used)),
        version=version.number,
        origin=page.claim.origin,
        owner=names.get(page.claim.owner_id or 0),
        certainty_note=version.certainty_note,
        source=version.source,
        qualifiers=tuple((item["text"], tuple(item["cues"])) for item in version.qualifiers),
        wordings=tuple(row for row in page.wordings if row.kind is WordingKind.WORDING),
        too_far=tuple(row for row in page.wordings if row.kind is WordingKind.GOES_TOO_FAR),
        evidence=tuple(claim_source(row, sources, names) for row in page.evidence),
        verdicts=_verdicts(page, names),
        statements=_statements(claim_queries.versions(session, claim_id=claim_id), names),
        uses=tuple(Use(doc.id, doc.title, at.position, at.text, link.state.value) for link, at, doc in used),
        doubts=claim_doubts(page, sources),
        told=told(session, viewer=viewer, claim_ids=[claim_id]),
        blinded=is_blinded(default_review(session, topic_id=topic_id)),
    )


def claim_line(page: ClaimPage, sources: Sources, uses: int) -> ClaimLine:
    """One claim in short, as the viewer of `page` may see it."""
    verdict, basis = _judged(page)
    return ClaimLine(
        id=page.claim.id,
        statement=page.version.statement,
        topics=tuple(page.version.topics),
        verdict=verdict,
        basis=basis,
        standing=standing_of(claim_doubts(page, sources)),
        certainty=page.verdict.certainty if page.verdict else page.version.certainty,
        stances=Counter(
            stance for stance, _ in {(row.stance.value, _counts_as(row, sources)) for row in page.evidence}
        ),
        uses=uses,
    )


def _counts_as(row: ClaimEvidence, sources: Sources) -> tuple[int | str | None, ...]:
    study = sources.study(row)
    if study is not None:
        return ("study", study.id)
    return (row.pmid, row.label_id, row.label_section, row.regulatory_notice_id)


def _judged(page: ClaimPage) -> tuple[Verdict | None, Basis]:
    """People's verdict; else a claim that came in as a file stands as stated; a member's own draft has none yet."""
    if page.verdict is not None:
        return page.verdict.verdict.value, "reviewed"
    return (None, "none") if page.claim.origin is ClaimOrigin.CREATED else ("supported", "library")


def claim_source(row: ClaimEvidence, sources: Sources, names: Mapping[int, str]) -> ClaimSource:
    """One piece of evidence; `names` of members by id."""
    by: dict[str, Any] = {"linked_by": names.get(row.member_id or 0), "linked_by_id": row.member_id, "note": row.note}
    if row.label_id is not None:
        return _label(row, sources, by)
    if row.regulatory_notice_id is not None:
        return _notice(row, sources, by)
    study = sources.study(row)
    if study is None:
        return ClaimSource(row.id, "study", row.stance, f"PMID {row.pmid}", "", pmid=row.pmid, **by)
    quote, anchor = sources.quotes.get(row.quote_id or 0, (None, None))
    return ClaimSource(
        row.id,
        "study",
        row.stance,
        study.reference,
        study.title,
        article_id=study.id,
        pmid=study.pmid,
        year=study.year,
        study_design=study.study_design,
        sample_size=study.sample_size,
        integrity=study.integrity,
        quote=quote.exact if quote else "",
        quote_section=anchor.section_label if anchor else None,
        quote_state=quote_state(row, sources),
        **by,
    )


def _label(row: ClaimEvidence, sources: Sources, by: Mapping[str, Any]) -> ClaimSource:
    label = sources.labels[row.label_id or 0]
    place = f"set id {label.set_id}, version {label.version}, effective {label.effective.isoformat()}"
    section: dict[str, Any] = next((part for part in label.sections if row.label_section in part.values()), {})
    points = tuple(section.get("points", ()))
    name = f"{label.name} label" + (f", {row.label_section}" if row.label_section else "")
    year = label.effective.year
    return ClaimSource(row.id, "label", row.stance, name, label.title, year=year, place=place, points=points, **by)


def _notice(row: ClaimEvidence, sources: Sources, by: Mapping[str, Any]) -> ClaimSource:
    notice = sources.notices[row.regulatory_notice_id or 0]
    place, year = f"{notice.authority}, {notice.dated.isoformat()}", notice.dated.year
    points = tuple(notice.points)
    return ClaimSource(
        row.id, "notice", row.stance, notice.authority, notice.title, year=year, place=place, points=points, **by
    )


def _verdicts(page: ClaimPage, names: Mapping[int, str]) -> tuple[GivenVerdict, ...]:
    return tuple(
        GivenVerdict(
            member=names.get(row.member_id, "somebody"),
            verdict=row.verdict.value,
            certainty=row.certainty,
            reason=row.reason,
            version=row.version_number,
            decided_at=row.decided_at,
            stale_reason=row.stale_reason,
        )
        for row in reversed(page.verdicts)
    )


def _statements(versions: Sequence[ClaimVersion], names: Mapping[int, str]) -> tuple[Statement, ...]:
    return tuple(
        Statement(row.number, row.statement, row.certainty, row.created_at, names.get(row.author_id or 0))
        for row in versions
    )
