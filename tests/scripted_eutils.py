"""E-utilities that answer from a script, and the client that asks them over a real socket."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from scripted_server import FakeTime, ScriptedServer, Step, answer, scripted

from harvester.eutils import Eutils
from harvester.pace import Pace
from harvester.transport import Service, Transport


@contextmanager
def pubmed(*steps: Step, time: FakeTime | None = None, **options: Any) -> Iterator[tuple[Eutils, ScriptedServer]]:
    """`options` are the transport's; `time` is what its waits move."""
    time = time or FakeTime()
    with scripted(*steps) as server:
        transport = Transport(
            Service("PubMed", server.url, "EUTILS_URL"),
            pace=Pace(0.0, clock=time.clock),
            clock=options.pop("clock", time.clock),
            sleep=time.sleep,
            **options,
        )
        yield Eutils(transport, email="library@example.org", api_key="s3cret"), server
        transport.close()


def found(*ids: int, count: int | None = None, **more: Any) -> bytes:
    """An answer of esearch in JSON."""
    result = {"count": str(len(ids) if count is None else count), "idlist": [str(pmid) for pmid in ids]}
    return answer(json.dumps({"header": {}, "esearchresult": result | more}).encode())


def records(*pmids: int, close: str = "</PubmedArticleSet>") -> bytes:
    body = "".join(
        f"<PubmedArticle><MedlineCitation><PMID Version='1'>{pmid}</PMID><Article>"
        f"<ArticleTitle>Invented article {pmid}</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
        for pmid in pmids
    )
    return f'<?xml version="1.0" ?>\n<PubmedArticleSet>{body}{close}'.encode()


def efetch(*pmids: int) -> bytes:
    """An answer of efetch."""
    return answer(records(*pmids))
