"""Members, sign-in sessions and one-time links: reads and upserts. Never commits."""

import hashlib
import secrets
import unicodedata
from datetime import timedelta

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, func, select

from db import config
from db.models import Member, OneTimeLink, SignInAttempt, SignInSession
from db.types import Actor, LinkPurpose, Role

ATTEMPT_WINDOW = timedelta(minutes=15)
LINK_LIFE = timedelta(days=7)
# Every click asks it: put together once.
_SIGNED_IN = (
    select(Member)
    .join(SignInSession, col(SignInSession.member_id) == col(Member.id))
    .where(SignInSession.token_hash == bindparam("token_hash"), col(SignInSession.ended_at).is_(None))
    .where(SignInSession.expires_at > bindparam("now"), col(Member.left_at).is_(None))
)


def name_key(name: str) -> str:
    """A name as it is compared: case, spacing and the way a letter is composed do not tell people apart."""
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def actor_of(member: Member) -> Actor:
    return Actor(member.id, member.name, member.role)


def member_count(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Member)).one()


def member_by_name(session: Session, *, name: str) -> Member | None:
    return session.exec(select(Member).where(Member.name_key == name_key(name))).first()


def members(session: Session) -> list[Member]:
    """Everybody, those who left last."""
    return list(session.exec(select(Member).order_by(col(Member.left_at).isnot(None), Member.name_key)))


def active_leads(session: Session) -> int:
    leads = select(func.count()).select_from(Member).where(Member.role == Role.LEAD, col(Member.left_at).is_(None))
    return session.exec(leads).one()


def signed_in(session: Session, *, token: str | None) -> Member | None:
    """The member whose unexpired session this token opens; None for everything else."""
    if not isinstance(token, str) or not token:
        return None
    return session.exec(_SIGNED_IN, params={"token_hash": token_hash(token), "now": config.now()}).first()


def end_sessions(session: Session, *, member_id: int) -> None:
    """Sign a member out everywhere."""
    session.exec(
        update(SignInSession)
        .where(col(SignInSession.member_id) == member_id, col(SignInSession.ended_at).is_(None))
        .values(ended_at=config.now())
    )


def recent_failures(session: Session, *, name: str) -> int:
    since = config.now() - ATTEMPT_WINDOW
    attempts = select(func.count()).select_from(SignInAttempt)
    return session.exec(attempts.where(SignInAttempt.name_key == name_key(name), SignInAttempt.at > since)).one()


def usable_link(session: Session, *, token: str) -> OneTimeLink | None:
    """The link that this token opens, unless it was used or has lapsed."""
    link = session.get(OneTimeLink, token_hash(token))
    if link is None or link.used_at is not None or link.expires_at <= config.now():
        return None
    return link


def open_links(session: Session) -> list[OneTimeLink]:
    """Invitations that nobody has used yet."""
    waiting = select(OneTimeLink).where(
        OneTimeLink.purpose == LinkPurpose.INVITATION,
        col(OneTimeLink.used_at).is_(None),
        OneTimeLink.expires_at > config.now(),
    )
    return list(session.exec(waiting.order_by(col(OneTimeLink.created_at))))


def add_link(
    session: Session,
    *,
    purpose: LinkPurpose,
    role: Role | None = None,
    name: str | None = None,
    member_id: int | None = None,
    created_by: int | None = None,
) -> str:
    """A new one-time link; returns its token, which is stored nowhere."""
    token, now = secrets.token_urlsafe(24), config.now()
    session.add(
        OneTimeLink(
            token_hash=token_hash(token),
            purpose=purpose,
            role=role,
            name=name,
            member_id=member_id,
            created_by=created_by,
            created_at=now,
            expires_at=now + LINK_LIFE,
        )
    )
    session.flush()
    return token


def renew_reset_link(session: Session, *, member: Member, created_by: int | None) -> str:
    """A token with which a member sets a new password; earlier ones stop working."""
    void_links(session, purpose=LinkPurpose.RESET, member_id=member.id)
    return add_link(session, purpose=LinkPurpose.RESET, member_id=member.id, name=member.name, created_by=created_by)


def void_links_by(session: Session, *, member_id: int) -> None:
    """Every link that a member made stops working, so that none leads back in."""
    open_ones = update(OneTimeLink).where(col(OneTimeLink.created_by) == member_id, col(OneTimeLink.used_at).is_(None))
    session.exec(open_ones.values(used_at=config.now()))


def void_links(session: Session, *, purpose: LinkPurpose, member_id: int | None = None) -> None:
    """Earlier links of this kind stop working."""
    session.exec(
        update(OneTimeLink)
        .where(
            col(OneTimeLink.purpose) == purpose,
            col(OneTimeLink.member_id) == member_id,
            col(OneTimeLink.used_at).is_(None),
        )
        .values(used_at=config.now())
    )
