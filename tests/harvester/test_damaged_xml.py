"""A sample of the damaged PubMed XML of `make torture`, and what it found."""

from invented_pubmed import FIRST, invented
from torture.fuzz_xml import damaged, fuzz

from harvester.pubmed_xml import parse_answer


def answer(record: str) -> bytes:
    return f"<PubmedArticleSet>{record}</PubmedArticleSet>".encode()


def test_two_thousand_damaged_documents_are_read_as_they_stand_or_refused() -> None:
    found = fuzz(3, documents=2_000)
    assert found.wrong == []
    assert found.outcomes["read"] > 500
    assert found.outcomes["refused"] > 300


def test_a_document_is_that_of_its_seed_and_number() -> None:
    assert damaged(3, 17) == damaged(3, 17)
    assert len({damaged(3, number) for number in range(50)}) > 40


def test_a_record_without_a_pmid_is_rejected_and_not_taken_for_one_with_a_doi_alone() -> None:
    record = invented(FIRST)
    headless = record[: record.index("<MedlineCitation")] + record[record.index("<PubmedData>") :]
    (rejected,) = parse_answer(answer(headless)).rejected
    assert rejected.reason == "a record of PubMed needs a PMID"


def test_a_pmid_with_an_element_inside_is_not_the_number_that_their_digits_make() -> None:
    whole = f'<PMID Version="1">{FIRST}</PMID>'
    broken = invented(FIRST).replace(whole, '<PMID Version="1">9000000<PMID>7</PMID>1</PMID>')
    read = parse_answer(answer(broken))
    assert read.records == ()
    assert len(read.rejected) == 1
