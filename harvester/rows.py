"""An article's content as JSON: what is hashed, compared, kept in a revision, and spread over the tables.

Canonical form for hashing: UTF-8 JSON, keys sorted, no spaces, dates as ISO 8601.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from db.models import Article, ArticleMesh, ArticlePublicationType, ArticleRegistryId, Notice
from harvester.records import ArticleRecord

Content = dict[str, Any]

DATES = ("electronic_date", "date_revised", "date_completed", "date_entered")
COLUMNS = (
    *("pmid", "version", "title", "vernacular_title", "sections", "authors", "journal", "iso_abbreviation", "issn"),
    *("volume", "issue", "pages", "year", "month", "day", "medline_date", "electronic_date", "doi", "pmcid"),
    *("languages", "keywords", "status", "indexing_method", "date_revised", "date_completed", "date_entered"),
)
CHILDREN = ("publication_types", "mesh", "registry_ids", "notices")
NOTICE_SOURCE = "pubmed"


def content_of(record: ArticleRecord) -> Content:
    """Everything the record says, without its raw bytes."""
    said = asdict(record)
    content = {name: _plain(said[name]) for name in COLUMNS + CHILDREN}
    fields = ("ref_type", "kind", "is_subject", "pmid", "source", "note")
    links = [{name: notice[name] for name in fields} for notice in content["notices"]]
    content["notices"] = list({_notice_key(link): link for link in reversed(links)}.values())[::-1]
    return content


def stored_content(
    article: Article,
    publication_types: Sequence[ArticlePublicationType],
    mesh: Sequence[ArticleMesh],
    registry_ids: Sequence[ArticleRegistryId],
    notices: Sequence[Notice],
) -> Content:
    """The same of an article in the library; only PubMed's own standing notices are part of a record."""
    content = {name: _plain(getattr(article, name)) for name in COLUMNS}
    content["publication_types"] = [{"ui": t.ui, "name": t.name} for t in publication_types]
    content["mesh"] = [{"ui": m.ui, "name": m.name, "major": m.major, "qualifiers": m.qualifiers} for m in mesh]
    content["registry_ids"] = [{"databank": r.databank, "accession": r.accession} for r in registry_ids]
    content["notices"] = [
        {
            "ref_type": n.ref_type,
            "kind": n.kind,
            "is_subject": n.is_subject,
            "pmid": n.other_pmid,
            "source": n.stated,
            "note": n.note,
        }
        for n in notices
        if n.source == NOTICE_SOURCE and n.withdrawn_at is None
    ]
    return content


def merged(old: Content, new: Content) -> Content:
    """What a second reference file adds: it fills and replaces, and empties nothing."""
    return {name: new[name] if new[name] not in (None, "", []) else old[name] for name in old}


def content_hash(content: Content) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def changed_fields(old: Content, new: Content) -> list[str]:
    return sorted(name for name in new if old.get(name) != new[name])


def article_columns(content: Content) -> dict[str, Any]:
    """The columns of `article` that the content decides."""
    columns = {name: content[name] for name in COLUMNS}
    for name in DATES:
        columns[name] = date.fromisoformat(content[name]) if content[name] else None
    columns["abstract"] = "\n\n".join(
        f"{part['label']}: {part['text']}" if part["label"] else part["text"] for part in content["sections"]
    )
    columns["content_hash"] = content_hash(content)
    return columns


def notice_rows(article_id: int, content: Content) -> dict[str, dict[str, Any]]:
    """The rows of `notice` by source key, which is the same whenever the same thing is said of the same article."""
    return {
        f"{article_id}:{_notice_key(notice)}": {
            "article_id": article_id,
            "is_subject": notice["is_subject"],
            "kind": notice["kind"],
            "ref_type": notice["ref_type"],
            "other_pmid": notice["pmid"],
            "other_doi": None,
            "stated": notice["source"],
            "note": notice["note"],
            "source": NOTICE_SOURCE,
            "source_key": f"{article_id}:{_notice_key(notice)}",
            "position": position,
            "dated": None,
        }
        for position, notice in enumerate(content["notices"])
    }


def _notice_key(notice: Content) -> str:
    """A link without a PMID is known by the words it cites."""
    other = notice["pmid"] or hashlib.sha256((notice["source"] or "").encode()).hexdigest()[:12]
    return f"{notice['ref_type']}:{other}"


def _plain(value: Any) -> Any:
    """The value as JSON gives it back."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value
