"""Quotes: words of a study, verbatim, with the place they stand at."""

from sqlmodel import Session

from db import anchors, config
from db.impact_quotes import passages
from db.models import Article, Attachment, Quote, QuoteAnchor
from db.types import Actor, AnchorState
from review_app.services.errors import Conflict, Invalid, NotFound

MIN_QUOTE = 12  # shorter runs of words stand in too many places to be evidence


def place(article: Article, words: str) -> anchors.Anchor:
    """Where these words stand in the article, exactly. Raises Invalid when they do not, or in more than one place."""
    return _one_place(words, passages(article), where="in the abstract")


def add(session: Session, *, actor: Actor, article_id: int, words: str, content_hash: str) -> Quote:
    """Keep a quote of an article in the caller's transaction.

    `content_hash` is what the reader saw. Raises NotFound, Invalid, or Conflict when the article changed meanwhile.
    """
    article = session.get(Article, article_id)
    if article is None:
        raise NotFound("This study is not in the library any more.")
    if article.content_hash != content_hash:
        raise Conflict("The study changed while you read it. Look at it again, then choose the words.")
    return _keep(session, actor, place(article, words), article_id=article_id)


def add_from_page(session: Session, *, actor: Actor, attachment: Attachment, page: int, words: str) -> Quote:
    """Keep a quote of a full text, with its page (counted from 1), in the caller's transaction. Raises Invalid."""
    if not 1 <= page <= len(attachment.pages):
        raise Invalid(f"The full text has no page {page}.")
    passage = anchors.Passage(None, attachment.pages[page - 1])
    anchor = _one_place(words, [passage], where=f"on page {page}")
    return _keep(session, actor, anchor, attachment_id=attachment.id, page=page)


def _one_place(words: str, among: list[anchors.Passage], *, where: str) -> anchors.Anchor:
    if len(anchors.normalise(words)) < MIN_QUOTE:
        raise Invalid(f"A quote has at least {MIN_QUOTE} characters. Choose the whole sentence.")
    found = anchors.find(words, among)
    if not found:
        raise Invalid(f"These words do not stand {where} as they are. Copy them from the study, or click a sentence.")
    if len(found) > 1:
        raise Invalid(f"These words stand {where} more than once. Choose a longer run of words.")
    return found[0]


def _keep(
    session: Session,
    actor: Actor,
    anchor: anchors.Anchor,
    *,
    article_id: int | None = None,
    attachment_id: int | None = None,
    page: int | None = None,
) -> Quote:
    quote = Quote(
        article_id=article_id,
        attachment_id=attachment_id,
        exact=anchor.exact,
        prefix=anchor.prefix,
        suffix=anchor.suffix,
        member_id=actor.id,
        created_at=config.now(),
    )
    session.add(quote)
    session.flush()
    row = QuoteAnchor(
        quote_id=quote.id,
        state=AnchorState.ANCHORED,
        section=None if page else anchor.section,
        section_label=anchor.section_label,
        start=anchor.start,
        end=anchor.end,
        page=page,
        text_hash=anchor.text_hash,
        at=config.now(),
    )
    session.add(row)
    session.flush()
    return quote
