"""Who wrote it, in any form the DTD allows: people, groups, addresses in their several places."""

from typing import Any

from harvester.identifiers import normal_orcid
from harvester.records import Author
from harvester.xml_tree import Found, text_of

_NAMES = frozenset({"LastName", "ForeName", "Initials", "Suffix", "CollectiveName"})


def author_list(element: Any, found: Found) -> None:
    if element.get("Type") == "editors":
        return
    authors = found.setdefault("authors", [])
    for child in element:
        # ValidYN="N" is a superseded spelling of a name that stands beside it.
        if child.tag == "Author" and child.get("ValidYN") != "N" and (author := _author(child)):
            authors.append(author)


def _author(element: Any) -> Author | None:
    name: dict[str, str] = {}
    addresses: list[str] = []
    orcid = None
    for child in element:
        tag = child.tag
        if tag in _NAMES:
            if text := text_of(child):
                name[tag] = text
        elif tag == "AffiliationInfo":
            addresses += [text for part in child if part.tag == "Affiliation" and (text := text_of(part))]
        elif tag == "Affiliation":
            addresses += filter(None, [text_of(child)])
        elif tag == "Identifier" and child.get("Source") == "ORCID":
            orcid = orcid or normal_orcid(text_of(child))
    part_of = name.get
    if "CollectiveName" in name:
        return Author(collective=name["CollectiveName"], affiliations=tuple(addresses))
    if "LastName" not in name and "ForeName" not in name:
        return None
    last, fore, initials, suffix = part_of("LastName"), part_of("ForeName"), part_of("Initials"), part_of("Suffix")
    return Author(last, fore, initials, suffix, None, orcid, tuple(addresses))
