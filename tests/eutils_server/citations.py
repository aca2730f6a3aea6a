"""Which record cites which, as the records' own reference lists have it (PubMed knows no other citations).

A citation is a PubMed id in the ReferenceList, or a link of RefType Cites. The cited article need not be a record here.
"""

import re
from collections import defaultdict
from collections.abc import Mapping

from eutils_server.corpus import Corpus

# Read without a parser: reference lists are three quarters of a record's bytes, and every record is looked at.
CITED_ID = re.compile(rb"""<ArticleId\s+IdType\s*=\s*["']pubmed["']\s*>\s*(\d+)\s*</ArticleId>""")
CITES = re.compile(rb"""<CommentsCorrections\s+RefType\s*=\s*["']Cites["'].*?</CommentsCorrections>""", re.DOTALL)
LINKED_ID = re.compile(rb"<PMID\b[^>]*>\s*(\d+)\s*</PMID>")


def references(raw: bytes) -> list[int]:
    """The PMIDs a record cites, highest first."""
    at = raw.find(b"<ReferenceList")
    listed = CITED_ID.findall(raw, at) if at >= 0 else []
    cites = [pmid for link in CITES.findall(raw) for pmid in LINKED_ID.findall(link)]
    return sorted({int(pmid) for pmid in (*listed, *cites)}, reverse=True)


def citing(corpus: Corpus) -> Mapping[int, list[int]]:
    """For each cited PMID the records that cite it, highest first; remembered with the corpus."""
    if corpus.citing is None:
        found: dict[int, list[int]] = defaultdict(list)
        for pmid in reversed(corpus.records):
            for cited in references(corpus.records[pmid].raw):
                found[cited].append(pmid)
        corpus.citing = dict(found)
    return corpus.citing
