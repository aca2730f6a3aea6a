"""Drug labels as SPL documents: invented ones, whole and damaged."""

import random
from contextlib import suppress
from datetime import date

import pytest

from harvester.labels_spl import NotSpl, Section, Spl, read_spl

LOINC = "2.16.840.1.113883.6.1"
SET_ID = "00000000-AAAA-4000-8000-000000000001"


def section(code: str, inside: str, system: str = LOINC) -> str:
    return (
        f'<component><section><id root="x"/><code code="{code}" codeSystem="{system}"/>{inside}</section></component>'
    )


def document(*sections: str, version: str = "3", when: str = "20300104", set_id: str = SET_ID, head: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<document xmlns="urn:hl7-org:v3"><title>Zylketam</title>'
        f'<effectiveTime value="{when}"/><setId root="{set_id}"/><versionNumber value="{version}"/>'
        f"<component><structuredBody>{''.join(sections)}</structuredBody></component></document>"
    ).encode()


WARNING = section("34066-1", "<title>WARNING: <br/>SLEEPINESS</title><text><paragraph>Sleepy.</paragraph></text>")


def text_of(inside: str) -> str:
    return read_spl(document(section("34067-9", f"<text>{inside}</text>"))).sections[0].text


def test_a_label_is_its_set_id_its_version_its_date_and_its_sections() -> None:
    found = read_spl(document(WARNING))
    assert (found.set_id, found.version, found.effective) == (SET_ID.lower(), 3, date(2030, 1, 4))
    assert found.sections == (Section("34066-1", "WARNING: SLEEPINESS", "Sleepy."),)


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<paragraph>One <content styleCode='bold'>bold</content>\n  word.</paragraph>", "One bold word."),
        ("<paragraph>10 mg/m<sup>2</sup> &lt; 20</paragraph><paragraph>Two</paragraph>", "10 mg/m2 < 20\nTwo"),
        ("<list><item>a</item><item><caption>1.</caption>b</item></list>", "a\n1.\nb"),
        (
            "<table><tr><th>Dose</th><th>Rate</th></tr><tr><td>56 mg</td><td>4%</td></tr></table>",
            "Dose | Rate\n56 mg | 4%",
        ),
        ("<paragraph>one<br/>two</paragraph>", "one\ntwo"),
        ("loose <linkHtml href='#x'>link</linkHtml> text", "loose link text"),
        (
            "<paragraph>seen</paragraph><renderMultiMedia><caption>x</caption></renderMultiMedia>",
            "seen",
        ),
    ],
    ids=["inline", "sup", "list", "table", "br", "loose", "picture"],
)
def test_the_text_of_a_section_is_plain(inside: str, text: str) -> None:
    assert text_of(inside) == text


def test_what_lies_within_a_section_is_its_text_and_what_the_highlights_repeat_is_not() -> None:
    within = section("42229-5", "<title>5.1 Sleep</title><text><paragraph>Details.</paragraph></text>")
    excerpt = "<excerpt><highlight><text><paragraph>Short.</paragraph></text></highlight></excerpt>"
    found = read_spl(document(section("43685-7", f"<title>5 WARNINGS</title>{excerpt}{within}"))).sections
    assert found == (Section("43685-7", "5 WARNINGS", "5.1 Sleep\nDetails."),)


def test_sections_of_one_code_are_one() -> None:
    both = [section("42229-5", f"<title>{n}</title><text>{n} said</text>") for n in ("First", "Second")]
    assert read_spl(document(*both)).sections == (Section("42229-5", "First", "First said\nSecond said"),)


def test_what_is_no_section_to_read_is_left_out() -> None:
    product = section("48780-1", "<subject><manufacturedProduct><name>Zylketam</name></manufacturedProduct></subject>")
    package = section("51945-4", "<text>A box.</text>")
    other = section("34067-9", "<text>Of another system.</text>", system="1.2.3")
    assert [each.loinc for each in read_spl(document(product, package, other, WARNING)).sections] == ["34066-1"]


LAUGHS = '<!DOCTYPE document [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE document SYSTEM "file:///etc/passwd">'


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (document(WARNING, head=LAUGHS), "DOCTYPE"),
        (document(WARNING, head=OUTSIDE), "DOCTYPE"),
        (document(WARNING)[:-30], "not well-formed"),
        (document(WARNING).replace(b"Sleepy.", b"Sleepy&secret;"), "not well-formed"),
        (b"", "not well-formed"),
        (b"<html><body>Sign in</body></html>", "its root is <html>"),
        (document(WARNING).replace(b"urn:hl7-org:v3", b"urn:other"), "its root is"),
        (document(WARNING, version=""), "lacks its set id, its version or its date"),
        (document(WARNING, version="-1"), "lacks"),
        (document(WARNING, version="1" * 40), "lacks"),
        (document(WARNING, when="20301399"), "lacks"),
        (document(WARNING, set_id=""), "lacks"),
        (document(), "no section"),
        (document(section("34066-1", "<text> </text>")), "no section"),
        (
            document(section("34067-9", "<text>" + "<list><item>" * 300 + "</item></list>" * 300 + "</text>")),
            "well-formed",
        ),
    ],
)
def test_what_is_no_whole_label_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(NotSpl, match=why):
        read_spl(body)


def damaged(seed: int) -> bytes:
    """A label with a few bytes lost, doubled or replaced, or cut short."""
    chance = random.Random(seed)
    body = document(WARNING, section("43685-7", "<title>5</title><text><paragraph>Café &amp; more</paragraph></text>"))
    for _ in range(chance.randint(1, 5)):
        at, size = chance.randrange(len(body) + 1), chance.choice((1, 2, 10, 80))
        noise = chance.choice((b"", b"<", b">", b"&", b'"', b"\0", b"\xff", b"<section>", body[at : at + size] * 2))
        body = chance.choice((body[:at] + noise + body[at + size :], body[:at] + noise + body[at:], body[:at]))
    return body


def test_a_damaged_label_is_refused_or_its_sections_are_text() -> None:
    read: list[Spl] = []
    for seed in range(200):
        with suppress(NotSpl):
            read.append(read_spl(damaged(seed)))
    assert 0 < len(read) < 200
    assert all(label.version >= 0 for label in read)
    sections = [section for label in read for section in label.sections]
    assert all(section.loinc and section.text and "\0" not in section.text for section in sections)
