"""`factcheck`: check documents, search the library, take it out, and keep its claims as files."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from db import config
from db.engine import DatabaseUnavailable, reading, writing
from db.types import Actor, Role

if TYPE_CHECKING:
    from review_app.services.searching import Found

# Services and the engine are imported where they are used: `factcheck --help` should not wait for them.
COMMAND = Actor(None, "factcheck command", Role.READ_ONLY)
PROFILES = ("manufacturer", "clinic", "editorial", "uk-public")
FORMATS = ("text", "json", "html", "markdown")
VERDICTS = ("supported", "needs_qualification", "overstated", "contradicted", "insufficient_evidence")
FAILED, WRONG_USAGE, VERDICT_OCCURS = 1, 2, 4


class Failed(Exception):
    """A command that was not carried out; the message says what happened and what to do next."""


def main(arguments: list[str] | None = None) -> int:
    """Exit codes: 0 done, 1 failed, 2 wrong usage, 4 a verdict named by --fail-on occurs."""
    chosen = _parser().parse_args(arguments)
    try:
        return int(chosen.run(chosen))
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has enough
        return FAILED
    except KeyboardInterrupt:
        print("factcheck: stopped; nothing was changed", file=sys.stderr)
        return FAILED
    except Exception as error:
        if chosen.debug or not _is_expected(error):
            raise
        print(f"factcheck: {' '.join(str(error).split())}", file=sys.stderr)
        return FAILED


def _is_expected(error: Exception) -> bool:
    from review_app.factcheck.claims_file import BadClaimsFile
    from review_app.factcheck.extraction import Unreadable
    from review_app.services.errors import ServiceError

    expected = (Failed, config.SettingsError, DatabaseUnavailable, ServiceError, Unreadable, BadClaimsFile, OSError)
    return isinstance(error, expected)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="factcheck", description="Which evidence does each sentence stand on?")
    parser.add_argument("--debug", action="store_true", help="show the whole error")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _check_options(commands.add_parser("check", help="check documents sentence by sentence"))
    _search_options(commands.add_parser("search", help="ranked studies for any words"))
    _export_options(commands.add_parser("export", help="articles of the library as a file"))
    _claims_options(commands.add_parser("claims", help="the claims library as TOML"))
    return parser


def _check_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs="+", metavar="SOURCE", help="a file (.txt .md .html), or - for standard input")
    parser.add_argument("--format", choices=FORMATS, default="text")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write here instead of standard output")
    parser.add_argument("--profile", choices=PROFILES, default="clinic", help="whose rules apply (default: clinic)")
    parser.add_argument("--fail-on", type=_verdicts, default=(), metavar="VERDICT,...", help="exit 4 if one occurs")
    parser.set_defaults(run=_check)


def _search_options(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("query", nargs="?", metavar="QUERY", help="any words")
    what.add_argument("--queries", type=Path, metavar="FILE", help="one query a line, answered one line each, in order")
    parser.add_argument("--limit", type=_positive, default=10, metavar="N", help="at most N studies (default: 10)")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=_search)


def _export_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("csv", "jsonl"), required=True)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--query", metavar="Q", help="what a search finds, the best first")
    which.add_argument("--pmids", nargs="+", type=_positive, metavar="PMID", help="these articles")
    which.add_argument("--claim", metavar="ID", help="the evidence of a claim")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write here instead of standard output")
    parser.set_defaults(run=_export)


def _claims_options(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True, metavar="ACT")
    acts.add_parser("list", help="id, verdict and statement of each claim").set_defaults(run=_list_claims)
    load = acts.add_parser("load", help="bring claims of a file in")
    load.add_argument("file", type=Path)
    load.set_defaults(run=_load_claims)
    save = acts.add_parser("export", help="write the claims to a file")
    save.add_argument("file", type=Path)
    save.set_defaults(run=_export_claims)


def _verdicts(text: str) -> tuple[str, ...]:
    chosen = tuple(part.strip() for part in text.split(","))
    for verdict in chosen:
        if verdict not in VERDICTS:
            raise argparse.ArgumentTypeError(f"{verdict!r} is no verdict; those are {', '.join(VERDICTS)}")
    return chosen


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 2**31:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def _check(chosen: argparse.Namespace) -> int:
    from review_app.services import checking

    if chosen.output and len(chosen.sources) > 1:
        print("factcheck: --output takes one SOURCE; check them one by one", file=sys.stderr)
        return WRONG_USAGE
    occurs = False
    with _library() as engine, reading(engine) as session:
        library = checking.library(session, viewer=COMMAND, topic_id=_topic())
        for source in chosen.sources:
            name, body = _read_source(source)
            document = checking.document_from(body, name=name)
            check = checking.check_document(library, document, source=name, profile=chosen.profile)
            _write(chosen.output, [checking.report(check, chosen.format, topic_id=_topic())])
            occurs = occurs or any(item.verdict in chosen.fail_on for item in check.sentences)
    return VERDICT_OCCURS if occurs else 0


def _search(chosen: argparse.Namespace) -> int:
    from review_app.services import searching

    queries = [chosen.query] if chosen.queries is None else _lines(chosen.queries)
    with _library() as engine, reading(engine) as session:
        answers = searching.ranked(session, viewer=COMMAND, topic_id=_topic(), queries=queries, limit=chosen.limit)
        for query, found in zip(queries, answers, strict=True):
            if chosen.json:
                print(json.dumps([item.as_json() for item in found], ensure_ascii=False))
            else:
                _print_found(query, found)
    return 0


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
    from review_app.export.tables import csv_lines, jsonl
    from review_app.services import exporting

    lines = {"csv": csv_lines, "jsonl": jsonl}[chosen.format]
    with _library() as engine, reading(engine) as session:
        found = exporting.articles(
            session,
            viewer=COMMAND,
            topic_id=_topic(),
            query=chosen.query,
            pmids=chosen.pmids,
            claim_id=chosen.claim,
        )
        _write(chosen.output, lines(found))
    return 0


def _list_claims(_: argparse.Namespace) -> int:
    from db.queries import claims

    with _library() as engine, reading(engine) as session:
        for page in claims.claims(session, viewer=COMMAND, topic_id=_topic()):
            decided = page.verdict.verdict.value if page.verdict else "not reviewed"
            print(f"{page.claim.id}  [{decided}]  {page.version.statement}")
    return 0


def _load_claims(chosen: argparse.Namespace) -> int:
    from review_app.factcheck.claims_file import load_claims
    from review_app.services import claims_library

    claims = load_claims(_text(chosen.file))
    with _library() as engine, writing(engine) as session:
        changed = claims_library.load_file(session, actor=COMMAND, topic_id=_topic(), claims=claims)
    print(f"{len(claims)} claims read, {changed} new or changed")
    return 0


def _export_claims(chosen: argparse.Namespace) -> int:
    from review_app.factcheck.claims_file import dump_claims
    from review_app.services import claims_library

    with _library() as engine, reading(engine) as session:
        claims = claims_library.shipped_form(session, viewer=COMMAND, topic_id=_topic())
    version = config.today().isoformat()
    _write(chosen.file, [dump_claims(claims, topic=_topic(), version=version, source="exported from a library")])
    print(f"{len(claims)} claims written to {chosen.file}")
    return 0


@contextmanager
def _library() -> Iterator[Engine]:
    """The library of DATABASE_URL, created or upgraded, for as long as a command works with it."""
    from review_app.services.library import open_library

    engine = open_library(config.settings().database_url, topic_id=_topic())
    try:
        yield engine
    finally:
        engine.dispose()


def _topic() -> str:
    return config.settings().footnote_topic


def _read_source(source: str) -> tuple[str, bytes]:
    if source == "-":
        return "standard input", sys.stdin.buffer.read()
    if source.startswith(("http://", "https://")):
        raise Failed(f"{source}: addresses are not fetched; save the page as .html and check the file")
    path = Path(source)
    with _named(path):
        return path.name, path.read_bytes()


def _text(path: Path) -> str:
    with _named(path):
        try:
            return path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise Failed(f"{path} is not UTF-8 text; save it as UTF-8") from None


def _lines(path: Path) -> list[str]:
    return _text(path).splitlines()


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Says which file could not be read, and why."""
    try:
        yield
    except OSError as error:
        raise Failed(f"{path} cannot be read: {error.strerror}; check the name and its permissions") from error


def _write(output: Path | None, lines: Iterable[str]) -> None:
    """To standard output, or to a file that appears whole or not at all."""
    if output is None:
        for line in lines:
            sys.stdout.write(line)
        return
    partial = output.with_name(output.name + ".partial")
    try:
        with partial.open("w", encoding="utf-8", newline="") as handle:
            handle.writelines(lines)
        partial.replace(output)
    except OSError as error:
        raise Failed(f"{output} cannot be written: {error.strerror}; name a place you can write") from error
    finally:
        partial.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
