"""DailyMed: `/spls.json?drug_name=`, `/spls/{setid}/history.json` and `/spls/{setid}.xml`, from `label` events.

A label is found by any of its drug names, or by a word or words of its title, in any case. `spl_version` is a number in
the list and text in the history: both have been seen. The document is HL7 SPL, its sections by LOINC code.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from eutils_server.clock import date_of
from eutils_server.events import Event
from eutils_server.protocol import Answer, Refused, json_answer, text_answer
from eutils_server.today import Today
from eutils_server.words import plain

LOINC = "2.16.840.1.113883.6.1"
# Source: LOINC codes of FDA's "Section Headings" list for SPL.
SECTIONS = {
    "34066-1": "BOXED WARNING SECTION",
    "34067-9": "INDICATIONS & USAGE SECTION",
    "34068-7": "DOSAGE & ADMINISTRATION SECTION",
    "34070-3": "CONTRAINDICATIONS SECTION",
    "34071-1": "WARNINGS SECTION",
    "43685-7": "WARNINGS AND PRECAUTIONS SECTION",
    "34084-4": "ADVERSE REACTIONS SECTION",
    "34073-7": "DRUG INTERACTIONS SECTION",
    "43684-0": "USE IN SPECIFIC POPULATIONS SECTION",
    "42227-9": "DRUG ABUSE AND DEPENDENCE SECTION",
}
MOST = 100


@dataclass(slots=True)
class Version:
    number: int
    published: date


@dataclass(slots=True)
class Label:
    setid: str
    title: str = "INVENTED LABEL"
    drug_names: list[str] = field(default_factory=list)
    sections: dict[str, str] = field(default_factory=dict)
    versions: list[Version] = field(default_factory=list)

    def say(self, event: Event) -> None:
        takes = event.takes
        self.title, self.drug_names = str(takes.get("title", self.title)), takes.get("drug_names", self.drug_names)
        sections = {**self.sections, **takes.get("sections", {})}
        self.sections = {code: str(text) for code, text in sections.items() if text}
        year, month, day = map(int, event.text("published", f"{date_of(event.day):%Y/%m/%d}").split("/"))
        number = event.number("version", self.versions[-1].number + 1 if self.versions else 1)
        self.versions.append(Version(number, date(year, month, day)))


def labels(today: Today) -> dict[str, Label]:
    found: dict[str, Label] = {}
    for event in today.events("label"):
        setid = event.text("setid")
        if event.takes.get("removed"):
            found.pop(setid, None)
        else:
            found.setdefault(setid, Label(setid)).say(event)
    return found


def dailymed(today: Today, parts: tuple[str, ...], params: Mapping[str, str]) -> Answer:
    setid, history, form = parts
    if not setid:
        if form != "json" or history:
            raise Refused(f"DailyMed's list as {form}")
        return listing(today, params)
    label = labels(today).get(setid)
    if label is None:
        return text_answer("The requested SPL was not found.", 404)
    if history and form == "json":
        return history_of(label)
    if form == "xml" and not history:
        return Answer(200, document(label).encode(), "text/xml; charset=UTF-8")
    raise Refused(f"DailyMed's {'history' if history else 'label'} as {form}")


def listing(today: Today, params: Mapping[str, str]) -> Answer:
    if other := set(params) - {"drug_name", "page", "pagesize"}:
        raise Refused(f"DailyMed with {', '.join(sorted(other))}")
    size, page = (params.get(name, default) for name, default in (("pagesize", "100"), ("page", "1")))
    if not (size.isdecimal() and page.isdecimal() and 1 <= int(size) <= MOST and int(page) >= 1):
        raise Refused(f"DailyMed with pagesize={size} and page={page}")
    name = f" {plain(params.get('drug_name', ''))} "
    found = [
        one for one in labels(today).values() if any(name in f" {plain(t)} " for t in (one.title, *one.drug_names))
    ]
    found = found if name.strip() else list(labels(today).values())
    found.sort(key=lambda label: (label.versions[-1].published, label.setid), reverse=True)
    at = (int(page) - 1) * int(size)
    rows = [
        {
            "spl_version": label.versions[-1].number,
            "published_date": spoken(label.versions[-1].published),
            "title": label.title,
            "setid": label.setid,
        }
        for label in found[at : at + int(size)]
    ]
    return json_answer({"data": rows, "metadata": metadata(today, params, len(found), int(size), int(page))})


def metadata(today: Today, params: Mapping[str, str], total: int, size: int, page: int) -> dict[str, Any]:
    pages = max(1, -(-total // size))

    def url(number: int) -> str:
        given = {**params, "page": str(number)}
        return f"{today.url}dailymed/services/v2/spls.json?" + "&".join(f"{name}={given[name]}" for name in given)

    return {
        "db_published_date": f"{spoken(today.date)} 12:00:00AM EST",
        "elements_per_page": size,
        "current_page": page,
        "total_elements": total,
        "total_pages": pages,
        "current_url": url(page),
        "next_page": page + 1 if page < pages else "null",
        "next_page_url": url(page + 1) if page < pages else "null",
        "previous_page": page - 1 if page > 1 else "null",
        "previous_page_url": url(page - 1) if page > 1 else "null",
    }


def spoken(day: date) -> str:
    return f"{day:%b %d, %Y}"


def history_of(label: Label) -> Answer:
    rows = [
        {"spl_version": str(one.number), "published_date": spoken(one.published)} for one in reversed(label.versions)
    ]
    return json_answer({"data": {"spl": {"title": label.title, "setid": label.setid}, "history": rows}})


def document(label: Label) -> str:
    newest = label.versions[-1]
    when, invented = f"{newest.published:%Y%m%d}", f"{label.setid}-{newest.number}"
    sections = "".join(section(code, text, when) for code, text in label.sections.items())
    products = "".join(
        f"<subject><manufacturedProduct><manufacturedProduct><name>{escape(name)}</name></manufacturedProduct>"
        "</manufacturedProduct></subject>"
        for name in label.drug_names
    )
    product = f"<component>{section_of('48780-1', 'SPL PRODUCT DATA ELEMENTS SECTION', products, when)}</component>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<document xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
        f"<id root={quoteattr(invented)}/>\n"
        f'<code code="34391-3" codeSystem="{LOINC}" displayName="HUMAN PRESCRIPTION DRUG LABEL"/>\n'
        f'<title>{escape(label.title)}</title>\n<effectiveTime value="{when}"/>\n'
        f'<setId root={quoteattr(label.setid)}/>\n<versionNumber value="{newest.number}"/>\n'
        f"<component><structuredBody>\n{product}\n{sections}</structuredBody></component>\n</document>\n"
    )


def section(code: str, text: str, when: str) -> str:
    """Blank lines part the paragraphs; the first line is the heading when it is all in capitals."""
    heading, _, rest = text.partition("\n")
    title, body = (heading, rest) if rest and heading.isupper() else ("", text)
    paragraphs = "".join(f"<paragraph>{escape(one.strip())}</paragraph>" for one in re.split(r"\n\s*\n", body.strip()))
    inside = (f"<title>{escape(title)}</title>" if title else "") + f"<text>{paragraphs}</text>"
    return f"<component>{section_of(code, SECTIONS.get(code, ''), inside, when)}</component>\n"


def section_of(code: str, name: str, inside: str, when: str) -> str:
    told = f'<code code={quoteattr(code)} codeSystem="{LOINC}" displayName={quoteattr(name)}/>'
    return f'<section>{told}{inside}<effectiveTime value="{when}"/></section>'
