"""What a text denies and what it asserts, so that a sentence is not judged by a wording that says the opposite.

A negation reaches to the end of its clause (Vincze 2008, BioScope: scopes run from the cue to the end of the clause).
Patients who have not responded, and what something is contrasted with, are no denial of the statement.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

_CUE = re.compile(
    r"\b(?:not|never|cannot|no|nor|neither|without|lacks?|lack of|free of)\b(?! (?:only|just|merely))|n't\b"
)
_NO_RESPONSE = re.compile(
    r" ?(?:\w+ )?(?:been )?"
    r"(?:respon\w*|improv\w*|found relief|find relief|relie\w+|benefit\w*|help\w*|work\w*|had success)\b"
)
_OF_PATIENTS = re.compile(r"\b(?:who|whom|those|that)(?: \w+)? $")
_CONTRAST = re.compile(r", not [^,.;:]+")
_CLAUSE = re.compile(r"[,;:.()]| - |\b(?:but|and|while|although|though|because|since|so|until|when|which|unless)\b")
# Turned round by a negation before them: "not contraindicated" denies nothing.
_DENYING = re.compile(r"^\W*(?:\w+ ){0,2}(?:contraindicated|unsafe|ruled? out|without)\b")
_COMMON = frozenset(
    "a an the of to in for on at by as or that this it it is are was were be been being with from who whom has have had"
    " do does did can may might could should must will would any all some people patient adult depress ketamin"
    " esketamin spravato treatment therapi use symptom drug medicin yet also still shown show been".split()
)
_stem = lru_cache(maxsize=20_000)(snowballstemmer.stemmer("english").stemWord)


@dataclass(frozen=True, slots=True)
class _Sides:
    """Stems of a text: `heads` are the first that each negation denies, `denied` all in its reach; `affirmed` those
    of a denial that is itself denied."""

    heads: frozenset[str]
    denied: frozenset[str]
    asserted: frozenset[str]
    affirmed: frozenset[str]


def turned(one: str, other: str) -> bool:
    """Whether one folded text denies what the other asserts, and neither does both."""
    ours, theirs = _sides(one), _sides(other)
    return _turns(ours, theirs) or _turns(theirs, ours)


def _turns(ours: _Sides, theirs: _Sides) -> bool:
    turned_heads = (ours.heads & theirs.asserted) - theirs.denied - ours.asserted
    return bool(turned_heads or (ours.affirmed & theirs.denied) - ours.denied)


@lru_cache(maxsize=20_000)
def _sides(folded: str) -> _Sides:
    heads, denied, asserted, affirmed = set[str](), set[str](), set[str](), set[str]()
    for clause in _CLAUSE.split(_CONTRAST.sub(" ", folded)):
        cue = _CUE.search(clause)
        after = clause[cue.end() :] if cue is not None else ""
        if cue is None or _NO_RESPONSE.match(after) or _OF_PATIENTS.search(clause[: cue.start()]):
            asserted.update(_stems(clause))
        elif _DENYING.match(after):
            affirmed.update(_stems(after))
        else:
            asserted.update(_stems(clause[: cue.start()]))
            heads.update(_stems(after)[:1])
            denied.update(_stems(after))
    return _Sides(frozenset(heads), frozenset(denied), frozenset(asserted), frozenset(affirmed))


def _stems(text: str) -> list[str]:
    return [stem for word in re.findall(r"[a-z]{2,}", text) if (stem := _stem(word)) not in _COMMON]
