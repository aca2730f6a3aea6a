"""Invented baseline and update files with their MD5, as NLM publishes them."""

import gzip
import hashlib
from collections.abc import Iterable
from pathlib import Path


def publish(folder: Path, number: int, records: Iterable[str], *, deleted: Iterable[int] = (), year: int = 26) -> Path:
    """A file of these records and deletions, in place of one of the same name."""
    gone = "".join(f'<PMID Version="1">{pmid}</PMID>' for pmid in deleted)
    body = "\n".join([*records, f"<DeleteCitation>{gone}</DeleteCitation>"] if gone else records)
    path = folder / f"pubmed{year:02}n{number:04}.xml.gz"
    text = f'<?xml version="1.0" encoding="utf-8"?>\n<PubmedArticleSet>\n{body}\n</PubmedArticleSet>\n'
    path.write_bytes(gzip.compress(text.encode(), 1, mtime=0))
    sign(path)
    return path


def sign(path: Path) -> None:
    md5 = hashlib.md5(path.read_bytes()).hexdigest()
    path.with_name(path.name + ".md5").write_text(f"MD5({path.name})= {md5}\n")
