"""The registrations that a record or its abstract names."""

from review_app.tagging.lexicon import pattern
from review_app.tagging.model import Basis, StudyText
from review_app.tagging.passages import Passages


def suggest_registration(study: StudyText, passages: Passages) -> tuple[str | None, tuple[Basis, ...]]:
    """The numbers joined by commas, those of the record first, with where they stand."""
    found = {number: Basis("registry_id", number) for number in study.registry_ids}
    for hit in pattern("registration.toml", "number").finditer(passages.original):
        found.setdefault(hit.group(), passages.basis(hit.start(), hit.end()))
    return ", ".join(found) or None, tuple(found.values())
