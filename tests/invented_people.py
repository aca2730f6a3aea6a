"""People of a library as the services see them: they are invited, join, sign in and leave."""

from collections.abc import Callable
from functools import cache

from sqlalchemy import Engine
from sqlmodel import col, select

from db import audit, config
from db.engine import reading, writing
from db.models import AuditEvent, Member
from db.queries import accounts as account_queries
from db.types import Actor, Role
from review_app.services import accounts

PASSWORD = "four small words here"
Clock = Callable[..., None]


@cache
def hashed(password: str = PASSWORD) -> str:
    """Hashing takes its time, so the tests hash each password once."""
    return accounts.hash_password(password)


def members(engine: Engine, **roles: Role) -> dict[str, Actor]:
    """People of these names in these roles, who have never signed in."""
    with writing(engine) as session:
        rows = [
            Member(name=name, name_key=name.casefold(), role=role, created_at=config.now())
            for name, role in roles.items()
        ]
        session.add_all(rows)
        session.commit()
        return {row.name: Actor(row.id, row.name, row.role) for row in rows}


def first_link(engine: Engine) -> str:
    with writing(engine) as session:
        token = accounts.first_lead_link(session)
    assert token is not None
    return token


def join(engine: Engine, token: str, name: str = "", password: str = PASSWORD) -> str:
    with writing(engine) as session:
        return accounts.join(session, token=token, name=name, password_hash=hashed(password))


def actor(engine: Engine, name: str) -> Actor:
    with reading(engine) as session:
        member = account_queries.member_by_name(session, name=name)
        assert member is not None
        return account_queries.actor_of(member)


def invite(engine: Engine, name: str, role: Role = Role.REVIEWER, by: str = "Ada") -> str:
    with writing(engine) as session:
        return accounts.invite(session, actor=actor(engine, by), name=name, role=role)


def sign_in(engine: Engine, name: str, password: str = PASSWORD) -> str:
    with reading(engine) as session:
        member = accounts.verified(session, name=name, password=password)
    with writing(engine) as session:
        return accounts.sign_in(session, name=name, member=member)


def who(engine: Engine, token: str | None) -> str | None:
    with reading(engine) as session:
        member = account_queries.signed_in(session, token=token)
        return member.name if member else None


def remove(engine: Engine, name: str, by: str = "Ada") -> None:
    with writing(engine) as session:
        accounts.remove_member(session, actor=actor(engine, by), member_id=actor(engine, name).member_id)


def change_role(engine: Engine, name: str, role: Role, by: str = "Ada") -> None:
    with writing(engine) as session:
        accounts.change_role(session, actor=actor(engine, by), member_id=actor(engine, name).member_id, role=role)


def actions(engine: Engine) -> list[tuple[str, str]]:
    with reading(engine) as session:
        assert audit.problems(session) == []
        rows = session.exec(select(AuditEvent).order_by(col(AuditEvent.id)))
        return [(row.actor_name, row.action) for row in rows]
