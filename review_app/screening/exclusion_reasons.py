"""The ranked reasons for excluding a record: those that ship, and how a review keeps its own."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

MOST = 9  # are offered at a stage: one a number key


@dataclass(frozen=True, slots=True)
class ExclusionReason:
    """`label` stands on a button, `means` says when the reason holds. A `retired` one is read and counted, and offered
    no more."""

    id: str
    label: str
    means: str
    retired: bool = False


Reasons = Mapping[str, tuple[ExclusionReason, ...]]  # by stage, in the order in which they are tried


@cache
def shipped_reasons() -> Reasons:
    text = (resources.files("review_app.screening") / "exclusion_reasons.toml").read_text(encoding="utf-8")
    found: dict[str, tuple[ExclusionReason, ...]] = {}
    for row in tomllib.loads(text)["reason"]:
        for stage in row["stages"]:
            found[stage] = (*found.get(stage, ()), ExclusionReason(row["id"], row["label"], row["means"]))
    return found


def offered(reasons: Iterable[ExclusionReason]) -> tuple[ExclusionReason, ...]:
    """At most nine, one a number key."""
    return tuple(each for each in reasons if not each.retired)


def is_reason_required(stage: str) -> bool:
    """Each report excluded in full text is listed with its reason (PRISMA 2020, item 16b and the flow diagram)."""
    return stage == "full_text"


def reasons_from_json(kept: Mapping[str, list[dict[str, Any]]]) -> Reasons:
    return {stage: tuple(ExclusionReason(**row) for row in rows) for stage, rows in kept.items()}
