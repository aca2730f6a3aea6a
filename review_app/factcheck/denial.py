"""What a text denies and what it asserts, so that a sentence is not judged by a wording that says the opposite.

A negation reaches to the end of its clause (Vincze 2008, BioScope: scopes run from the cue to the end of the clause).
Patients who have not responded, and what something is contrasted with, are no denial of the statement.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from review_app.factcheck import snowball

_CUE = re.compile(
    r"\b(?:not|never|cannot|no|nor|neither|without|lacks?|lack of|free of)\b(?! (?:only|just|merely))|n't\b"
)
# What may or may not be so is left open: neither side of it is asserted.
_LEFT_OPEN = re.compile(
    r"\b(?:might not|may not"
    r"(?! (?:drive|operate|use|take(?! (?:effect|hold|long|part))|receive|prescribe|give|sell|supply"
    r"|be (?:given|used|taken|dispensed|sold|sent|prescribed|advertised))\b))\b.*"
)
_NO_RESPONSE = re.compile(
    r" ?(?:\w+ )?(?:been )?"
    r"(?:respon\w*|improv\w*|found relief|find relief|relie\w+|benefit\w*|help\w*|work\w*|had success)\b"
)
# "A target that older tablets do not reach" denies nothing of the treatment that is spoken of.
_OF_OTHERS = re.compile(
    r"\b(?:that|which|where|what) (?:\w+ ){0,3}"
    r"(?:antidepressants?|ssris?|snris?|tablets|pills|medications|drugs|treatments)(?: do| does| did| can| will)? ?$"
)
_OF_PATIENTS = re.compile(r"\b(?:who|whom|those|that)(?: \w+)? $")
_CONTRAST = re.compile(r", not [^,.;:]+")
_CLAUSE = re.compile(
    r"[,;:.()]| - |\b(?:but|and|while|although|though|because|since|so|until|when|unless)\b|(?=\bwhich\b)"
)
# Turned round by a negation before them: "not contraindicated" denies nothing.
_DENYING = re.compile(r"^\W*(?:\w+ ){0,2}(?:contraindicated|unsafe|ruled? out|without)\b")
_NOT = re.compile(r"\b(is|are|was|were|can|has|may)(?: ?not|n?'t)\b")
# With these the opposite of a text is not the text with a `not` in it.
_PARTLY = re.compile(r"[,;:()]|\b(?:and|all|every|each|both|any|anyone|everyone|always|only|must|our|less|more)\b")
_PURPOSE = re.compile(r"\b(?:for|as an?) (\w.*)")
_WORDS = re.compile(r"[a-z]{2,}")
_COMMON = frozenset(
    "a an the of to in for on at by as or that this it it is are was were be been being with from who whom has have had"
    " do does did can may might could should must will would any all some people patient adult depress ketamin"
    " esketamin spravato treatment therapi use symptom drug medicin yet also still shown show been".split()
)


@dataclass(frozen=True, slots=True)
class _Clause:
    """Stems of a clause, or of what a negation in it reaches; `purpose` are those of what it says this is for."""

    stems: tuple[str, ...]
    purpose: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Sides:
    """`denials` are what each negation reaches, the denied word first; `assertions` the clauses without one;
    `affirmed` what a denial that is itself denied reaches."""

    denials: tuple[_Clause, ...]
    assertions: tuple[_Clause, ...]
    affirmed: frozenset[str]


def turned(one: str, other: str) -> bool:
    """Whether one folded text denies what the other asserts, and neither does both."""
    ours, theirs = _sides(one), _sides(other)
    return _turns(ours, theirs) or _turns(theirs, ours)


def denies_all_of(one: str, other: str) -> bool:
    """Whether a folded text is the other with one `not` after its verb, so that it is true where the other is false."""
    affirmed, negations = _NOT.subn(r"\1", one)
    simple = _CUE.search(other) is None and _PARTLY.search(other) is None
    return negations == 1 and simple and _WORDS.findall(affirmed) == _WORDS.findall(other)


def _turns(ours: _Sides, theirs: _Sides) -> bool:
    said = _all(theirs.denials) | _all(ours.assertions)
    denials = [denial for denial in ours.denials if denial.stems and denial.stems[0] not in said]
    if any(_of_one_thing(denial, clause) for denial in denials for clause in theirs.assertions):
        return True
    return bool((ours.affirmed & _all(theirs.denials)) - _all(ours.denials))


def _of_one_thing(denial: _Clause, clause: _Clause) -> bool:
    """Whether a clause asserts the denied word, and for the same purpose: that ketamine is approved as an anaesthetic
    does not turn round that it is not approved for depression."""
    another_purpose = denial.purpose and clause.purpose and denial.purpose.isdisjoint(clause.purpose)
    return denial.stems[0] in clause.stems and not another_purpose


def _all(clauses: Iterable[_Clause]) -> frozenset[str]:
    return frozenset(stem for clause in clauses for stem in clause.stems)


@lru_cache(maxsize=20_000)
def _sides(folded: str) -> _Sides:
    denials, assertions, affirmed = [], [], set[str]()
    for whole in _CLAUSE.split(_CONTRAST.sub(" ", folded)):
        clause = _LEFT_OPEN.sub("", whole)
        cue = _CUE.search(clause)
        before, after = (clause[: cue.start()], clause[cue.end() :]) if cue is not None else (clause, "")
        if cue is None or _NO_RESPONSE.match(after) or _OF_PATIENTS.search(before) or _OF_OTHERS.search(before):
            assertions.append(_clause(clause))
        elif _DENYING.match(after):
            affirmed.update(_stems(after))
        else:
            assertions.append(_clause(before))
            denials.append(_clause(after))
    return _Sides(tuple(denials), tuple(assertions), frozenset(affirmed))


def _clause(text: str) -> _Clause:
    purpose = _PURPOSE.search(text)
    stated = frozenset(_WORDS.findall(purpose.group(1))) if purpose is not None else frozenset()
    return _Clause(_stems(text), frozenset(map(snowball.stem, stated)))


def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem for word in _WORDS.findall(text) if (stem := snowball.stem(word)) not in _COMMON)
