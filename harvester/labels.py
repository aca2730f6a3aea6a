"""United States drug labels from DailyMed: each version is kept, and a new one re-opens the claims that rest on it.

A label is known by its set id and version, whoever brought it. What ships with a topic is a summary of one version;
while DailyMed has that version its text joins the summary, so that the next can be compared with it.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlmodel import Session, col, select

from db import audit, config, impact
from db.engine import reading
from db.models import Label
from harvester.errors import Fatal, Retry
from harvester.eutils_answers import json_object
from harvester.labels_spl import NotSpl, Spl, read_spl
from harvester.night import Night, Tally, source
from harvester.not_pubmed import one_line
from harvester.store import HARVESTER
from harvester.topic import TOPICS
from harvester.transport import Response, Service, Transport

NAME = "DailyMed"
PAGE, MOST_PAGES = 100, 5
SET_ID = re.compile(r"[\w-]{1,64}")
# New labels in one night; the others come the next.
MOST_NEW = 10


@dataclass(frozen=True, slots=True)
class Current:
    """The newest version of a label, as DailyMed lists it; `name` is that of the drug."""

    set_id: str
    version: int
    title: str
    name: str


@source(NAME)
def refresh_labels(night: Night, tally: Tally) -> None:
    """New versions of the labels that the library has, and of those that its topic follows."""
    with reading(night.engine) as session:
        known = {row.set_id.lower(): row for row in session.exec(select(Label).order_by(col(Label.version)))}
    with night.asking(Service(NAME, night.settings.dailymed_url, "DAILYMED_URL")) as transport:
        listed = {each.set_id: each for name in drug_names(night.topic.id) for each in _listed(transport, name)}
        new = sorted(listed.keys() - known.keys())
        for set_id in [*known, *new[:MOST_NEW]]:
            label = known.get(set_id)
            current = listed.get(set_id) or (_by_set_id(transport, label) if label else None)
            if current is not None and (label is None or _is_news(current, label)):
                tally.changed += _keep(night, current, _document(transport, set_id))
            elif current is None and label is not None:
                tally.notes += [f"{NAME} has the {label.name} label no more; version {label.version} of it is kept"]
            tally.checked += 1


def drug_names(topic_id: str, folder: Path = TOPICS / "labels") -> list[str]:
    """The drugs whose labels a topic follows; none for a topic without such a file."""
    path = folder / f"{topic_id}.toml"
    return [str(drug["name"]) for drug in tomllib.loads(path.read_text("utf-8"))["drug"]] if path.exists() else []


def _is_news(current: Current, label: Label) -> bool:
    return current.version > label.version or (current.version == label.version and not _has_text(label))


def _has_text(label: Label) -> bool:
    return any("text" in section for section in label.sections)


def _listed(transport: Transport, name: str) -> list[Current]:
    found: list[Current] = []
    for page in range(1, MOST_PAGES + 1):
        fields = {"drug_name": name, "pagesize": str(PAGE), "page": str(page)}
        pages, some = transport.ask("spls.json", fields, lambda answer: listing_in(answer, name), method="GET")
        found += some
        if page >= pages:
            break
    return found


def listing_in(answer: Response, name: str) -> tuple[int, list[Current]]:
    """The number of pages, and the labels of this one. Raises `Retry` or `Fatal`."""
    found = json_object(_answered(answer).body, NAME)
    try:
        pages = int(found["metadata"]["total_pages"])
        return pages, [_current(row, str(row["spl_version"]), name) for row in found["data"]]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Retry("the answer is no list of labels") from error


def _by_set_id(transport: Transport, label: Label) -> Current | None:
    """A label that no name finds, from its history; None when it is no more."""
    path = f"spls/{quote(label.set_id, safe='')}/history.json"
    return transport.ask(path, {}, lambda answer: newest_in(answer, label.name), method="GET")


def newest_in(answer: Response, name: str) -> Current | None:
    """The newest version in a history; None when there is no such label. Raises `Retry` or `Fatal`."""
    if answer.status == 404:
        return None
    found = json_object(_answered(answer).body, NAME)
    try:
        about, history = found["data"]["spl"], found["data"]["history"]
        return _current(about, str(max(int(row["spl_version"]) for row in history)), name)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Retry("the answer is no history of a label") from error


def _current(row: Mapping[str, Any], version: str, name: str) -> Current:
    if not SET_ID.fullmatch(str(row["setid"])):
        raise ValueError
    return Current(str(row["setid"]).lower(), int(version), one_line(str(row["title"]), 500), name)


def _document(transport: Transport, set_id: str) -> Spl:
    def whole(answer: Response) -> Spl:
        try:
            spl = read_spl(_answered(answer).body)
        except NotSpl as trouble:
            raise Retry(f"the label {set_id} cannot be read: {trouble}") from None
        if spl.set_id != set_id:
            raise Retry(f"the answer is the label {spl.set_id}, not {set_id}")
        return spl

    return transport.ask(f"spls/{quote(set_id, safe='')}.xml", {}, whole, method="GET")


def _answered(answer: Response) -> Response:
    if answer.status != 200:
        raise Fatal(f"{NAME} answered HTTP {answer.status}; check DAILYMED_URL")
    return answer


def _keep(night: Night, current: Current, spl: Spl) -> int:
    """1 for a version that the library did not have."""
    with night.writing() as session:
        rows = select(Label).where(Label.set_id == current.set_id, Label.version == spl.version)
        label = session.exec(rows).first()
        if label is None:
            _add(session, night, current, spl)
            return 1
        if not _has_text(label):
            _complete(label, spl)
            session.add(label)
        return 0


def _add(session: Session, night: Night, current: Current, spl: Spl) -> None:
    sections = [asdict(section) for section in spl.sections]
    label = Label(
        set_id=current.set_id,
        version=spl.version,
        effective=spl.effective,
        name=current.name,
        title=current.title or current.name,
        sections=sections,
        source=f"DailyMed structured product label, set id {current.set_id}, version {spl.version}",
        content_hash=hashlib.sha256(json.dumps(sections, sort_keys=True).encode()).hexdigest(),
        seen_at=config.now(),
    )
    session.add(label)
    session.flush()
    about = {"set_id": label.set_id, "version": label.version, "content": label.content_hash}
    audit.record(
        session, actor=HARVESTER, action="harvest.label", subject_kind="label", subject_id=label.id, detail=about
    )
    impact.label_revised(session, run_id=night.run_id, label_id=label.id)


def _complete(label: Label, spl: Spl) -> None:
    """The text of the version that the summary is of; the summary stays as it is."""
    points = {section.get("loinc"): section for section in label.sections}
    told = [asdict(section) | points.pop(section.loinc, {}) for section in spl.sections]
    label.sections = told + list(points.values())
