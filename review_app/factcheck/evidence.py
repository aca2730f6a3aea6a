"""Which of the candidate studies bear on a sentence, by which sentence of theirs, and what that suggests."""

import math
from collections.abc import Sequence
from functools import cache

from review_app.factcheck.abstracts import Abstract, Passage, concepts, read
from review_app.factcheck.consensus import likeness
from review_app.factcheck.model import Evidence, Study
from review_app.factcheck.question import Question, ask
from review_app.factcheck.stance import stance_of, stands
from review_app.factcheck.terms import load, stems
from review_app.factcheck.word_parts import shared_parts

TOPIC = "ketamine-depression"
# A study counts as fully recent thirty years after the first reports of ketamine in depression (Berman 2000).
_EARLIEST, _SPAN = 2000, 30
# A question of the topic has dozens of studies, another one a handful.
_BEST, _FEW = 20, 10


def rank(
    query: str, studies: Sequence[Study], *, topics: Sequence[str] = (), limit: int = 5, topic: str = TOPIC
) -> tuple[Evidence, ...]:
    """The studies that bear most on `query`, best first, each with its most telling sentence and a suggested stance.

    `studies` are the candidates of the full-text search; `topics` what is known of the sentence. Scores are higher for
    the better and comparable within one call only. The quote is a sentence of one section of the abstract, verbatim, or
    empty where there is no abstract. The stance is `related` wherever the rules are not sure.
    """
    studies = tuple({study.id: study for study in studies}.values())
    abstracts = [read(study, topic) for study in studies]
    question = ask(query, abstracts, topics, topic)
    scored = zip(_scores(question, studies, abstracts, topic), studies, abstracts, strict=True)
    ranked = sorted(scored, key=lambda each: (-each[0], each[1].id))
    return tuple(_evidence(question, *each, topic, place) for place, each in enumerate(ranked[:limit]))


def widen(query: str, *, topics: Sequence[str] = (), topic: str = TOPIC) -> str:
    """The query with the search words of the concepts it asks for: what to give to the full-text search (any word)."""
    raised = concepts(topic).of(stems(query), tuple(topics))
    entries = load(f"topics/{topic}/concepts.toml")["concept"]
    return " ".join([query, *(word for entry in entries if entry["id"] in raised for word in entry.get("search", ()))])


def _scores(question: Question, studies: Sequence[Study], abstracts: Sequence[Abstract], topic: str) -> list[float]:
    """Words count for all; then concepts where both sides have them, parts of words and meaning where not."""
    best = max((study.search_score for study in studies), default=0.0) or 1.0
    scores = [
        _words_score(question, study, abstract, study.search_score / best)
        for study, abstract in zip(studies, abstracts, strict=True)
    ]
    by_concepts = [place for place, each in enumerate(abstracts) if each.on_subject and question.concepts]
    for place in by_concepts:
        scores[place] += _subject_score(question, studies[place], abstracts[place], topic)
    _add(scores, by_concepts, _alike(abstracts, scores, by_concepts))
    by_words = sorted(set(range(len(studies))) - set(by_concepts))
    parts = shared_parts(question.rarity, [abstracts[place] for place in by_words])
    _add(scores, by_words, [_weight("parts") * each for each in parts])
    _add(scores, by_words, [_weight("meaning") * (studies[place].likeness or 0.0) for place in by_words])
    alike = likeness([abstracts[place].words for place in by_words], [scores[place] for place in by_words], _FEW)
    _add(scores, by_words, [_weight("alike_few") * each for each in alike])
    return scores


def _add(scores: list[float], places: Sequence[int], more: Sequence[float]) -> None:
    for place, each in zip(places, more, strict=True):
        scores[place] += each


def _words_score(question: Question, study: Study, abstract: Abstract, search: float) -> float:
    in_sentences = max((question.words_in(each.stems) for each in abstract.passages), default=0.0)
    score = _weight("search") * search
    score += _weight("sentence") * max(in_sentences, question.words_in(abstract.title))
    score += _weight("neighbours") * question.neighbours_in(abstract)
    if str(study.sample_size) in question.sizes or not question.sizes.isdisjoint(abstract.counts):
        score += _weight("named_size")
    return score


def _subject_score(question: Question, study: Study, abstract: Abstract, topic: str) -> float:
    score = _concept_score(question, abstract) + _strength(study, abstract) - _strays(question, abstract, topic)
    # A report of a trial names its intervention in its title (CONSORT 2010, item 1a).
    named = not concepts(topic).subject.isdisjoint(abstract.title)
    return score + (_weight("subject_in_title") if named else 0.0)


def _alike(abstracts: Sequence[Abstract], scores: Sequence[float], places: Sequence[int]) -> list[float]:
    """What each of these is like the best of them, in words and in concepts."""
    own = [scores[place] for place in places]
    words = likeness([abstracts[place].words for place in places], own, _BEST)
    shown = likeness([abstracts[place].shown for place in places], own, _BEST)
    return [
        _weight("alike_words") * one + _weight("alike_concepts") * other
        for one, other in zip(words, shown, strict=True)
    ]


def _concept_score(question: Question, abstract: Abstract) -> float:
    """How far the abstract speaks of what is asked: in one sentence, in one that reports, in several, in the title."""
    shares = [(question.concepts_in(each.concepts), each.effect) for each in abstract.passages]
    reported = sorted((share * max(0.0, effect) for share, effect in shares), reverse=True)
    unreported = _weight("unreported")
    return (
        _weight("concepts")
        * max((share if effect > 0 else unreported * share for share, effect in shares), default=0.0)
        + _weight("reported") * (reported[0] if reported else 0.0)
        + _weight("repeatedly") * sum(reported[:3]) / 3
        + _weight("title") * question.concepts_in(abstract.title_concepts)
        + _weight("anywhere") * question.concepts_in(abstract.concepts)
    )


def _strays(question: Question, abstract: Abstract, topic: str) -> float:
    """A title about another population or about correlates of response, when the sentence asks for neither."""
    facets = concepts(topic).facets
    asked = {facets[each] for each in question.concepts}
    strays = {facets[each] for each in abstract.title_concepts - question.concepts}
    if "mechanism" in asked:
        strays -= {"correlate"}
    return sum(_weight(f"stray_{facet}") for facet in strays & {"population", "correlate"})


def _strength(study: Study, abstract: Abstract) -> float:
    """What the study can bear: its design, and mildly its size and year; less where it no longer stands."""
    strengths = load("language/evidence.toml")["designs"]["strength"]
    design = float(strengths.get(study.study_design or abstract.named_design, strengths["unknown"]))
    size = min(1.0, math.log10(max(1, study.sample_size or 1)) / 4)
    recent = min(1.0, max(0.0, ((study.year or _EARLIEST) - _EARLIEST) / _SPAN))
    strength = _weight("design") * design + _weight("size") * size + _weight("recent") * recent
    return strength - (_weight("withdrawn") if not stands(study) else 0.0)


def _telling_passage(question: Question, abstract: Abstract) -> Passage | None:
    """The sentence that carries most of the question, results before aims; the first of equals."""

    def telling(passage: Passage) -> float:
        asked = question.concepts_in(passage.concepts) if abstract.on_subject else 0.0
        words = question.words_in(passage.stems)
        figures = len(question.figures.intersection(passage.stems)) / (len(question.figures) or 1)
        return (
            words
            + _weight("quoted_concepts") * asked
            + _weight("quoted_effect") * passage.effect
            + _weight("quoted_figures") * figures
        )

    return max(abstract.passages, key=telling, default=None)


def _evidence(question: Question, score: float, study: Study, abstract: Abstract, topic: str, place: int) -> Evidence:
    passage = _telling_passage(question, abstract)
    return Evidence(
        kind="study",
        id=study.id,
        pmid=study.pmid,
        reference=study.reference,
        title=study.title,
        year=study.year,
        study_design=study.study_design,
        sample_size=study.sample_size,
        stance=stance_of(question, study, abstract, passage, topic, place) if passage else "related",
        reviewed=False,
        quote=passage.text if passage else "",
        score=score,
        integrity=study.integrity,
    )


@cache
def _weight(name: str) -> float:
    return float(load("language/evidence.toml")["weights"][name])
