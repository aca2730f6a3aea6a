"""An author's name in the orders that citation formats want. Authors are as the export has them."""

import re
from collections.abc import Mapping
from typing import Any

from review_app.export.plain_text import one_line

Author = Mapping[str, Any]
_INITIAL = re.compile(r"[^\W\d_]")


def collective(author: Author) -> str | None:
    """The name that is not to be split: a collective, or a person of whom only one part is known."""
    if name := part(author, "collective"):
        return name
    known = [name for name in (part(author, "last"), given(author)) if name]
    return known[0] if len(known) == 1 and not part(author, "suffix") else None


def given(author: Author) -> str:
    """The fore names, or the initials where the source gives no more."""
    return part(author, "fore") or part(author, "initials")


def part(author: Author, name: str) -> str:
    return one_line(author.get(name) or "")


def inverted(author: Author) -> str:
    """`Lindqvist, Astrid, Jr` as RIS wants it; a collective as it is."""
    parts = (part(author, "last"), given(author), part(author, "suffix"))
    return collective(author) or ", ".join(filter(None, parts))


def full(author: Author) -> str:
    """`Lindqvist, Astrid Jr`: MEDLINE's FAU."""
    return ", ".join(filter(None, (part(author, "last"), _and_suffix(author, given(author)))))


def short(author: Author) -> str:
    """`Lindqvist A Jr`: MEDLINE's AU, and the names of a Vancouver citation."""
    initials = part(author, "initials") or _initials(author)
    return collective(author) or " ".join(filter(None, (part(author, "last"), _and_suffix(author, initials))))


def _and_suffix(author: Author, name: str) -> str:
    return " ".join(filter(None, (name, part(author, "suffix"))))


def _initials(author: Author) -> str:
    """Of each fore name its first letter: Jean-Marie Anne is JMA (NLM's rule for author initials)."""
    words = re.split(r"[\s-]+", part(author, "fore"))
    return "".join(found[0] for word in words if (found := _INITIAL.search(word)))
