"""Why a claim, or a sentence of a kept document, has to be looked at again: derived from the library as it is now."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db import anchors, config
from db.impact_quotes import TITLE, passages
from db.models import Article, SentenceLink
from db.queries.claims import ClaimPage
from db.types import Integrity, LinkState, Stance
from db.vocabulary import vocabulary
from review_app.factcheck.answer import ground
from review_app.factcheck.model import Standing
from review_app.factcheck.verdicts import NO_SUPPORT
from review_app.services import studies
from review_app.services.check_library import Sources, quote_state

_GRAVITY: tuple[Standing, ...] = ("orphaned", "stale", "overdue")
NOTHING_KNOWN = Integrity.NONE_KNOWN.value


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason; `article_id` is the article that changed, where one did."""

    standing: Standing
    why: str
    article_id: int | None = None


def standing_of(doubts: Sequence[Doubt]) -> Standing:
    """The gravest of them; `current` without any."""
    return next((each for each in _GRAVITY if any(doubt.standing == each for doubt in doubts)), "current")


def each_once(doubts: Iterable[Doubt]) -> tuple[Doubt, ...]:
    """The first of those that say the same of the same article."""
    found: dict[tuple[Standing, int | str], Doubt] = {}
    for doubt in doubts:
        found.setdefault((doubt.standing, doubt.article_id or doubt.why), doubt)
    return tuple(found.values())


def claim_doubts(page: ClaimPage, sources: Sources) -> tuple[Doubt, ...]:
    """Quotes that are orphaned, a verdict that is stale, support that no longer stands, a review date that passed."""
    return each_once([*_orphaned(page, sources), *_stale(page), *_retracted(page, sources), *_overdue(page)])


def link_doubts(link: SentenceLink | None) -> tuple[Doubt, ...]:
    """Somebody accepted that the sentence makes the claim, and what the claim rests on changed since."""
    if link is None or link.state is not LinkState.STALE:
        return ()
    return (Doubt("stale", "The link to the claim was accepted before that. Say again whether the sentence makes it."),)


def evidence_doubts(item: Mapping[str, Any], changed: Mapping[int, Article], checked_at: datetime) -> Iterator[Doubt]:
    """What became of the studies that the answer on a sentence stands on; `changed` are those to look at."""
    for one in ground(item):
        article = changed.get(one["id"]) if one["kind"] == "study" else None
        if article is None:
            continue
        name, now = studies.reference(article), article.integrity.value
        if now != one["integrity"]:
            said = _in_words(now) if now != NOTHING_KNOWN else f"no longer {_in_words(one['integrity'])}"
            yield Doubt("stale", f"{name}: {said} since this was checked.", article.id)
        if article.tombstoned_at is not None and article.tombstoned_at > checked_at:
            yield Doubt("stale", f"{name}: gone from its source since this was checked.", article.id)
        if one["quote"] and not anchors.find(one["quote"], [*passages(article), anchors.Passage(TITLE, article.title)]):
            yield Doubt("orphaned", f"{name}: the words shown here no longer stand in the record.", article.id)


def _in_words(integrity: str) -> str:
    return vocabulary().label("integrity", integrity).casefold()


def _orphaned(page: ClaimPage, sources: Sources) -> Iterator[Doubt]:
    for row in page.evidence:
        if quote_state(row, sources) == "orphaned":
            study = sources.study(row)
            name, article_id = (study.reference, study.id) if study is not None else ("A source", row.article_id)
            yield Doubt("orphaned", f"{name}: a quote of the claim no longer stands in the record.", article_id)


def _stale(page: ClaimPage) -> Iterator[Doubt]:
    if page.stale is not None:
        yield Doubt("stale", page.stale[1])


def _retracted(page: ClaimPage, sources: Sources) -> Iterator[Doubt]:
    linked = {
        study.id: study for row in page.evidence if row.stance is Stance.SUPPORTS and (study := sources.study(row))
    }
    for study in linked.values():
        if study.integrity in NO_SUPPORT:
            said = f"{study.reference}: {_in_words(study.integrity)}, and still linked as support."
            yield Doubt("stale", said, study.id)


def _overdue(page: ClaimPage) -> Iterator[Doubt]:
    review_by = page.version.review_by
    if review_by is not None and review_by < config.today():
        yield Doubt("overdue", f"The review-by date of the claim, {review_by:%d %B %Y}, has passed.")
