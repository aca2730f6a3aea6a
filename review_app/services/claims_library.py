"""Claims come in from a file: those that ship with a topic, and those that somebody loads.

Rows without a member are the file's; rows that people wrote are never touched. What a file no longer says is withdrawn,
what it says anew becomes a new version: nothing is overwritten. Only its remarks, which nobody judges, are renewed
where they stand: a verdict that people gave is not lost to a better word beside it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import or_
from sqlmodel import Session, col, select

from db import audit, config
from db.models import Claim, ClaimEvidence, ClaimState, ClaimVersion, Label, RegulatoryNotice, Wording
from db.queries import claims as claim_queries
from db.queries import duplicates, literature
from db.types import Actor, Certainty, ClaimOrigin, ClaimStatus, Stance, Verdict, WordingKind
from review_app.factcheck import model
from review_app.factcheck.claims_file import ShippedClaim, ShippedEvidence
from review_app.factcheck.labels_file import ShippedLabel, ShippedNotice
from review_app.services.errors import Invalid
from review_app.services.labels_library import keep_label, keep_notice
from review_app.services.permissions import May, require

# The columns of a version that a verdict is about, and those that are not.
_JUDGED = ("statement", "topics", "claim_type", "kind", "risk", "search_query", "qualifiers", "certainty")
_REMARKS = ("certainty_note", "source", "content_hash")


def load_shipped(
    session: Session,
    *,
    actor: Actor,
    topic_id: str,
    claims: Sequence[ShippedClaim],
    labels: Sequence[ShippedLabel],
    notices: Sequence[ShippedNotice],
) -> int:
    """Bring the topic's shipped claims, labels and notices into the library, in the caller's transaction."""
    for label in labels:
        keep_label(session, label)
    for notice in notices:
        keep_notice(session, notice)
    session.flush()
    return _load(session, actor, topic_id, claims, ClaimOrigin.SHIPPED)


def load_file(session: Session, *, actor: Actor, topic_id: str, claims: Sequence[ShippedClaim]) -> int:
    """Claims of somebody's own file; how many are new or say something new. Commits."""
    if actor.id is not None:
        require(actor, May.EDIT_CLAIMS)
    changed = _load(session, actor, topic_id, claims, ClaimOrigin.LOADED)
    session.commit()
    return changed


def shipped_form(session: Session, *, viewer: Actor, topic_id: str) -> list[ShippedClaim]:
    """The library's claims in the form of a claims file, for `factcheck claims export`."""
    labels, notices = literature.labels(session), literature.regulatory_notices(session)
    pages = claim_queries.claims(session, viewer=viewer, topic_id=topic_id)
    ids = [row.article_id for page in pages for row in page.evidence if row.article_id is not None]
    kept = duplicates.kept(session, ids=set(ids))
    articles = literature.articles_by_id(session, ids=[*ids, *kept.values()])
    pmids = {key: articles[kept.get(key, key)].pmid for key in articles}
    return [_as_shipped(page, labels, notices, pmids) for page in pages]


def _load(session: Session, actor: Actor, topic_id: str, claims: Sequence[ShippedClaim], origin: ClaimOrigin) -> int:
    changed = [claim.id for claim in claims if _load_claim(session, actor, topic_id, claim, origin)]
    if changed:
        detail = {"claims": changed, "origin": origin.value}
        audit.record(
            session, actor=actor, action="claims_loaded", subject_kind="topic", subject_id=topic_id, detail=detail
        )
    return len(changed)


def _load_claim(session: Session, actor: Actor, topic_id: str, shipped: ShippedClaim, origin: ClaimOrigin) -> bool:
    claim, digest = session.get(Claim, shipped.id), content_hash(shipped)
    if claim is None:
        _add_claim(session, actor, topic_id, shipped, origin)
    elif claim.topic_id != topic_id:
        raise Invalid(f"The claim {shipped.id} belongs to the topic {claim.topic_id}. Give it another id.")
    current = claim_queries.versions(session, claim_id=shipped.id)
    if current and (current[0].content_hash == digest or current[0].author_id != _author(actor)):
        return False
    new = _version(shipped, digest, current[0].number + 1 if current else 1, _author(actor))
    other = [_renew_wordings(session, shipped), _renew_evidence(session, shipped)]
    if current and not any(other) and all(getattr(current[0], name) == getattr(new, name) for name in _JUDGED):
        for name in _REMARKS:
            setattr(current[0], name, getattr(new, name))
        new = current[0]
    session.add(new)
    session.flush()
    return True


def content_hash(shipped: ShippedClaim) -> str:
    return hashlib.sha256(repr(shipped).encode()).hexdigest()


def _author(actor: Actor) -> int | None:
    return actor.id


def _add_claim(session: Session, actor: Actor, topic_id: str, shipped: ShippedClaim, origin: ClaimOrigin) -> None:
    now = config.now()
    session.add(Claim(id=shipped.id, topic_id=topic_id, origin=origin, created_by=actor.id, created_at=now))
    session.flush()
    session.add(ClaimState(claim_id=shipped.id, status=ClaimStatus.DRAFT, member_id=actor.id, at=now))


def _version(shipped: ShippedClaim, digest: str, number: int, author_id: int | None) -> ClaimVersion:
    return ClaimVersion(
        claim_id=shipped.id,
        number=number,
        statement=shipped.statement,
        topics=list(shipped.topics),
        claim_type=shipped.type,
        kind=shipped.kind,
        risk=shipped.risk,
        search_query=shipped.search_query,
        qualifiers=[{"text": item.text, "cues": list(item.cues)} for item in shipped.qualifiers],
        certainty=Certainty(shipped.certainty),
        certainty_note=shipped.certainty_note or "",
        source=shipped.source,
        content_hash=digest,
        author_id=author_id,
        created_at=config.now(),
    )


def _renew_wordings(session: Session, shipped: ShippedClaim) -> bool:
    """Whether any is other than before."""
    wanted = {
        **{(WordingKind.WORDING, item.text): item for item in shipped.wordings},
        **{(WordingKind.GOES_TOO_FAR, item.text): item for item in shipped.overstatements},
    }
    standing = select(Wording).where(Wording.claim_id == shipped.id, col(Wording.withdrawn_at).is_(None))
    gone = False
    for row in session.exec(standing.where(col(Wording.author_id).is_(None))):
        item = wanted.pop((row.kind, row.text), None)
        if item != _wording(row):
            row.withdrawn_at, gone = config.now(), True
            session.add(row)
            if item is not None:
                wanted[row.kind, row.text] = item
    for (kind, _), item in wanted.items():
        session.add(
            Wording(
                claim_id=shipped.id,
                kind=kind,
                text=item.text,
                verdict=Verdict(item.verdict),
                rewording=item.rewording,
                against=None if item.against is None else list(item.against),
                added_at=config.now(),
            )
        )
    return gone or bool(wanted)


def _renew_evidence(session: Session, shipped: ShippedClaim) -> bool:
    """Whether any is other than before. What a person withdrew stays so."""
    wanted = [_evidence_row(session, shipped.id, item) for item in shipped.evidence]
    known = select(ClaimEvidence).where(ClaimEvidence.claim_id == shipped.id, col(ClaimEvidence.member_id).is_(None))
    known = known.where(or_(col(ClaimEvidence.withdrawn_at).is_(None), col(ClaimEvidence.withdrawn_by).is_not(None)))
    gone = False
    for row in session.exec(known.order_by(col(ClaimEvidence.withdrawn_at).is_not(None))):
        same = next((each for each in wanted if _cited(each) == _cited(row)), None)
        if same is not None:
            wanted.remove(same)
            row.note = same.note
        elif row.withdrawn_at is None:
            row.withdrawn_at, gone = config.now(), True
        session.add(row)
    session.add_all(wanted)
    return gone or bool(wanted)


def _cited(row: ClaimEvidence) -> tuple[object, ...]:
    return row.pmid, row.label_id, row.label_section, row.regulatory_notice_id, row.stance


def _evidence_row(session: Session, claim_id: str, item: ShippedEvidence) -> ClaimEvidence:
    row = ClaimEvidence(
        claim_id=claim_id, pmid=item.pmid, stance=Stance(item.stance), note=item.note, linked_at=config.now()
    )
    if item.kind == "label":
        row.label_id, row.label_section = _label_id(session, item), item.section
    elif item.kind == "notice":
        row.regulatory_notice_id = _notice_id(session, item)
    return row


def _label_id(session: Session, item: ShippedEvidence) -> int:
    found = session.exec(select(Label).where(Label.set_id == item.set_id, Label.version == item.version)).first()
    if found is None:
        raise Invalid(f"The library has no label {item.set_id} version {item.version}. Load the topic that brings it.")
    return found.id


def _notice_id(session: Session, item: ShippedEvidence) -> int:
    found = session.exec(select(RegulatoryNotice).where(RegulatoryNotice.key == item.notice)).first()
    if found is None:
        raise Invalid(f"The library has no notice {item.notice}. Load the topic that brings it.")
    return found.id


def _as_shipped(
    page: claim_queries.ClaimPage,
    labels: dict[int, Label],
    notices: dict[int, RegulatoryNotice],
    pmids: dict[int, int | None],
) -> ShippedClaim:
    version = page.version
    return ShippedClaim(
        id=page.claim.id,
        topics=tuple(version.topics),
        type=version.claim_type or "efficacy",
        kind=version.kind,
        risk=version.risk,
        statement=version.statement,
        search_query=version.search_query,
        certainty=version.certainty.value,
        source=version.source or "written by members of this library",
        certainty_note=version.certainty_note or None,
        qualifiers=tuple(model.Qualifier(item["text"], tuple(item["cues"])) for item in version.qualifiers),
        wordings=wordings(page.wordings, WordingKind.WORDING),
        overstatements=wordings(page.wordings, WordingKind.GOES_TOO_FAR),
        evidence=tuple(_evidence(page.evidence, labels, notices, pmids)),
    )


def wordings(rows: Sequence[Wording], kind: WordingKind) -> tuple[model.Wording, ...]:
    """The rows of one kind in the engine's words."""
    return tuple(_wording(row) for row in rows if row.kind is kind)


def _wording(row: Wording) -> model.Wording:
    against = tuple(row.against) if row.against is not None else None
    return model.Wording(row.text, row.verdict.value, row.rewording, against)


def _evidence(
    rows: Sequence[ClaimEvidence],
    labels: dict[int, Label],
    notices: dict[int, RegulatoryNotice],
    pmids: dict[int, int | None],
) -> Iterable[ShippedEvidence]:
    for row in rows:
        note = row.note or "linked in the library"
        if row.label_id is not None:
            label = labels[row.label_id]
            effective: date = label.effective
            yield ShippedEvidence(
                "label",
                row.stance.value,
                note,
                set_id=label.set_id,
                version=label.version,
                effective=effective,
                section=row.label_section,
            )
        elif row.regulatory_notice_id is not None:
            yield ShippedEvidence("notice", row.stance.value, note, notice=notices[row.regulatory_notice_id].key)
        elif pmid := row.pmid or pmids.get(row.article_id or 0):
            yield ShippedEvidence("study", row.stance.value, note, pmid=pmid)
