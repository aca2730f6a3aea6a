"""Who may do what; and that every service asks before it does anything."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from typing import Any

import pytest

import review_app.services
from db.types import Actor, Role
from review_app.services.errors import Refused
from review_app.services.permissions import ROLES, May, allows, require

EVE = Actor(5, "Eve", Role.READ_ONLY)


class Untouched:
    """Stands for everything but the actor, and fails when it is looked at before the actor was refused."""

    def __getattribute__(self, name: str) -> Any:
        raise AssertionError(f"the service looked at .{name} before it refused")


def services() -> dict[str, Callable[..., Any]]:
    """Every public function that acts for somebody and commits; the others work within a caller's transaction."""
    names = [each.name for each in pkgutil.iter_modules(review_app.services.__path__)]
    modules = [importlib.import_module(f"review_app.services.{name}") for name in names]
    return {
        f"{module.__name__.rsplit('.', 1)[1]}.{name}": function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and "actor" in inspect.signature(function).parameters
        and "session.commit()" in inspect.getsource(function)
    }


def test_the_services_are_found() -> None:
    assert {"accounts.invite", "tags.save_tags", "claims.give_verdict", "harvests.start"} <= set(services())


@pytest.mark.parametrize("name", services())
def test_a_read_only_member_is_refused_before_anything_is_done(name: str) -> None:
    function = services()[name]
    needed = [each for each in inspect.signature(function).parameters.values() if each.default is each.empty]
    positional = [Untouched() for each in needed if each.kind is each.POSITIONAL_OR_KEYWORD]
    named = {each.name: Untouched() for each in needed if each.kind is each.KEYWORD_ONLY}
    with pytest.raises(Refused):
        function(*positional, **named | {"actor": EVE})


def test_a_lead_may_do_everything_and_a_read_only_member_nothing() -> None:
    assert ROLES[Role.LEAD] == set(May)
    assert ROLES[Role.READ_ONLY] == set()


def test_every_role_is_decided_about() -> None:
    assert set(ROLES) == set(Role)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.LEAD])
def test_only_a_lead_manages_members_and_the_library(role: Role) -> None:
    assert not ROLES[role] & {May.MANAGE_MEMBERS, May.MANAGE_LIBRARY}


def test_a_writer_does_not_judge_and_a_reviewer_does_not_decide_about_copy() -> None:
    assert not allows(Actor(4, "Dov", Role.WRITER), May.JUDGE_CLAIMS)
    assert not allows(Actor(4, "Dov", Role.WRITER), May.TAG)
    assert not allows(Actor(2, "Ben", Role.REVIEWER), May.DECIDE_COPY)


def test_the_refusal_says_what_the_role_may_not_do() -> None:
    with pytest.raises(Refused) as raised:
        require(EVE, May.TAG)
    assert May.TAG.value in str(raised.value)
    assert "read-only" in str(raised.value)
