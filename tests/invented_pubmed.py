"""PubMed XML of invented records on ketamine and depression, as many as a test needs."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

FIRST = 90_000_001


def invented(pmid: int, *, title: str | None = None, revised: date = date(2026, 1, 5), extra: str = "") -> str:
    title = title or f"Invented trial {pmid} of ketamine for depression"
    day = f"<Year>{revised.year}</Year><Month>{revised.month:02}</Month><Day>{revised.day:02}</Day>"
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{pmid}</PMID>'
        f'<DateRevised>{day}</DateRevised><Article PubModel="Print"><Journal><JournalIssue CitedMedium="Internet">'
        "<PubDate><Year>2025</Year></PubDate></JournalIssue><Title>Invented J Mood</Title></Journal>"
        f"<ArticleTitle>{title}</ArticleTitle><Abstract><AbstractText>Scores fell by {pmid % 19} points.</AbstractText>"
        '</Abstract><Language>eng</Language><PublicationTypeList><PublicationType UI="D016428">Journal Article'
        f"</PublicationType></PublicationTypeList></Article>{extra}</MedlineCitation><PubmedData><ArticleIdList>"
        f'<ArticleId IdType="pubmed">{pmid}</ArticleId><ArticleId IdType="doi">10.5555/invented.{pmid}</ArticleId>'
        "</ArticleIdList></PubmedData></PubmedArticle>"
    )


def write_records(path: Path, records: Iterable[str]) -> Path:
    body = "\n".join(records)
    path.write_text(f'<?xml version="1.0" ?>\n<PubmedArticleSet>\n{body}\n</PubmedArticleSet>\n', encoding="utf-8")
    return path
