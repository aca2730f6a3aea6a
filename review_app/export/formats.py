"""The formats that articles leave the library in."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from review_app.export.bibtex import bibtex
from review_app.export.csl import csl_json
from review_app.export.model import ExportedArticle
from review_app.export.nbib import nbib
from review_app.export.ris import ris
from review_app.export.tables import csv_lines, jsonl


@dataclass(frozen=True, slots=True)
class Format:
    """A format by the name that the command takes. `has_tags`: it carries what tagging and reviewers say."""

    name: str
    label: str
    suffix: str
    media_type: str
    write: Callable[[Iterable[ExportedArticle]], Iterator[str]]
    has_tags: bool = False


FORMATS: Mapping[str, Format] = {
    each.name: each
    for each in (
        Format("ris", "RIS (EndNote, Zotero, Mendeley)", "ris", "application/x-research-info-systems", ris),
        Format("bibtex", "BibTeX (LaTeX, JabRef)", "bib", "application/x-bibtex", bibtex),
        Format("csl-json", "CSL-JSON (Pandoc, Zotero)", "json", "application/vnd.citationstyles.csl+json", csl_json),
        Format("nbib", "MEDLINE (PubMed's nbib)", "nbib", "application/nbib", nbib),
        Format("csv", "CSV (a spreadsheet)", "csv", "text/csv", csv_lines, has_tags=True),
        Format("jsonl", "JSON lines (everything known)", "jsonl", "application/x-ndjson", jsonl, has_tags=True),
    )
}
