"""The form of a library: changed by a lead, in versions; entries stay with the version they were made with."""

from collections.abc import Callable
from functools import partial
from typing import Any

import invented_studies
import pytest
from invented_people import members
from sqlalchemy import Engine
from sqlmodel import select

from db import audit
from db.engine import reading, writing
from db.models import Form, Tagging
from db.queries import literature
from db.types import Actor, Role
from review_app.services import exporting, tag_forms, tags
from review_app.services.errors import Conflict, Invalid, Refused
from review_app.services.study_page import Asked, study_page
from review_app.tagging.form_changes import add_field, change_choice, change_field

TOPIC = invented_studies.TOPIC


@pytest.fixture
def people(engine: Engine) -> dict[str, Actor]:
    found = members(engine, Ada=Role.LEAD, Ben=Role.REVIEWER)
    invented_studies.fill(engine, lead=found["Ada"], plain=0)
    return found


def change(engine: Engine, actor: Actor, what: Callable[..., Any], *, seen: int | None = None) -> Form:
    with writing(engine) as session:
        version = tag_forms.current_form(session)[0].version if seen is None else seen
        return tag_forms.change_form(session, actor=actor, seen=version, change=what, what="invented")


def save(engine: Engine, actor: Actor, **given: Any) -> Tagging:
    with writing(engine) as session:
        article = literature.article_by_pmid(session, pmid=invented_studies.TRIAL)
        assert article is not None
        more = {"suggested": [], "content_hash": article.content_hash, "topic_id": TOPIC, **given}
        return tags.save_tags(session, actor=actor, article_id=article.id, **more)


def test_a_change_is_a_new_version_and_earlier_ones_stay(engine: Engine, people: dict[str, Actor]) -> None:
    before = change(engine, people["Ada"], partial(add_field, label="Setting", kind="text"))
    after = change(engine, people["Ada"], partial(change_field, field_id="setting", label="Where"))
    assert (before.version, after.version) == (2, 3)
    with reading(engine) as session:
        assert audit.problems(session) == []
        labels = [tag_forms.read(row).fields[-1].label for row in session.exec(select(Form).order_by(Form.id))]  # type: ignore[arg-type]
        assert labels == ["Outcomes (for the ketamine arm)", "Setting", "Where"]
        said = tag_forms.changes(session)
    assert [(each.version, each.by, each.what) for each in said] == [
        (3, "Ada", "invented"),
        (2, "Ada", "invented"),
        (1, "Footnote", "as it was"),
    ]


def test_entries_stay_unchanged_are_read_with_their_form_and_exported_with_its_version(
    engine: Engine, people: dict[str, Actor]
) -> None:
    ada, ben = people["Ada"], people["Ben"]
    old = save(engine, ben, tags={"study_design": "rct", "sponsor": "Invented Trust"})
    change(engine, ada, partial(change_field, field_id="sponsor", retired=True))
    change(engine, ada, partial(change_choice, field_id="study_design", choice_id="rct", label="Trial"))
    change(engine, ada, partial(add_field, label="Setting", kind="text"))
    with reading(engine) as session:
        page = study_page(session, viewer=ada, topic_id=TOPIC, asked=Asked(old.article_id))
        (line,) = exporting.articles(session, viewer=ben, topic_id=TOPIC, pmids=[invented_studies.TRIAL])
    assert page is not None
    (theirs,) = page.others
    form = page.forms[theirs.form_id]
    design, sponsor = form.field("study_design"), form.field("sponsor")
    assert design is not None
    assert design.label_of("rct") == "Randomised controlled trial"
    assert sponsor is not None
    assert theirs.tags == old.tags
    assert line.reviewed_entry is not None
    assert line.reviewed_entry["form"] == {"name": "study-tags", "version": 1}
    assert line.reviewed_entry["tags"]["sponsor"] == "Invented Trust"
    assert line.reviewed == {
        **{key: [] for key in ("population", "interventions", "comparators", "outcomes")},
        "study_design": "rct",
        "sample_size": None,
    }
    new = save(engine, ben, tags={"study_design": "rct", "setting": "Clinic", "sponsor": "ignored"})
    assert "sponsor" not in new.tags
    assert new.tags["setting"] == "Clinic"


def test_who_filled_in_an_older_form_is_told_and_nothing_is_saved(engine: Engine, people: dict[str, Actor]) -> None:
    change(engine, people["Ada"], partial(add_field, label="Setting", kind="text"))
    with pytest.raises(Conflict, match="The form changed while you filled it in"):
        save(engine, people["Ben"], tags={}, form_version=1)
    assert save(engine, people["Ben"], tags={}, form_version=2).form_id == 2


def test_only_a_lead_changes_the_form_on_what_they_saw(engine: Engine, people: dict[str, Actor]) -> None:
    add = partial(add_field, label="Setting", kind="text")
    with pytest.raises(Refused):
        change(engine, people["Ben"], add)
    change(engine, people["Ada"], add)
    with pytest.raises(Conflict, match="Somebody changed the form meanwhile"):
        change(engine, people["Ada"], partial(add_field, label="Season", kind="text"), seen=1)
    with pytest.raises(Invalid, match="is there already"):
        change(engine, people["Ada"], add)
    with pytest.raises(Invalid, match="changes nothing"):
        change(engine, people["Ada"], lambda form: form)


def test_the_last_question_stays(engine: Engine, people: dict[str, Actor]) -> None:
    def retire_all(form: Any) -> Any:
        for each in form.fields:
            form = change_field(form, each.id, retired=True)
        return form

    with pytest.raises(Invalid, match="asks at least one thing"):
        change(engine, people["Ada"], retire_all)


def test_what_ships_is_taken_in_once(engine: Engine, people: dict[str, Actor]) -> None:
    change(engine, people["Ada"], partial(change_field, field_id="sponsor", label="Who paid"))
    with writing(engine) as session:
        tag_forms.keep_shipped(session, actor=people["Ada"])
        tag_forms.keep_shipped(session, actor=people["Ada"])
        session.commit()
    with reading(engine) as session:
        row, form = tag_forms.current_form(session)
    sponsor = form.field("sponsor")
    assert sponsor is not None
    assert (row.version, sponsor.label) == (3, "Who paid")
