"""What each role may do. Every service asks here first."""

from enum import StrEnum

from db.types import Actor, Role
from review_app.services.errors import Refused


class May(StrEnum):
    """Acts that a role allows; the value completes the sentence "your role may not ..."."""

    HARVEST = "start or stop a harvest or import files"
    SCREEN = "screen records"
    ADJUDICATE = "settle conflicts"
    TAG = "tag studies or record findings"
    QUOTE = "link quotes"
    DECIDE_DUPLICATES = "decide which records are one article"
    EDIT_CLAIMS = "write claims or wordings"
    JUDGE_CLAIMS = "give a verdict on a claim"
    CHECK_COPY = "check documents"
    DECIDE_COPY = "accept or reject links in a document"
    ANSWER_ALERTS = "answer alerts"
    MANAGE_MEMBERS = "invite or change members"
    MANAGE_REVIEW = "change how a review is done"
    MANAGE_LIBRARY = "change the library's settings"


_REVIEWING = {
    May.SCREEN,
    May.TAG,
    May.QUOTE,
    May.DECIDE_DUPLICATES,
    May.JUDGE_CLAIMS,
    May.CHECK_COPY,
    May.ANSWER_ALERTS,
}
_SIGNING = {May.CHECK_COPY, May.DECIDE_COPY, May.ANSWER_ALERTS}
ROLES: dict[Role, frozenset[May]] = {
    Role.LEAD: frozenset(May),
    Role.REVIEWER: frozenset(_REVIEWING | {May.EDIT_CLAIMS, May.HARVEST}),
    Role.ADJUDICATOR: frozenset(_REVIEWING | {May.ADJUDICATE, May.EDIT_CLAIMS}),
    Role.WRITER: frozenset(_SIGNING | {May.EDIT_CLAIMS}),
    Role.MEDICAL: frozenset(_SIGNING | {May.JUDGE_CLAIMS, May.QUOTE, May.EDIT_CLAIMS}),
    Role.LEGAL: frozenset(_SIGNING),
    Role.REGULATORY: frozenset(_SIGNING),
    Role.READ_ONLY: frozenset(),
}


def in_words(role: Role) -> str:
    """What a role may do, for whoever gives it to somebody."""
    if role is Role.LEAD:
        return "everything"
    acts = [act.value for act in May if act in ROLES[role]]
    return "; ".join(acts) if acts else "read everything, change nothing"


def allows(actor: Actor, act: May) -> bool:
    return act in ROLES[actor.role]


def require(actor: Actor, act: May) -> None:
    """Raises Refused unless the actor's role allows it."""
    if not allows(actor, act):
        role = actor.role.value.replace("_", "-")
        raise Refused(f"A {role} member may not {act.value}. Ask a lead for another role.")
