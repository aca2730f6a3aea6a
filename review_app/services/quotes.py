"""Quotes: words of a study, verbatim, with the place they stand at."""

from dataclasses import asdict

from sqlmodel import Session

from db import anchors, config
from db.models import Article, Quote, QuoteAnchor
from db.types import Actor, AnchorState
from review_app.services.errors import Conflict, Invalid, NotFound

MIN_QUOTE = 12  # shorter runs of words stand in too many places to be evidence


def passages(article: Article) -> list[anchors.Passage]:
    """The article's text as anchors see it: the sections of its abstract, or the title where there is none."""
    if not article.sections:
        return [anchors.Passage("Title", article.title)]
    return [anchors.Passage(part.get("label"), part["text"]) for part in article.sections]


def place(article: Article, words: str) -> anchors.Anchor:
    """Where these words stand in the article, exactly. Raises Invalid when they do not, or in more than one place."""
    if len(anchors.normalise(words)) < MIN_QUOTE:
        raise Invalid(f"A quote has at least {MIN_QUOTE} characters. Choose the whole sentence.")
    found = anchors.find(words, passages(article))
    if not found:
        raise Invalid(
            "These words do not stand in the abstract as they are. Copy them from the study, or click a sentence."
        )
    if len(found) > 1:
        raise Invalid("These words stand in the abstract more than once. Choose a longer run of words.")
    return found[0]


def add(session: Session, *, actor: Actor, article_id: int, words: str, content_hash: str) -> Quote:
    """Keep a quote of an article in the caller's transaction.

    `content_hash` is what the reader saw. Raises NotFound, Invalid, or Conflict when the article changed meanwhile.
    """
    article = session.get(Article, article_id)
    if article is None:
        raise NotFound("This study is not in the library any more.")
    if article.content_hash != content_hash:
        raise Conflict("The study changed while you read it. Look at it again, then choose the words.")
    anchor = place(article, words)
    quote = Quote(
        article_id=article_id,
        exact=anchor.exact,
        prefix=anchor.prefix,
        suffix=anchor.suffix,
        member_id=actor.id,
        created_at=config.now(),
    )
    session.add(quote)
    session.flush()
    place_of = {key: value for key, value in asdict(anchor).items() if key not in {"exact", "prefix", "suffix"}}
    session.add(QuoteAnchor(quote_id=quote.id, state=AnchorState.ANCHORED, at=config.now(), **place_of))
    session.flush()
    return quote
