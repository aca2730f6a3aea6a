"""A new version of a drug label re-opens what rests on an older one."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from rested_library import add_claim, alerts, give_verdict, stale_claims, told
from sqlalchemy import Engine

from db import config, impact
from db.engine import reading, writing
from db.models import ClaimEvidence, Label
from db.queries import alerts as queries
from db.types import Actor, Role, Stance

Clock = Callable[..., None]
Sections = Sequence[dict[str, Any]]
ADA = Actor(1, "Ada", Role.LEAD)
WARNING = {"loinc": "34066-1", "title": "Boxed warning", "text": "Invented sedation."}
USE = {"loinc": "34067-9", "title": "Indications", "text": "For invented adults."}
SUMMARY = {"loinc": "34067-9", "title": "Indications", "points": ["Adults only"]}


def version(engine: Engine, number: int, *sections: dict[str, Any]) -> int:
    """The id of a new version, followed."""
    with writing(engine) as session:
        label = Label(
            set_id="invented",
            version=number,
            effective=date(2026, number, 1),
            name="INVENTEX",
            title="INVENTEX (invented)",
            sections=list(sections),
            source="invented",
            content_hash=str(number),
            seen_at=config.now(),
        )
        session.add(label)
        session.flush()
        impact.label_revised(session, run_id=None, label_id=label.id)
        session.commit()
        return label.id


def rest(engine: Engine, label_id: int) -> None:
    """Ben's claim rests on a section of this version."""
    with writing(engine) as session:
        add_claim(session, "label", 2)
        about = {"label_id": label_id, "label_section": "Indications"}
        session.add(ClaimEvidence(claim_id="label", stance=Stance.SUPPORTS, linked_at=config.now(), **about))
        give_verdict(session, "label", ADA)
        session.commit()


def test_a_label_that_gains_a_warning_re_opens_the_claim(rested_on_both: Engine) -> None:
    rest(rested_on_both, version(rested_on_both, 1, USE))
    version(rested_on_both, 2, USE, WARNING)
    assert told(rested_on_both) == [("label_revised", "library"), ("label_revised", "claim:label")]
    of_leads, alert = alerts(rested_on_both)
    assert of_leads.member_id is None
    assert alert.summary == "Version 2 of the INVENTEX label of 2026-02-01 is out; changed: Boxed warning."
    assert alert.detail["sections"] == ["Boxed warning"]
    assert alert.member_id == 2
    assert stale_claims(rested_on_both) == {"label": 1}
    with reading(rested_on_both) as session:
        (card,) = queries.alert_cards(session, viewer=ADA, state="open", mine=False, limit=9)
    assert card.before is not None
    assert card.after is not None
    assert [section.label for section in card.before.sections] == ["Indications"]
    assert [section.label for section in card.after.sections] == ["Indications", "Boxed warning"]
    assert [claim.page.claim.id for claim in card.tree.claims] == ["label"]


def test_a_section_without_a_title_is_called_as_in_the_other_version(rested: Engine) -> None:
    rest(rested, version(rested, 1, USE))
    version(rested, 2, USE | {"title": "", "text": "For nobody."})
    with reading(rested) as session:
        (card,) = queries.alert_cards(session, viewer=ADA, state="open", mine=False, limit=9)
    assert card.after is not None
    assert [(section.label, section.text) for section in card.after.sections] == [("Indications", "For nobody.")]


def test_the_owner_of_copy_that_makes_the_claim_is_told_too(rested: Engine) -> None:
    label_id = version(rested, 1, USE)
    with writing(rested) as session:
        about = {"label_id": label_id, "label_section": "Indications"}
        session.add(ClaimEvidence(claim_id="onset", stance=Stance.QUALIFIES, linked_at=config.now(), **about))
        session.commit()
    version(rested, 2, USE | {"text": "For nobody."})
    assert [what for _, what in told(rested)] == ["library", "claim:onset", "document:1"]
    (alert,) = [row for row in alerts(rested) if row.document_id is not None]
    assert alert.detail["claims"] == ["onset"]
    assert len(alert.detail["sentences"]) == 1


def test_each_version_is_told_once(rested: Engine) -> None:
    rest(rested, version(rested, 1, USE))
    newer = version(rested, 2, USE, WARNING)
    with writing(rested) as session:
        assert impact.label_revised(session, run_id=None, label_id=newer) == impact.Impact()
        session.commit()
    version(rested, 3, USE)
    assert len(alerts(rested)) == 4


def test_a_section_that_says_something_else_concerns_those_who_rest_on_it(rested: Engine) -> None:
    rest(rested, version(rested, 1, USE, WARNING))
    version(rested, 2, USE, WARNING | {"text": "Invented sedation and more."})
    assert told(rested) == [("label_revised", "library")]
    assert stale_claims(rested) == {}
    version(rested, 3, USE | {"text": "For nobody."}, WARNING)
    assert stale_claims(rested) == {"label": 1}


def test_a_version_that_says_the_same_is_told_and_re_opens_nothing(rested: Engine) -> None:
    rest(rested, version(rested, 1, USE))
    version(rested, 2, USE | {"text": "For  invented adults."})
    assert [row.summary for row in alerts(rested)] == [
        "Version 2 of the INVENTEX label of 2026-02-01 is out; no section says anything else."
    ]
    assert stale_claims(rested) == {}


def test_where_only_a_summary_is_kept_nobody_says_that_nothing_changed(rested: Engine) -> None:
    rest(rested, version(rested, 1, SUMMARY))
    version(rested, 2, USE)
    alert = alerts(rested)[0]
    assert "compare it with the one before" in alert.summary
    with reading(rested) as session:
        card = queries.alert(session, viewer=ADA, alert_id=alert.id)
    assert card is not None
    assert (card.before, card.after) == (None, None), "a summary and a text are not held side by side"
    assert stale_claims(rested) == {"label": 1}


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ((USE, WARNING), (USE,), ["Boxed warning"]),
        ((USE,), (USE | {"text": "For all."},), ["Indications"]),
        ((SUMMARY,), (SUMMARY | {"points": ["All"]},), ["Indications"]),
        ((SUMMARY,), (), ["Indications"]),
        (
            (
                USE,
                WARNING | SUMMARY | {"loinc": "own"},
            ),
            (USE, WARNING),
            ["Boxed warning", "Indications"],
        ),
        ((USE | SUMMARY, {"loinc": "own", "title": "In short", "points": ["Ours"]}), (USE,), []),
    ],
)
def test_the_sections_that_changed_are_named(
    before: Sections, after: Sections, changed: list[str], rested: Engine
) -> None:
    rest(rested, version(rested, 1, *before))
    version(rested, 2, *after)
    assert sorted(alerts(rested)[0].detail["sections"]) == changed


def test_an_older_version_that_comes_late_concerns_nobody(rested: Engine) -> None:
    rest(rested, version(rested, 2, USE))
    version(rested, 1, WARNING)
    assert told(rested) == []
