"""What a sentence of an abstract suggests about an assertion: it supports, qualifies, contradicts, or abstains (`related`).

The rules are cues as data (`language/stance.toml`). A wrong `supports` is worse than an abstention: a side is taken only
where the sentence carries the whole assertion and its study can bear it.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from review_app.factcheck.abstracts import Abstract, Passage
from review_app.factcheck.model import Stance, Study
from review_app.factcheck.question import Question
from review_app.factcheck.terms import PhraseIndex, load, phrase_index


def stance_of(question: Question, study: Study, abstract: Abstract, passage: Passage) -> Stance:
    """The stance of one sentence of a study to the question. Never `supports` for a study that no longer stands."""
    rules = _rules()
    if study.integrity in rules["integrity"]["abstain"]:
        return "related"
    if (study.study_design or abstract.named_design) in rules["design"]["abstain"]:
        return "related"
    if question.concepts and abstract.on_subject:
        stance = _of_concepts(question, abstract, passage)
    else:
        stance = _of_words(question, passage)
    if stance == "supports" and study.integrity in rules["integrity"]["qualify"]:
        return "qualifies"
    return stance


def _of_words(question: Question, passage: Passage) -> Stance:
    """By the direction of change and negation of two sentences that share most of their words."""
    if question.words_in(passage.terms) < _rules()["thresholds"]["words"]:
        return "related"
    asserted, said = _cues(question.stems), _cues(passage.stems)
    if "unsure" in said - asserted:
        return "related"
    turned = ("negated" in asserted) != ("negated" in said)
    directions = frozenset({"up", "down"})
    ours, theirs = asserted & directions, said & directions
    if len(ours) == 1 and len(theirs) == 1:
        turned ^= ours != theirs
    elif ours and not theirs:
        return "related"
    return "contradicts" if turned else "supports"


def _of_concepts(question: Question, abstract: Abstract, passage: Passage) -> Stance:
    """By cues of benefit, harm, absence and limits in a reporting sentence that speaks of all that is asked."""
    said, asserted = _cues(passage.stems), _cues(question.stems)
    if question.concepts_in(passage.concepts) < _rules()["thresholds"]["concepts"] or passage.effect <= 0:
        return "related"
    if "no_effect" in said:
        return "related" if "negated" in asserted else "contradicts"
    if "unsure" in said:
        return "related"
    if "limit" in said:
        return "qualifies"
    return "supports" if "benefit" in said else "related"


@lru_cache(maxsize=8192)
def _cues(text: tuple[str, ...]) -> frozenset[str]:
    return _cue_index().find(text)


@cache
def _cue_index() -> PhraseIndex:
    return phrase_index({entry["id"]: entry["phrases"] for entry in _rules()["cue"]})


def _rules() -> Mapping[str, Any]:
    return load("language/stance.toml")
