"""What GRADE pages show: the grades of an outcome or a claim, and the studies that report the outcome."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from db.models import Grade
from db.queries import accounts, appraisal, literature, screening
from db.queries import review as review_queries
from db.queries.blinding import default_review
from db.types import Actor
from review_app.services.appraisals import grade_draft_key
from review_app.services.compared import Compared
from review_app.services.dual_extraction import compared_grade, consensus_certainty


@dataclass(frozen=True, slots=True)
class Graded:
    """The newest grade of each member that the viewer may see, the newest last, and the members' names.

    `draft` is what the viewer chose and typed, and did not save. `compared` are two grades side by side, or more.
    """

    rows: tuple[Grade, ...]
    members: Mapping[int, str]
    draft: Mapping[str, Any]
    compared: Compared | None = None

    @property
    def certainty(self) -> str | None:
        """That of the one who graded, or of the consensus of several; None until that is settled."""
        if self.compared is not None:
            return consensus_certainty(self.compared)
        return self.rows[-1].certainty if self.rows else None

    @property
    def is_unsettled(self) -> bool:
        """Whether several graded, differ, and nobody has settled it."""
        return self.compared is not None and bool(self.compared.open)


@dataclass(frozen=True, slots=True)
class Body:
    """The reviewed studies that report an outcome, counted by design and direction."""

    studies: int
    designs: tuple[tuple[str, str, int], ...]


def graded(
    session: Session, *, viewer: Actor, topic_id: str, outcome: str | None = None, claim_id: str | None = None
) -> Graded:
    review = default_review(session, topic_id=topic_id)
    if review is None:
        return Graded((), {}, {})
    rows = appraisal.grades(session, viewer=viewer, review=review, outcome=outcome, claim_id=claim_id)
    draft = screening.draft(session, viewer=viewer, key=grade_draft_key(claim_id or outcome))
    compared = compared_grade(session, viewer=viewer, review=review, outcome=outcome, claim_id=claim_id)
    return Graded(tuple(rows), {member.id: member.name for member in accounts.members(session)}, draft, compared)


def body_of_evidence(session: Session, *, viewer: Actor, topic_id: str, outcome: str) -> Body:
    """What the settled tags say of an outcome: articles of one study count once, two directions once each."""
    review = default_review(session, topic_id=topic_id)
    if review is None:
        return Body(0, ())
    ids = sorted(review_queries.tagged_ids(session, review=review))
    settled = review_queries.settled_tags(session, viewer=viewer, review=review, article_ids=ids)
    articles = literature.articles_by_id(session, ids=list(settled))
    found = {
        (articles[key].study_id, row.tags.get("study_design") or "", each["direction"])
        for key, row in settled.items()
        for each in row.tags.get("outcomes") or ()
        if each["domain"] == outcome
    }
    counted = Counter((design, direction) for _, design, direction in sorted(found))
    rows = tuple((design, direction, n) for (design, direction), n in counted.most_common())
    return Body(len({study for study, _, _ in found}), rows)
