"""The numbers of a PRISMA 2020 flow diagram, from what was identified and what was decided.

Boxes and their names: Page MJ et al., The PRISMA 2020 statement, BMJ 2021;372:n71, figure 1. Reports that could not be
retrieved are counted by the exclusion reason of that name. What still waits has boxes of its own: a review is looked at
long before it is finished.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

NOT_RETRIEVED = "not_retrieved"


@dataclass(frozen=True, slots=True)
class Screened:
    """At one stage: the records that came to it, and what is decided. `reasons`: excluded records by reason or None."""

    records: int
    included: int
    reasons: Mapping[str | None, int]

    @property
    def excluded(self) -> int:
        return sum(self.reasons.values())

    @property
    def waiting(self) -> int:
        return self.records - self.included - self.excluded


@dataclass(frozen=True, slots=True)
class Flow:
    """Each box with its number. `assessed` and what follows is None in a review of one stage."""

    identified: int
    duplicates: int
    gone: int
    not_added: int
    screened: int
    to_screen: int
    excluded: int
    sought: int | None
    not_retrieved: int | None
    to_assess: int | None
    assessed: int | None
    excluded_reports: Mapping[str | None, int]
    reports: int
    studies: int


def reported_reason(given: Collection[str | None], *, ranked: Sequence[str]) -> str | None:
    """The one reason that is counted where voters gave several: the first of the ranked list."""
    return next((reason for reason in ranked if reason in given), None)


def flow(
    *, identified: int, articles: int, gone: int, first: Screened, second: Screened | None, reports: int, studies: int
) -> Flow:
    """`identified` counts each source; `articles` stand and `gone` are withdrawn once duplicates are merged. `reports`
    are included at the last stage and report so many `studies`."""
    reasons = dict(second.reasons) if second else {}
    not_retrieved = reasons.pop(NOT_RETRIEVED, 0)
    return Flow(
        identified=identified,
        duplicates=max(0, identified - articles - gone),
        gone=gone,
        not_added=max(0, articles - first.records),
        screened=first.included + first.excluded,
        to_screen=first.waiting,
        excluded=first.excluded,
        sought=second.records if second else None,
        not_retrieved=not_retrieved if second else None,
        to_assess=second.waiting if second else None,
        assessed=second.included + sum(reasons.values()) if second else None,
        excluded_reports=reasons,
        reports=reports,
        studies=studies,
    )
