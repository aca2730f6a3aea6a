"""The tagging form of a library and its versions: what is asked now, and what each entry was asked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache

from sqlmodel import Session

from db import audit, config
from db.models import Form
from db.queries import accounts
from db.queries import review as review_queries
from db.types import Actor
from db.vocabulary import Term, Vocabulary, vocabulary
from review_app.services.errors import Conflict, Invalid, NotFound
from review_app.services.permissions import May, require
from review_app.tagging import form as forms
from review_app.tagging.form import Choice, TagForm
from review_app.tagging.form_changes import BadChange, taken_in

TAG_FORM = "study-tags"


@dataclass(frozen=True, slots=True)
class Change:
    """A version of the form: since when, by whom, and what it changed."""

    version: int
    at: datetime
    by: str
    what: str


@cache
def shipped_form() -> TagForm:
    words = vocabulary()
    groups = {name: {key: term.label for key, term in terms.items()} for name, terms in words.groups.items()}
    return forms.shipped_form(groups)


def current_form(session: Session) -> tuple[Form, TagForm]:
    """The newest version, as it is stored and as it is read. Raises NotFound in a library that has none."""
    row = review_queries.current_form(session, name=TAG_FORM)
    if row is None:
        raise NotFound("The library has no tagging form. Run `python -m db upgrade`, then open the app again.")
    return row, read(row)


def forms_by_id(session: Session, *, ids: Iterable[int]) -> dict[int, TagForm]:
    """The versions that entries were made with, by id."""
    rows = review_queries.forms_by_id(session, ids=sorted(set(ids)))
    return {key: read(row) for key, row in rows.items()}


def library_words(session: Session) -> Vocabulary:
    """The vocabulary in the words of the library's form: what a lead added, renamed or retired holds everywhere."""
    return _words_of(form_or_shipped(session))


def form_or_shipped(session: Session) -> TagForm:
    row = review_queries.current_form(session, name=TAG_FORM)
    return read(row) if row else shipped_form()


def own_group(field_id: str) -> str:
    """The group of the library's words that the choices of a lead's own field make."""
    return f"field:{field_id}"


@lru_cache(maxsize=4)
def _words_of(form: TagForm) -> Vocabulary:
    shipped = vocabulary()
    groups = dict(shipped.groups)
    for group, place in forms.asked_in().items():
        if choices := form.choices(*place):
            groups[group] = {each.id: _term(each, shipped.groups[group].get(each.id)) for each in choices}
    for field in form.fields:
        groups[own_group(field.id)] = {each.id: _term(each, None) for each in field.choices}
    return replace(shipped, groups=groups)


def _term(choice: Choice, shipped: Term | None) -> Term:
    return replace(shipped or Term(choice.id, "", choice.source), label=choice.label, retired=choice.retired)


def changes(session: Session) -> list[Change]:
    """Every version with what made it, the newest first."""
    names = {member.id: member.name for member in accounts.members(session)}
    rows = review_queries.form_versions(session, name=TAG_FORM)
    said = review_queries.form_changes(session)
    by = {row.id: names.get(row.author_id or 0, "Footnote") for row in rows}
    return [Change(row.version, row.created_at, by[row.id], said.get(row.id, "as it was")) for row in rows]


def read(row: Form) -> TagForm:
    return forms.from_json(row.definition, shipped=shipped_form())


def change_form(session: Session, *, actor: Actor, seen: int, change: Callable[[TagForm], TagForm], what: str) -> Form:
    """Append a version of the form. `seen` is the version that the lead changed; `what` says what was changed.

    Entries stay as they are, with the version they were made with. Raises Conflict, or Invalid when the form does not
    take the change.
    """
    require(actor, May.MANAGE_REVIEW)
    row, form = current_form(session)
    if row.version != seen:
        raise Conflict("Somebody changed the form meanwhile. Look at it again before you change it.")
    try:
        changed = change(form)
    except BadChange as error:
        raise Invalid(str(error)) from error
    if changed == form:
        raise Invalid("This changes nothing.")
    if not changed.active():
        raise Invalid("A form asks at least one thing. Add a field before you retire the last one.")
    row = _append(session, actor, row.version + 1, changed, what)
    session.commit()
    return row


def keep_shipped(session: Session, *, actor: Actor) -> None:
    """Take in what ships, in the caller's transaction; a lead's own fields, names and retirements stay."""
    shipped, row = shipped_form(), review_queries.current_form(session, name=TAG_FORM)
    form = read(row) if row else None
    changed = taken_in(form, shipped) if form else shipped
    if changed != form:
        _append(session, actor, row.version + 1 if row else 1, changed, f"took in the form of {shipped.shipped}")


def _append(session: Session, actor: Actor, version: int, form: TagForm, what: str) -> Form:
    row = Form(name=TAG_FORM, version=version, definition=form.as_json(), author_id=actor.id, created_at=config.now())
    session.add(row)
    session.flush()
    detail = {"version": version, "what": what}
    audit.record(session, actor=actor, action="form_changed", subject_kind="form", subject_id=row.id, detail=detail)
    return row
