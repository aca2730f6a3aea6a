"""What the standard library's parser reads in an element of a PubMed record: an opinion independent of our own."""

import xml.etree.ElementTree as ET

from lxml import etree

from harvester.xml_math import formula_text


def squeezed(element: ET.Element | None) -> str:
    """The text with single spaces; how a formula is written is tested elsewhere."""
    if element is None:
        return ""
    for formula in [each for each in element.iter() if each.tag.endswith("math")]:
        formula.text = formula_text(etree.fromstring(ET.tostring(formula).rpartition(b">")[0] + b">"))
        for part in list(formula):
            formula.remove(part)
    return " ".join("".join(element.itertext()).split())
