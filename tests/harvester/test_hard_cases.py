"""`hard_cases.toml` names a test for each of the 42 hard cases, and each of those tests is there."""

import ast
import tomllib
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = tomllib.loads((HERE / "hard_cases.toml").read_text(encoding="utf-8"))["case"]
OVER_SOCKETS = {"LocalPubMed", "scripted", "pubmed", "sync", "synced", "asked", "stored", "large"}


def written_in(file: str) -> dict[str, set[str]]:
    """The tests of a file, with the names that each uses."""
    tree = ast.parse((HERE / file).read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    return {
        function.name: {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
        | {argument.arg for argument in function.args.args}
        for function in functions
    }


def test_all_forty_two_are_there_once_and_in_order() -> None:
    assert [case["number"] for case in CASES] == list(range(1, 43))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"case-{case['number']}")
def test_each_case_has_tests_that_are_there(case: dict[str, Any]) -> None:
    assert case["tests"]
    uses = set()
    for name in case["tests"]:
        file, _, test = name.partition("::")
        found = written_in(file)
        assert test in found, f"case {case['number']}: there is no {name}"
        uses |= found[test]
    assert case.get("over_sockets", True) is False or uses & OVER_SOCKETS
