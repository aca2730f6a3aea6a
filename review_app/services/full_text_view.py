"""What the queue shows of a record's full text: its files, one of them page by page, and one's own quotes."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from db.models import Attachment, Review
from db.queries import accounts, full_texts
from db.queries.full_texts import FullTextQuote
from db.types import Actor, Stage
from review_app.services.screening_view import ScreeningDesk


@dataclass(frozen=True, slots=True)
class FullTextDesk:
    """`shown` is the file that is read; None when none is attached. `attached_by` are names, by member."""

    attachments: Sequence[Attachment]
    shown: Attachment | None
    attached_by: dict[int, str]
    quotes: Sequence[FullTextQuote]


def queued_full_text(
    session: Session, *, viewer: Actor, desk: ScreeningDesk | None, attachment_id: int | None = None
) -> FullTextDesk | None:
    """Of the record on the desk, where it is read in full text. `attachment_id` chooses among several files; the
    newest is shown otherwise."""
    if desk is None or desk.on_desk is None or desk.review.stage is not Stage.FULL_TEXT:
        return None
    attachments = full_texts.attachments(session, article_id=desk.on_desk.article.id)
    review, record_id = session.get_one(Review, desk.review.id), desk.on_desk.record_id
    quotes = full_texts.full_text_quotes(
        session, viewer=viewer, review=review, stage=desk.review.stage, record_id=record_id
    )
    names = {member.id: member.name for member in accounts.members(session)} if attachments else {}
    return FullTextDesk(
        attachments=attachments,
        shown=next((row for row in attachments if row.id == attachment_id), attachments[-1] if attachments else None),
        attached_by={row.id: names[row.member_id] for row in attachments},
        quotes=[each for each in quotes if each.member_id == viewer.id],
    )
