"""An invented article with everything an export can hold, and ways to vary it. No person or trial in it exists."""

from dataclasses import fields, replace
from typing import Any

from review_app.export.model import ExportedArticle

PLAIN: dict[str, Any] = {
    "id": 1,
    "version": 1,
    "title": "",
    "abstract": "",
    "integrity": "none_known",
    "retrieved_at": "2026-03-01T09:00:00+00:00",
    **{
        name: [] for name in ("sections", "authors", "publication_types", "mesh", "keywords", "registry_ids", "notices")
    },
    "suggested": {},
}


def bare(**known: Any) -> ExportedArticle:
    """An article of which nothing is known but this."""
    empty: dict[str, Any] = {item.name: None for item in fields(ExportedArticle)}
    return ExportedArticle(**(empty | PLAIN | known))


def author(last: str | None = None, fore: str | None = None, **known: Any) -> dict[str, Any]:
    empty = {"initials": None, "suffix": None, "collective": None, "orcid": None, "affiliations": []}
    return {"last": last, "fore": fore, **empty, **known}


def notice(kind: str, *, is_subject: bool = True, **known: Any) -> dict[str, Any]:
    return {"kind": kind, "pmid": None, "source": None, "doi": None, "note": None, **known, "is_subject": is_subject}


def qualifier(name: str, *, major: bool = False) -> dict[str, Any]:
    return {"ui": "Q000000", "name": name, "major": major}


def heading(name: str, *qualifiers: dict[str, Any], major: bool = False) -> dict[str, Any]:
    return {"ui": "D000000", "name": name, "major": major, "qualifiers": list(qualifiers)}


FULL = bare(
    pmid=90000001,
    title="Ketamine (0.5 mg/kg) & CO2 in TRD: 50% of $100 spent, a <sub> in the title",
    abstract="BACKGROUND: Whether 5% of {some} help is unknown.\n\nRESULTS: MADRS fell by 7.4 points -- p < 0.05.",
    sections=[
        {"label": "BACKGROUND", "category": "BACKGROUND", "text": "Whether 5% of {some} help is unknown."},
        {"label": "RESULTS", "category": "RESULTS", "text": "MADRS fell by 7.4 points -- p < 0.05."},
    ],
    authors=[
        author(
            "Lindqvist", "Astrid Maria", initials="AM", orcid="0000-0000-0000-0001", affiliations=["Ward 1, Uppsala."]
        ),
        author("van der Berg", "Jan", initials="J", suffix="Jr", affiliations=["Ward 2, Utrecht.", "Ward 1, Uppsala."]),
        author("Núñez-Čapek", "Žofie", initials="Ž"),
        author(collective="Invented Ketamine and Mood Study Group"),
    ],
    journal="Invented Journal of Psychiatry",
    iso_abbreviation="Invented J. Psychiatry",
    volume="12",
    issue="3 Suppl 1",
    pages="S201-9",
    year=2024,
    month=5,
    day=3,
    electronic_date="2024-04-30",
    doi="10.5555/invented_1",
    pmcid="PMC90000001",
    issn="1234-567X",
    language="ger; eng",
    vernacular_title="Ketamin bei Depression",
    publication_types=[
        {"ui": "D016428", "name": "Journal Article"},
        {"ui": "D016441", "name": "Retracted Publication"},
    ],
    mesh=[
        heading("Ketamine", qualifier("administration & dosage", major=True), qualifier("adverse effects")),
        heading("Depressive Disorder, Treatment-Resistant", major=True),
    ],
    keywords=["ketamine", "mood; state"],
    registry_ids=["ClinicalTrials.gov/NCT90000001"],
    integrity="retracted",
    notices=[
        notice("retraction", pmid=90000003, source="Invented J Psychiatry. 2025;13:1"),
        notice("erratum", source="Invented J Psychiatry. 2024;12(5):400", note="dose corrected"),
        notice("comment", is_subject=False, pmid=90000004, source="Made-up Acta. 2023;1:9."),
        notice("associated_dataset", is_subject=False, source="Invented Repository. 10.5555/data"),
    ],
    status="MEDLINE",
    date_revised="2026-02-11",
    date_completed="2024-09-01",
    date_entered="2024-05-04",
)


def of_the_same(count: int, **known: Any) -> list[ExportedArticle]:
    return [replace(FULL, id=number, pmid=90000000 + number, **known) for number in range(1, count + 1)]
