"""BibTeX entries as two libraries read them, with LaTeX turned back into text by a third."""

import re
from functools import cache
from typing import Any

import bibtexparser
from bibtexparser import middlewares
from nasty_text import squeezed
from pybtex.database import Person, parse_string
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

_CONTEXT = get_default_latex_context_db()
# pylatexenc does not know the first two, and makes an accent of the third.
_SIGNS = {"textbraceleft": "{", "textbraceright": "}", "textasciicircum": "^"}
_CONTEXT.add_context_category("text signs", prepend=True, macros=[MacroTextSpec(*pair) for pair in _SIGNS.items()])
# Reading LaTeX takes its time; most values hold nothing that means anything else there.
_MEANS_MORE = re.compile(r"[\\{}$%&~^#_]|([-'`<>,])\1|[?!]`")
_LATEX = LatexNodes2Text(latex_context=_CONTEXT)


@cache
def text_of(latex: str) -> str:
    return str(_LATEX.latex_to_text(latex)) if _MEANS_MORE.search(latex) else latex


def by_bibtexparser(text: str) -> list[dict[str, Any]]:
    """Fields by name, with `key` and `kind`; authors as (von and last, jr, first)."""
    split = [middlewares.SeparateCoAuthors(), middlewares.SplitNameParts()]
    library = bibtexparser.parse_string(text, append_middleware=split)
    assert library.failed_blocks == []
    assert library.comments == []
    return [_entry(entry) for entry in library.entries]


def _entry(entry: Any) -> dict[str, Any]:
    fields = {field.key: field.value for field in entry.fields}
    people = [_name((*one.von, *one.last), one.jr, one.first) for one in fields.pop("author", [])]
    found = {name: text_of(str(value)) for name, value in fields.items()}
    return {"key": entry.key, "kind": entry.entry_type, "author": people, **found}


def by_pybtex(text: str) -> list[dict[str, Any]]:
    """The same; pybtex makes every run of white space one blank."""
    found = []
    for key, entry in parse_string(text, "bibtex").entries.items():
        fields = {name: squeezed(text_of(value)) for name, value in entry.fields.items()}
        people = [_person(one) for one in entry.persons.get("author", [])]
        found.append({"key": key, "kind": entry.type, "author": people, **fields})
    return found


def _person(one: Person) -> tuple[str, str, str]:
    return _name((*one.prelast_names, *one.last_names), one.lineage_names, (*one.first_names, *one.middle_names))


def _name(last: Any, junior: Any, first: Any) -> tuple[str, str, str]:
    parts = [squeezed(text_of(" ".join(part))) for part in (last, junior, first)]
    return parts[0], parts[1], parts[2]
