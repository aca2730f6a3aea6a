"""All PMIDs that a query finds, whole or not at all.

PubMed lists 9,999 PMIDs of a query at most but counts exactly (PUBMED limits of 2023 and later), so the query is cut
into ranges of PMIDs, as EDirect does: total, disjoint and immutable. What the ranges list must add up to the count.
"""

from dataclasses import dataclass

from harvester.errors import Fatal, Replan, Split, Unreachable
from harvester.eutils import HEAVY_TRIES, LIST_LIMIT, Eutils, within
from harvester.eutils_answers import SearchAnswer, bare
from harvester.topic import TopicFile

HIGHEST_PMID = 99_999_999
# EDirect: records with a higher PMID than the newest may sort below it.
MARGIN = 1_000
PLANS = 3
# A list this short that PubMed cannot give is not too long for it.
SHORT_LIST = 500


@dataclass(frozen=True, slots=True)
class Slice:
    lo: int
    hi: int
    count: int


@dataclass(frozen=True, slots=True)
class Listing:
    """The PMIDs, ascending, with the ranges they were listed in and what PubMed made of the query."""

    answer: SearchAnswer
    slices: tuple[Slice, ...]
    pmids: tuple[int, ...]


def list_topic(eutils: Eutils, topic: TopicFile) -> Listing:
    """Everything the topic's query finds. Raises `Fatal` when that is nothing, or the answer to another question."""
    listing = list_query(eutils, topic, topic.query)
    if not listing.pmids:
        raise Fatal(
            f"{eutils.name} finds no article for topic {topic.id}; nothing was changed. Check its query, or try again"
            " when PubMed is whole"
        )
    return listing


def lost_terms(answer: SearchAnswer, topic: TopicFile) -> list[str]:
    """Terms that PubMed dropped, and that change what it searched for."""
    harmless = {bare(term) for term in topic.may_be_unknown}
    return [term for term in answer.dropped if term in answer.fields_not_found or bare(term) not in harmless]


def list_query(eutils: Eutils, topic: TopicFile, query: str) -> Listing:
    """Everything a query finds that is the topic's or narrower.

    Planned anew, up to the highest PMID, while the ranges do not add up to the count. Raises `Fatal` when PubMed
    searched for something else, `Unreachable` when the ranges never add up.
    """
    bound = None
    for _ in range(PLANS):
        try:
            answer = _believed(eutils.search(query), eutils, topic)
            if bound is None:
                bound = _newest(eutils) + MARGIN
            plan = _plan(eutils, query, 1, bound, answer.count)
            listed = [part for each in plan for part in _listed(eutils, query, each)]
        except Replan:
            bound = HIGHEST_PMID
            continue
        pmids = tuple(sorted(pmid for _, found in listed for pmid in found))
        if len(pmids) == answer.count:
            return Listing(answer, tuple(part for part, _ in listed), pmids)
        bound = HIGHEST_PMID
    raise Unreachable(
        f"{eutils.name} listed another number of articles than it counted, {PLANS} times; its index may be being"
        " rebuilt. Nothing was changed; run it again later"
    )


def _believed(answer: SearchAnswer, eutils: Eutils, topic: TopicFile) -> SearchAnswer:
    if lost := lost_terms(answer, topic):
        raise Fatal(
            f"{eutils.name} does not know {', '.join(lost)} and searched for something else; nothing was changed."
            f" Correct the query of topic {topic.id}"
        )
    return answer


def _newest(eutils: Eutils) -> int:
    answer = eutils.search("all[sb] NOT pubmed books[sb]", retmax=1)
    return max(answer.ids, default=HIGHEST_PMID - MARGIN)


def _plan(eutils: Eutils, query: str, lo: int, hi: int, count: int) -> list[Slice]:
    """Ranges that stay below what PubMed lists, found by halving."""
    if count == 0:
        return []
    if count < LIST_LIMIT or lo == hi:
        return [Slice(lo, hi, count)]
    middle = (lo + hi) // 2
    below = eutils.search(within(query, lo, middle)).count
    if below > count:
        raise Replan("the count grew while planning")
    return _plan(eutils, query, lo, middle, below) + _plan(eutils, query, middle + 1, hi, count - below)


def _listed(eutils: Eutils, query: str, part: Slice) -> list[tuple[Slice, tuple[int, ...]]]:
    """The PMIDs of a range, in two halves when PubMed cannot give so many at once. The count is then a guess."""
    light = part.count <= SHORT_LIST or part.lo == part.hi
    try:
        found = eutils.list_pmids(query, part.lo, part.hi, heavy_tries=None if light else HEAVY_TRIES)
    except (Split, Unreachable) as error:
        if light or not (isinstance(error, Split) or error.heavy):
            raise
        middle, half = (part.lo + part.hi) // 2, part.count // 2
        lower, upper = Slice(part.lo, middle, half), Slice(middle + 1, part.hi, part.count - half)
        return _listed(eutils, query, lower) + _listed(eutils, query, upper)
    return [(Slice(part.lo, part.hi, len(found)), found)]
