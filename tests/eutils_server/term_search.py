"""The records one term finds, field kind by field kind. A term that cannot be answered exactly raises Unsupported."""

import calendar
import re
from collections.abc import Callable
from datetime import date

from eutils_server.corpus import Corpus
from eutils_server.fields import narrower, vocabulary
from eutils_server.query_syntax import Unsupported
from eutils_server.record import Record
from eutils_server.words import plain, words

DATE = re.compile(r"(\d{4})(?:/(\d{1,2})(?:/(\d{1,2}))?)?")
FILTERS = ("all", "hasabstract", "pubmed books", "medline", "publisher", "pubmednotmedline")
SHORTEST_STEM = 4


def hits(corpus: Corpus, key: tuple[str, ...], matches: Callable[[Record], bool]) -> frozenset[int]:
    """Remembered by key: the same term comes back in every slice of a bisected query."""
    if key not in corpus.found:
        corpus.found[key] = frozenset(pmid for pmid, record in corpus.records.items() if matches(record))
    return corpus.found[key]


def asked_words(text: str) -> tuple[str, bool]:
    """(the words of a term, whether its last one is truncated)."""
    stem = text.removesuffix("*")
    if "*" in stem:
        raise Unsupported(f"{text!r}: a * inside a term")
    found = words(stem)
    if not found:
        raise Unsupported(f"{text!r}, which has no word in it")
    if not "".join(found).isascii():
        raise Unsupported(f"{text!r}: letters outside of ASCII")
    truncated = stem != text
    if truncated and (len(found[-1]) < SHORTEST_STEM or not stem[-1].isalnum()):
        raise Unsupported(f"{text!r}: fewer than {SHORTEST_STEM} characters before the *")
    return " ".join(found), truncated


def word_hits(corpus: Corpus, code: str, text: str) -> frozenset[int]:
    phrase, truncated = asked_words(text)
    needle = f" {phrase}" if truncated else f" {phrase} "
    return hits(corpus, (code, needle), lambda record: needle in record.text[code])


def name_hits(corpus: Corpus, code: str, text: str, explode: bool) -> frozenset[int]:
    """Records that carry the name; with `explode` also those that carry one below it."""
    if text.endswith("*"):
        stem, _ = asked_words(text)
        return hits(corpus, (code, stem, "*"), lambda record: any(n.startswith(stem) for n in record.names[code]))
    heading, slash, subheading = text.partition("/")
    name = asked_words(heading)[0]
    if code == "LANG":
        name = vocabulary()["language"].get(name, name)
    tree = "MESH" if code == "MAJR" else code
    wanted = narrower(tree, name) if explode else frozenset({name})
    if slash:
        tail = asked_words(subheading)[0]
        wanted = frozenset(f"{one}/{tail}" for one in wanted)
    return hits(corpus, (code, *sorted(wanted)), lambda record: not wanted.isdisjoint(record.names[code]))


def author_hits(corpus: Corpus, code: str, text: str, quoted: bool) -> frozenset[int]:
    name, truncated = asked_words(text) if "*" in text else (plain(text), False)
    if not name:
        raise Unsupported(f"author {text!r}")
    last, _, initials = name.rpartition(" ")

    def same(author: tuple[str, str]) -> bool:
        if truncated:
            return " ".join(author).startswith(name)
        exact = author[1] == initials if quoted else author[1].startswith(initials)
        return author[0] == name or (author[0] == last and exact)

    def matches(record: Record) -> bool:
        chosen = {"FAUT": record.authors[:1], "LAUT": record.authors[-1:]}.get(code, record.authors)
        return any(map(same, chosen))

    return hits(corpus, (code, name, str(quoted), str(truncated)), matches)


def filter_hits(corpus: Corpus, text: str) -> frozenset[int]:
    name = plain(text)
    if name not in FILTERS:
        raise Unsupported(f"filter {text!r}")
    return hits(corpus, ("FILT", name), lambda record: name in record.names["FILT"])


def uid_hits(corpus: Corpus, low: str, high: str) -> frozenset[int]:
    if not (low.strip().isdecimal() and high.strip().isdecimal()):
        raise Unsupported(f"PMID {low!r} to {high!r}")
    first, last = int(low), int(high)
    return frozenset(pmid for pmid in corpus.everything if first <= pmid <= last)


def span(text: str) -> tuple[date, date]:
    """First and last day a date stands for: `2020`, `2020/02`, `2020/02/29`. Raises Unsupported for anything else."""
    match = DATE.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError
        year, month, day = (int(part) if part else 0 for part in match.groups())
        low = date(year, month or 1, day or 1)
        high = date(year, month or 12, day or calendar.monthrange(year, month or 12)[1])
    except ValueError:
        raise Unsupported(f"date {text!r}") from None
    return low, high


def date_text(day: date) -> str:
    return f"{day.year:04}/{day.month:02}/{day.day:02}"


def date_hits(corpus: Corpus, code: str, low: date, high: date) -> frozenset[int]:
    return frozenset(
        pmid for pmid, record in corpus.records.items() if any(low <= day <= high for day in record.dates[code])
    )
