"""A new version of a drug label re-opens the claims that rest on an older one."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from db.impact_alerts import Impact, Telling, known
from db.models import Claim, ClaimEvidence, Label
from db.queries import claims


def label_revised(session: Session, *, run_id: int | None, label_id: int) -> Impact:
    """Tell the owners of claims whose evidence points at an older version of this label, in the caller's transaction.

    Their verdicts are stale by it, unless every section says the same as in the version before.
    """
    label = session.get_one(Label, label_id)
    older = select(Label).where(Label.set_id == label.set_id, col(Label.version) < label.version)
    versions = session.exec(older.order_by(col(Label.version))).all()
    evidence = _evidence(session, [each.id for each in versions])
    keys = {claim_id: f"label:{label.set_id}:{label.version}|claim:{claim_id}" for claim_id in sorted(evidence)}
    told = known(session, list(keys.values()))
    owners = dict(session.exec(select(col(Claim.id), Claim.owner_id).where(col(Claim.id).in_(keys))).all())
    telling = Telling(session, run_id=run_id)
    for claim_id, key in keys.items():
        if key not in told:
            before = versions[-1]
            changed, compared = changed_sections(before, label)
            telling.tell(
                key,
                owners[claim_id],
                kind="label_revised",
                summary=_summary(label, changed, compared),
                stale=bool(changed) or not compared,
                claim_id=claim_id,
                detail={
                    "label": label.id,
                    "label_before": before.id,
                    "sections": changed,
                    "evidence": evidence[claim_id],
                    "stale": bool(changed) or not compared,
                },
            )
    return telling.close()


def changed_sections(before: Label, after: Label) -> tuple[list[str], bool]:
    """Titles of the sections that say something else, came or went, and whether the versions could be compared: of one
    that shipped with the topic only a summary may be kept."""
    old, new = _sections(before), _sections(after)
    has_text = [any("text" in section for section in sections.values()) for sections in (old, new)]
    if has_text in ([True, False], [False, True]):
        return [], False
    # A summary of our own beside the text of a version is no section that could have gone.
    was = {code: section for code, section in old.items() if "text" in section or not has_text[0]}
    changed = [code for code in {**was, **new} if _said(was.get(code)) != _said(new.get(code))]
    return [str((new.get(code) or was[code])["title"]) for code in changed], True


def _evidence(session: Session, label_ids: list[int]) -> dict[str, list[int]]:
    """By claim, the evidence that points at these versions."""
    rows = select(ClaimEvidence.claim_id, ClaimEvidence.id).where(
        col(ClaimEvidence.label_id).in_(label_ids), col(ClaimEvidence.withdrawn_at).is_(None)
    )
    withdrawn, found = claims.withdrawn_ids(session), defaultdict(list)
    for claim_id, row_id in session.exec(rows.order_by(col(ClaimEvidence.id))):
        if claim_id not in withdrawn:
            found[claim_id].append(row_id)
    return found


def _sections(label: Label) -> dict[str, Mapping[str, Any]]:
    return {str(each.get("loinc") or each["title"]): each for each in label.sections}


def _said(section: Mapping[str, Any] | None) -> str | None:
    if section is None:
        return None
    return " ".join(str(section.get("text") or " ".join(section.get("points", ()))).split())


def _summary(label: Label, changed: list[str], compared: bool) -> str:
    said = f"Version {label.version} of the {label.name} label of {label.effective.isoformat()} is out"
    if changed:
        return f"{said}; changed: {', '.join(changed)}."
    return f"{said}; no section says anything else." if compared else f"{said}; compare it with the one before."
