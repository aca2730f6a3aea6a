"""People come in, sign in, sign out and leave, on both engines."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Barrier

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, select

from db import audit
from db.engine import reading, writing
from db.models import AuditEvent, Member, SignInSession
from db.queries import accounts as account_queries
from db.types import Actor, Role
from review_app.services import accounts
from review_app.services.errors import Conflict, Invalid, NotFound, Refused, ServiceError

PASSWORD = "four small words here"
Clock = Callable[..., None]
Tokens = dict[str, str]


@cache
def hashed(password: str = PASSWORD) -> str:
    """Hashing takes its time, so the tests hash each password once."""
    return accounts.hash_password(password)


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
        rows = session.exec(select(AuditEvent).order_by(AuditEvent.id))  # type: ignore[arg-type]
        return [(row.actor_name, row.action) for row in rows]


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


def test_a_removed_member_is_out_at_once_and_stays_out(ada: Engine) -> None:
    token = join(ada, invite(ada, "Ben"))
    with writing(ada) as session:
        link = accounts.reset_link(session, actor=actor(ada, "Ada"), name="Ben")
    with reading(ada) as session:
        verified = accounts.verified(session, name="Ben", password=PASSWORD)
    remove(ada, "Ben")
    assert who(ada, token) is None
    with pytest.raises(Refused):
        sign_in(ada, "Ben")
    with pytest.raises(Refused), writing(ada) as session:  # the password was checked before the removal
        accounts.sign_in(session, name="Ben", member=verified)
    with pytest.raises(NotFound):
        join(ada, link)
    with reading(ada) as session:
        open_sessions = session.exec(select(SignInSession).where(SignInSession.member_id == 2)).all()
    assert all(row.ended_at is not None for row in open_sessions)


def test_a_password_that_was_replaced_after_it_was_checked_does_not_sign_in(ada: Engine) -> None:
    with reading(ada) as session:
        verified = accounts.verified(session, name="Ada", password=PASSWORD)
    with writing(ada) as session:
        link = accounts.reset_link(session, actor=actor(ada, "Ada"), name="Ada")
    join(ada, link, password="another four words here")
    with pytest.raises(Refused), writing(ada) as session:
        accounts.sign_in(session, name="Ada", member=verified)


def test_links_that_a_removed_lead_made_no_longer_work(ada: Engine) -> None:
    join(ada, invite(ada, "Ben", Role.LEAD))
    backdoor, honest = invite(ada, "Eve", Role.LEAD, by="Ben"), invite(ada, "Cleo")
    remove(ada, "Ben")
    with pytest.raises(NotFound):
        join(ada, backdoor)
    assert who(ada, join(ada, honest)) == "Cleo"


def test_links_that_a_lead_made_no_longer_work_once_they_lead_no_more(ada: Engine) -> None:
    join(ada, invite(ada, "Ben", Role.LEAD))
    backdoor = invite(ada, "Eve", Role.LEAD, by="Ben")
    change_role(ada, "Ben", Role.WRITER)
    with pytest.raises(NotFound):
        join(ada, backdoor)


def test_the_last_lead_cannot_leave_nor_step_down(ada: Engine) -> None:
    join(ada, invite(ada, "Ben"))
    with pytest.raises(Conflict, match="Ada is the only lead"):
        remove(ada, "Ada")
    with pytest.raises(Conflict, match="Ada is the only lead"):
        change_role(ada, "Ada", Role.REVIEWER)
    change_role(ada, "Ada", Role.LEAD)
    change_role(ada, "Ben", Role.LEAD)
    remove(ada, "Ada")
    assert actor(ada, "Ben").role is Role.LEAD


def test_of_two_leads_who_remove_each_other_at_once_one_stays(engine: Engine) -> None:
    join(engine, first_link(engine), "Ada")
    join(engine, invite(engine, "Ben", Role.LEAD))
    start = Barrier(2)

    def use(pair: tuple[str, str]) -> None:
        by, name = pair
        acting, member_id = actor(engine, by), actor(engine, name).member_id
        start.wait()
        try:
            with writing(engine) as session:
                accounts.remove_member(session, actor=acting, member_id=member_id)
        except ServiceError:
            pass

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(use, [("Ada", "Ben"), ("Ben", "Ada")]))
    with reading(engine) as session:
        assert account_queries.active_leads(session) == 1


def test_somebody_who_is_gone_cannot_be_changed(ada: Engine) -> None:
    join(ada, invite(ada, "Ben"))
    ben = actor(ada, "Ben").member_id
    remove(ada, "Ben")
    for change in (
        lambda s: accounts.remove_member(s, actor=actor(ada, "Ada"), member_id=ben),
        lambda s: accounts.change_role(s, actor=actor(ada, "Ada"), member_id=ben, role=Role.LEAD),
        lambda s: accounts.reset_link(s, actor=actor(ada, "Ada"), name="Ben"),
        lambda s: accounts.change_role(s, actor=actor(ada, "Ada"), member_id=999, role=Role.LEAD),
    ):
        with pytest.raises(NotFound), writing(ada) as session:
            change(session)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.LEAD])
def test_only_a_lead_manages_people(ada: Engine, role: Role) -> None:
    eve, before = Actor(99, "Eve", role), actions(ada)
    acts: list[Callable[[Session], object]] = [
        lambda s: accounts.invite(s, actor=eve, name="Mallory", role=Role.LEAD),
        lambda s: accounts.reset_link(s, actor=eve, name="Ada"),
        lambda s: accounts.change_role(s, actor=eve, member_id=1, role=Role.READ_ONLY),
        lambda s: accounts.remove_member(s, actor=eve, member_id=1),
    ]
    for act in acts:
        with pytest.raises(Refused), writing(ada) as session:
            act(session)
    assert actions(ada) == before


@pytest.mark.parametrize("name", ["Ada", "ada", "ADA", "  Ada  ", "Ａｄａ"])
def test_a_name_that_reads_like_a_member_s_is_taken(ada: Engine, name: str) -> None:
    with pytest.raises(Conflict, match="Ada is a member already"):
        invite(ada, name)


def test_spaces_and_composition_do_not_make_another_name(ada: Engine) -> None:
    join(ada, invite(ada, "Zoë  van   Dijk"))
    assert actor(ada, "zoe\u0308 VAN Dijk").name == "Zoë van Dijk"
    with pytest.raises(Conflict):
        invite(ada, "Zoe\u0308 van Dijk")


def test_two_invitations_of_one_name_make_one_member(ada: Engine) -> None:
    first, second = invite(ada, "Ben"), invite(ada, "BEN")
    join(ada, first)
    with pytest.raises(Conflict):
        join(ada, second)


def test_the_name_of_somebody_who_left_is_not_given_twice(ada: Engine) -> None:
    join(ada, invite(ada, "Ben"))
    remove(ada, "Ben")
    with pytest.raises(Conflict, match="Ben was a member"):
        invite(ada, "ben")


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "Ada\u200b", "Ben\u202eneB", "\x00", "Cleo\x07"])
def test_a_name_that_cannot_be_shown_is_not_taken(ada: Engine, name: str) -> None:
    with pytest.raises(Invalid, match="1 to 80 characters"):
        invite(ada, name)


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


def test_every_act_commits_once(ada: Engine) -> None:
    commits: list[str] = []
    event.listen(ada, "commit", lambda connection: commits.append("commit"))
    link = invite(ada, "Ben")
    join(ada, link)
    sign_in(ada, "Ben")
    change_role(ada, "Ben", Role.WRITER)
    remove(ada, "Ben")
    assert len(commits) == 5


def test_what_is_refused_commits_nothing(ada: Engine) -> None:
    commits: list[str] = []
    event.listen(ada, "commit", lambda connection: commits.append("commit"))
    with pytest.raises(Conflict):
        remove(ada, "Ada")
    with pytest.raises(NotFound):
        join(ada, "unknown", "Eve")
    assert commits == []
