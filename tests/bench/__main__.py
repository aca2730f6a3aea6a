"""`make bench`: one page of figures. Runs every module of this folder that has a `main()`, each in a process of its
own; those that say `LONG = True` only with `--long`.

Options: `--only NAME,...` (also long ones), `--long`, `--list`. Exit code 1 when one of them fails.
"""

import argparse
import ast
import importlib.metadata
import os
import platform
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.measured import fixed_work, measured

FOLDER = Path(__file__).parent
PEERS = ("lxml", "SQLAlchemy", "pubmed-parser", "biopython")


@dataclass(frozen=True, slots=True)
class Bench:
    name: str
    long: bool
    about: str


def benches(folder: Path = FOLDER) -> list[Bench]:
    """The modules with a `main()`, by name; they are read and not imported."""
    found = []
    for path in sorted(folder.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if path.stem != "__main__" and any(isinstance(n, ast.FunctionDef) and n.name == "main" for n in tree.body):
            about = " ".join((ast.get_docstring(tree) or "").split("\n\n")[0].split())
            found.append(Bench(path.stem, any(map(_says_long, tree.body)), about))
    return found


def _says_long(node: ast.stmt) -> bool:
    named = isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "LONG" for t in node.targets)
    return named and isinstance(node.value, ast.Constant) and node.value.value is True  # type: ignore[attr-defined]


def main() -> int:
    chosen, every = _arguments(), benches()
    names = chosen.only.split(",") if chosen.only else [each.name for each in every if chosen.long or not each.long]
    if unknown := sorted(set(names) - {each.name for each in every}):
        print(f"bench: there is no {', '.join(unknown)}; there is {', '.join(e.name for e in every)}", file=sys.stderr)
        return 2
    if chosen.list:
        print("\n".join(f"{each.name}{' (long)' if each.long else ''}: {each.about}" for each in every))
        return 0
    print("# Measurements\n")
    print("\n".join(f"- {line}" for line in machine()), flush=True)
    failed = [name for name in names if not _run(name)]
    left = [each.name for each in every if each.name not in names]
    if left:
        print(f"\nNot run: {', '.join(left)} (`make bench LONG=1`, or `ONLY=` by name).")
    return 1 if failed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="One page of figures.")
    parser.add_argument("--only", metavar="NAME,...", help="these, also long ones")
    parser.add_argument("--long", action="store_true", help="the long ones too")
    parser.add_argument("--list", action="store_true", help="say what there is")
    return parser.parse_args()


def machine() -> list[str]:
    """What the figures were measured on."""
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    versions = [f"{name} {_version(name)}" for name in PEERS]
    return [
        f"{os.cpu_count()} cores, {_memory()}, {platform.system()} {platform.machine()}; load before: {load}",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {', '.join(versions)}",
        f"ten million additions in Python: {fixed_work():.2f} s CPU (compare figures of two machines by it)",
    ]


def _memory() -> str:
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError):
        return "memory unknown"
    return f"{total / 2**30:.0f} GB"


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _run(name: str) -> bool:
    done = measured([sys.executable, "-c", f"from bench.{name} import main; raise SystemExit(main())"])
    print(
        f"\n{done.said.rstrip()}\n\n({name}: {done.cpu:.1f} s CPU, {done.wall:.1f} s, {done.peak:.0f} MB)", flush=True
    )
    if done.code:
        print(f"\n**{name} failed with exit code {done.code}.**", flush=True)
    return done.code == 0


if __name__ == "__main__":
    sys.exit(main())
