"""An article's content as JSON: what is hashed, compared, kept in a revision, and spread over the tables.

Canonical form for hashing: UTF-8 JSON, keys sorted, no spaces, dates as ISO 8601.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any

from harvester.records import NoticeLink

Content = dict[str, Any]

DATES = ("electronic_date", "date_revised", "date_completed", "date_entered")
COLUMNS = (
    *("pmid", "version", "title", "vernacular_title", "sections", "authors", "journal", "iso_abbreviation", "issn"),
    *("volume", "issue", "pages", "year", "month", "day", "medline_date", "electronic_date", "doi", "pmcid"),
    *("languages", "keywords", "status", "indexing_method", "date_revised", "date_completed", "date_entered"),
)
CHILDREN = ("publication_types", "mesh", "registry_ids", "notices")
NOTICE_SOURCE = "pubmed"
SORTED = sorted(COLUMNS + CHILDREN)
_CANONICAL = "{" + ",".join([f'"{name}":%s' for name in SORTED]) + "}"
_sorted_of = itemgetter(*SORTED)
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def link_contents(notices: Sequence[NoticeLink]) -> list[Content]:
    """One for each that is told of the same other record in the same way."""
    links = [_link(notice) for notice in notices]
    return list({_notice_key(link): link for link in reversed(links)}.values())[::-1]


def _link(notice: NoticeLink) -> Content:
    return {
        "ref_type": notice.ref_type,
        "kind": notice.kind,
        "is_subject": notice.is_subject,
        "pmid": notice.pmid,
        "source": notice.source,
        "note": notice.note,
    }


def merged(old: Content, new: Content) -> Content:
    """What a second reference file adds: it fills and replaces, and empties nothing."""
    return {name: new[name] if new[name] not in (None, "", []) else old[name] for name in old}


def canonical_of(parts: Mapping[str, str]) -> str:
    """The canonical form of a content, given that of each of its parts."""
    canonical: str = _CANONICAL % _sorted_of(parts)
    return canonical


def to_json(value: Any) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if not value and value != 0:
        return "null" if value is None else "[]"
    return str(value) if isinstance(value, int) else _encode(value)


def changed_fields(old: Content, new: Content) -> list[str]:
    return sorted(name for name in new if old.get(name) != new[name])


def notice_rows(article_id: int, notices: Sequence[Content]) -> dict[str, dict[str, Any]]:
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
        for position, notice in enumerate(notices)
    }


def _notice_key(notice: Content) -> str:
    """A link without a PMID is known by the words it cites."""
    other = notice["pmid"] or hashlib.sha256((notice["source"] or "").encode()).hexdigest()[:12]
    return f"{notice['ref_type']}:{other}"
