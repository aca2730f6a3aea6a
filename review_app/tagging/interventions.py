"""Which molecule was given, and by which route."""

from collections import defaultdict
from typing import Any

from review_app.tagging.lexicon import all_hits, lexicon, pattern
from review_app.tagging.model import Basis, Intervention, StudyText
from review_app.tagging.passages import Hit, Passages, data, plain

Found = dict[Intervention, tuple[Basis, ...]]


def suggest_interventions(study: StudyText, passages: Passages, design: str | None) -> Found:
    """Molecule and route pairs with their words; without a molecule in the record, nothing."""
    rules = data("interventions.toml")["rules"]
    reviewing = design in rules["reviews"]
    hits = all_hits(lexicon("interventions.toml", "molecules"), passages.text)
    routes = _routes(passages, rules["review_roles"] if reviewing else None)
    out: Found = {}
    for molecule, basis in _molecules(study, passages, hits).items():
        for route, where in _routes_of(molecule, hits, routes, passages, reviewing):
            out[Intervention(molecule, route)] = (*basis, *where)
    other = _other(passages)
    if other is not None:
        if not reviewing and not _titled(hits, passages):
            out.clear()
        out[Intervention("other", "not_stated")] = (passages.basis(other.start, other.end),)
    return out


def _molecules(study: StudyText, passages: Passages, hits: list[Hit]) -> dict[str, tuple[Basis, ...]]:
    tables = data("interventions.toml")
    weights: dict[str, Any] = tables["weights"]
    score: dict[str, float] = defaultdict(float)
    basis: dict[str, list[Basis]] = defaultdict(list)
    titled = {h.term for h in hits if passages.role_at(h.start) == "title"}
    for hit in hits:
        weight = weights[passages.role_at(hit.start)]
        if weight and len(basis[hit.term]) < 3:
            basis[hit.term].append(passages.basis(hit.start, hit.end))
        score[hit.term] += weight
    for entry in lexicon("interventions.toml", "molecules"):
        named = next((k for k in study.keywords if entry.first(plain(k))), None)
        if named and score[entry.id]:
            score[entry.id] += weights["keyword"]
    strongest = max(score.values(), default=0)
    kept = {}
    for molecule, value in score.items():
        enough = value >= tables["rules"]["untitled_minimum"] and value >= tables["rules"]["share"] * strongest
        if molecule in titled or (enough and not titled) or (value >= strongest > 0 and value > 0):
            kept[molecule] = tuple(basis[molecule])
    return kept


def _routes(passages: Passages, roles: list[str] | None) -> list[Hit]:
    """Route words; those of the background only when there are no others."""
    found = all_hits(lexicon("interventions.toml", "routes"), passages.text)
    if roles:
        return [h for h in found if passages.role_at(h.start) in roles]
    told = [h for h in found if passages.role_at(h.start) not in ("background", "notes")]
    return told or [h for h in found if passages.role_at(h.start) == "background"]


def _routes_of(
    molecule: str, hits: list[Hit], routes: list[Hit], passages: Passages, reviewing: bool
) -> list[tuple[str, tuple[Basis, ...]]]:
    """Each route word belongs to the nearest molecule of its sentence, or to the only molecule of the study."""
    votes: dict[str, list[Hit]] = defaultdict(list)
    for route in routes:
        nearest = _nearest(route, hits, passages)
        if nearest == molecule or (nearest is None and not reviewing):
            votes[route.term].append(route)
    if not votes:
        return [("not_stated", ())]
    total = sum(len(v) for v in votes.values())
    spoken = {r: v for r, v in votes.items() if len(v) >= 0.25 * total or passages.role_at(v[0].start) == "title"}
    return [(r, tuple(passages.basis(h.start, h.end) for h in v[:2])) for r, v in sorted(spoken.items())]


def _nearest(route: Hit, hits: list[Hit], passages: Passages) -> str | None:
    sentence = passages.sentence_at(route.start)
    near = [h for h in hits if sentence.start <= h.start < sentence.end]
    if not near:
        return None
    return min(near, key=lambda h: min(abs(h.start - route.end), abs(route.start - h.end))).term


def _titled(hits: list[Hit], passages: Passages) -> bool:
    return any(passages.role_at(h.start) == "title" for h in hits)


def _other(passages: Passages) -> Hit | None:
    """Another drug as the intervention: the title names it, or it was given before ketamine."""
    entry = lexicon("interventions.toml", "other")[0]
    titled = entry.first(passages.text, 0, passages.sentences[0].end)
    if titled is not None:
        return titled
    given = pattern("interventions.toml", "other_given").search(passages.text)
    return Hit(given.start(), given.end(), "other") if given else None
