"""The reasons for excluding a record, ranked by a lead for each stage of a review.

They are kept with the criteria, version by version, and locked with them. A vote names the version that it went by, so
that it keeps the words it was given with. What goes out of use is retired: its votes are still read and counted.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from db.models import ReviewCriteria, ScreeningDecision
from db.types import Actor, Stage
from review_app.screening.exclusion_reasons import MOST, ExclusionReason, Reasons, offered, shipped_reasons
from review_app.screening.prisma import NOT_RETRIEVED
from review_app.services.errors import Conflict, Invalid
from review_app.services.permissions import May, require
from review_app.services.review_settings import append_criteria, criteria_of, criteria_versions
from review_app.tagging.form_changes import free_id

MAX_LABEL, MAX_MEANS = 40, 300


@dataclass(frozen=True, slots=True)
class Wanted:
    """A reason as a lead wants it; a new one has no `id`. `place` is counted from 1 among those that are offered."""

    id: str | None
    label: str
    means: str
    place: int
    offered: bool = True


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """What the reasons of a review were called, by version of its criteria."""

    versions: Mapping[int, Reasons]

    def said(self, vote: ScreeningDecision) -> str:
        """The reason of a vote in the words that it was given with; empty where it has none."""
        reasons = self.versions.get(vote.criteria_version or 0, shipped_reasons())[vote.stage.value]
        return next((each.label for each in reasons if each.id == vote.exclusion_reason), vote.exclusion_reason or "")


def reason_words(session: Session, *, review_id: int) -> ReasonWords:
    rows = criteria_versions(session, review_id=review_id)
    return ReasonWords({row.criteria.version: row.criteria.reasons for row in rows})


def change_reasons(
    session: Session,
    *,
    actor: Actor,
    review_id: int,
    stage: Stage,
    seen: int,
    wanted: Sequence[Wanted],
    amendment: str = "",
) -> ReviewCriteria:
    """Append a version of the criteria with these reasons for a stage. `seen` is the version that the lead changed.

    Raises Conflict when the criteria changed meanwhile or are locked and no amendment is given, and Invalid when a
    reason is left out or named as another one is or was: a name stands for one reason for good.
    """
    require(actor, May.MANAGE_REVIEW)
    criteria = criteria_of(session, review_id=review_id)
    if criteria.version != seen:
        raise Conflict("Somebody changed the criteria meanwhile. Look at them again before you change the reasons.")
    before = criteria.reasons[stage.value]
    reasons = tuple(_changed(before, wanted))
    if reasons == before:
        raise Invalid("This changes nothing.")
    _check(reasons, before)
    _check_names(reasons, reason_words(session, review_id=review_id), stage)
    changed = replace(criteria, reasons={**criteria.reasons, stage.value: reasons})
    return append_criteria(session, actor=actor, review_id=review_id, criteria=changed, amendment=amendment)


def _changed(before: Sequence[ExclusionReason], wanted: Sequence[Wanted]) -> Iterator[ExclusionReason]:
    """In their new order, the retired ones last."""
    places = {each.id: place for place, each in enumerate(before, start=1)}
    taken = {*places, NOT_RETRIEVED}
    for each in sorted(wanted, key=lambda each: (not each.offered, _rank(each, places))):
        label, means = " ".join(each.label.split()), " ".join(each.means.split())
        reason_id = each.id or free_id(label, taken)
        taken.add(reason_id)
        yield ExclusionReason(reason_id, label, means, retired=not each.offered)


def _rank(wanted: Wanted, places: Mapping[str, int]) -> float:
    """Of two that are to have one place the one that was moved has it."""
    was = places.get(wanted.id or "", MOST + 1)
    return wanted.place + (wanted.place > was) / 2 - (wanted.place < was) / 2


def _check(changed: Sequence[ExclusionReason], before: Sequence[ExclusionReason]) -> None:
    labels, were = ({each.id: each.label for each in listed} for listed in (changed, before))
    if were.keys() - labels.keys():
        raise Invalid("A reason is not taken away. Retire it: what was excluded by it stays readable.")
    if not 1 <= len(offered(changed)) <= MOST:
        raise Invalid(f"A stage offers 1 to {MOST} reasons, one a number key. Retire one, or bring one back.")
    for each in changed:
        if not 1 <= len(each.label) <= MAX_LABEL or len(each.means) > MAX_MEANS:
            raise Invalid(f"A reason has 1 to {MAX_LABEL} characters, and up to {MAX_MEANS} say when it holds.")
    if labels.get(NOT_RETRIEVED) != were.get(NOT_RETRIEVED):
        raise Invalid(f"{were[NOT_RETRIEVED]} keeps its name: PRISMA counts those reports in a box of their own.")


def _check_names(changed: Sequence[ExclusionReason], words: ReasonWords, stage: Stage) -> None:
    told = [*words.versions.values(), shipped_reasons(), {stage.value: changed}]
    owners: dict[str, str] = {}
    for each in (each for reasons in told for each in reasons[stage.value]):
        if owners.setdefault(each.label.casefold(), each.id) != each.id:
            raise Invalid(f"{each.label} is or was the name of another reason: bring that back, or take another name.")
