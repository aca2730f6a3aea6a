"""`factcheck`: check documents, search the library, take it out, and keep its claims as files."""

import argparse
import atexit
import gc
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from db.types import Actor, Role
from review_app.cli_options import parse
from review_app.output_file import speak_utf8, write, write_file
from review_app.simulate_command import simulate_command
from review_app.source_file import Failed, lines_of, read_source, text_of

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlmodel import Session

    from review_app.factcheck.model import Check, FindStudies
    from review_app.services.checking import OpenLibrary
    from review_app.services.searching import Found

# The database, services and the engine are imported where they are used: `factcheck --help` should not wait for them.
COMMAND = Actor(None, "factcheck command", Role.READ_ONLY)
FAILED, WRONG_USAGE, VERDICT_OCCURS = 1, 2, 4


def main(arguments: list[str] | None = None) -> int:
    """Exit codes: 0 done, 1 failed, 2 wrong usage, 4 a verdict named by --fail-on occurs."""
    gc.set_threshold(1_000_000)  # a command is over in seconds: to look for garbage would cost a tenth of them
    atexit.register(gc.freeze)  # nor need Python look through all of it once more as it ends
    chosen = parse(arguments)
    speak_utf8()
    try:
        code = COMMANDS[chosen.command](chosen)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # whoever read our output has enough; nor may Python complain at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        print("factcheck: stopped; nothing was changed", file=sys.stderr)
        return FAILED
    except Exception as error:
        if chosen.debug:
            raise
        print(f"factcheck: {_one_line(error)}", file=sys.stderr)
        return FAILED


def _one_line(error: Exception) -> str:
    said = " ".join(str(error).split())
    if _is_expected(error):
        return said
    return f"{type(error).__name__}: {said[:300]}; this is a fault of Footnote: `factcheck --debug ...` shows where"


def _is_expected(error: Exception) -> bool:
    from db.config import SettingsError
    from db.engine import DatabaseUnavailable
    from review_app.factcheck.claims_file import BadClaimsFile
    from review_app.factcheck.extraction import Unreadable
    from review_app.services.errors import ServiceError

    expected = (Failed, SettingsError, DatabaseUnavailable, ServiceError, Unreadable, BadClaimsFile, OSError)
    return isinstance(error, expected)


def _check(chosen: argparse.Namespace) -> int:
    from review_app.services import checking

    if chosen.output and len(chosen.sources) > 1:
        print("factcheck: --output takes one SOURCE; check them one by one", file=sys.stderr)
        return WRONG_USAGE
    if chosen.format == "docx" and not chosen.output and (len(chosen.sources) > 1 or sys.stdout.isatty()):
        print("factcheck: a Word document needs a file: name it with --output", file=sys.stderr)
        return WRONG_USAGE
    occurs, form, topic, rules = False, chosen.format, _topic(), chosen.profile
    with _answering() as session:
        library = _opened(session, chosen)
        for source in chosen.sources:
            check = _checked(library, source, chosen)
            cited = checking.citations(session, check)
            if form == "docx":
                written = checking.word_report(check, topic_id=topic, profile=rules, citations=cited)
                write_file(chosen.output, written)
            else:
                write(chosen.output, [checking.report(check, form, topic_id=topic, profile=rules, citations=cited)])
            occurs = occurs or any(item.verdict in chosen.fail_on for item in check.sentences)
    return VERDICT_OCCURS if occurs else 0


def _diff(chosen: argparse.Namespace) -> int:
    from review_app.services import checking

    if chosen.old == chosen.new == "-":
        print("factcheck: standard input holds one document; name a file for OLD or NEW", file=sys.stderr)
        return WRONG_USAGE
    with _answering() as session:
        library = _opened(session, chosen)
        old, new = (_checked(library, source, chosen) for source in (chosen.old, chosen.new))
        write(chosen.output, [checking.diff_report(old, new, chosen.format, topic_id=_topic(), profile=chosen.profile)])
    return VERDICT_OCCURS if any(item.verdict in chosen.fail_on for item in new.sentences) else 0


def _opened(session: "Session", chosen: argparse.Namespace) -> "OpenLibrary":
    from review_app.services import checking

    library = checking.library(session, viewer=COMMAND, topic_id=_topic(), day=chosen.as_of)
    return checking.also_by_meaning(library, _by_meaning(session)) if chosen.semantic else library


def _by_meaning(session: "Session") -> "FindStudies":
    from review_app.services import searching, semantic

    find = semantic.finder(session, viewer=COMMAND, topic_id=_topic(), told=_say_how_many_are_left)
    print(f"factcheck: {searching.BY_MEANING}", file=sys.stderr)
    return find


def _checked(library: "OpenLibrary", source: str, chosen: argparse.Namespace) -> "Check":
    from review_app.services import checking

    given = read_source(source)
    document = checking.document_from(given.body, name=given.name, media_type=given.media_type)
    return checking.check_document(library, document, source=given.name, profile=chosen.profile)


def _search(chosen: argparse.Namespace) -> int:
    from review_app.services import searching, studies

    queries = [chosen.query] if chosen.queries is None else lines_of(chosen.queries)
    with _answering() as session:
        find = _by_meaning(session) if chosen.semantic else studies.finder(session, viewer=COMMAND, topic_id=_topic())
        answers = searching.ranked(find, queries, limit=chosen.limit)
        for query, found in zip(queries, answers, strict=True):
            if chosen.json:
                print(json.dumps([item.as_json() for item in found], ensure_ascii=False))
            elif chosen.queries is None:
                _print_found(query, found)
            else:
                print(f"{query}: " + ("; ".join(_reference(item) for item in found) or "no study"))
    return 0


def _reference(item: "Found") -> str:
    mark = "" if item.study.integrity == "none_known" else f" [{item.study.integrity.replace('_', ' ')}]"
    return f"{item.study.reference} PMID {item.study.pmid or '-'}{mark}"


def _print_found(query: str, found: "list[Found]") -> None:
    if not found:
        print(f"no study in this library has any word of: {query}")
    for item in found:
        design = (item.study.study_design or "design unknown").replace("_", " ")
        mark = "" if item.study.integrity == "none_known" else f" [{item.study.integrity.replace('_', ' ')}]"
        print(f"{item.study.reference}  PMID {item.study.pmid or '-'}  ({design}){mark}\n  {item.study.title}")
        if item.evidence.quote:
            print(f"  {item.evidence.stance}: {item.evidence.quote}")


def _export(chosen: argparse.Namespace) -> int:
    from review_app.export.formats import FORMATS
    from review_app.export_command import export

    narrowed = chosen.query or chosen.pmids or chosen.claim or chosen.included
    all_tagged = FORMATS[chosen.format].has_tags and not (narrowed or chosen.judgements)
    with _answering(all_tagged=all_tagged) as session:
        export(session, chosen, viewer=COMMAND, topic_id=_topic())
    return 0


def _list_claims(_: argparse.Namespace) -> int:
    from db.queries import claims

    with _answering() as session:
        for page in claims.claims(session, viewer=COMMAND, topic_id=_topic()):
            decided = page.verdict.verdict.value if page.verdict else "not reviewed"
            print(f"{page.claim.id}  [{decided}]  {page.version.statement}")
    return 0


def _load_claims(chosen: argparse.Namespace) -> int:
    from db.engine import writing
    from review_app.factcheck.claims_file import load_claims
    from review_app.services import claims_library

    claims = load_claims(text_of(chosen.file))
    with _library() as engine, writing(engine) as session:
        changed = claims_library.load_file(session, actor=COMMAND, topic_id=_topic(), claims=claims)
    print(f"{len(claims)} claims read, {changed} new or changed")
    return 0


def _export_claims(chosen: argparse.Namespace) -> int:
    from db import config
    from review_app.factcheck.claims_file import dump_claims
    from review_app.services import claims_library

    with _answering() as session:
        claims = claims_library.shipped_form(session, viewer=COMMAND, topic_id=_topic())
    version = config.today().isoformat()
    write(chosen.file, [dump_claims(claims, topic=_topic(), version=version, source="exported from a library")])
    print(f"{len(claims)} claims written to {chosen.file}")
    return 0


@contextmanager
def _answering(*, all_tagged: bool = False) -> Iterator["Session"]:
    """A session for answers out of studies; what the tagger had to read for them is kept for the next command."""
    from db.engine import reading
    from review_app.services import studies

    with _library() as engine:
        if all_tagged:
            studies.catch_up(engine, _say_how_many_are_left)
        with reading(engine) as session:
            yield session
        sys.stdout.flush()  # nobody waits for what is kept for later
        studies.keep_suggestions(engine, session)


def _say_how_many_are_left(left: int) -> None:
    if sys.stderr.isatty():
        print(f"reading new studies: {left:,} left", file=sys.stderr)


@contextmanager
def _library() -> Iterator["Engine"]:
    """The library of DATABASE_URL, created or upgraded, for as long as a command works with it."""
    from db import config
    from review_app.services.library import open_library

    engine = open_library(config.settings().database_url, topic_id=_topic())
    try:
        yield engine
    finally:
        engine.dispose()


def _topic() -> str:
    from db import config

    return config.settings().footnote_topic


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "check": _check,
    "diff": _diff,
    "search": _search,
    "export": _export,
    "claims list": _list_claims,
    "claims load": _load_claims,
    "claims export": _export_claims,
    "simulate": simulate_command,
}

if __name__ == "__main__":
    sys.exit(main())
