"""Changes of a tagging form. Each gives a new form; nothing is taken out, so every entry stays readable.

What goes out of use is retired: it is not asked or offered any more, and can come back.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from review_app.tagging.form import KINDS, Choice, Field, Kind, TagForm

MAX_LABEL, MAX_HELP, MAX_SOURCE, MAX_WORDS = 80, 300, 200, 30
RESERVED = frozenset(
    {"accepted", "attach", "note", "quotes"}
)  # an entry, or what is typed, has these beside its fields
LEADS_KINDS = tuple(kind for kind in KINDS if kind != "rows")
_WITH_CHOICES = frozenset({"one", "several"})


class BadChange(ValueError):
    """A change that the form does not take; the message says why and what to do."""


def add_field(form: TagForm, *, label: str, kind: Kind, choices: Iterable[str] = (), help_: str = "") -> TagForm:
    """A field at the end of the form; a field with choices needs two of them at least."""
    name, labels = _label(label), list(dict.fromkeys(_label(each) for each in choices if each.strip()))
    if kind not in LEADS_KINDS:
        raise BadChange(f"{kind} is no kind of field. Choose one of: {', '.join(LEADS_KINDS)}.")
    if kind in _WITH_CHOICES and len(labels) < 2:
        raise BadChange("Write at least two choices, one a line.")
    if len(help_) > MAX_HELP:
        raise BadChange(f"The help takes up to {MAX_HELP} characters.")
    _refuse_twice(name, (each.label for each in form.fields))
    made: list[Choice] = []
    for each in labels if kind in _WITH_CHOICES else ():
        made.append(Choice(free_id(each, {one.id for one in made}), each))
    field = Field(
        free_id(name, RESERVED.union(each.id for each in form.fields)),
        name,
        kind,
        help=help_.strip(),
        choices=tuple(made),
    )
    return replace(form, fields=(*form.fields, field))


def change_field(
    form: TagForm, field_id: str, *, label: str | None = None, retired: bool | None = None, help_: str | None = None
) -> TagForm:
    """Rename a field, retire it or bring it back; its id, and so what was answered to it, stays."""
    field = _field(form, field_id)
    if label is not None:
        _refuse_twice(_label(label), (each.label for each in form.fields if each.id != field_id))
        field = replace(field, label=_label(label))
    field = field if retired is None else replace(field, retired=retired)
    return _with(form, field if help_ is None else replace(field, help=help_.strip()[:MAX_HELP]))


def add_choice(
    form: TagForm, field_id: str, *, label: str, source: str, part: str | None = None, words: Iterable[str] = ()
) -> TagForm:
    """Another choice at the end of a field, or of a `part` of its rows, with where it comes from."""
    target = _target(form, field_id, part)
    _refuse_twice(_label(label), (each.label for each in target.choices))
    choice_id = free_id(label, {each.id for each in target.choices})
    choice = Choice(choice_id, _label(label), words=_words(words), source=_source(source))
    return _with_target(form, field_id, part, replace(target, choices=(*target.choices, choice)))


def change_choice(
    form: TagForm,
    field_id: str,
    choice_id: str,
    *,
    part: str | None = None,
    label: str | None = None,
    words: Iterable[str] | None = None,
    source: str | None = None,
    retired: bool | None = None,
) -> TagForm:
    """Rename a choice, change what it is found by, retire it or bring it back."""
    target = _target(form, field_id, part)
    if choice_id not in {each.id for each in target.choices}:
        raise BadChange(f"Choose one of the choices of {target.label} first.")
    if label is not None:
        _refuse_twice(_label(label), (each.label for each in target.choices if each.id != choice_id))
    changed = [
        replace(
            each,
            label=_label(label) if label is not None else each.label,
            words=_words(words) if words is not None else each.words,
            source=" ".join(source.split())[:MAX_SOURCE] if source is not None else each.source,
            retired=each.retired if retired is None else retired,
        )
        if each.id == choice_id
        else each
        for each in target.choices
    ]
    return _with_target(form, field_id, part, replace(target, choices=tuple(changed)))


def taken_in(form: TagForm, shipped: TagForm) -> TagForm:
    """A library's form after a newer one shipped: new fields and choices come in, what a lead changed stays."""
    new = {each.id: each for each in shipped.fields}
    kept = [_grown(each, new[each.id]) if each.id in new else each for each in form.fields]
    here = {each.id for each in kept}
    return TagForm(shipped.shipped, (*kept, *(each for each in shipped.fields if each.id not in here)))


def _grown(field: Field, shipped: Field) -> Field:
    here, parts = {each.id for each in field.choices}, {each.id: each for each in field.parts}
    more = tuple(each for each in shipped.choices if each.id not in here)
    rows = tuple(_grown(parts[each.id], each) if each.id in parts else each for each in shipped.parts)
    return replace(field, choices=(*field.choices, *more), parts=rows)


def _field(form: TagForm, field_id: str) -> Field:
    field = form.field(field_id)
    if field is None:
        raise BadChange(f"The form has no field {field_id}.")
    return field


def _target(form: TagForm, field_id: str, part: str | None) -> Field:
    field = _field(form, field_id)
    found = field if part is None else next((each for each in field.parts if each.id == part), None)
    if found is None or found.kind not in _WITH_CHOICES:
        raise BadChange(f"{field.label} takes no choices there.")
    return found


def _with(form: TagForm, field: Field) -> TagForm:
    return replace(form, fields=tuple(field if each.id == field.id else each for each in form.fields))


def _with_target(form: TagForm, field_id: str, part: str | None, target: Field) -> TagForm:
    field = _field(form, field_id)
    if part is None:
        return _with(form, target)
    return _with(form, replace(field, parts=tuple(target if each.id == part else each for each in field.parts)))


def _label(words: str) -> str:
    label = " ".join(words.split())
    if not label or len(label) > MAX_LABEL:
        raise BadChange(f"A label has 1 to {MAX_LABEL} characters.")
    return label


def _source(words: str) -> str:
    source = " ".join(words.split())
    if not source or len(source) > MAX_SOURCE:
        raise BadChange("Say where the term comes from, such as a MeSH heading, a guideline, or local.")
    return source


def _words(words: Iterable[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(tidy for each in words if (tidy := " ".join(each.split()))))
    if len(found) > MAX_WORDS or any(len(each) > MAX_LABEL for each in found):
        raise BadChange(f"A term is found by up to {MAX_WORDS} words or phrases of up to {MAX_LABEL} characters.")
    for each in found:
        if "*" in each[:-1] or sum(sign.isalnum() for sign in each) < 2:
            raise BadChange(f"{each}: write a word or phrase of two letters or more; * stands at the end only.")
    return found


def _refuse_twice(label: str, labels: Iterable[str]) -> None:
    if label.casefold() in {each.casefold() for each in labels}:
        raise BadChange(f"{label} is there already. Bring it back if it is retired, or choose another name.")


def free_id(label: str, taken: Collection[str]) -> str:
    """An id made of a label, none of those that are `taken`."""
    stem, number = "_".join(re.findall(r"[a-z0-9]+", label.lower()))[:40] or "field", 1
    while (stem if number == 1 else f"{stem}_{number}") in taken:
        number += 1
    return stem if number == 1 else f"{stem}_{number}"
