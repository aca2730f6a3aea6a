"""A record made ready for its tables: everything that needs no database is worked out here, in any process.

Plain values only, in the order of the tables' columns, so that another process can send them at little cost.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple, TypeAlias

from db.integrity import integrity_of, integrity_where, is_retraction_mark
from db.types import Integrity
from harvester.canonical_record import parts_of, qualifiers_json
from harvester.pubmed_xml import PARSER_VERSION
from harvester.records import ArticleRecord
from harvester.rows import COLUMNS, DATES, SORTED, Content, canonical_of, to_json

JSON_COLUMNS = ("sections", "authors", "languages", "keywords")
_SAID = tuple(name for name in COLUMNS if name not in ("pmid", "doi"))
_JSON_PLACES = tuple((_SAID.index(name), name) for name in JSON_COLUMNS)
_DATE_PLACES = tuple(_SAID.index(name) for name in DATES)
_said_of = attrgetter(*_SAID)
# The columns of `article` that the record alone decides; PMID and DOI may already belong to another article.
PREPARED_COLUMNS = (*_SAID, "abstract", "content_hash", "integrity", "raw_hash", "parser_version")

Rows: TypeAlias = tuple[tuple[str | int | bool | None, ...], ...]


class Prepared(NamedTuple):
    """`columns` are the values of PREPARED_COLUMNS; `notices` are JSON; `raw` is the record as it came."""

    pmid: int | None
    doi: str | None
    version: int
    date_revised: date | None
    title: str
    year: int | None
    journal: str | None
    abstract: str
    content_hash: str
    raw_hash: str | None
    raw: bytes | None
    columns: tuple[str | int | None, ...]
    publication_types: Rows
    mesh: Rows
    registry_ids: Rows
    notices: str

    @property
    def content(self) -> Content:
        content: Content = dict(zip(_SAID, self.columns, strict=False))
        for name in JSON_COLUMNS:
            content[name] = json.loads(content[name])
        headings = [(ui, name, major, json.loads(str(said))) for _, ui, name, major, said in self.mesh]
        return content | {
            "pmid": self.pmid,
            "doi": self.doi,
            "publication_types": [{"ui": ui, "name": name} for _, ui, name in self.publication_types],
            "mesh": [{"ui": ui, "name": name, "major": m, "qualifiers": said} for ui, name, m, said in headings],
            "registry_ids": [{"databank": bank, "accession": number} for _, bank, number in self.registry_ids],
            "notices": json.loads(self.notices),
        }


def prepare(record: ArticleRecord) -> Prepared:
    """As `prepare_content` of the record's content, which is not made first: this is done for every record there is."""
    qualifiers = [qualifiers_json(heading.qualifiers) if heading.qualifiers else "[]" for heading in record.mesh]
    parts = parts_of(record, qualifiers)
    said = list(_said_of(record))
    for place in _DATE_PLACES:
        said[place] = said[place] and said[place].isoformat()
    types = record.publication_types
    headings = enumerate(zip(record.mesh, qualifiers, strict=True))
    children = (
        tuple([(i, kind.ui, kind.name) for i, kind in enumerate(types)]),
        tuple([(i, heading.ui, heading.name, heading.major, written) for i, (heading, written) in headings]),
        tuple([(i, r.databank, r.accession) for i, r in enumerate(record.registry_ids)]),
    )
    marked = any(is_retraction_mark(kind.ui, kind.name) for kind in types)
    integrity = integrity_where(marked, {notice.kind for notice in record.notices if notice.is_subject})
    named = (record.pmid, record.doi, record.version, record.date_revised)
    shown = (record.title, record.year, record.journal, record.abstract)
    return _prepared(parts, said, named, shown, integrity, children, record.raw)


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
    revised = content["date_revised"]
    named = (content["pmid"], content["doi"], content["version"], date.fromisoformat(revised) if revised else None)
    shown = (content["title"], content["year"], content["journal"], abstract)
    return _prepared(parts, [content[name] for name in _SAID], named, shown, integrity, children, raw)


def _prepared(
    parts: Mapping[str, str],
    said: Sequence[Any],
    named: tuple[int | None, str | None, int, date | None],
    shown: tuple[str, int | None, str | None, str],
    integrity: Integrity,
    children: tuple[Rows, Rows, Rows],
    raw: bytes | None,
) -> Prepared:
    """From the parts as JSON, and the plain values among them as they are."""
    columns = list(said)
    for place, name in _JSON_PLACES:
        columns[place] = parts[name]
    whole = canonical_of(parts)
    try:
        written = whole.encode()
    except UnicodeEncodeError:
        # Half a surrogate pair, as a JSON file may have, can only be stored escaped.
        written = whole.encode("utf-8", "surrogatepass")
        for place, _ in _JSON_PLACES:
            columns[place] = json.dumps(json.loads(columns[place]))
    hashed = hashlib.sha256(written).hexdigest()
    raw_hash = None if raw is None else hashlib.sha256(raw).hexdigest()
    columns += (shown[-1], hashed, integrity.value, raw_hash, PARSER_VERSION)
    return Prepared(*named, *shown, hashed, raw_hash, raw, tuple(columns), *children, parts["notices"])
