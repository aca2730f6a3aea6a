"""A record made ready for its tables: everything that needs no database is worked out here, in any process.

Plain values only, in the order of the tables' columns, so that another process can send them at little cost.
"""

import hashlib
import json
import zlib
from datetime import date
from typing import NamedTuple

from db.types import Integrity
from harvester.integrity import integrity_of
from harvester.pubmed_xml import PARSER_VERSION
from harvester.records import ArticleRecord
from harvester.rows import COLUMNS, Content, canonical, content_of, digest

JSON_COLUMNS = ("sections", "authors", "languages", "keywords")
_SAID = tuple(name for name in COLUMNS if name not in ("pmid", "doi"))
# The columns of `article` that the record alone decides; PMID and DOI may already belong to another article.
PREPARED_COLUMNS = (*_SAID, "abstract", "content_hash", "integrity", "raw_hash", "parser_version")

Rows = tuple[tuple[str | int | bool | None, ...], ...]


class Prepared(NamedTuple):
    """`columns` are the values of PREPARED_COLUMNS; `said` is the content as canonical JSON; `body` the packed raw."""

    pmid: int | None
    doi: str | None
    version: int
    date_revised: date | None
    title: str
    year: int | None
    journal: str | None
    abstract: str
    said: str
    content_hash: str
    raw_hash: str | None
    body: bytes | None
    columns: tuple[str | int | None, ...]
    publication_types: Rows
    mesh: Rows
    registry_ids: Rows
    has_notices: bool

    @property
    def content(self) -> Content:
        said: Content = json.loads(self.said)
        return said


def prepare(record: ArticleRecord) -> Prepared:
    return prepare_content(content_of(record), record.raw)


def prepare_content(content: Content, raw: bytes | None) -> Prepared:
    said, parts = canonical(content)
    if not said.isascii():
        parts = _without_halves(said, content, parts)
    sections = content["sections"]
    abstract = "\n\n".join([f"{s['label']}: {s['text']}" if s["label"] else s["text"] for s in sections])
    kinds = {notice["kind"] for notice in content["notices"] if notice["is_subject"]}
    integrity: Integrity = integrity_of(content["publication_types"], kinds)
    revised, hashed = content["date_revised"], digest(said)
    raw_hash = None if raw is None else raw_digest(raw)
    columns = [parts[name] if name in JSON_COLUMNS else content[name] for name in _SAID]
    return Prepared(
        pmid=content["pmid"],
        doi=content["doi"],
        version=content["version"],
        date_revised=date.fromisoformat(revised) if revised else None,
        title=content["title"],
        year=content["year"],
        journal=content["journal"],
        abstract=abstract,
        said=said,
        content_hash=hashed,
        raw_hash=raw_hash,
        body=None if raw is None else zlib.compress(raw, 1),
        columns=(*columns, abstract, hashed, integrity.value, raw_hash, PARSER_VERSION),
        publication_types=tuple([(i, t["ui"], t["name"]) for i, t in enumerate(content["publication_types"])]),
        mesh=tuple([_mesh_row(i, heading) for i, heading in enumerate(content["mesh"])]),
        registry_ids=tuple([(i, r["databank"], r["accession"]) for i, r in enumerate(content["registry_ids"])]),
        has_notices=bool(content["notices"]),
    )


def raw_digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _mesh_row(position: int, heading: Content) -> tuple[str | int | bool | None, ...]:
    qualifiers = heading["qualifiers"]
    stated = json.dumps(qualifiers, ensure_ascii=False) if qualifiers else "[]"
    return position, heading["ui"], heading["name"], heading["major"], stated


def _without_halves(said: str, content: Content, parts: dict[str, str]) -> dict[str, str]:
    """Half a surrogate pair, as a JSON file may have, can only be stored escaped."""
    try:
        said.encode()
    except UnicodeEncodeError:
        return {name: json.dumps(content[name]) for name in parts}
    return parts
