"""A file that several processes read gives what one would have given, in the order of the file."""

from pathlib import Path

import pytest
from eutils_server.corpus import WORTH_A_PROCESS
from local_pubmed import LocalPubMed
from pubmed_server.day_script import ask, found
from pubmed_server.invented_records import article_set

FIRST, SIZE = 92_000_000, WORTH_A_PROCESS + 1


def article(pmid: int, title: str) -> str:
    return (
        f'<PubmedArticle><MedlineCitation Status="Publisher" Owner="NLM"><PMID Version="1">{pmid}</PMID>'
        f"<Article><ArticleTitle>{title}</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
    )


def test_the_later_of_two_records_wins_and_every_title_is_its_own(tmp_path: Path) -> None:
    path = tmp_path / "large.xml"
    articles = [article(FIRST + number, f"Invented w{number}w") for number in range(SIZE)]
    path.write_text(article_set([*articles, article(FIRST, "The later one")]), encoding="utf-8")
    with LocalPubMed([path]) as server:
        assert found(server, "invented[ti]") == set(range(FIRST + 1, FIRST + SIZE))
        for number in (1, SIZE // 2, SIZE - 1):
            assert found(server, f"w{number}w[ti]") == {FIRST + number}
        assert "The later one" in ask(server, "efetch", id=str(FIRST), retmode="xml").text


def test_a_broken_record_among_many_is_named_by_its_place(tmp_path: Path) -> None:
    path = tmp_path / "large.xml"
    articles = [article(FIRST + number, "Invented") for number in range(SIZE)]
    text = article_set([*articles, article(FIRST + SIZE, "a & b")])
    path.write_text(text, encoding="utf-8")
    at = text.encode().rindex(b"<PubmedArticle>")
    with pytest.raises(RuntimeError, match=f"large.xml: record at byte {at}: not well-formed"), LocalPubMed([path]):
        pass
