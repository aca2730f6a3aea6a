"""PMID, DOI, PMCID and ORCID as sources write them, in one form each."""

import re

from harvester.records import DOI_SHAPE

_DOI_PREFIX = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_PMCID = re.compile(r"PMC(\d+)", re.IGNORECASE)
_ORCID = re.compile(r"(?<!\d)(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dXx])(?!\d)", re.ASCII)


def normal_doi(text: str) -> str | None:
    """The DOI in lower case without resolver or `doi:`; None when the text is not a DOI.

    DOI names are case-insensitive (DOI Handbook 2.4).
    """
    doi = text.strip()
    if not doi.startswith("10."):
        doi = _DOI_PREFIX.sub("", doi, count=1)
    return doi.lower() if DOI_SHAPE.fullmatch(doi) else None


def normal_pmcid(text: str) -> str | None:
    """`PMC` and digits, without a version; None when there is none."""
    found = _PMCID.search(text)
    return f"PMC{found[1]}" if found else None


def normal_orcid(text: str) -> str | None:
    """Four groups of four joined by hyphens, whether it came as a URL, with hyphens or without."""
    found = _ORCID.search(text)
    return "-".join(found.groups()).upper() if found else None


def pmid_number(text: str) -> int | None:
    """The PMID as a number; None when the text is not one that fits the library (31 bits)."""
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        return None
    number = int(text)
    return number if 0 < number < 2**31 else None
