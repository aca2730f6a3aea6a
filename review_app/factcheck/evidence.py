"""Which of the candidate studies bear on a sentence, by which sentence of theirs, and what that suggests."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from review_app.factcheck.abstracts import Abstract, Passage, concepts, read
from review_app.factcheck.model import Evidence, Study
from review_app.factcheck.question import Question, ask
from review_app.factcheck.stance import stance_of
from review_app.factcheck.terms import load, stems

TOPIC = "ketamine-depression"


def rank(
    query: str, studies: Sequence[Study], *, topics: Sequence[str] = (), limit: int = 5, topic: str = TOPIC
) -> tuple[Evidence, ...]:
    """The studies that bear most on `query`, best first, each with its most telling sentence and a suggested stance.

    `studies` are the candidates of the full-text search; `topics` what is known of the sentence. Scores are higher for
    the better and comparable within one call only. The quote is a sentence of one section of the abstract, verbatim, or
    empty where there is no abstract. The stance is `related` wherever the rules are not sure.
    """
    abstracts = [read(study, topic) for study in studies]
    question = ask(query, abstracts, topics, topic)
    best = max((study.search_score for study in studies), default=0.0) or 1.0
    scored = [
        (_score(question, study, abstract, study.search_score / best, topic), study, abstract)
        for study, abstract in zip(studies, abstracts, strict=True)
    ]
    scored.sort(key=lambda each: (-each[0], each[1].id))
    return tuple(_evidence(question, *each) for each in scored[:limit])


def widen(query: str, *, topics: Sequence[str] = (), topic: str = TOPIC) -> str:
    """The query with the search words of the concepts it asks for: what to give to the full-text search (any word)."""
    raised = concepts(topic).of(stems(query), tuple(topics))
    entries = load(f"topics/{topic}/concepts.toml")["concept"]
    return " ".join([query, *(word for entry in entries if entry["id"] in raised for word in entry.get("search", ()))])


def _score(question: Question, study: Study, abstract: Abstract, search: float, topic: str) -> float:
    weights = _weights()
    in_sentences = max((question.words_in(each.terms) for each in abstract.passages), default=0.0)
    score = weights["search"] * search
    score += weights["sentence"] * max(in_sentences, question.words_in(abstract.title_terms))
    score += weights["neighbours"] * question.neighbours_in(abstract)
    if abstract.on_subject and question.concepts:
        score += _concept_score(question, abstract) + weights["design"] * _design_strength(study, abstract)
        score -= _strays(question, abstract, topic)
    return score


def _concept_score(question: Question, abstract: Abstract) -> float:
    """How far the abstract speaks of what is asked: in one sentence, in one that reports, in several, in the title."""
    weights = _weights()
    shares = [(question.concepts_in(each.concepts), each.effect) for each in abstract.passages]
    reported = sorted((share * max(0.0, effect) for share, effect in shares), reverse=True)
    return (
        weights["concepts"] * max((share if effect > 0 else 0.4 * share for share, effect in shares), default=0.0)
        + weights["reported"] * (reported[0] if reported else 0.0)
        + weights["repeatedly"] * sum(reported[:3]) / 3
        + weights["title"] * question.concepts_in(abstract.title_concepts)
    )


def _strays(question: Question, abstract: Abstract, topic: str) -> float:
    """A title about another population or about correlates of response, when the sentence asks for neither."""
    facets = concepts(topic).facets
    strays = {facets[each] for each in abstract.title_concepts - question.concepts}
    return sum(_weights()["stray"].get(facet, 0.0) for facet in strays)


def _design_strength(study: Study, abstract: Abstract) -> float:
    strengths = load("language/evidence.toml")["designs"]["strength"]
    return float(strengths.get(study.study_design or abstract.named_design, strengths["unknown"]))


def _telling_passage(question: Question, abstract: Abstract) -> Passage | None:
    """The sentence that carries most of the question, results before aims; the first of equals."""
    weights = _weights()["quote"]

    def telling(passage: Passage) -> float:
        asked = question.concepts_in(passage.concepts) if abstract.on_subject else 0.0
        return float(
            question.words_in(passage.terms) + weights["concepts"] * asked + weights["effect"] * passage.effect
        )

    return max(abstract.passages, key=telling, default=None)


def _evidence(question: Question, score: float, study: Study, abstract: Abstract) -> Evidence:
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
        stance=stance_of(question, study, abstract, passage) if passage else "related",
        reviewed=False,
        quote=passage.text if passage else "",
        score=score,
        integrity=study.integrity,
    )


@cache
def _weights() -> Mapping[str, Any]:
    return load("language/evidence.toml")["weights"]
