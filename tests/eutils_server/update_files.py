"""The folders of PubMed's FTP server over HTTP: `pubmed/baseline/` and `pubmed/updatefiles/`, each file with its .md5.

The baseline are the records of day 0, or of the last `rebaseline`, 30,000 a file. Every later day on which a record
changes gives one update file (what is new or revised, as it was at the end of that day, then the deletions), numbered
on from the baseline. Bytes are the same in every run.
"""

import gzip
import hashlib
from collections.abc import Iterable, Mapping

from eutils_server.clock import BASE_DATE
from eutils_server.protocol import ARTICLE_SET_HEAD, Answer, text_answer
from eutils_server.record import Record
from eutils_server.today import Today

A_FILE = 30_000
Contents = tuple[list[Record], list[int]]


def update_files(today: Today, parts: tuple[str, ...], params: Mapping[str, str]) -> Answer:
    folder, name = parts
    if not folder:
        return page("/pubmed/", ["baseline/", "updatefiles/"]) if not name else missing(name)
    files = baseline(today) if folder == "baseline" else updates(today)
    if not name:
        return page(f"/pubmed/{folder}/", [text for file in files for text in (file, f"{file}.md5")])
    file = name.removesuffix(".md5")
    if file not in files:
        return missing(name)
    body = packed(today, file, 0 if folder == "baseline" else today.day, files[file])
    if name.endswith(".md5"):
        digest = hashlib.md5(body, usedforsecurity=False).hexdigest()
        return text_answer(f"MD5({file})= {digest}\n", 200)
    return Answer(200, body, "application/x-gzip")


def missing(name: str) -> Answer:
    return text_answer(f"no such file: {name}\n", 404)


def page(path: str, names: Iterable[str]) -> Answer:
    rows = "".join(f'<a href="{name}">{name}</a>\n' for name in names)
    body = f"<html><head><title>Index of {path}</title></head><body><h1>Index of {path}</h1><pre>\n{rows}</pre></body>"
    return Answer(200, f"<!DOCTYPE html>\n{body}</html>\n".encode(), "text/html; charset=UTF-8")


def file_name(today: Today, number: int) -> str:
    """`pubmed30n0001.xml.gz`, the year one higher for every baseline made since."""
    return f"pubmed{BASE_DATE.year % 100 + len(list(today.events('rebaseline')))}n{number:04}.xml.gz"


def first_day(today: Today) -> int:
    return max((event.day for event in today.events("rebaseline")), default=0)


def baseline(today: Today) -> dict[str, Contents]:
    lost = {pmid for event in today.events("rebaseline") for pmid in event.takes.get("lost", ())}
    kept = today.timeline.kept(first_day(today))
    records = [record for pmid, record in sorted(kept.items()) if pmid not in lost]
    starts = range(0, max(len(records), 1), A_FILE)
    return {file_name(today, number): (records[at : at + A_FILE], []) for number, at in enumerate(starts, 1)}


def updates(today: Today) -> dict[str, Contents]:
    days = [
        day for day, delta in sorted(today.timeline.deltas.items()) if delta and first_day(today) < day <= today.day
    ]
    withheld = {e.number("of") for e in today.events("withhold") if today.day < e.number("until", today.day + 1)}
    first = len(baseline(today)) + 1
    numbered = [(file_name(today, number), day) for number, day in enumerate(days, first)]
    return {name: of_day(today, day) for name, day in numbered if day not in withheld}


def of_day(today: Today, day: int) -> Contents:
    delta = dict(today.timeline.deltas[day])
    for event in today.events("reissue"):
        if event.number("of") == day:
            then = today.timeline.changes(event.day)
            again = event.takes.get("pmids", list(delta))
            delta |= {pmid: then.get(pmid, today.timeline.base.records.get(pmid)) for pmid in again}
    records = [record for _, record in sorted(delta.items()) if record is not None]
    return records, sorted(pmid for pmid, record in delta.items() if record is None)


def packed(today: Today, name: str, day: int, contents: Contents) -> bytes:
    """Remembered by name and day, which the contents follow from."""
    if (name, day) in today.timeline.packed:
        return today.timeline.packed[name, day]
    records, deleted = contents
    gone = "".join(f'<PMID Version="1">{pmid}</PMID>\n' for pmid in deleted)
    tail = f"<DeleteCitation>\n{gone}</DeleteCitation>\n" if deleted else ""
    head = f"{ARTICLE_SET_HEAD}<PubmedArticleSet>\n".encode()
    whole = head + b"\n".join(record.raw for record in records) + f"\n{tail}</PubmedArticleSet>\n".encode()
    made = today.timeline.packed[name, day] = gzip.compress(whole, compresslevel=1, mtime=0)
    return made
