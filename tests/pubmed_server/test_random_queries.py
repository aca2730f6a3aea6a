"""Queries nobody wrote, against a brute-force reading of the records."""

from dataclasses import dataclass

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pubmed_server.invented_records import FIRST_PMID, HEADINGS, TYPES, WORDS, Invented


@dataclass(frozen=True)
class Word:
    text: str
    truncated: bool
    tag: str

    def written(self) -> str:
        return f"{self.text}{'*' * self.truncated}[{self.tag}]"

    def holds(self, record: Invented) -> bool:
        texts = record.cut(record.title) if self.tag == "ti" else record.free_texts()
        return any(
            word.startswith(self.text) if self.truncated else word == self.text for text in texts for word in text
        )


@dataclass(frozen=True)
class Name:
    text: str
    tag: str

    def written(self) -> str:
        return f'"{self.text}"[{self.tag}]'

    def holds(self, record: Invented) -> bool:
        names = record.types if self.tag.startswith("pt") else [name for name, _, _ in record.headings]
        return self.text in names


@dataclass(frozen=True)
class Between:
    low: int
    high: int
    tag: str

    def written(self) -> str:
        return f"{self.low}:{self.high}[{self.tag}]"

    def holds(self, record: Invented) -> bool:
        value = {"uid": record.pmid, "dp": record.published[0], "lr": record.revised[0]}[self.tag]
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Joined:
    """First item, then (operator, item): from left to right."""

    first: "Query"
    rest: tuple[tuple[str, "Query"], ...]

    def written(self) -> str:
        return "(" + self.first.written() + "".join(f" {how} {what.written()}" for how, what in self.rest) + ")"

    def holds(self, record: Invented) -> bool:
        result = self.first.holds(record)
        for how, what in self.rest:
            other = what.holds(record)
            result = {"AND": result and other, "OR": result or other, "NOT": result and not other}[how]
        return result


Query = Word | Name | Between | Joined

leaves = st.one_of(
    st.builds(Word, st.sampled_from(WORDS), st.just(False), st.sampled_from(["tiab", "ti"])),
    st.builds(Word, st.sampled_from(["keta", "depres", "esketamin", "place"]), st.just(True), st.just("tiab")),
    st.builds(Name, st.sampled_from(HEADINGS), st.just("mh:noexp")),
    st.builds(Name, st.sampled_from(TYPES), st.just("pt:noexp")),
    st.builds(Between, st.integers(FIRST_PMID, FIRST_PMID + 300), st.just(FIRST_PMID + 200), st.just("uid")),
    st.builds(Between, st.integers(2018, 2020), st.just(2020), st.sampled_from(["dp", "lr"])),
)
queries: st.SearchStrategy[Query] = st.recursive(
    leaves,
    lambda inner: st.builds(
        Joined,
        inner,
        st.lists(st.tuples(st.sampled_from(["AND", "OR", "NOT"]), inner), min_size=1, max_size=3).map(tuple),
    ),
    max_leaves=8,
)


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=queries)
def test_any_query_finds_what_brute_force_finds(query: Query, client: httpx.Client, records: list[Invented]) -> None:
    data = {"term": query.written(), "retmax": "100", "retmode": "json"}
    found = client.post("esearch.fcgi", data=data).json()["esearchresult"]
    assert set(map(int, found["idlist"])) == {record.pmid for record in records if query.holds(record)}
