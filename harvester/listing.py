"""All PMIDs that a query finds, whole or not at all.

PubMed lists 9,999 PMIDs of a query at most but counts exactly (PUBMED limits of 2023 and later), so the query is cut
into ranges of PMIDs, as EDirect does: total, disjoint and immutable. What the ranges list must add up to the count.
"""

from dataclasses import dataclass

from harvester.errors import Fatal, Replan, Unreachable
from harvester.eutils import LIST_LIMIT, Eutils, within
from harvester.eutils_answers import SearchAnswer, bare
from harvester.topic import TopicFile

HIGHEST_PMID = 99_999_999
# EDirect: records with a higher PMID than the newest may sort below it.
MARGIN = 1_000
PLANS = 3


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
    """Everything the topic's query finds. Raises `Fatal` when PubMed searched for something else."""
    answer = eutils.search(topic.query)
    harmless = {bare(term) for term in topic.may_be_unknown}
    if lost := [term for term in answer.dropped if term in answer.fields_not_found or bare(term) not in harmless]:
        raise Fatal(
            f"{eutils.name} does not know {', '.join(lost)} and searched for something else; nothing was changed."
            f" Correct the query of topic {topic.id}"
        )
    if answer.count == 0:
        raise Fatal(
            f"{eutils.name} finds no article for topic {topic.id}; nothing was changed. Check its query, or try again"
            " when PubMed is whole"
        )
    return list_query(eutils, topic.query, answer)


def list_query(eutils: Eutils, query: str, answer: SearchAnswer | None = None) -> Listing:
    """Everything a query finds; planned anew, with a higher bound, while the ranges do not add up."""
    bound = _newest(eutils) + MARGIN
    for _ in range(PLANS):
        answer = answer or eutils.search(query)
        try:
            slices = _plan(eutils, query, 1, bound, answer.count)
            listed = [eutils.list_pmids(query, each.lo, each.hi) for each in slices]
        except Replan:
            listed = []
        pmids = tuple(sorted(set().union(*listed)))
        if len(pmids) == answer.count:
            counted = zip(slices, listed, strict=True)
            return Listing(answer, tuple(Slice(s.lo, s.hi, len(found)) for s, found in counted), pmids)
        answer, bound = None, HIGHEST_PMID
    raise Unreachable(
        f"{eutils.name} listed another number of articles than it counted, {PLANS} times; its index may be being"
        " rebuilt. Nothing was changed; run it again later"
    )


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
