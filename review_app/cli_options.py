"""The command line of `factcheck`: which commands there are and what each takes."""

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from review_app.export.formats import FORMATS as EXPORTS
from review_app.export.judgements import WRITERS as JUDGEMENTS

PROFILES = ("manufacturer", "clinic", "editorial", "uk-public")
FORMATS = ("text", "json", "html", "markdown", "docx", "claimreview", "sarif")
DIFF_FORMATS = ("text", "json", "html", "markdown")
VERDICTS = ("supported", "needs_qualification", "overstated", "contradicted", "insufficient_evidence")
_A_SOURCE = "a file (.txt .md .html .docx), the address of a page, or - for standard input"
_BY_MEANING = "find and rank studies by likeness of meaning too (needs the extra `semantic`)"
SEARCH_OPTIONS = {"-h", "--help", "--debug", "--queries", "--limit", "--json", "--semantic"}


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What was asked, with `command` as "check" or "claims list". Ends the process with code 2 on wrong usage."""
    given, parser = list(sys.argv[1:] if arguments is None else arguments), _parser()
    chosen = parser.parse_args(_query_last(given))
    if chosen.command == "export" and chosen.judgements and chosen.format not in JUDGEMENTS:
        parser.error(f"--judgements come as {' or '.join(JUDGEMENTS)}, not as {chosen.format}")
    return chosen


def _query_last(arguments: list[str]) -> list[str]:
    """A query may begin with a minus (-placebo excludes a word), which would read as an option: it goes to the end."""
    if "search" not in arguments[:2] or "--" in arguments:
        return arguments
    for at, word in enumerate(arguments):
        is_value = at > 0 and arguments[at - 1] in {"--limit", "--queries"}
        if word.startswith("-") and word.split("=")[0] not in SEARCH_OPTIONS and not is_value:
            return [*arguments[:at], *arguments[at + 1 :], "--", word]
    return arguments


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="factcheck", description="Which evidence does each sentence stand on?")
    parser.add_argument("--debug", action="store_true", help="show the whole error (before COMMAND)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _check_options(commands.add_parser("check", help="check documents sentence by sentence"))
    _diff_options(commands.add_parser("diff", help="what a new version of a document changes"))
    _search_options(commands.add_parser("search", help="ranked studies for any words"))
    _export_options(
        commands.add_parser("export", help="articles of the library for a reference manager or a spreadsheet")
    )
    _claims_options(commands.add_parser("claims", help="the claims library as TOML"))
    _simulate_options(commands.add_parser("simulate", help="prioritised screening replayed on a finished review"))
    return parser


def _check_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs="+", metavar="SOURCE", help=_A_SOURCE)
    parser.add_argument("--format", choices=FORMATS, default="text")
    _how_to_check(parser)
    parser.set_defaults(command="check")


def _diff_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("old", metavar="OLD", help=f"the version before: {_A_SOURCE}")
    parser.add_argument("new", metavar="NEW", help="the version now, as OLD")
    parser.add_argument("--format", choices=DIFF_FORMATS, default="text")
    _how_to_check(parser)
    parser.set_defaults(command="diff")


def _how_to_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", type=Path, metavar="FILE", help="write here instead of standard output")
    parser.add_argument("--profile", choices=PROFILES, default="clinic", help="whose rules apply (default: clinic)")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--as-of", type=_day, metavar="DATE", help="against the library as it stood on 2026-03-31, say")
    which.add_argument("--semantic", action="store_true", help=_BY_MEANING)
    parser.add_argument("--fail-on", type=_verdicts, default=(), metavar="VERDICT,...", help="exit 4 if one occurs")


def _search_options(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("query", nargs="?", metavar="QUERY", help="any words")
    what.add_argument("--queries", type=Path, metavar="FILE", help="one query a line, answered one line each, in order")
    parser.add_argument("--limit", type=_positive, default=10, metavar="N", help="at most N studies (default: 10)")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--semantic", action="store_true", help=_BY_MEANING)
    parser.set_defaults(command="search")


def _export_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=tuple(EXPORTS), required=True)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--query", metavar="Q", help="what a search finds, the best first")
    which.add_argument("--pmids", nargs="+", type=_positive, metavar="PMID", help="these articles")
    which.add_argument("--claim", metavar="ID", help="the evidence of a claim")
    which.add_argument("--included", action="store_true", help="what the review has included at its last stage")
    parser.add_argument(
        "--judgements", action="store_true", help="findings, risk of bias and GRADE instead, one a row (csv or jsonl)"
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="write here instead of standard output")
    parser.set_defaults(command="export")


def _claims_options(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True, metavar="ACT")
    acts.add_parser("list", help="id, verdict and statement of each claim").set_defaults(command="claims list")
    load = acts.add_parser("load", help="bring claims of a file in")
    load.add_argument("file", type=Path)
    load.set_defaults(command="claims load")
    save = acts.add_parser("export", help="write the claims to a file")
    save.add_argument("file", type=Path)
    save.set_defaults(command="claims export")


def _simulate_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="CSV with title, abstract and label_included (0 or 1)")
    parser.add_argument("--seed", type=_whole, default=0, metavar="N", help="of what the model draws (default: 0)")
    parser.add_argument(
        "--batch", type=_positive, metavar="N", help="decisions between trainings (default: a tenth of those given)"
    )
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(command="simulate")


def _verdicts(text: str) -> tuple[str, ...]:
    chosen = tuple(part.strip() for part in text.split(","))
    for verdict in chosen:
        if verdict not in VERDICTS:
            raise argparse.ArgumentTypeError(f"{verdict!r} is no verdict; those are {', '.join(VERDICTS)}")
    return chosen


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; write it as 2026-03-31") from None


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 2**31:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def _whole(text: str) -> int:
    return 0 if text == "0" else _positive(text)
