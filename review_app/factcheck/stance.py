"""What a sentence of an abstract suggests about an assertion: supports, qualifies, contradicts, or it abstains.

`related` is the abstention.

The rules are cues as data (`language/stance.toml`). A wrong `supports` is worse than an abstention: a side is taken
only where the sentence carries the whole assertion and its study can bear it.
"""

from collections.abc import Mapping, Set
from functools import cache, lru_cache
from typing import Any

from review_app.factcheck.abstracts import Abstract, Passage, concepts
from review_app.factcheck.model import Stance, Study
from review_app.factcheck.question import Question
from review_app.factcheck.terms import PhraseIndex, load, phrase_index, stem

# Among studies of one drug, which rank close together, the first is no surer to speak of a sentence without a concept.
_LAST = 1_000


def stance_of(
    question: Question, study: Study, abstract: Abstract, passage: Passage, topic: str, place: int = 0
) -> Stance:
    """The stance of one sentence of a study to the question. Never `supports` for a study that no longer stands.

    `place` is the study's among the ranked ones, the best at 0: the further down, the more must one sentence carry.
    """
    rules = _rules()
    design = study.study_design or abstract.named_design
    # A sentence that lacks a figure of the assertion cannot bear it.
    if not stands(study) or design in rules["design"]["abstain"] or not question.figures.issubset(passage.stems):
        return "related"
    on_subject = abstract.on_subject
    stance = (
        _on_subject(question, abstract, passage, design, topic)
        if on_subject
        else _of_words(question, abstract, passage, place)
    )
    return "qualifies" if stance == "supports" and study.integrity in rules["integrity"]["qualify"] else stance


def _on_subject(question: Question, abstract: Abstract, passage: Passage, design: str, topic: str) -> Stance:
    """A study of the topic's drugs must be of a design that can bear a health claim."""
    designs = _rules()["design"]
    if design in designs["abstain_on_subject"] or concepts(topic).not_by_results.intersection(question.topics[:1]):
        return "related"
    by_concepts = bool(question.concepts)
    stance = (
        _of_concepts(question, abstract, passage, topic)
        if by_concepts
        else _of_words(question, abstract, passage, _LAST)
    )
    if design in designs["qualify_on_subject"]:
        # A case can show that something happens, not that a treatment works or does not.
        return "qualifies" if stance in {"supports", "qualifies"} else "related"
    return stance


def stands(study: Study) -> bool:
    """Whether the study still stands: not retracted, not withdrawn."""
    return study.integrity not in _rules()["integrity"]["abstain"]


def _of_words(question: Question, abstract: Abstract, passage: Passage, place: int) -> Stance:
    """By the direction of change and negation around the words that two sentences share."""
    if not _carries_words(question, abstract, passage, place):
        return "related"
    asserted, said = _cues(question.stems), _cues(passage.stems)
    if "unsure" in said - asserted:
        return "related"
    around = _cues(_around_shared(question, passage))
    turned = _is_opposed(asserted) != _is_opposed(around | (said & {"no_effect"}))
    directions = frozenset({"up", "down"})
    ours, theirs = asserted & directions, around & directions
    if ours and not theirs and "no_effect" in around:
        # What does not change goes neither up nor down.
        return "related" if _is_opposed(asserted) else "contradicts"
    if ours and len(theirs) != len(ours):
        return "related"
    turned ^= bool(ours) and ours != theirs
    return "contradicts" if turned else "supports"


def _carries_words(question: Question, abstract: Abstract, passage: Passage, place: int) -> bool:
    """Whether enough is in the sentence for a study at this place, and enough in its abstract."""
    asked = _rules()["thresholds"]
    enough = asked["words"][min(place, len(asked["words"]) - 1)]
    anywhere = question.words_in(abstract.counts, besides=_directions())
    return bool(anywhere >= asked["anywhere"] and question.words_in(passage.stems, besides=_directions()) >= enough)


def _is_opposed(cues: frozenset[str]) -> bool:
    return not cues.isdisjoint({"opposed", "no_effect"})


def _around_shared(question: Question, passage: Passage) -> tuple[str, ...]:
    """The sentence with a blank for each word that stands far from every content word of the question."""
    shared = question.rarity.keys() - _directions()
    places = [place for place, word in enumerate(passage.stems) if word in shared]
    reach = _rules()["thresholds"]["reach"]
    near = {place + step for place in places for step in range(-reach, reach + 1)}
    return tuple(word if place in near else "_" for place, word in enumerate(passage.stems))


def _of_concepts(question: Question, abstract: Abstract, passage: Passage, topic: str) -> Stance:
    """By cues of benefit, harm and limits in a reporting sentence that speaks of all that is asked."""
    if not _carries_concepts(question, abstract, passage, topic) or not _reports(passage):
        return "related"
    if _of_another_treatment(question, passage, topic):
        return "related"
    said, asserted = _cues(passage.stems), _cues(question.stems)
    if "unsure" in asserted:
        return _of_the_unknown(said)
    facets = {concepts(topic).facets[each] for each in question.concepts}
    if "harm" in facets and "outcome" not in facets:
        return _of_harm(asserted, said)
    if "negated" in asserted or "unsure" in said:
        return "related"
    if "combination" in facets and "comparison" not in passage.concepts:
        return "related"
    if "no_effect" in said and facets.isdisjoint(_rules()["effects"]["facets"]):
        return "related"
    if "no_effect" in said:
        # "No difference between the two groups" contradicts only where one of them is the comparator.
        return "contradicts" if "comparator" in said else "related"
    if "limit" in said:
        return "qualifies"
    beyond_results = {"absolute", "status"} & (asserted - said)
    return "supports" if "benefit" in said and "caveat" not in said and not beyond_results else "related"


def _carries_concepts(question: Question, abstract: Abstract, passage: Passage, topic: str) -> bool:
    """Whether a sentence reports on what is asked: effect and time in itself, who and how anywhere in its abstract."""
    places = _rules()["facets"]
    asked: dict[str, set[str]] = {}
    for concept in question.concepts:
        asked.setdefault(concepts(topic).facets[concept], set()).add(concept)
    if asked.keys().isdisjoint(places["reported"]):
        return question.concepts_in(passage.concepts) == 1.0
    anywhere = abstract.concepts | abstract.title_concepts
    return all(
        facet in places["setting"]
        or (facet in places["in_abstract"] and named <= anywhere)
        or _share(named, passage.concepts) >= (_rules()["thresholds"]["effects"] if facet in places["effects"] else 1.0)
        for facet, named in asked.items()
    )


def _share(named: Set[str], shown: Set[str]) -> float:
    return len(named & shown) / len(named)


def _of_the_unknown(said: frozenset[str]) -> Stance:
    """That something is not known is borne out by who says so too, and limited by a report on it."""
    if "open" in said:
        return "supports"
    return "qualifies" if said & {"benefit", "mild", "none_seen", "no_effect"} else "related"


def _of_another_treatment(question: Question, passage: Passage, topic: str) -> bool:
    """Whether a study of the topic's drugs speaks here of another treatment alone, which was not asked about."""
    known = concepts(topic)
    named = known.other_treatments.intersection(passage.stems).difference(question.stems)
    return bool(named) and known.subject.isdisjoint(passage.stems)


def _of_harm(asserted: frozenset[str], said: frozenset[str]) -> Stance:
    """That a harm is small is borne out by one that is absent or mild; that it occurs, by its report."""
    small = bool(said & {"mild", "none_seen"})
    if asserted & {"low", "negated"}:
        return "supports" if small and "unsure" not in said else "related"
    return "related" if small or "no_effect" in said else "supports"


def _reports(passage: Passage) -> bool:
    return passage.effect > 0 and not passage.kinds & {"aim", "method", "background"}


@lru_cache(maxsize=8192)
def _cues(text: tuple[str, ...]) -> frozenset[str]:
    return _cue_index().find(text)


@cache
def _cue_index() -> PhraseIndex:
    return phrase_index({entry["id"]: entry["phrases"] for entry in _rules()["cue"]})


@cache
def _directions() -> frozenset[str]:
    """The words whose disagreement is the point: they do not count when words are compared."""
    phrases = (phrase for entry in _rules()["cue"] if entry["id"] in {"up", "down"} for phrase in entry["phrases"])
    return frozenset(stem(phrase) for phrase in phrases)


def _rules() -> Mapping[str, Any]:
    return load("language/stance.toml")
