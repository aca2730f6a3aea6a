"""What the tree of an alert says of a member's own findings."""

from datetime import UTC

from db.models import Finding
from db.types import Actor, Role
from db.vocabulary import vocabulary
from review_app.components.alert_tree import branch
from review_app.services.alerts_view import Affected


def test_a_finding_is_named_by_its_outcome_its_instrument_and_its_time_point_in_words() -> None:
    finding = Finding(
        review_id=1, article_id=1, member_id=2, domain="response", instrument="MADRS", time_point="h24",
        direction="favours_intervention",
    )  # fmt: skip
    row = Affected(1, "Ben", mine=True, resolution=None, acts=frozenset(), findings=(finding,))
    drawn = branch(row, actor=Actor(2, "Ben", Role.REVIEWER), names={2: "Ben"}, words=vocabulary(), zone=UTC)
    assert "24 hours" in drawn
    assert "MADRS" in drawn
    assert "h24" not in drawn
