"""The invented library on the morning after a night on which something changed, and its people answering alerts."""

from dataclasses import dataclass

import invented_alerts
import invented_claims
from sqlalchemy import Engine
from sqlmodel import col, select

from db import audit
from db.engine import reading, writing
from db.models import AuditEvent, ClaimEvidence
from db.queries import alerts as alert_queries
from db.queries import claims as claim_queries
from db.queries.alerts import AlertRow, Resolution
from db.queries.claims import ClaimPage
from db.types import Actor, Stance
from review_app.services import alerts
from review_app.services.claims_view import claim_view

ONSET = invented_alerts.ONSET
WHY = "The other trial carries it."


@dataclass(frozen=True)
class Night:
    """An invented library on the morning after; `on_claim` is for the leads, `on_copy` for Dov."""

    engine: Engine
    people: dict[str, Actor]
    document: int
    on_claim: int
    on_copy: int

    def page(self, name: str = "Ada") -> ClaimPage:
        with reading(self.engine) as session:
            found = claim_queries.claim(session, viewer=self.people[name], claim_id=ONSET)
        assert found is not None
        return found

    def standing(self, name: str = "Ada") -> str:
        with reading(self.engine) as session:
            view = claim_view(session, viewer=self.people[name], claim_id=ONSET)
        assert view is not None
        return view.line.standing

    def row(self, alert_id: int, name: str = "Ada") -> AlertRow:
        with reading(self.engine) as session:
            card = alert_queries.alert(session, viewer=self.people[name], alert_id=alert_id)
        assert card is not None
        return next(row for row in card.rows if row.alert.id == alert_id)

    def answer_on(self, alert_id: int) -> Resolution:
        given = self.row(alert_id).resolution
        assert given is not None
        return given

    def seen(self) -> list[int]:
        return [row.id for row in self.page().evidence if row.stance is Stance.CONTRADICTS]

    def accept(self, *alert_ids: int, by: str = "Ada", reason: str = WHY) -> None:
        with writing(self.engine) as session:
            alerts.accept(
                session,
                actor=self.people[by],
                alert_ids=alert_ids,
                reason=reason,
                contradicting_seen=self.seen(),
            )

    def dismiss(self, *alert_ids: int, by: str = "Ada", reason: str = WHY) -> None:
        with writing(self.engine) as session:
            alerts.dismiss(session, actor=self.people[by], alert_ids=alert_ids, reason=reason)

    def reanchor(
        self, *, by: str = "Ada", words: str = invented_alerts.NEW, holds: bool = False, reason: str = WHY
    ) -> None:
        with writing(self.engine) as session:
            alerts.reanchor(
                session,
                actor=self.people[by],
                alert_id=self.on_claim,
                quote_id=invented_alerts.quote_id(self.engine),
                words=words,
                content_hash=invented_alerts.trial(session).content_hash,
                reason=reason,
                holds=holds,
                contradicting_seen=self.seen(),
            )

    def actions(self) -> list[str]:
        with reading(self.engine) as session:
            assert audit.problems(session) == []
            return list(session.exec(select(AuditEvent.action).order_by(col(AuditEvent.id))))


def support_elsewhere(night: Night) -> None:
    """Ben links another trial as support, which nobody retracted."""
    with writing(night.engine) as session:
        found = claim_queries.claim(session, viewer=night.people["Ben"], claim_id=ONSET)
        assert found is not None
        other = next(row for row in found.evidence if row.stance is Stance.CONTRADICTS)
        session.add(
            ClaimEvidence(
                claim_id=ONSET,
                pmid=other.pmid,
                stance=Stance.SUPPORTS,
                member_id=night.people["Ben"].id,
                linked_at=other.linked_at,
            )
        )
        session.commit()


def retracted(engine: Engine, title: str | None = None) -> Night:
    """The trial that a judged claim and checked copy rest on was retracted."""
    people = invented_claims.fill(engine)
    document = invented_alerts.judged_copy(engine, people)
    return Night(engine, people, document, *invented_alerts.retract(engine, document, title=title))


def reworded(engine: Engine) -> Night:
    """A number was changed in the abstract, so that a quote of a judged claim is gone."""
    people = invented_claims.fill(engine)
    document = invented_alerts.judged_copy(engine, people)
    return Night(engine, people, document, *invented_alerts.reword(engine, document))


def label_revised(engine: Engine) -> Night:
    """A judged claim rests on a label too, and a new version of the label is out."""
    people = invented_claims.fill(engine)
    document = invented_alerts.judged_copy(engine, people)
    return Night(engine, people, document, *invented_alerts.revise_label(engine, document))
