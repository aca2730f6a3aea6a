"""People come in by one-time links, sign in and sign out, on both engines."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from invented_people import (
    PASSWORD,
    Clock,
    actions,
    actor,
    change_role,
    first_link,
    hashed,
    invite,
    join,
    remove,
    sign_in,
    who,
)
from sqlalchemy import Engine
from sqlmodel import select

from db.engine import reading, writing
from db.models import Member
from db.queries import accounts as account_queries
from db.types import Role
from review_app.services import accounts
from review_app.services.errors import Invalid, NotFound, Refused, ServiceError


@pytest.fixture
def ada(sqlite_engine: Engine) -> Engine:
    """A library that Ada leads; what does not depend on the engine is tried on one."""
    join(sqlite_engine, first_link(sqlite_engine), "Ada")
    return sqlite_engine


def test_the_life_of_a_library_s_people(engine: Engine) -> None:
    """First link, invitation, sign-in, reset, role, leaving: on both engines, each with its line in the audit."""
    token = join(engine, first_link(engine), "Ada")
    assert who(engine, token) == "Ada"
    ben = join(engine, invite(engine, "Ben"))
    assert who(engine, ben) == "Ben"
    again = sign_in(engine, "ben")
    with writing(engine) as session:
        accounts.sign_out(session, token=ben)
    assert (who(engine, ben), who(engine, again)) == (None, "Ben")
    with writing(engine) as session:
        link = accounts.reset_link(session, actor=actor(engine, "Ada"), name="Ben")
    fresh = join(engine, link, password="another four words here")
    assert (who(engine, again), who(engine, fresh)) == (None, "Ben")
    change_role(engine, "Ben", Role.LEAD)
    remove(engine, "Ada", by="Ben")
    assert who(engine, token) is None
    assert actions(engine) == [
        ("Ada", "joined_by_first_lead"),
        ("Ada", "invited"),
        ("Ben", "joined_by_invitation"),
        ("Ben", "signed_in"),
        ("Ben", "signed_out"),
        ("Ada", "reset_link_made"),
        ("Ben", "joined_by_reset"),
        ("Ada", "role_changed"),
        ("Ben", "member_left"),
    ]


def test_the_first_lead_s_link_works_once_when_two_use_it_at_the_same_moment(engine: Engine) -> None:
    token, start = first_link(engine), Barrier(2)

    def use(name: str) -> str | None:
        start.wait()
        try:
            return join(engine, token, name)
        except ServiceError:
            return None

    hashed()
    with ThreadPoolExecutor(2) as pool:
        tokens = [each for each in pool.map(use, ["Ada", "Eve"]) if each]
    assert len(tokens) == 1
    with reading(engine) as session:
        assert [member.role for member in account_queries.members(session)] == [Role.LEAD]


def test_an_invitation_works_once_when_two_use_it_at_the_same_moment(engine: Engine) -> None:
    join(engine, first_link(engine), "Ada")
    token, start = invite(engine, "Ben"), Barrier(4)

    def use(_: int) -> str | None:
        start.wait()
        try:
            return join(engine, token)
        except ServiceError:
            return None

    with ThreadPoolExecutor(4) as pool:
        assert len([each for each in pool.map(use, range(4)) if each]) == 1


def test_a_newer_first_link_replaces_the_older(sqlite_engine: Engine) -> None:
    older, newer = first_link(sqlite_engine), first_link(sqlite_engine)
    with pytest.raises(NotFound, match="used already or has lapsed"):
        join(sqlite_engine, older, "Eve")
    assert who(sqlite_engine, join(sqlite_engine, newer, "Ada")) == "Ada"


def test_there_is_no_first_link_once_somebody_is_here(ada: Engine) -> None:
    with writing(ada) as session:
        assert accounts.first_lead_link(session) is None


def test_a_link_lapses_after_a_week(ada: Engine, clock: Clock) -> None:
    token = invite(ada, "Ben")
    clock(days=7)
    with pytest.raises(NotFound):
        join(ada, token)


def test_a_link_works_until_its_week_is_over(ada: Engine, clock: Clock) -> None:
    token = invite(ada, "Ben")
    clock(days=6, hours=23)
    assert who(ada, join(ada, token)) == "Ben"


@pytest.mark.parametrize("token", ["", "x", "' OR 1=1 --"])
def test_a_link_that_never_was_opens_nothing(ada: Engine, token: str) -> None:
    with pytest.raises(NotFound):
        join(ada, token, "Eve")


def test_the_name_on_an_invitation_is_the_one_that_counts(ada: Engine) -> None:
    assert who(ada, join(ada, invite(ada, "Ben"), "Ada the Great")) == "Ben"


def test_tokens_and_passwords_are_stored_only_as_hashes(ada: Engine) -> None:
    invitation, token = invite(ada, "Ben"), sign_in(ada, "Ada")
    ada.dispose()
    database = ada.url.database
    assert database is not None
    with open(database, "rb") as file:  # noqa: PTH123
        body = file.read()
    for secret in (invitation, token, PASSWORD):
        assert secret.encode() not in body


@pytest.mark.parametrize(("name", "password"), [("Ada", "not her password"), ("Eve", PASSWORD), ("", ""), ("Ada", "")])
def test_a_wrong_name_and_a_wrong_password_are_refused_alike(ada: Engine, name: str, password: str) -> None:
    with pytest.raises(Refused, match="name and password do not fit"):
        sign_in(ada, name, password)


def test_a_member_who_never_set_a_password_cannot_sign_in_with_none(ada: Engine) -> None:
    with writing(ada) as session:
        member = session.exec(select(Member)).one()
        member.password_hash = None
        session.commit()
    for password in ("", "None", PASSWORD):
        with pytest.raises(Refused):
            sign_in(ada, "Ada", password)


def guess(engine: Engine, times: int, name: str = "Ada") -> None:
    for _ in range(times):
        with pytest.raises(Refused), writing(engine) as session:
            accounts.sign_in(session, name=name, member=None)


def test_guessing_is_slowed_down_even_for_the_right_password(ada: Engine, clock: Clock) -> None:
    guess(ada, accounts.MAX_FAILURES)
    with pytest.raises(Refused, match="Too many attempts"):
        sign_in(ada, "Ada")
    clock(minutes=14)
    with pytest.raises(Refused, match="Too many attempts"):
        sign_in(ada, " aDA ")
    clock(minutes=1, seconds=1)
    assert who(ada, sign_in(ada, "Ada")) == "Ada"


def test_guessing_at_one_name_does_not_slow_another_down(ada: Engine) -> None:
    guess(ada, accounts.MAX_FAILURES, "Ben")
    assert who(ada, sign_in(ada, "Ada")) == "Ada"


def test_a_few_failures_do_not_slow_anybody_down(ada: Engine) -> None:
    guess(ada, accounts.MAX_FAILURES - 1)
    assert who(ada, sign_in(ada, "Ada")) == "Ada"


def test_a_session_ends_after_its_days(ada: Engine, clock: Clock) -> None:
    token = sign_in(ada, "Ada")
    clock(days=13, hours=23)
    assert who(ada, token) == "Ada"
    clock(hours=1)
    assert who(ada, token) is None


@pytest.mark.parametrize("token", [None, "", "unknown"])
def test_signing_out_of_nothing_does_nothing(ada: Engine, token: str | None) -> None:
    before = actions(ada)
    with writing(ada) as session:
        accounts.sign_out(session, token=token)
    assert actions(ada) == before


def test_signing_out_ends_one_session_only(ada: Engine) -> None:
    first, second = sign_in(ada, "Ada"), sign_in(ada, "Ada")
    with writing(ada) as session:
        accounts.sign_out(session, token=first)
    assert (who(ada, first), who(ada, second)) == (None, "Ada")


@pytest.mark.parametrize("password", ["", "short", "x" * 9, "x" * 201, " " * 12, "abababababab"])
def test_a_password_that_guesses_itself_is_not_taken(password: str) -> None:
    with pytest.raises(Invalid, match="A password has"):
        accounts.hash_password(password)


@pytest.mark.parametrize("password", ["abcdefghij", "pass word s", "ſmåll wörds 🌿", "x1y2" * 50])
def test_a_password_of_any_characters_is_taken(password: str) -> None:
    assert accounts.hash_password(password).startswith("$argon2id$")


def test_another_keyboard_may_compose_the_password_otherwise(ada: Engine) -> None:
    join(ada, invite(ada, "Ben"), password="pässwörter sind lang")
    assert who(ada, sign_in(ada, "Ben", "pa\u0308sswo\u0308rter sind lang")) == "Ben"


def test_a_password_is_not_cut_short(ada: Engine) -> None:
    long = "x1y2" * 50
    join(ada, invite(ada, "Ben"), password=long)
    assert who(ada, sign_in(ada, "Ben", long)) == "Ben"
    for other in (long[:-1], long + "x"):
        with pytest.raises(Refused):
            sign_in(ada, "Ben", other)
