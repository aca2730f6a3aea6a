"""People: who is here, in which role, and links for those who come or have lost their way in."""

import streamlit as st

from db.engine import DatabaseUnavailable, reading, writing
from db.models import Member
from db.queries import accounts as account_queries
from db.types import Actor, Role
from review_app import auth, state
from review_app.database import engine
from review_app.services import accounts
from review_app.services.errors import ServiceError
from review_app.services.permissions import in_words
from review_app.web_forms import public_address

_LINK = "members_link"  # the link made last, shown once: (name, address)
_TROUBLE = "members_trouble"


def role_words(role: Role) -> str:
    return role.value.replace("_", "-")


def invitation(*, actor: Actor) -> None:
    """A form that makes a one-time link for somebody new."""
    with st.form("invite", clear_on_submit=True, border=True):
        name, role, send = st.columns([3, 2, 1], vertical_alignment="bottom")
        name.text_input("Name", key="invite_name", max_chars=80)
        role.selectbox("Role", list(Role), index=1, format_func=role_words, key="invite_role")
        send.form_submit_button("Make link", on_click=_invite, width="stretch")
    with st.expander("What each role may do"):
        st.markdown("\n".join(f"- **{role_words(item)}**: {in_words(item)}" for item in Role))
    if trouble := st.session_state.pop(_TROUBLE, None):
        st.error(trouble)
    if made := st.session_state.get(_LINK):
        st.success(
            f"For {made[0]}: works once, within seven days. Send it to nobody else. An earlier link for this "
            "name no longer works."
        )
        st.code(made[1], language=None)


def member_row(member: Member, *, actor: Actor) -> None:
    """One member with what a lead can do about them."""
    name, role, reset, leave = st.columns([3, 2, 1.4, 1.2], vertical_alignment="center")
    name.markdown(f"**{_plain(member.name)}**" + ("  (you)" if member.id == actor.id else ""))
    if member.left_at is not None:
        role.caption(f"left {member.left_at:%d %B %Y}")
        return
    key = f"role_{member.id}"
    role.selectbox(
        f"Role of {member.name}",
        list(Role),
        index=list(Role).index(member.role),
        format_func=role_words,
        key=key,
        label_visibility="collapsed",
        on_change=_change_role,
        args=(member.id, key),
    )
    reset.button("New sign-in link", key=f"reset_{member.id}", on_click=_reset, args=(member.name,), width="stretch")
    with leave.popover("Remove", width="stretch"):
        st.write("Signed out everywhere at once. Everything they judged stays.")
        st.button("Remove this member", key=f"leave_{member.id}", on_click=_remove, args=(member.id,))


def waiting() -> None:
    """Invitations that nobody has used yet."""
    with reading(engine()) as session:
        links = account_queries.open_links(session)
    for link in links:
        role = role_words(link.role) if link.role else ""
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(
                f"Invited: **{_plain(link.name or '')}** as {role}, until {link.expires_at:%d %B %Y}", width="content"
            )
            st.button("Withdraw", key=f"withdraw_{link.token_hash[:12]}", on_click=_withdraw, args=(link.token_hash,))


def everybody() -> list[Member]:
    with reading(engine()) as session:
        return account_queries.members(session)


def _invite() -> None:
    name, role = st.session_state["invite_name"], st.session_state["invite_role"]
    try:
        with writing(engine()) as session:
            token = accounts.invite(session, actor=auth.current_actor(), name=name, role=role)
        st.session_state[_LINK] = (name, f"{public_address()}/join/{token}")
    except (ServiceError, DatabaseUnavailable) as error:
        st.session_state[_TROUBLE] = str(error)


def _withdraw(token_hash: str) -> None:
    try:
        with writing(engine()) as session:
            accounts.withdraw_invitation(session, actor=auth.current_actor(), token_hash=token_hash)
        st.session_state.pop(_LINK, None)
    except (ServiceError, DatabaseUnavailable) as error:
        st.session_state[_TROUBLE] = str(error)


def _reset(name: str) -> None:
    try:
        with writing(engine()) as session:
            token = accounts.reset_link(session, actor=auth.current_actor(), name=name)
        st.session_state[_LINK] = (name, f"{public_address()}/join/{token}")
    except (ServiceError, DatabaseUnavailable) as error:
        st.session_state[_TROUBLE] = str(error)


def _change_role(member_id: int, key: str) -> None:
    try:
        with writing(engine()) as session:
            accounts.change_role(session, actor=auth.current_actor(), member_id=member_id, role=st.session_state[key])
        st.session_state[state.FLASH] = "Role changed"
    except (ServiceError, DatabaseUnavailable) as error:
        st.session_state[_TROUBLE] = str(error)
        st.session_state.pop(key)


def _remove(member_id: int) -> None:
    try:
        with writing(engine()) as session:
            accounts.remove_member(session, actor=auth.current_actor(), member_id=member_id)
    except (ServiceError, DatabaseUnavailable) as error:
        st.session_state[_TROUBLE] = str(error)


def _plain(text: str) -> str:
    """Names are plain words: nothing in them is markup."""
    return "".join("\\" + character if character in "\\`*_{}[]()#+-.!|<>~$:" else character for character in text)
