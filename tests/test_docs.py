"""What the documentation says is so: its commands, options, settings, targets, links and figures."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from db import __main__ as db_command
from db.config import CHECKOUT, Settings
from harvester import cli as harvest
from review_app import cli as factcheck
from review_app.factcheck.claims_file import load_claims

PAGES = [CHECKOUT / "README.md", CHECKOUT / "CHANGELOG.md", *sorted((CHECKOUT / "docs").glob("*.md"))]
COMMANDS = (CHECKOUT / "docs/commands.md").read_text(encoding="utf-8")
PROGRAMS: dict[str, Callable[[list[str]], int]] = {
    "harvest": harvest.main,
    "factcheck": factcheck.main,
    "python -m db": db_command.main,
}
ALWAYS = {"--help", "--debug"}
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
CODE = re.compile(r"`([^`\n]+)`")


def code_of(page: Path) -> list[str]:
    """Everything that is set as code: between backticks, and the lines of fenced blocks."""
    text = page.read_text(encoding="utf-8")
    fenced = re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [*CODE.findall(text), *(line for block in fenced for line in block.splitlines())]


def headings(page: Path) -> set[str]:
    lines = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^a-z0-9 -]", "", line.lower()).replace(" ", "-") for line in lines}


def options(text: str) -> set[str]:
    return set(re.findall(r"--[a-z][a-z-]+", text)) - ALWAYS


def help_of(program: str, command: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        PROGRAMS[program]([*command, "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


def commands_of(program: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The names that the program's help lists, one a line."""
    return re.findall(r"^    ([a-z]+)\b", help_of(program, [], capsys), re.MULTILINE)


def documented() -> Iterator[tuple[str, str, str]]:
    """Program, command and the usage that the tables of commands.md give for it."""
    for program in PROGRAMS:
        section = COMMANDS.split(f"## {program}\n")[1].split("\n## ")[0]
        for row in re.findall(r"^\| (.+?) \| ", section.replace(r"\|", "/"), re.MULTILINE):
            for usage in CODE.findall(row):
                yield program, usage.removeprefix(f"{program} ").split()[0], usage


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for path, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        there = page.parent / path if path else page
        assert there.exists(), path
        assert not anchor or anchor in headings(there), f"{path}#{anchor}"


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_command_is_documented_and_there_is_no_other(program: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = {command for of, command, _ in documented() if of == program}
    assert told == set(commands_of(program, capsys))


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_option_is_documented_and_there_is_no_other(program: str, capsys: pytest.CaptureFixture[str]) -> None:
    for command in commands_of(program, capsys):
        told = [usage for of, name, usage in documented() if (of, name) == (program, command)]
        assert options(" ".join(told)) == options(help_of(program, [command], capsys)), command


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_is_shown_can_be_given(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = re.compile(r"(?:^|[ /])(harvest|factcheck) ([a-z]+)(.*)")
    for code in code_of(page):
        if found := shown.search(code):
            program, command, rest = found.groups()
            assert command in commands_of(program, capsys), code
            assert options(rest) <= options(help_of(program, [command], capsys)), code


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_target_that_is_shown_is_one_of_make(page: Path) -> None:
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"\bmake ([a-z-]+)", "\n".join(code_of(page))):
        assert f"\n{target}:" in makefile, target


def test_every_setting_is_documented_and_there_is_no_other() -> None:
    told = set(re.findall(r"`([A-Z][A-Z_]+)`", COMMANDS.split("\n## Settings")[1])) - {"FOOTNOTE_"}
    assert told - {"FOOTNOTE_SETTINGS_FILE"} == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md"])
def test_as_many_claims_ship_as_are_told(name: str) -> None:
    shipped = CHECKOUT / "review_app/factcheck/topics/ketamine-depression/claims.toml"
    number = len(load_claims(shipped.read_text(encoding="utf-8")))
    told = re.findall(r"(\d+) claims ship|Claims: (\d+) on", (CHECKOUT / name).read_text(encoding="utf-8"))
    assert [int(a or b) for a, b in told] == [number]
