"""Who is a member, under which name, in which role; and how members leave."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from invented_people import (
    PASSWORD,
    actions,
    actor,
    change_role,
    first_link,
    invite,
    join,
    remove,
    sign_in,
    who,
)
from sqlalchemy import Engine, event
from sqlmodel import Session, select

from db.engine import reading, writing
from db.models import SignInSession
from db.queries import accounts as account_queries
from db.types import Actor, Role
from review_app.services import accounts
from review_app.services.errors import Conflict, Invalid, NotFound, Refused, ServiceError


@pytest.fixture
def ada(sqlite_engine: Engine) -> Engine:
    """A library that Ada leads; what does not depend on the engine is tried on one."""
    join(sqlite_engine, first_link(sqlite_engine), "Ada")
    return sqlite_engine


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


def test_the_name_of_somebody_who_left_is_not_given_twice(ada: Engine) -> None:
    join(ada, invite(ada, "Ben"))
    remove(ada, "Ben")
    with pytest.raises(Conflict, match="Ben was a member"):
        invite(ada, "ben")


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "Ada\u200b", "Ben\u202eneB", "\x00", "Cleo\x07"])
def test_a_name_that_cannot_be_shown_is_not_taken(ada: Engine, name: str) -> None:
    with pytest.raises(Invalid, match="1 to 80 characters"):
        invite(ada, name)


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


def test_inviting_a_name_again_replaces_the_earlier_invitation(ada: Engine) -> None:
    earlier, other, newer = invite(ada, "Ben"), invite(ada, "Cleo"), invite(ada, " BEN ", Role.WRITER)
    with reading(ada) as session:
        waiting = [(link.name, link.role) for link in account_queries.open_links(session)]
    assert waiting == [("Cleo", Role.REVIEWER), ("BEN", Role.WRITER)]
    with pytest.raises(NotFound):
        join(ada, earlier)
    assert who(ada, join(ada, newer)) == "BEN"
    assert who(ada, join(ada, other)) == "Cleo"
    assert actions(ada).count(("Ada", "invitation_withdrawn")) == 1
