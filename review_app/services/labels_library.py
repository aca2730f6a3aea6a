"""Labels and notices that ship with a topic, as the evidence of its claims."""

import hashlib
from dataclasses import asdict

from sqlmodel import Session, select

from db import config
from db.models import Label, RegulatoryNotice
from review_app.factcheck.labels_file import ShippedLabel, ShippedNotice


def keep_label(session: Session, label: ShippedLabel) -> None:
    """A version of a label is never changed, only joined by the next one; only our summary of it may change.

    Text that a night brought stays, with the summary beside it.
    """
    known = select(Label).where(Label.set_id == label.set_id, Label.version == label.version)
    row = session.exec(known).first() or Label(
        set_id=label.set_id,
        version=label.version,
        effective=label.effective,
        name=label.name,
        title=label.title,
        source=label.source,
        content_hash="",
        seen_at=config.now(),
    )
    summary = {section.loinc: asdict(section) | {"points": list(section.points)} for section in label.sections}
    told = [
        {key: section[key] for key in ("loinc", "title", "text")} | summary.pop(section["loinc"], {})
        for section in row.sections
        if "text" in section
    ]
    row.sections = told + list(summary.values())
    row.content_hash = hashlib.sha256(repr(label).encode()).hexdigest()
    session.add(row)


def keep_notice(session: Session, notice: ShippedNotice) -> None:
    known = select(RegulatoryNotice).where(RegulatoryNotice.key == notice.key)
    row = session.exec(known).first() or RegulatoryNotice(
        key=notice.key,
        authority=notice.authority,
        dated=notice.date,
        title=notice.title,
        source=notice.source,
        seen_at=config.now(),
    )
    row.points = list(notice.points)
    session.add(row)
