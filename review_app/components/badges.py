"""Small marks in a line: a verdict with what it rests on, integrity, standing. Markup with every word escaped."""

from html import escape

from review_app.components.marks import BASES, STANDINGS, VERDICTS
from review_app.factcheck.model import Basis, Standing, Verdict

# How a notice about an article reads, and how strongly it is drawn.
_INTEGRITY: dict[str, tuple[str, str]] = {
    "corrected": ("corrected", "mild"),
    "expression_of_concern": ("expression of concern", "grave"),
    "retracted": ("retracted", "grave"),
    "partially_retracted": ("partially retracted", "grave"),
    "retracted_and_replaced": ("retracted and replaced", "grave"),
    "withdrawn": ("withdrawn", "grave"),
    "reinstated": ("reinstated", "mild"),
}
_STRUCK = frozenset({"retracted", "retracted_and_replaced", "withdrawn"})


def verdict_badge(verdict: Verdict | None, basis: Basis, standing: Standing = "current") -> str:
    """Solid when people decided, outlined from the library, outlined and italic when only suggested."""
    if verdict is None:
        return '<span class="fn-badge" data-basis="none">not checkable</span>'
    mark = VERDICTS[verdict]
    sign = " ".join(part for part in (STANDINGS[standing][0], mark.sign) if part)
    behind = ", ".join(part for part in (STANDINGS[standing][1], BASES[basis]) if part)
    return (
        f'<span class="fn-badge" data-verdict="{escape(verdict)}" data-basis="{escape(basis)}">'
        f'<span aria-hidden="true">{sign}</span> {mark.words}</span>'
        f' <span class="fn-basis">{escape(behind)}</span>'
    )


def integrity_badge(integrity: str) -> str:
    """What was published about the article since; nothing where no notice is known."""
    if integrity == "none_known":
        return ""
    words, weight = integrity_words(integrity)
    return f'<span class="fn-badge" data-integrity="{weight}"><span aria-hidden="true">⚑</span> {escape(words)}</span>'


def integrity_words(integrity: str) -> tuple[str, str]:
    """How the notice reads, and how strongly it is drawn."""
    return _INTEGRITY.get(integrity, (integrity.replace("_", " "), "grave"))


def is_struck(integrity: str) -> bool:
    """Whether the title is struck through: the article no longer stands as published."""
    return integrity in _STRUCK


def suggested(value: str, words: str = "") -> str:
    """A value nobody has confirmed: italic, told to who does not see it, with `words` about it on hover."""
    told = '<span class="fn-spoken">suggested: </span>'
    return f'{told}<i class="fn-suggested" title="{escape(words)}">{escape(value)}</i>'
