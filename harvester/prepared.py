"""A record made ready for its tables: everything that needs no database is worked out here, in any process.

Plain values only, in the order of the tables' columns, so that another process can send them at little cost.
"""

import hashlib
import json
import zlib
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple, TypeAlias

from db.integrity import integrity_of, integrity_where, is_retraction_mark
from db.types import Integrity
from harvester.canonical_record import SCALARS, parts_of, qualifiers_json, scalars_of
from harvester.pubmed_xml import PARSER_VERSION
from harvester.records import ArticleRecord
from harvester.rows import COLUMNS, DATES, SORTED, Content, canonical_of, digest, to_json

JSON_COLUMNS = ("sections", "authors", "languages", "keywords")
_SAID = tuple(name for name in COLUMNS if name not in ("pmid", "doi"))
# The columns of `article` that the record alone decides; PMID and DOI may already belong to another article.
PREPARED_COLUMNS = (*_SAID, "abstract", "content_hash", "integrity", "raw_hash", "parser_version")

Rows: TypeAlias = tuple[tuple[str | int | bool | None, ...], ...]


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


def prepare(record: ArticleRecord, *, pack: bool = True) -> Prepared:
    """As `prepare_content` of the record's content, which is not made first: this is done for every record there is.

    Unless `pack`, the body is the raw record as it is, for `packed` to do in another process.
    """
    parts = parts_of(record)
    types, notices = record.publication_types, record.notices
    marked = any(is_retraction_mark(kind.ui, kind.name) for kind in types)
    children = (
        tuple([(i, kind.ui, kind.name) for i, kind in enumerate(types)]),
        tuple([(i, h.ui, h.name, h.major, qualifiers_json(h.qualifiers)) for i, h in enumerate(record.mesh)]),
        tuple([(i, r.databank, r.accession) for i, r in enumerate(record.registry_ids)]),
    )
    said = dict(zip(SCALARS, scalars_of(record), strict=True))
    for name in DATES:
        said[name] = day.isoformat() if (day := getattr(record, name)) else None
    integrity = integrity_where(marked, {notice.kind for notice in notices if notice.is_subject})
    done = _prepared(parts, said, record.abstract, integrity, children, bool(notices), record.raw)
    return packed(done) if pack else done


def prepare_content(content: Content, raw: bytes | None) -> Prepared:
    parts = {name: to_json(content[name]) for name in SORTED}
    abstract = "\n\n".join([f"{s['label']}: {s['text']}" if s["label"] else s["text"] for s in content["sections"]])
    kinds = {notice["kind"] for notice in content["notices"] if notice["is_subject"]}
    children = (
        tuple([(i, t["ui"], t["name"]) for i, t in enumerate(content["publication_types"])]),
        tuple([(i, h["ui"], h["name"], h["major"], to_json(h["qualifiers"])) for i, h in enumerate(content["mesh"])]),
        tuple([(i, r["databank"], r["accession"]) for i, r in enumerate(content["registry_ids"])]),
    )
    integrity = integrity_of(content["publication_types"], kinds)
    return packed(_prepared(parts, content, abstract, integrity, children, bool(content["notices"]), raw))


def packed(record: Prepared) -> Prepared:
    """With its body as it is stored."""
    return record if record.body is None else record._replace(body=zlib.compress(record.body, 1))


def _prepared(
    parts: Mapping[str, str],
    said: Mapping[str, Any],
    abstract: str,
    integrity: Integrity,
    children: tuple[Rows, Rows, Rows],
    has_notices: bool,
    raw: bytes | None,
) -> Prepared:
    """From the parts as JSON and the plain values among them as they are."""
    whole = canonical_of(parts)
    columns = [parts[name] if name in JSON_COLUMNS else said[name] for name in _SAID]
    if not whole.isascii():
        columns = _without_halves(whole, columns)
    hashed, raw_hash = digest(whole), None if raw is None else raw_digest(raw)
    revised = said["date_revised"]
    return Prepared(
        pmid=said["pmid"],
        doi=said["doi"],
        version=said["version"],
        date_revised=date.fromisoformat(revised) if revised else None,
        title=said["title"],
        year=said["year"],
        journal=said["journal"],
        abstract=abstract,
        said=whole,
        content_hash=hashed,
        raw_hash=raw_hash,
        body=raw,
        columns=(*columns, abstract, hashed, integrity.value, raw_hash, PARSER_VERSION),
        publication_types=children[0],
        mesh=children[1],
        registry_ids=children[2],
        has_notices=has_notices,
    )


def raw_digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _without_halves(whole: str, columns: list[Any]) -> list[Any]:
    """Half a surrogate pair, as a JSON file may have, can only be stored escaped."""
    try:
        whole.encode()
    except UnicodeEncodeError:
        pairs = zip(_SAID, columns, strict=True)
        return [json.dumps(json.loads(value)) if name in JSON_COLUMNS else value for name, value in pairs]
    return columns
