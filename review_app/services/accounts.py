"""People come in, sign in, sign out and leave. Passwords are hashed before a write begins: Argon2 takes its time."""

import secrets
import unicodedata
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlmodel import Session

from db import audit, config
from db.models import Member, OneTimeLink, SignInAttempt, SignInSession
from db.queries import accounts, assignments
from db.types import Actor, LinkPurpose, Role
from review_app.services.errors import Conflict, Invalid, NotFound, Refused
from review_app.services.permissions import May, allows, require

MAX_FAILURES = 8
SESSION_LIFE = timedelta(days=14)
MIN_PASSWORD = 10  # NIST SP 800-63B-4 asks for length, not for kinds of characters
MAX_PASSWORD = 200
MIN_KINDS = 4
_hasher = PasswordHasher()


@cache
def _nobodys_hash() -> str:
    """Somebody who does not exist must take as long to refuse as somebody who does."""
    return _hasher.hash(secrets.token_urlsafe(16))


def hash_password(password: str) -> str:
    """The Argon2id hash. Raises Invalid for a password that is too short, too long or one key held down."""
    password = _normal(password)
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise Invalid(f"A password has {MIN_PASSWORD} to {MAX_PASSWORD} characters. A few words in a row are good.")
    if len(set(password)) < MIN_KINDS:
        raise Invalid(f"A password has at least {MIN_KINDS} different characters. A few words in a row are good.")
    return _hasher.hash(password)


def _normal(password: str) -> str:
    """Another keyboard may compose the same letters otherwise (NIST SP 800-63B-4, 3.1.1.2)."""
    return unicodedata.normalize("NFC", password)


def verified(session: Session, *, name: str, password: str) -> Member | None:
    """The member with this name and password, or None. Reads only."""
    member = accounts.member_by_name(session, name=name)
    known_hash = member.password_hash if member is not None and member.left_at is None else None
    try:
        _hasher.verify(known_hash or _nobodys_hash(), _normal(password)[: MAX_PASSWORD + 1])
    except (VerificationError, InvalidHashError):
        return None
    return member if known_hash else None


def sign_in(session: Session, *, name: str, member: Member | None) -> str:
    """Start a session for a verified member and return its token; a failure is counted. Raises Refused."""
    if accounts.recent_failures(session, name=name) >= MAX_FAILURES:
        raise Refused("Too many attempts for this name. Wait a quarter of an hour, then try again.")
    if member is None or not _is_as_verified(session, member):
        session.add(SignInAttempt(name_key=accounts.name_key(name)[:200], at=config.now()))
        session.commit()
        raise Refused("That name and password do not fit. Check both, or ask a lead for a new sign-in link.")
    token = _start_session(session, member)
    _record(session, accounts.actor_of(member), "signed_in", member.id)
    session.commit()
    return token


def _is_as_verified(session: Session, member: Member) -> bool:
    """Between the check of the password and now somebody may have removed the member or set another password."""
    verified_hash = member.password_hash
    now = session.get(Member, member.id, populate_existing=True)
    return now is not None and now.left_at is None and now.password_hash == verified_hash


def sign_out(session: Session, *, token: str | None) -> None:
    """End the session of this token; unknown tokens are nobody's."""
    member = accounts.signed_in(session, token=token)
    if member is None or token is None:
        return
    found = session.get(SignInSession, accounts.token_hash(token))
    if found is not None:
        found.ended_at = config.now()
        session.add(found)
    _record(session, accounts.actor_of(member), "signed_out", member.id)
    session.commit()


def first_lead_link(session: Session) -> str | None:
    """A fresh one-time link token for the first lead, as long as nobody is a member; older ones stop working."""
    if accounts.member_count(session):
        return None
    accounts.void_links(session, purpose=LinkPurpose.FIRST_LEAD)
    token = accounts.add_link(session, purpose=LinkPurpose.FIRST_LEAD, role=Role.LEAD)
    session.commit()
    return token


def invite(session: Session, *, actor: Actor, name: str, role: Role) -> str:
    """A one-time link token that makes its holder a member of this name and role; earlier ones stop working."""
    require(actor, May.MANAGE_MEMBERS)
    name = _free_name(session, name)
    for earlier in accounts.open_links(session):
        if accounts.name_key(earlier.name or "") == accounts.name_key(name):
            _withdraw(session, actor, earlier)
    token = accounts.add_link(session, purpose=LinkPurpose.INVITATION, role=role, name=name, created_by=actor.id)
    _record(session, actor, "invited", name, role=role.value)
    session.commit()
    return token


def withdraw_invitation(session: Session, *, actor: Actor, token_hash: str) -> None:
    """An invitation that nobody has used no longer works."""
    require(actor, May.MANAGE_MEMBERS)
    link = session.get(OneTimeLink, token_hash)
    if link is None or link.used_at is not None or link.purpose is not LinkPurpose.INVITATION:
        raise NotFound("This invitation was used or withdrawn already.")
    _withdraw(session, actor, link)
    session.commit()


def _withdraw(session: Session, actor: Actor, link: OneTimeLink) -> None:
    link.used_at = config.now()
    session.add(link)
    _record(session, actor, "invitation_withdrawn", link.name)


def reset_link(session: Session, *, actor: Actor, name: str) -> str:
    """A one-time link token with which a member sets a new password; earlier ones stop working."""
    require(actor, May.MANAGE_MEMBERS)
    member = accounts.member_by_name(session, name=name)
    if member is None or member.left_at is not None:
        raise NotFound(f"There is no member named {name}.")
    token = accounts.renew_reset_link(session, member=member, created_by=actor.id)
    _record(session, actor, "reset_link_made", member.id)
    session.commit()
    return token


def join(session: Session, *, token: str, name: str, password_hash: str) -> str:
    """Use a one-time link: become a member, or set a new password. Returns the token of a session."""
    link = accounts.usable_link(session, token=token)
    if link is None:
        raise NotFound("This link was used already or has lapsed. Ask a lead for a new one.")
    member = _reset(session, link, password_hash) if link.member_id else _enter(session, link, name, password_hash)
    link.used_at = config.now()
    session.add(link)
    session_token = _start_session(session, member)
    _record(session, accounts.actor_of(member), f"joined_by_{link.purpose.value}", member.id, role=member.role.value)
    session.commit()
    return session_token


def change_role(session: Session, *, actor: Actor, member_id: int, role: Role) -> None:
    require(actor, May.MANAGE_MEMBERS)
    member = _present(session, member_id)
    _keep_a_lead(session, member, stays_lead=role is Role.LEAD)
    before, member.role = member.role, role
    session.add(member)
    if role is not Role.LEAD:
        accounts.void_links_by(session, member_id=member_id)
    if not allows(accounts.actor_of(member), May.SCREEN):
        assignments.release(session, member_id=member_id)
    _record(session, actor, "role_changed", member_id, before=before.value, after=role.value)
    session.commit()


def remove_member(session: Session, *, actor: Actor, member_id: int) -> None:
    """A member leaves: signed out everywhere. What they judged stays, what was assigned to them is free again."""
    require(actor, May.MANAGE_MEMBERS)
    member = _present(session, member_id)
    _keep_a_lead(session, member, stays_lead=False)
    member.left_at = config.now()
    session.add(member)
    accounts.end_sessions(session, member_id=member_id)
    accounts.void_links_by(session, member_id=member_id)
    assignments.release(session, member_id=member_id)
    _record(session, actor, "member_left", member_id)
    session.commit()


def _enter(session: Session, link: OneTimeLink, name: str, password_hash: str) -> Member:
    if link.purpose is LinkPurpose.FIRST_LEAD and accounts.member_count(session):
        raise Conflict("The first lead has joined already. Sign in, or ask for an invitation.")
    name = _free_name(session, link.name or name)
    key, role = accounts.name_key(name), link.role or Role.READ_ONLY
    member = Member(name=name, name_key=key, role=role, password_hash=password_hash, created_at=config.now())
    session.add(member)
    session.flush()
    return member


def _reset(session: Session, link: OneTimeLink, password_hash: str) -> Member:
    member = _present(session, link.member_id or 0)
    member.password_hash = password_hash
    session.add(member)
    accounts.end_sessions(session, member_id=link.member_id or 0)
    return member


def _present(session: Session, member_id: int) -> Member:
    member = session.get(Member, member_id)
    if member is None or member.left_at is not None:
        raise NotFound("There is no such member any more.")
    return member


def _keep_a_lead(session: Session, member: Member, *, stays_lead: bool) -> None:
    if member.role is Role.LEAD and not stays_lead and accounts.active_leads(session) == 1:
        raise Conflict(f"{member.name} is the only lead. Make somebody else a lead first.")


def _free_name(session: Session, name: str) -> str:
    """The name, tidied. Raises Invalid for one that cannot be shown, Conflict for one that is or was somebody's."""
    clean = " ".join(unicodedata.normalize("NFC", name).split())
    if not 1 <= len(clean) <= 80 or not clean.isprintable():
        raise Invalid("A name has 1 to 80 characters.")
    namesake = accounts.member_by_name(session, name=clean)
    if namesake is not None:
        state = (
            "is a member already" if namesake.left_at is None else "was a member, and what they did is under that name"
        )
        raise Conflict(f"{namesake.name} {state}. Choose another name.")
    return clean


def _start_session(session: Session, member: Member) -> str:
    token, now = secrets.token_urlsafe(32), config.now()
    session.add(
        SignInSession(
            token_hash=accounts.token_hash(token),
            member_id=member.id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + SESSION_LIFE,
        )
    )
    return token


def _record(session: Session, actor: Actor, action: str, subject: object, **detail: str) -> None:
    audit.record(session, actor=actor, action=action, subject_kind="member", subject_id=subject, detail=detail)
