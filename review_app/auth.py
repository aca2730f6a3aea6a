"""Who is here. Every run asks the session table again: a live page keeps its old cookie until it is reloaded."""

import hashlib

import streamlit as st
from sqlmodel import Session

from db.engine import reading
from db.models import Member
from db.queries import accounts
from db.types import Actor
from review_app.database import engine
from review_app.services.errors import Refused

SESSION_COOKIE = "footnote_session"


def session_token() -> str | None:
    """The token of this browser's session; the one seam that tests replace."""
    token = st.context.cookies.get(SESSION_COOKIE)
    # Without a browser the cookies are a stand-in that answers everything with something truthy.
    return token if isinstance(token, str) else None


def signed_in_member() -> Member | None:
    """The member whose session is open now, read afresh."""
    with reading(engine()) as session:
        return accounts.signed_in(session, token=session_token())


def current_actor() -> Actor:
    """Who acts. Callbacks run before the frame's gate and must ask here themselves. Raises Refused."""
    with reading(engine()) as session:
        return actor_in(session)


def actor_in(session: Session) -> Actor:
    """The same, asked where the act is carried out: nobody is removed between the question and the act."""
    member = accounts.signed_in(session, token=session_token())
    if member is None:
        raise Refused("You are signed out. Reload the page and sign in to go on; nothing was changed.")
    return accounts.actor_of(member)


def sign_out_proof(token: str) -> str:
    """What the sign-out form carries: only a page that knows the session can make it."""
    return hashlib.sha256(f"sign out {token}".encode()).hexdigest()
