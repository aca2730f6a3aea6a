"""The canonical JSON of a record's parts, written straight from the record (`rows` says what is in it). Keys are in the
order of the alphabet."""

from collections.abc import Iterable, Sequence
from json.encoder import encode_basestring as quoted
from operator import attrgetter

from harvester.records import ArticleRecord, Author, MeshHeading, MeshQualifier
from harvester.rows import COLUMNS, DATES, link_contents, to_json

LISTS = ("authors", "keywords", "languages", "mesh", "notices", "publication_types", "registry_ids", "sections")
SCALARS = tuple(name for name in COLUMNS if name not in (*DATES, *LISTS))
_scalars_of = attrgetter(*SCALARS)
_dates_of = attrgetter(*DATES)


def parts_of(record: ArticleRecord, qualifiers: Sequence[str]) -> dict[str, str]:
    """By name, in any order; `qualifiers` are the JSON of those of each MeSH heading."""
    parts = {name: to_json(value) for name, value in zip(SCALARS, _scalars_of(record), strict=True)}
    for name, day in zip(DATES, _dates_of(record), strict=True):
        parts[name] = f'"{day.isoformat()}"' if day else "null"
    parts["authors"] = _list([_author(author) for author in record.authors])
    parts["keywords"] = _list(map(quoted, record.keywords))
    parts["languages"] = _list(map(quoted, record.languages))
    parts["mesh"] = _list(map(_heading, record.mesh, qualifiers))
    parts["notices"] = to_json(link_contents(record.notices)) if record.notices else "[]"
    parts["publication_types"] = _list(
        [f'{{"name":{quoted(t.name)},"ui":{_text(t.ui)}}}' for t in record.publication_types]
    )
    parts["registry_ids"] = _list(
        [f'{{"accession":{quoted(r.accession)},"databank":{quoted(r.databank)}}}' for r in record.registry_ids]
    )
    parts["sections"] = _list(
        [
            f'{{"category":{_text(s.category)},"label":{_text(s.label)},"text":{quoted(s.text)}}}'
            for s in record.sections
        ]
    )
    return parts


def qualifiers_json(qualifiers: Iterable[MeshQualifier]) -> str:
    return _list(
        [f'{{"major":{"true" if q.major else "false"},"name":{quoted(q.name)},"ui":{_text(q.ui)}}}' for q in qualifiers]
    )


def _author(author: Author) -> str:
    addresses = _list(map(quoted, author.affiliations)) if author.affiliations else "[]"
    return (
        f'{{"affiliations":{addresses},"collective":{_text(author.collective)},"fore":{_text(author.fore)},'
        f'"initials":{_text(author.initials)},"last":{_text(author.last)},"orcid":{_text(author.orcid)},'
        f'"suffix":{_text(author.suffix)}}}'
    )


def _heading(heading: MeshHeading, qualifiers: str) -> str:
    major = "true" if heading.major else "false"
    return f'{{"major":{major},"name":{quoted(heading.name)},"qualifiers":{qualifiers},"ui":{_text(heading.ui)}}}'


def _text(value: str | None) -> str:
    return "null" if value is None else quoted(value)


def _list(parts: Iterable[str]) -> str:
    return "[" + ",".join(parts) + "]"
