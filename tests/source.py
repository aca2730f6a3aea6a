"""The source of Footnote as the tests of its architecture read it."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SIBLINGS = {"db", "harvester", "review_app"}


@cache
def tracked() -> tuple[str, ...]:
    """Every file of the repository and those about to join it."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return tuple(sorted(name for name in set(listed) if (ROOT / name).is_file()))


def sources(*folders: str) -> list[str]:
    wanted = tuple(f"{folder}/" for folder in folders or sorted(SIBLINGS))
    return [name for name in tracked() if name.endswith(".py") and name.startswith(wanted)]


@cache
def tree(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text(encoding="utf-8"))


@cache
def nodes(name: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree(name)))


def imports(name: str) -> Iterator[str]:
    """Every module that a file imports, wherever in it, with the names it takes from it."""
    for node in nodes(name):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            yield from (f"{node.module}.{each.name}" for each in node.names)


def imported_from(name: str, packages: set[str]) -> list[str]:
    return sorted({module for module in imports(name) if module.split(".")[0] in packages})


def dotted(node: ast.AST) -> str:
    """`a.b.c` of an expression that is written so, else nothing."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""


@cache
def mentions(name: str) -> set[str]:
    """Every dotted name that a file speaks of."""
    return {dotted(node) for node in nodes(name) if isinstance(node, ast.Name | ast.Attribute)}


def functions(name: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in nodes(name):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1
