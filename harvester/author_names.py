"""Authors as reference files write them: "Last, Fore", "Last AB", or the name of a group."""

import re

from harvester.records import Author

_SUFFIX = re.compile(r"(?:Jr|Sr|[2-9](?:nd|rd|th)|II|III|IV)\.?")
_SHORT = re.compile(rf"(.+?) ((?:[A-Z]\.?-?){{1,4}})(?: ({_SUFFIX.pattern}))?")
_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?[\s-]*){1,4}")
# Words that no person is called; they tell "WHO Study Group" from "van der Berg".
_GROUP = re.compile(
    r"\b(?:groups?|study|studies|investigators?|collaborat\w+|consorti\w+|networks?|committee|commission|society|"
    r"association|organi[sz]ation|initiative|institutes?|university|centre|center|department|council|agency|"
    r"task force|trialists|working party|team|registry|foundation|program(?:me)?|federation|alliance)\b",
    re.IGNORECASE,
)


def author_named(name: str) -> Author:
    """A person taken apart, or a group kept whole. EndNote ends the name of a group with a comma; a name that is
    neither is kept whole as a last name."""
    name = " ".join(name.split())
    if name.endswith(","):
        return Author(collective=name.rstrip(", "))
    parts = [part.strip() for part in name.split(",") if part.strip()]
    if len(parts) > 1 and not (_GROUP.search(name) and len(parts[1].split()) > 3):
        return _person(parts)
    if _GROUP.search(name):
        return Author(collective=name)
    short = _SHORT.fullmatch(name)
    return Author(last=short[1], initials=_bare(short[2]), suffix=short[3]) if short else Author(last=name)


def _person(parts: list[str]) -> Author:
    """ "Last, Fore", "Last, Fore, Jr" (RIS) or "Last, Jr, Fore" (BibTeX)."""
    last, *rest = parts
    suffix = next((part for part in rest if _SUFFIX.fullmatch(part)), None)
    fore = " ".join(part for part in rest if part != suffix)
    if not suffix and (split := fore.rpartition(" "))[0] and _SUFFIX.fullmatch(split[2]) and split[2] != "IV":
        fore, suffix = split[0], split[2]
    if _INITIALS.fullmatch(fore):
        return Author(last=last, initials=_bare(fore), suffix=suffix)
    return Author(last=last, fore=fore or None, suffix=suffix)


def _bare(initials: str) -> str:
    return re.sub(r"[.\s-]", "", initials)
