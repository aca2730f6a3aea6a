"""What E-utilities answer, read from their JSON, and what their error texts ask for.

Texts of errors are those PubMed has been seen to give; one that is not known is worth another try.
"""

import html
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from harvester.errors import Fatal, NoneThere, Replan, Retry, Split

# Order matters: the first that fits decides. A history that is gone is nothing to us, who ask by query and PMID.
VERDICTS: tuple[tuple[str, type[Exception]], ...] = (
    (r"retstart.{0,40}cannot be larger|out of range", Replan),
    (r"rate limit exceeded|unable to obtain query|cannot retrieve history", Retry),
    (r"id list is empty", NoneThere),
    (r"too many uids|too many ids|request.{0,20}too (large|long)", Split),
    (r"invalid uid|invalid db name|mandatory parameter|invalid value|api key invalid", Fatal),
    (r"empty id list|empty term|syntax", Fatal),
)
ERROR_ELEMENT = re.compile(rb"<ERROR>(.*?)</ERROR>", re.DOTALL)
# A term of a translation, quoted or one word, before its field.
TERM = re.compile(r'"([^"]*)"\s*\[|([^\s()"\[\]]+)\s*\[')
SECRET = re.compile(r'("api[-_]key"\s*:\s*")[^"]*|(api_key=)[^&\s"]*|[^\s@"=&]+@[^\s@"&]+')


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """What PubMed made of a query.

    `fields_not_found`: tags it dropped, then searching the words anywhere; `phrases_not_found`: words it does
    not know; `phrases_ignored`: words it left out. Each may leave the set of another query: look at `dropped` before
    believing `count`.
    """

    count: int
    ids: tuple[int, ...] = ()
    web_env: str | None = None
    query_key: int | None = None
    query_translation: str = ""
    fields_not_found: tuple[str, ...] = ()
    phrases_not_found: tuple[str, ...] = ()
    phrases_ignored: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def not_found(self) -> tuple[str, ...]:
        return self.fields_not_found + self.phrases_not_found

    @property
    def dropped(self) -> tuple[str, ...]:
        """What was asked for and is not in the translation any more.

        A phrase PubMed does not know but still searches for, in its field, finds nothing and does no harm;
        one that it took apart or left out changes the set.
        """
        sought = {(quoted or word).lower() for quoted, word in TERM.findall(self.query_translation)}
        doubtful = self.phrases_not_found + self.phrases_ignored
        return self.fields_not_found + tuple(phrase for phrase in doubtful if bare(phrase) not in sought)


@dataclass(frozen=True, slots=True)
class SummaryAnswer:
    """Titles of the PMIDs that PubMed has, and the PMIDs of which it says it has no summary."""

    titles: Mapping[int, str]
    gone: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class InfoAnswer:
    count: int
    last_update: str
    fields: tuple[str, ...]


def judged(text: str, name: str) -> Exception:
    """What an error text asks for. One that is not known is worth another try."""
    shown = " ".join(SECRET.sub(r"\1\2***", html.unescape(text)).split())[:300]
    kind = next((kind for pattern, kind in VERDICTS if re.search(pattern, text, re.IGNORECASE | re.DOTALL)), Retry)
    if kind is Fatal:
        return Fatal(f"{name} refused the request: {shown}; check the query of the topic and the settings")
    if kind is Retry:
        return Retry(shown or "an error without a text")
    return kind(f"{name} answered: {shown}; run it again")


def error_text(body: bytes) -> str:
    if found := ERROR_ELEMENT.search(body):
        return found[1].decode("utf-8", "replace")
    return body[:500].decode("utf-8", "replace")


def json_object(body: bytes, name: str) -> dict[str, Any]:
    """The JSON object of an answer; PubMed has sent raw newlines within strings, which `strict` would refuse."""
    try:
        found = json.loads(body.decode("utf-8-sig"), strict=False)
    except (ValueError, RecursionError):
        if ERROR_ELEMENT.search(body):
            raise judged(error_text(body), name) from None
        what = "a web page" if b"<html" in body[:2000].lower() else "something that is not JSON"
        raise Retry(f"the answer is {what}" if body.strip() else "the answer is empty") from None
    if not isinstance(found, dict):
        raise Retry("the answer is not a JSON object")
    result = found.get("esearchresult")
    inner = result.get("ERROR") if isinstance(result, dict) else None
    if error := found.get("error") or inner:
        raise judged(str(error), name)
    return found


def search_answer(found: dict[str, Any]) -> SearchAnswer:
    result = found.get("esearchresult")
    if not isinstance(result, dict):
        raise Retry("the answer to the search lacks its result")
    try:
        errors, warnings = result.get("errorlist") or {}, result.get("warninglist") or {}
        return SearchAnswer(
            count=int(result["count"]),
            ids=tuple(int(pmid) for pmid in result.get("idlist", ())),
            web_env=result.get("webenv"),
            query_key=int(result["querykey"]) if result.get("querykey") else None,
            query_translation=str(result.get("querytranslation", "")),
            fields_not_found=_texts(errors, "fieldsnotfound"),
            phrases_not_found=_texts(errors, "phrasesnotfound") + _texts(warnings, "quotedphrasesnotfound"),
            phrases_ignored=_texts(warnings, "phrasesignored"),
            warnings=_texts(warnings, "outputmessages"),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Retry("the answer to the search lacks its count or its PMIDs") from error


def summary_answer(found: dict[str, Any], wanted: Iterable[int]) -> SummaryAnswer:
    result = found.get("result")
    if not isinstance(result, dict):
        raise Retry("the summaries lack their result")
    titles, gone = {}, []
    for pmid in wanted:
        entry = result.get(str(pmid))
        if not isinstance(entry, dict):
            raise Retry(f"PMID {pmid} is not in the summaries")
        if "error" not in entry:
            titles[pmid] = str(entry.get("title", ""))
        elif "cannot get document summary" in str(entry["error"]).lower():
            gone.append(pmid)
        else:
            raise Retry(f"PMID {pmid}: {entry['error']}")
    return SummaryAnswer(titles, tuple(gone))


def info_answer(found: dict[str, Any]) -> InfoAnswer:
    try:
        about = found["einforesult"]["dbinfo"]
        about = about[0] if isinstance(about, list) else about
        names = tuple(str(field["name"]) for field in about["fieldlist"])
        return InfoAnswer(int(about["count"]), str(about["lastupdate"]), names)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise Retry("the answer about the database is not complete") from error


def _texts(holder: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(str(text) for text in holder.get(name) or ())


def bare(phrase: str) -> str:
    """A term without its field and quotes, in lower case."""
    return re.sub(r"\[[^\]]*\]$", "", phrase.strip()).strip().strip('"').lower()
