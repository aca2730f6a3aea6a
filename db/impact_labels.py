"""A new version of a drug label re-opens the claims that rest on an older one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from db.impact_alerts import Impact, Telling, known
from db.models import Claim, ClaimEvidence, Label
from db.queries import claims


@dataclass(frozen=True, slots=True)
class Changed:
    """Titles by code of the sections that say something else. `whole`: one came or went, which concerns whoever rests
    on the label. `compared`: of a version that shipped with the topic only a summary may be kept."""

    titles: Mapping[str, str]
    whole: bool
    compared: bool


def label_revised(session: Session, *, run_id: int | None, label_id: int) -> Impact:
    """Tell of a new version of a label on which claims rest, in the caller's transaction: the leads of the version, the
    owners of the claims that are concerned, whose verdicts are stale by it.

    A section that says something else concerns those who rest on it.
    """
    label = session.get_one(Label, label_id)
    older = select(Label).where(Label.set_id == label.set_id, col(Label.version) < label.version)
    versions = session.exec(older.order_by(col(Label.version))).all()
    evidence = _evidence(session, [each.id for each in versions])
    telling = Telling(session, run_id=run_id)
    change = f"label:{label.set_id}:{label.version}"
    if not evidence or known(session, [f"{change}|library"]):
        return telling.close()
    changed, titles = changes(versions[-1], label), _titles(versions)
    owners = dict(session.exec(select(col(Claim.id), Claim.owner_id).where(col(Claim.id).in_(evidence))).all())
    about = {"label": label.id, "label_before": versions[-1].id, "sections": list(changed.titles.values())}
    summary = _summary(label, changed)
    telling.tell(f"{change}|library", None, kind="label_revised", summary=summary, detail=about | {"stale": False})
    concerned = sorted(claim_id for claim_id, rows in evidence.items() if _concerned(rows, changed, titles))
    for claim_id in concerned:
        telling.tell(
            f"{change}|claim:{claim_id}",
            owners[claim_id],
            kind="label_revised",
            summary=summary,
            stale=True,
            claim_id=claim_id,
            detail=about | {"evidence": [row.id for row in evidence[claim_id]], "stale": True},
        )
    telling.tell_writers(change, concerned, kind="label_revised", summary=summary, detail=about)
    return telling.close()


def changes(before: Label, after: Label) -> Changed:
    old, new = _sections(before), _sections(after)
    has_text = [any("text" in section for section in sections.values()) for sections in (old, new)]
    if has_text in ([True, False], [False, True]):
        return Changed({}, whole=True, compared=False)
    # A summary of our own beside the text of a version is no section that could have gone.
    was = {code: section for code, section in old.items() if "text" in section or not has_text[0]}
    codes = [code for code in {**was, **new} if _said(was.get(code)) != _said(new.get(code))]
    titles = {
        code: str((new.get(code) or {}).get("title") or (old.get(code) or {}).get("title") or code) for code in codes
    }
    return Changed(titles, whole=was.keys() != new.keys(), compared=True)


def _concerned(rows: Sequence[ClaimEvidence], changed: Changed, titles: Mapping[str, str]) -> bool:
    """Whether some of this evidence rests on what changed; what rests on no section that is known rests on them all."""
    on = {titles.get(row.label_section or "") for row in rows}
    return changed.whole or (bool(changed.titles) and (None in on or not on.isdisjoint(changed.titles)))


def _titles(versions: Sequence[Label]) -> dict[str, str]:
    """Codes by the titles of sections, as any version has them."""
    return {str(section["title"]): code for label in versions for code, section in _sections(label).items()}


def _evidence(session: Session, label_ids: list[int]) -> dict[str, list[ClaimEvidence]]:
    """By claim, the evidence that points at these versions."""
    rows = select(ClaimEvidence).where(
        col(ClaimEvidence.label_id).in_(label_ids), col(ClaimEvidence.withdrawn_at).is_(None)
    )
    withdrawn, found = claims.withdrawn_ids(session), defaultdict(list)
    for row in session.exec(rows.order_by(col(ClaimEvidence.id))):
        if row.claim_id not in withdrawn:
            found[row.claim_id].append(row)
    return found


def _sections(label: Label) -> dict[str, Mapping[str, Any]]:
    return {str(each.get("loinc") or each["title"]): each for each in label.sections}


def _said(section: Mapping[str, Any] | None) -> str | None:
    if section is None:
        return None
    return " ".join(str(section.get("text") or " ".join(section.get("points", ()))).split())


def _summary(label: Label, changed: Changed) -> str:
    said = f"Version {label.version} of the {label.name} label of {label.effective.isoformat()} is out"
    if changed.titles:
        return f"{said}; changed: {', '.join(changed.titles.values())}."
    return f"{said}; no section says anything else." if changed.compared else f"{said}; compare it with the one before."
