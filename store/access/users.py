"""Users: added, found by their address, removed."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete
from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.access.callers import COMMAND_LINE
from contracts.access.users import Invite, Role, normalised_email
from contracts.errors import Conflict, NotFound
from contracts.ids import IdKind, new_id
from contracts.refusals import Refusal
from store.access.api_keys import keys_made_by, revoke_key
from store.access.audit import record_change
from store.access.removed_addresses import forget_address
from store.access.second_factors import drop_second_factor
from store.access.sign_in_links import end_links
from store.access.user_locks import lock_user
from store.encryption.columns import USER_EMAIL
from store.encryption.sealing import email_index, open_sealed, seal
from store.tables import SessionRow, UserRow

_RANKS = (Role.MEMBER, Role.OWNER, Role.OPS)
"""Each may do all that the ones before it may."""


def get_user(session: Session, user_id: str, *, owner: str | None = None) -> UserRow:
    """Somebody who was not removed. NotFound without, or if they are another partner's."""
    user = session.get(UserRow, user_id)
    if user is None or user.removed_at is not None or owner not in (None, user.partner_id):
        raise NotFound(f"no user {user_id}")
    return user


def is_above(session: Session, actor: str, user: UserRow) -> bool:
    """Whether an actor may do more than somebody, as the command line may."""
    acting = session.get(UserRow, actor)
    if acting is None:
        return actor == COMMAND_LINE
    return _RANKS.index(acting.role) > _RANKS.index(user.role)


def user_by_email(session: Session, email: str) -> UserRow | None:
    """Who has this address and a password; None when nobody has."""
    try:
        index = email_index(session, normalised_email(email))
    except ValueError:
        return None
    user = session.exec(select(UserRow).where(col(UserRow.email_index) == index)).first()
    return user if user is not None and user.password_hash is not None else None


def list_users(session: Session, partner_id: str | None) -> list[tuple[UserRow, str]]:
    """The people of a partner, or of ops, with their addresses, in the order they were invited."""
    whose = col(UserRow.partner_id)
    query = (
        select(UserRow)
        .where(whose.is_(None) if partner_id is None else whose == partner_id)
        .where(col(UserRow.removed_at).is_(None))
        .order_by(col(UserRow.id))
    )
    return [(user, email_of(session, user)) for user in session.exec(query)]


def email_of(session: Session, user: UserRow) -> str:
    """The address of somebody who was not removed."""
    return open_sealed(session, USER_EMAIL, user.email or "", user.id)


def remove_user(
    session: Session,
    user_id: str,
    now: datetime,
    *,
    actor: str,
    owner: str | None = None,
    with_keys: bool = False,
) -> list[str]:
    """Let somebody in no more, from this moment, and forget their address; with `with_keys` revoke
    the keys that they have made, too. Gives the ids of those.

    Conflict for the last owner of a partner, and the last one of ops: nobody could invite any more.
    """
    refuse_the_last(session, get_user(session, user_id, owner=owner))
    lock_user(session, user_id)
    user = get_user(session, user_id, owner=owner)
    _let_go(session, user, now)
    keys = [row.id for row in keys_made_by(session, user.id, now)] if with_keys else []
    for key_id in keys:
        revoke_key(session, key_id, now, actor=actor)
    record_user_change(session, AuditAction.USER_REMOVED, user, actor, now)
    return keys


def free_address(session: Session, user: UserRow, now: datetime, *, actor: str) -> None:
    """Remove somebody who was invited and has never come, and is locked: their address is for
    somebody else. Whether they were to be the last owner, nobody loses one who can invite."""
    _let_go(session, user, now)
    record_user_change(session, AuditAction.USER_REMOVED, user, actor, now)
    session.flush()  # before somebody is added with the address


def _let_go(session: Session, user: UserRow, now: datetime) -> None:
    user.removed_at, user.password_hash = now, None
    forget_address(user)
    session.execute(delete(SessionRow).where(col(SessionRow.user_id) == user.id))
    end_links(session, user.id)
    drop_second_factor(session, user.id)


def locked_by(session: Session, which: ColumnElement[bool]) -> UserRow | None:
    """Who has this address, say, as they are once whoever changes them has ended: a password that
    they choose at this moment counts. None where they have it no more by then."""
    query = select(UserRow).where(which)
    locked = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.exec(locked).first()


def add_user(session: Session, asked: Invite, index: str, now: datetime, actor: str) -> UserRow:
    """A new account; `index` is that of the address, which nobody has."""
    user_id = new_id(IdKind.USER)
    user = UserRow(
        id=user_id,
        partner_id=asked.partner_id,
        role=asked.role,
        name=asked.name,
        email=seal(session, USER_EMAIL, asked.email, user_id),
        email_index=index,
        created_at=now,
        created_by=actor,
    )
    session.add(user)
    session.flush()  # the link's foreign key needs the row
    return user


def refuse_the_last(session: Session, user: UserRow) -> None:
    """Conflict for the only owner of a partner, and the only one of ops."""
    if user.role is Role.MEMBER:
        return
    whose = col(UserRow.partner_id)
    query = (
        select(UserRow.id)
        .where(whose.is_(None) if user.partner_id is None else whose == user.partner_id)
        .where(col(UserRow.role) == user.role, col(UserRow.removed_at).is_(None))
        .with_for_update(key_share=True)
    )
    if len(session.exec(query).all()) == 1:
        raise Conflict(
            f"this is the last {user.role}: invite another one first", cause=Refusal.LAST_PERSON
        )


def record_user_change(
    session: Session, action: AuditAction, user: UserRow, actor: str, now: datetime
) -> None:
    """Record what was done to somebody, with the role they have."""
    record_change(session, action, user, actor, now, {"role": user.role})
