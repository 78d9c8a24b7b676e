"""Users: invited, found by their address, removed."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.access.callers import COMMAND_LINE
from contracts.access.users import Invite, Role, normalised_email
from contracts.errors import Conflict, Invalid, NotFound
from contracts.ids import IdKind, new_id
from contracts.notifications.kinds import NotificationKind
from contracts.refusals import Refusal
from store.access.account_notices import notify_of_change
from store.access.actors import refuse_portal
from store.access.api_keys import keys_made_by, revoke_key
from store.access.audit import record, record_change
from store.access.budgets import REFUSED_INVITATIONS, require_left, spend
from store.access.removed_addresses import forget_address, want_again
from store.access.second_factors import drop_second_factor
from store.access.sign_in_links import end_links, invitation
from store.access.user_locks import lock_user
from store.encryption.columns import USER_EMAIL
from store.encryption.sealing import email_index, open_sealed, seal
from store.tables import PartnerRow, SessionRow, UserRow

_RANKS = (Role.MEMBER, Role.OWNER, Role.OPS)
"""Each may do all that the ones before it may."""


class AddressTaken(Conflict):
    """The address is somebody's of another partner, or of ops. Whoever learns that is to be counted
    (`note_refusal`): an invitation is a way to ask who is a customer of Doorstep's."""


def invite(
    session: Session,
    asked: Invite,
    now: datetime,
    *,
    actor: str,
    owner: str | None = None,
    by_mail: bool = False,
) -> tuple[UserRow, str]:
    """Add somebody, or send a person of the same partner a new link; gives the row and the token of
    the link, which is shown only now. `by_mail`: the link is mailed to them, and to nobody else.

    Whoever is invited again has the name and the role of the new invitation at once. Conflict when
    the address belongs to somebody elsewhere, when somebody has joined and is no less than the one
    who invites, or when the last owner would be none any more.
    """
    refuse_portal(actor)
    _check(session, asked, owner)
    require_left(session, REFUSED_INVITATIONS, asked.partner_id or "ops", now)
    index = email_index(session, asked.email)
    user = locked_by(session, col(UserRow.email_index) == index)
    if asked.role is Role.OPS:
        want_again(session, index)
    if user is None:
        user = add_user(session, asked, index, now, actor)
    elif (user.partner_id, user.role is Role.OPS) != (asked.partner_id, asked.role is Role.OPS):
        raise AddressTaken(
            "this address cannot be invited here: use another one", cause=Refusal.ADDRESS_TAKEN
        )
    else:
        _refuse_takeover(session, user, actor)
        _change(session, user, asked, now, actor)
    token = invitation(session, user, now, actor=actor)
    if by_mail:
        _mail(session, user, token, now, actor)
    _record(session, AuditAction.USER_INVITED, user, actor, now)
    return user, token


def note_refusal(session: Session, partner_id: str | None, now: datetime, *, actor: str) -> None:
    """Count an invitation that was refused, in a transaction of its own: the refused one rolls
    back. After a few of them nobody is invited for a while."""
    spend(session, REFUSED_INVITATIONS, partner_id or "ops", now)
    record(
        session,
        actor=actor,
        action=AuditAction.INVITATION_REFUSED,
        object_id=partner_id or "ops",
        partner_id=partner_id,
        now=now,
    )


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
    _refuse_the_last(session, get_user(session, user_id, owner=owner))
    lock_user(session, user_id)
    user = get_user(session, user_id, owner=owner)
    _let_go(session, user, now)
    keys = [row.id for row in keys_made_by(session, user.id, now)] if with_keys else []
    for key_id in keys:
        revoke_key(session, key_id, now, actor=actor)
    _record(session, AuditAction.USER_REMOVED, user, actor, now)
    return keys


def free_address(session: Session, user: UserRow, now: datetime, *, actor: str) -> None:
    """Remove somebody who was invited and has never come, and is locked: their address is for
    somebody else. Whether they were to be the last owner, nobody loses one who can invite."""
    _let_go(session, user, now)
    _record(session, AuditAction.USER_REMOVED, user, actor, now)
    session.flush()  # before somebody is added with the address


def _let_go(session: Session, user: UserRow, now: datetime) -> None:
    user.removed_at, user.password_hash = now, None
    forget_address(user)
    session.execute(delete(SessionRow).where(col(SessionRow.user_id) == user.id))
    end_links(session, user.id)
    drop_second_factor(session, user.id)


def _check(session: Session, asked: Invite, owner: str | None) -> None:
    if (asked.role is Role.OPS) is not (asked.partner_id is None):
        fault = "name the partner of an owner or a member, and of nobody else"
        raise Invalid(fault, field="partner_id")
    if owner not in (None, asked.partner_id):
        raise Invalid("invite people of your own only", field="partner_id")
    if asked.partner_id is not None and session.get(PartnerRow, asked.partner_id) is None:
        raise Invalid(f"no partner {asked.partner_id}: create it first", field="partner_id")


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


def _refuse_takeover(session: Session, user: UserRow, actor: str) -> None:
    """The link goes through the hands of whoever asked for it, and sets a password: of somebody who
    has joined it is for themselves, for who may do more than they, and for the command
    line. Also where it goes by mail: a name and a role change with it."""
    if user.joined_at is None or actor == user.id:
        return
    if not is_above(session, actor, user):
        raise Conflict(
            f"this {user.role} signs in already: who has lost their password is given a link by "
            "operations, with `doorstep users invite`",
            cause=Refusal.HAS_PASSWORD,
        )


def _mail(session: Session, user: UserRow, token: str, now: datetime, actor: str) -> None:
    """Have the link mailed to them."""
    notify_of_change(
        session,
        NotificationKind.INVITATION,
        now,
        actor=actor,
        partner_id=user.partner_id,
        user_id=user.id,
        secret=token,
        role=user.role,
        has_password=user.password_hash is not None,
    )


def _change(session: Session, user: UserRow, asked: Invite, now: datetime, actor: str) -> None:
    """Also of the sessions that there are: a role that was taken away is gone from them, too. Who
    has joined is told of another role. Who they are at the identity provider is asked anew."""
    if user.role is not asked.role:
        _refuse_the_last(session, user)
        if user.joined_at is not None:
            notify_of_change(
                session,
                NotificationKind.ROLE_CHANGED,
                now,
                actor=actor,
                partner_id=user.partner_id,
                user_id=user.id,
                before=user.role,
                after=asked.role,
            )
    user.name, user.role, user.identity_index = asked.name, asked.role, None
    session.execute(
        update(SessionRow)
        .where(col(SessionRow.user_id) == user.id)
        .values(name=asked.name, role=asked.role)
    )


def _refuse_the_last(session: Session, user: UserRow) -> None:
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


def _record(
    session: Session, action: AuditAction, user: UserRow, actor: str, now: datetime
) -> None:
    record_change(session, action, user, actor, now, {"role": user.role})
