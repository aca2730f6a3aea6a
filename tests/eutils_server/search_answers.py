"""esearch, epost and einfo."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from eutils_server.corpus import Corpus
from eutils_server.fields import Field, all_fields, by_tag
from eutils_server.history import History
from eutils_server.protocol import (
    Answer,
    Refused,
    Request,
    element,
    error_answer,
    headed,
    json_answer,
    xml_answer,
)
from eutils_server.query import Found, search
from eutils_server.query_syntax import Malformed, Unsupported
from eutils_server.term_search import date_hits, date_text, span

REACH = 9_999
LONGEST_POST = 10_000
TOO_FAR = (
    "Search Backend failed: Exception:\n'retstart' cannot be larger than 9998. For PubMed, ESearch can only retrieve "
    "the first 9,999 records matching the query. To obtain more than 9,999 PubMed records, consider using EDirect that "
    "contains additional logic to batch PubMed search results automatically so that an arbitrary number can be "
    "retrieved. For details see https://www.ncbi.nlm.nih.gov/books/NBK25499/"
)
# Source: einfo and acheck answers recorded with Biopython; the description of the first is its menu text.
LINK_MENUS = {
    "pubmed_pubmed_citedin": ("Cited In", "Cited In"),
    "pubmed_pubmed_refs": ("References for PMC Articles", "References for this PMC Article"),
}
LINK_ROWS = [
    {"Name": name, "Menu": menu, "Description": description, "DbTo": "pubmed"}
    for name, (menu, description) in LINK_MENUS.items()
]
NO_PMID = "Some IDs have invalid value and were omitted. Maximum ID value 18446744073709551615"


def esearch(corpus: Corpus, history: History, request: Request) -> Answer:
    """Ids are given newest PMID first unless `sort` says otherwise: relevance cannot be computed from the records."""
    start, size = request.number("retstart", 0), request.number("retmax", 20)
    if not request.get("term") and not request.get("query_key"):
        return error_answer(request, "Empty term and query_key - nothing todo")
    try:
        found = found_by(corpus, history, request)
    except Malformed as error:
        return error_answer(request, f"Search Backend failed: {error}")
    except Unsupported as error:
        raise Refused(f"query: {error}") from error
    if start >= REACH:
        return too_far(request)
    pmids = ordered(corpus, request, found.pmids)
    outputs = ["No items found."] if not pmids else []
    if start + size > REACH:
        size = REACH - start
        outputs.append(f"Restrictions achieved. start and count adjusted to {start}, {size}")
    stored = history.store(request.get("WebEnv") or None, pmids) if request.get("usehistory") == "y" else None
    form = as_json if request.wants_json else as_xml
    return form(request, found, pmids, (start, size), stored, outputs)


def too_far(request: Request) -> Answer:
    answer = error_answer(request, TOO_FAR)
    if request.wants_json:
        # The real answer is not JSON: the line break stands raw inside the string.
        answer.body = answer.body.replace(rb"\n", b"\n")
    return answer


def found_by(corpus: Corpus, history: History, request: Request) -> Found:
    webenv = request.get("WebEnv") or None

    def lookup(number: int) -> frozenset[int]:
        if webenv is None or request.get("usehistory") != "y":
            raise Unsupported(f"#{number} without WebEnv and usehistory=y")
        return frozenset(history.get(webenv, number))

    if request.get("term"):
        found = search(corpus, request.get("term"), lookup, request.get("field") or None)
    else:
        found = Found(corpus.everything)
    if request.get("query_key"):
        found.pmids &= lookup(request.query_key())
        found.translation = " AND ".join(filter(None, (f"#{request.query_key()}", found.translation)))
    limit_dates(corpus, request, found)
    return found


def limit_dates(corpus: Corpus, request: Request, found: Found) -> None:
    first, last, back = request.get("mindate"), request.get("maxdate"), request.get("reldate")
    if not (first or last or back):
        return
    field = by_tag().get(request.get("datetype").lower())
    if field is None or field.kind != "date":
        raise Unsupported(f"a date limit with datetype={request.get('datetype')!r}")
    if back:
        low, high = request.today - timedelta(days=request.number("reldate", 0)), request.today
    elif first and last:
        low, high = span(first)[0], span(last)[1]
    else:
        raise Unsupported("mindate and maxdate one without the other")
    found.pmids &= date_hits(corpus, field.code, low, high)
    found.translation = f"({found.translation}) AND {date_text(low)}:{date_text(high)}[{field.name}]"


def ordered(corpus: Corpus, request: Request, pmids: frozenset[int]) -> list[int]:
    newest = sorted(pmids, reverse=True)
    sort = request.get("sort").lower().replace("+", " ")
    if sort in ("", "relevance"):
        return newest
    if sort not in ("pub_date", "pub date", "author", "journalname", "journal"):
        raise Refused(f"sort={request.get('sort')!r}")
    records = corpus.records
    if sort.startswith("pub"):
        return sorted(newest, key=lambda pmid: max(records[pmid].dates["PDAT"], default=date.min), reverse=True)
    if sort == "author":
        return sorted(newest, key=lambda pmid: records[pmid].authors[:1] or (("~", ""),))
    return sorted(newest, key=lambda pmid: min(records[pmid].names["JOUR"], default="~"))


def as_xml(
    request: Request,
    found: Found,
    pmids: Sequence[int],
    window: tuple[int, int],
    stored: tuple[str, int] | None,
    outputs: Sequence[str],
) -> Answer:
    notes = listed("ErrorList", ("PhraseNotFound", found.phrases_not_found), ("FieldNotFound", found.fields_not_found))
    notes += listed("WarningList", ("QuotedPhraseNotFound", found.quoted_not_found), ("OutputMessage", outputs))
    if request.get("rettype") == "count":
        return xml_answer("esearch", element("Count", len(pmids)) + notes)
    page = pmids[window[0] : sum(window)]
    ids = "".join(f"\n<Id>{pmid}</Id>" for pmid in page)
    key = element("QueryKey", stored[1]) + element("WebEnv", stored[0]) if stored else ""
    translations = "".join(
        f"<Translation>     {element('From', one)}     {element('To', other)}    </Translation>"
        for one, other in found.translated
    )
    return xml_answer(
        "esearch",
        element("Count", len(pmids))
        + element("RetMax", len(page))
        + element("RetStart", window[0] if pmids else 0)
        + key
        + (f"<IdList>{ids}\n</IdList>" if ids else "<IdList/>")
        + (f"<TranslationSet>{translations}</TranslationSet>" if translations else "<TranslationSet/>")
        + element("QueryTranslation", found.translation)
        + notes,
    )


def listed(name: str, *kinds: tuple[str, Sequence[str]]) -> str:
    inside = "".join(element(tag, text) for tag, texts in kinds for text in texts)
    return f"<{name}>{inside}</{name}>" if inside else ""


def as_json(
    request: Request,
    found: Found,
    pmids: Sequence[int],
    window: tuple[int, int],
    stored: tuple[str, int] | None,
    outputs: Sequence[str],
) -> Answer:
    result: dict[str, object] = {"count": str(len(pmids))}
    if request.get("rettype") != "count":
        page = pmids[window[0] : sum(window)]
        result |= {"retmax": str(len(page)), "retstart": str(window[0] if pmids else 0)}
        result |= {"querykey": str(stored[1]), "webenv": stored[0]} if stored else {}
        result |= {
            "idlist": [str(pmid) for pmid in page],
            "translationset": [{"from": one, "to": other} for one, other in found.translated],
            "querytranslation": found.translation,
        }
    if found.phrases_not_found or found.fields_not_found:
        result["errorlist"] = {"phrasesnotfound": found.phrases_not_found, "fieldsnotfound": found.fields_not_found}
    if found.quoted_not_found or outputs:
        result["warninglist"] = {
            "phrasesignored": [],
            "quotedphrasesnotfound": found.quoted_not_found,
            "outputmessages": list(outputs),
        }
    return json_answer(headed("esearch", esearchresult=result))


def epost(corpus: Corpus, history: History, request: Request) -> Answer:
    """PMIDs are stored as posted, whether or not there is a record: a page of such a set comes back short."""
    pmids, bad = request.ids()
    if len(pmids) > LONGEST_POST:
        # The wording is ours: what PubMed says above its documented limit is not on record.
        return xml_answer("epost", element("ERROR", f"Too many UIDs in request. Maximum is {LONGEST_POST}."), 400)
    if not pmids:
        none = element("ERROR", "Empty ID list; Nothing to store")
        return xml_answer("epost", f"\n\t{none}\n" + (f"\t{element('ERROR', NO_PMID)}" if bad else ""))
    webenv, key = history.store(request.get("WebEnv") or None, pmids)
    omitted = f"\t{element('ERROR', NO_PMID)}\n" if bad else ""
    return xml_answer("epost", f"\n\t{element('QueryKey', key)}\n\t{element('WebEnv', webenv)}\n{omitted}")


def einfo(corpus: Corpus, history: History, request: Request) -> Answer:
    if not request.get("db"):
        if request.wants_json:
            return json_answer(headed("einfo", einforesult={"dblist": ["pubmed"]}))
        return xml_answer("einfo", "\n<DbList>\n\t<DbName>pubmed</DbName>\n</DbList>\n")
    about = {
        "dbname": "pubmed",
        "menuname": "PubMed",
        "description": "PubMed bibliographic record",
        "dbbuild": f"Build-{request.today:%Y.%m.%d}.00.00",
        "count": str(len(corpus.records)),
        "lastupdate": f"{date_text(request.today)} 00:00",
    }
    rows = [described(field, request.get("version") == "2.0") for field in all_fields()]
    if request.wants_json:
        fields = [{name.lower(): value for name, value in row.items()} for row in rows]
        links = [{name.lower(): value for name, value in row.items()} for row in LINK_ROWS]
        return json_answer(headed("einfo", einforesult={"dbinfo": [{**about, "fieldlist": fields, "linklist": links}]}))
    names = ("DbName", "MenuName", "Description", "DbBuild", "Count", "LastUpdate")
    head = "".join(element(name, about[name.lower()]) for name in names)
    lists = listed_rows("Field", rows) + listed_rows("Link", LINK_ROWS)
    return xml_answer("einfo", f"<DbInfo>{head}{lists}</DbInfo>")


def listed_rows(tag: str, rows: Sequence[Mapping[str, str]]) -> str:
    inside = "".join(
        f"<{tag}>" + "".join(element(name, value) for name, value in row.items()) + f"</{tag}>\n" for row in rows
    )
    return f"<{tag}List>\n{inside}</{tag}List>"


def described(field: Field, second_version: bool) -> dict[str, str]:
    def flag(letter: str) -> str:
        return "Y" if letter in field.flags else "N"

    row = {"Name": field.code, "FullName": field.name, "Description": field.name, "TermCount": ""}
    row |= {"IsDate": flag("d"), "IsNumerical": flag("n"), "SingleToken": flag("s")}
    row |= {"Hierarchy": flag("h"), "IsHidden": flag("i")}
    if second_version:
        row |= {"IsRangable": "Y" if field.kind in ("date", "uid") else "N"}
        row |= {"IsTruncatable": "Y" if field.kind in ("words", "names", "author") else "N"}
    return row
