"""Full texts: read, attached to an article, and removed again. Bytes are kept once, and everything stays on record."""

import hashlib
import json
import subprocess
import sys
from pathlib import PurePath

from sqlmodel import Session

from db import audit, config
from db.models import Article, Attachment, StoredFile
from db.queries import full_texts as queries
from db.types import Actor, Role
from review_app.screening.full_text import BROKEN, FullText
from review_app.services.errors import Conflict, Invalid, NotFound, Refused
from review_app.services.permissions import May, require

READ_SECONDS = 120
MAX_NAME = 200


def read(body: bytes) -> FullText:
    """The text of a file, read by a process of its own, which may not take for ever. Raises Invalid with the reason."""
    command = [sys.executable, "-m", "review_app.screening.full_text"]
    try:
        done = subprocess.run(  # noqa: S603
            command,
            input=body,
            capture_output=True,
            timeout=READ_SECONDS,
            check=True,
            env=config.child_environment(PYTHONIOENCODING="utf-8"),
        )
    except subprocess.TimeoutExpired:
        raise Invalid("The file takes too long to read. Save it anew from a PDF viewer, then attach that.") from None
    except subprocess.CalledProcessError:
        raise Invalid(BROKEN) from None
    answer = json.loads(done.stdout)
    if "trouble" in answer:
        raise Invalid(answer["trouble"])
    return FullText(answer["media_type"], tuple(answer["pages"]))


def attach(session: Session, *, actor: Actor, article_id: int, name: str, body: bytes, text: FullText) -> Attachment:
    """Attach a file to an article; `text` is what `read` made of it. Raises Conflict when it is attached already."""
    require(actor, May.SCREEN)
    if session.get(Article, article_id) is None:
        raise NotFound("This article is not in the library any more.")
    digest = hashlib.sha256(body).hexdigest()
    if any(row.sha256 == digest for row in queries.attachments(session, article_id=article_id)):
        raise Conflict("This file is attached already.")
    now = config.now()
    if session.get(StoredFile, digest) is None:
        file = StoredFile(sha256=digest, media_type=text.media_type, size=len(body), body=body, stored_at=now)
        session.add(file)
        session.flush()
    row = Attachment(
        article_id=article_id,
        sha256=digest,
        name=_clean_name(name),
        pages=list(text.pages),
        member_id=actor.member_id,
        attached_at=now,
    )
    session.add(row)
    session.flush()
    _log(session, actor, "full_text_attached", row)
    session.commit()
    return row


def remove(session: Session, *, actor: Actor, attachment_id: int) -> None:
    """Take a full text off its article. It stays in the library, and quotes from it keep their words."""
    require(actor, May.SCREEN)
    row = queries.attachment(session, attachment_id=attachment_id)
    if row is None:
        raise NotFound("This file was removed already.")
    if row.member_id != actor.id and actor.role is not Role.LEAD:
        raise Refused("Only who attached a file, or a lead, removes it.")
    row.removed_at = config.now()
    session.add(row)
    _log(session, actor, "full_text_removed", row)
    session.commit()


def _clean_name(name: str) -> str:
    """The last part of what a browser calls the file, in signs that can be shown."""
    last = "".join(letter for letter in PurePath(name).name if letter.isprintable()).strip()
    return last[-MAX_NAME:] or "full text"


def _log(session: Session, actor: Actor, action: str, row: Attachment) -> None:
    detail = {"attachment": row.id, "name": row.name, "sha256": row.sha256}
    audit.record(session, actor=actor, action=action, subject_kind="article", subject_id=row.article_id, detail=detail)
