"""Page ranges as MEDLINE abbreviates them (`123-9`), and in full (`123-129`)."""

import re

_RANGE = re.compile(r"(?P<head>[A-Za-z]*)(?P<first>\d+)\s*[-–]\s*(?P<tail>[A-Za-z]*)(?P<last>\d+)", re.ASCII)
_END_OF_PART = re.compile(r"\s*[,;]\s*")


def full_pages(pages: str, *, dash: str = "-") -> str:
    """Every range of `pages` in full: NLM leaves out the leading digits that the last page shares with the first
    (NLM, MEDLINE/PubMed Data Element Descriptions, Pagination). What is no such range stays as it is."""
    parts = _END_OF_PART.split(pages.strip())
    marks = _END_OF_PART.findall(pages.strip())
    return "".join(_full(part, dash) + mark for part, mark in zip(parts, [*marks, ""], strict=True))


def first_and_last(pages: str) -> tuple[str, str | None]:
    """The first and the last page of a single range; of anything else all of it, and None."""
    found = _RANGE.fullmatch(pages.strip())
    if found is None:
        return full_pages(pages), None
    first, last = _ends(found)
    return first, last


def _full(part: str, dash: str) -> str:
    found = re.search(rf"(?<![\w.-]){_RANGE.pattern}$", part)
    return part if found is None else part[: found.start()] + dash.join(_ends(found))


def _ends(found: re.Match[str]) -> tuple[str, str]:
    """S12-8 is S12 to S18; 9-12 and e12-e15 are in full already."""
    head, first, tail, last = found.group("head", "first", "tail", "last")
    if tail not in ("", head):
        return head + first, tail + last
    if len(last) < len(first) and int(first[: -len(last)] + last) > int(first):
        last = first[: -len(last)] + last
    return head + first, head + last
