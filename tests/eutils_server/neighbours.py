"""The neighbours of PubMed on the same port: which path is whose. Any path may stand before these tails."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote

from eutils_server.crossref import crossref
from eutils_server.dailymed import dailymed, labels
from eutils_server.events import WrongEvent
from eutils_server.icite import icite
from eutils_server.protocol import Answer
from eutils_server.retraction_watch import retraction_watch, watched
from eutils_server.today import Today
from eutils_server.update_files import update_files

Neighbour = Callable[[Today, tuple[str, ...], Mapping[str, str]], Answer]
ROUTES: Mapping[str, tuple[re.Pattern[str], Neighbour]] = {
    "crossref": (re.compile(r".*?/works(?:/(.+))?"), crossref),
    "icite": (re.compile(r".*/pubs(?:/(\d+))?/?"), icite),
    "dailymed": (re.compile(r".*/spls(?:/([^/]+?))?(/history)?\.(json|xml)"), dailymed),
    "retraction_watch": (re.compile(r".*/retraction_watch\.csv"), retraction_watch),
    "files": (re.compile(r".*/pubmed/(?:(baseline|updatefiles)/)?([^/]*)"), update_files),
}


def check(today: Today) -> None:
    """Raises WrongEvent when a label, a row or an update file of the script cannot be made."""
    try:
        labels(today)
        watched(today)
    except (AttributeError, TypeError, ValueError) as error:
        raise WrongEvent(f"a value of a label or watch event cannot be used: {error}") from error
    for event in (*today.events("reissue"), *today.events("withhold")):
        if event.number("of") == 0 or not today.timeline.deltas.get(event.number("of")):
            raise event.wrong(f"day {event.number('of')} has no update file")


def neighbour_of(path: str) -> str | None:
    return next((name for name, (pattern, _) in ROUTES.items() if pattern.fullmatch(path)), None)


def ask(name: str, today: Today, path: str, params: Mapping[str, str]) -> Answer:
    pattern, answer = ROUTES[name]
    match = pattern.fullmatch(path)
    parts = match.groups() if match else ()
    return answer(today, tuple(unquote(part or "") for part in parts), params)
