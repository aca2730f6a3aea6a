"""Which findings of several reviewers are of one and the same result."""

from collections.abc import Mapping
from typing import Any

Row = Mapping[str, Any]
# From the likeliest on: two who read one result may name another scale for it, or another time, or leave them out.
ALIKE = (("domain", "instrument", "time_point"), ("domain", "time_point"), ("domain", "instrument"), ("domain",))


def paired(given: Mapping[int, Mapping[int, Row]]) -> list[dict[int, int]]:
    """Of each result, the finding of each reviewer who has one.

    `given` are the rows of each reviewer, by the finding's id; so is what comes back, in the order of the first.
    """
    groups: list[dict[int, int]] = []
    rows = {finding: row for findings in given.values() for finding, row in findings.items()}
    for reviewer, findings in given.items():
        left = dict(findings)
        for parts in ALIKE:
            for finding, row in list(left.items()):
                group = next((each for each in groups if reviewer not in each and _alike(rows, each, row, parts)), None)
                if group is not None:
                    group[reviewer] = finding
                    del left[finding]
        groups += [{reviewer: finding} for finding in left]
    return groups


def _alike(rows: Mapping[int, Row], group: Mapping[int, int], row: Row, parts: tuple[str, ...]) -> bool:
    first = rows[next(iter(group.values()))]
    return all(first.get(part) == row.get(part) for part in parts)
