"""iCite: `/api/pubs?pmids=1,2` and `/api/pubs/1`.

`citation_count`, `cited_by` and `references` are counted in the records served; year, title, authors, journal and doi
are the record's own. What iCite computes from all of PubMed (ratios, percentile, apt, human ...) is null until a `cite`
event says it. PMIDs it does not know are absent, and come back in no particular order: by number.
"""

import re
from collections.abc import Mapping
from typing import Any

from eutils_server.citations import citing, references
from eutils_server.protocol import Answer, Refused, json_answer
from eutils_server.record import Record, content, contents, element_of
from eutils_server.today import Today, doi_of

FIELDS = (
    "pmid year title authors journal is_research_article relative_citation_ratio nih_percentile human animal "
    "molecular_cellular apt is_clinical citation_count citations_per_year expected_citations_per_year "
    "field_citation_rate provisional x_coord y_coord cited_by_clin cited_by references doi last_modified"
).split()
MOST = 200


def icite(today: Today, parts: tuple[str, ...], params: Mapping[str, str]) -> Answer:
    if other := set(params) - {"pmids", "fl", "format"}:
        raise Refused(f"iCite with {', '.join(sorted(other))}")
    if params.get("format", "json") != "json":
        raise Refused(f"iCite with format={params['format']!r}")
    if parts[0]:
        row = measured(today, int(parts[0]), spoken(today))
        return json_answer(row) if row else json_answer({"error": "not found"}, 404)
    asked = [one for one in re.split(r"[,\s]+", params.get("pmids", "")) if one]
    if not asked or not all(one.isdecimal() for one in asked):
        raise Refused(f"iCite with pmids={params.get('pmids')!r}, numbers with commas between them are expected")
    if len(asked) > MOST:
        # The wording is ours: the limit is on iCite's support page, its answer above it is not on record.
        return json_answer({"error": f"at most {MOST} pmids a request"}, 400)
    fields = [name for name in params.get("fl", "").split(",") if name] or FIELDS
    if unknown := set(fields) - set(FIELDS):
        raise Refused(f"iCite with fl={', '.join(sorted(unknown))}")
    said = spoken(today)
    rows = [measured(today, pmid, said) for pmid in sorted({int(one) for one in asked})]
    told = {name: params[name] for name in ("pmids", "fl") if name in params}
    here = f"{today.url}api/pubs?" + "&".join(f"{name}={value}" for name, value in told.items())
    data = [{name: row[name] for name in fields} for row in rows if row]
    return json_answer({"meta": told, "links": {"self": here}, "data": data})


def spoken(today: Today) -> dict[int, dict[str, Any]]:
    """What the script says of each PMID: a later event adds to an earlier one, and ends its absence."""
    said: dict[int, dict[str, Any]] = {}
    for event in today.events("cite"):
        before = said.get(event.number("pmid"), {})
        said[event.number("pmid")] = {**before, "absent": False, **event.takes}
    return said


def measured(today: Today, pmid: int, scripted: Mapping[int, dict[str, Any]]) -> dict[str, Any] | None:
    said = dict(scripted.get(pmid, {}))
    record = today.corpus.records.get(pmid)
    if said.pop("absent", False) or (record is None and not said):
        return None
    cited_by = citing(today.corpus).get(pmid, [])
    row: dict[str, Any] = dict.fromkeys(FIELDS)
    row |= {"pmid": pmid, "citation_count": len(said.get("cited_by", cited_by)), "cited_by": cited_by}
    row |= {"references": [], "last_modified": f"{today.date:%m/%d/%Y}, 00:00:00"}
    if record is not None:
        row |= described(record)
    return {**row, **said}


def described(record: Record) -> dict[str, Any]:
    root = element_of(record.raw)
    published = min(record.dates["PDAT"], default=None)
    names = []
    for author in root.iterfind(".//AuthorList/Author"):
        parts = (author.findtext("ForeName") or author.findtext("Initials"), author.findtext("LastName"))
        collective = author.find("CollectiveName")
        names.append(" ".join(filter(None, parts)) if collective is None else content(collective))
    return {
        "year": published.year if published else None,
        "title": next(iter(contents(root, ".//ArticleTitle", ".//BookTitle")), ""),
        "authors": ", ".join(names),
        "journal": next(iter(contents(root, ".//MedlineTA")), ""),
        "references": references(record.raw),
        "doi": doi_of(record.raw),
    }
