"""With what the intervention was compared."""

from review_app.tagging.lexicon import Words, all_hits, lexicon, named, pattern
from review_app.tagging.model import Basis
from review_app.tagging.passages import Hit, Passages, data

DATA = "comparators.toml"


def suggest_comparators(passages: Passages, design: str | None) -> dict[str, tuple[Basis, ...]]:
    """Comparator terms with their words; `none` and `not_stated` follow from the design and carry no words."""
    rules = data(DATA)["by_design"]
    if design in rules["none"]:
        return {"none": ()}
    reviewing = design in rules["review"]
    found: dict[str, tuple[Basis, ...]] = {}
    entries = lexicon(DATA, "comparators")
    standing = all_hits(entries, passages.text)
    for entry in entries:
        if _barred(entry, passages):
            continue
        hits = [h for h in standing if h.term == entry.id and _counts(entry, h, passages, reviewing)]
        if hits:
            found[entry.id] = tuple(passages.basis(h.start, h.end) for h in hits[:3])
    if "active_placebo" in found and "placebo" in found and not named(DATA, "inert").first(passages.text):
        del found["placebo"]
    if found:
        return found
    return {"none": ()} if design in rules["none_found"] else {"not_stated": ()}


def _barred(entry: Words, passages: Passages) -> bool:
    barred = entry.about.get("not_when")
    return barred is not None and pattern(DATA, barred).search(passages.text) is not None


def _counts(entry: Words, hit: Hit, passages: Passages, reviewing: bool) -> bool:
    sentence = passages.sentence_at(hit.start)
    if sentence.role not in data(DATA)["roles"]:
        return False
    if reviewing and sentence.role not in entry.about.get("review_roles", data(DATA)["review_roles"]):
        return False
    barring = entry.about.get("not_near")
    if barring and pattern(DATA, barring).search(sentence.text):
        return False
    return not entry.about.get("needs_compare") or pattern(DATA, "compare").search(sentence.text) is not None
