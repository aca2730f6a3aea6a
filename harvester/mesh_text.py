"""MeSH headings and registry numbers in the notation of MEDLINE (NLM, "MEDLINE/PubMed Data Element Descriptions")."""

from harvester.records import MeshHeading, MeshQualifier, RegistryId


def mesh_heading(text: str) -> MeshHeading:
    """ "Depressive Disorder/*drug therapy": a star on what is a major topic."""
    descriptor, *qualifiers = (part.strip() for part in text.split("/"))
    return MeshHeading(
        None,
        descriptor.removeprefix("*"),
        descriptor.startswith("*"),
        tuple(MeshQualifier(None, name.removeprefix("*"), name.startswith("*")) for name in qualifiers if name),
    )


def registry_id(text: str) -> RegistryId | None:
    """ "ClinicalTrials.gov/NCT00000000": the databank, a slash, the accession."""
    databank, slash, accession = text.strip().partition("/")
    return RegistryId(databank, accession) if slash and databank and accession else None
