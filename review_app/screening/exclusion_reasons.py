"""The ranked reasons for excluding a record, read from exclusion_reasons.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class ExclusionReason:
    """`label` stands on a button, `means` says when the reason holds, `source` where it comes from."""

    id: str
    label: str
    means: str
    stages: tuple[str, ...]
    source: str


@cache
def exclusion_reasons(stage: str) -> tuple[ExclusionReason, ...]:
    """The reasons offered at a stage, in the order in which they are tried; at most nine, one a number key."""
    text = (resources.files("review_app.screening") / "exclusion_reasons.toml").read_text(encoding="utf-8")
    rows = [ExclusionReason(**row | {"stages": tuple(row["stages"])}) for row in tomllib.loads(text)["reason"]]
    return tuple(row for row in rows if stage in row.stages)


def is_reason_required(stage: str) -> bool:
    """Each report excluded in full text is listed with its reason (PRISMA 2020, item 16b and the flow diagram)."""
    return stage == "full_text"
