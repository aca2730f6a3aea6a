"""Text that breaks formats: what ends a record, a field or a line in one of them, and what no keyboard types."""

from typing import Any

from exported_articles import author, bare, heading, notice, qualifier
from hypothesis import strategies as st

FRAGMENTS = (
    *("{", "}", "{}", "\\", "\\{", "\\}", "%", "&", "$", "#", "_", "~", "^", '"', "'", "''", "``", "--", "---", "?`"),
    *("\n", "\r\n", "\n\n", "\r", "\t", "\u2028", "\x85", "\x0b", "\x1e", "  ", " ", "\u00a0", "\u2009", "\u200b"),
    *("\nER  - ", "\nER  -", "\nTY  - JOUR", "TY  - ", "ER  -", "\nPMID- 1", "\n      ", "\n@article{x,"),
    *("@comment(", "@string{", "\n@preamble(\"", "PMID- 90000009"),
    *(",", ";", "; ", " and ", " AND others", "=", "#x#", "\\textbf{", "\\end{document}", "$x^2$"),
    *("<i>x</i>", "</span>"),
    *("&amp;", "<", ">", "<<", ",,", "|", "/", "*", "[doi]", "e\u0301", "n\u0303", "שלום", "مرحبا", "\u202e"),
    *("\U0001f600",),
    *("\U00020000", "Ω", "ﬁ", "ß", "İ", "MADRS", "ketamine", "eCO2", "O'Neill", "d’Or", "=1+1", "-5", "+", "@x"),
)  # fmt: skip
LETTERS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)
TEXT = st.lists(st.sampled_from(FRAGMENTS) | LETTERS, max_size=12).map("".join)
WORD = TEXT.filter(lambda text: bool(text.strip()))


@st.composite
def _author(draw: st.DrawFn) -> dict[str, Any]:
    if draw(st.booleans()):
        return author(
            draw(WORD), draw(WORD), suffix=draw(st.none() | WORD), affiliations=draw(st.lists(WORD, max_size=2))
        )
    return author(collective=draw(WORD))


@st.composite
def articles(draw: st.DrawFn) -> Any:
    """An article whose every text is nasty."""
    sections = draw(st.lists(st.tuples(st.none() | WORD, WORD), max_size=3))
    months = draw(st.none() | st.integers(1, 12))
    return bare(
        id=draw(st.integers(1, 2**31)),
        pmid=draw(st.none() | st.integers(90000000, 90009999)),
        title=draw(TEXT),
        sections=[{"label": label, "category": None, "text": text} for label, text in sections],
        abstract="\n\n".join(f"{label}: {text}" if label else text for label, text in sections),
        authors=draw(st.lists(_author(), max_size=3)),
        journal=draw(st.none() | WORD),
        iso_abbreviation=draw(st.none() | WORD),
        volume=draw(st.none() | WORD),
        issue=draw(st.none() | WORD),
        year=draw(st.none() | st.integers(1800, 2030)),
        month=months,
        day=draw(st.integers(1, 28)) if months else None,
        medline_date=draw(st.none() | WORD),
        keywords=draw(st.lists(WORD, max_size=3)),
        publication_types=[{"ui": None, "name": draw(WORD)}],
        mesh=[heading(draw(WORD), qualifier(draw(WORD), major=draw(st.booleans())), major=draw(st.booleans()))],
        registry_ids=draw(st.lists(WORD, max_size=2)),
        integrity="retracted",
        notices=[notice("retraction", pmid=90000003, source=draw(st.none() | TEXT), note=draw(st.none() | TEXT))],
        vernacular_title=draw(st.none() | WORD),
    )  # fmt: skip


def on_one_line(text: str) -> str:
    """What a format of lines can hold of a text."""
    return " ".join(line for line in text.splitlines() if line).strip()


def squeezed(text: str) -> str:
    """For readers that make every run of white space one blank."""
    return " ".join(text.split())
