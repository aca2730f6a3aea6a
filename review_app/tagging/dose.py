"""The dose of the one intervention that a study has, where its record names it."""

from review_app.tagging.lexicon import lexicon, pattern
from review_app.tagging.model import Basis, Intervention
from review_app.tagging.passages import Passages, Sentence, data

DATA = "dose.toml"


def suggest_dose(
    passages: Passages, interventions: tuple[Intervention, ...], design: str | None
) -> tuple[str | None, tuple[Basis, ...]]:
    """The doses as written, joined by `; `, with where they stand; None where it is not plain whose dose it is."""
    rules = data(DATA)
    molecules = {each.molecule for each in interventions}
    if len(interventions) != 1 or "other" in molecules or design in rules["never"]:
        return None, ()
    found: dict[str, Basis] = {}
    for sentence in passages.text_of(*rules["roles"]):
        for hit in pattern(DATA, "dose").finditer(passages.original, sentence.start, sentence.end):
            if _is_ketamines(hit.start(), hit.end(), sentence, passages):
                found.setdefault(" ".join(hit.group().split()), passages.basis(hit.start(), hit.end()))
    if not 0 < len(found) <= rules["most"]:
        return None, ()
    return "; ".join(found), tuple(found.values())


def _is_ketamines(start: int, end: int, sentence: Sentence, passages: Passages) -> bool:
    """Whether the drug nearest to the dose in its sentence is a ketamine."""

    def nearest(spans: list[tuple[int, int]]) -> int | None:
        return min((max(first - end, start - last, 0) for first, last in spans), default=None)

    span = (sentence.start, sentence.end)
    entries = lexicon("interventions.toml", "molecules")
    mine = nearest([(hit.start, hit.end) for entry in entries for hit in entry.hits(passages.text, *span)])
    other = nearest([each.span() for each in pattern(DATA, "other").finditer(passages.text, *span)])
    return mine is not None and (other is None or mine < other)
