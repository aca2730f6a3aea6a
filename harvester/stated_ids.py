"""The PMID, DOI and PMCID that a reference states, wherever its dialect puts them.

A PMID that is impossible is refused rather than left out: somebody meant an article by it.
"""

import re
from collections.abc import Iterable

from harvester.identifiers import normal_doi, normal_pmcid, pmid_number
from harvester.not_pubmed import one_line

_WHOLE = re.compile(r"(\d+)(?:\.0+)?", re.ASCII)
_DOI_WITHIN = re.compile(r"10\.\d{4,9}/\S+", re.ASCII)
# A field for DOIs that says "none" in words.
_NOTHING = re.compile(r"[-–—?.\s]*|n/?a|none|null|nan|unknown|not available", re.IGNORECASE)
# A line of its own, as Zotero's Extra and Cochrane's exports have it; a sentence that cites another PMID is none.
_PMID_LINE = re.compile(
    r"(?:PubMed\s+)?(?:PMID|PubMed(?: ID)?)\s*[:=]?\s*(\d+)\s*(?:[;,.|].*)?", re.ASCII | re.IGNORECASE
)
_PMID_ADDRESS = re.compile(
    r"https?://(?:pubmed\.ncbi\.nlm\.nih\.gov|(?:www\.)?ncbi\.nlm\.nih\.gov/pubmed|europepmc\.org/(?:article|abstract)/MED)"
    r"/(\d+)/?(?:[?#]\S*)?",
    re.ASCII | re.IGNORECASE,
)
_PMCID_LINE = re.compile(r"(?:PMCID\s*[:=]?\s*)?(PMC\d+)\s*(?:[;,.|].*)?", re.ASCII | re.IGNORECASE)
_DOI_LINE = re.compile(r"(?:doi\s*[:=]\s*|https?://(?:dx\.)?doi\.org/)(10\.\d{4,9}/\S+)", re.ASCII | re.IGNORECASE)


def stated_pmid(text: str) -> int | None:
    """The PMID of a field that holds nothing else. Raises ValueError when it is none that PubMed gives."""
    text = text.strip()
    if not text:
        return None
    # A spreadsheet with gaps turns whole numbers into 123.0.
    whole = _WHOLE.fullmatch(text)
    number = pmid_number(whole[1]) if whole else None
    if number is None:
        raise ValueError(f"pmid “{one_line(text, 60)}” is not a number that PubMed gives")
    return number


def one_pmid(candidates: Iterable[int | None]) -> int | None:
    """Raises ValueError when a reference names two articles of PubMed."""
    found = list(dict.fromkeys(each for each in candidates if each is not None))
    if len(found) > 1:
        raise ValueError(f"it names more than one PMID ({', '.join(map(str, found))})")
    return found[0] if found else None


def pmids_in(text: str) -> list[int]:
    """PMIDs that stand on a line of their own, or as an address of PubMed. Raises ValueError for an impossible one."""
    lines = [line.strip() for line in text.splitlines()]
    found = [match[1] for line in lines if (match := _PMID_LINE.fullmatch(line) or _PMID_ADDRESS.fullmatch(line))]
    return [number for each in found if (number := stated_pmid(each)) is not None]


def stated_doi(text: str) -> str | None:
    """The DOI of a field for DOIs, without what dialects put around it. Raises ValueError when there is none in it."""
    if _NOTHING.fullmatch(text.strip()):
        return None
    found = _DOI_WITHIN.search(text)
    doi = normal_doi(found[0].rstrip(".,;")) if found else None
    if doi is None:
        raise ValueError(f"doi “{one_line(text, 60)}” is not a DOI")
    return doi


def doi_in(text: str) -> str | None:
    """A DOI that stands on a line of its own, after `doi:` or as an address."""
    for line in re.split(r"\s*[\n]\s*|;\s+", text):
        if (found := _DOI_LINE.fullmatch(line.strip())) and (doi := normal_doi(found[1].rstrip(".,;"))):
            return doi
    return None


def pmcid_in(text: str) -> str | None:
    """A PMCID that stands on a line of its own."""
    for line in re.split(r"[\n;]", text):
        if found := _PMCID_LINE.fullmatch(line.strip()):
            return normal_pmcid(found[1])
    return None
