"""Invitations: adding somebody, or sending them a new link and another name or role with it."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from contracts.access.audit import AuditAction
from contracts.access.users import Invite, Role
from contracts.errors import Conflict, Invalid
from contracts.notifications.kinds import NotificationKind
from contracts.refusals import Refusal
from store.access.account_notices import notify_of_change
from store.access.actors import refuse_portal
from store.access.audit import record
from store.access.budgets import REFUSED_INVITATIONS, require_left, spend
from store.access.removed_addresses import want_again
from store.access.sign_in_links import invitation
from store.access.users import add_user, is_above, locked_by, record_user_change, refuse_the_last
from store.encryption.sealing import email_index
from store.tables import PartnerRow, SessionRow, UserRow


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
    record_user_change(session, AuditAction.USER_INVITED, user, actor, now)
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


def _check(session: Session, asked: Invite, owner: str | None) -> None:
    if (asked.role is Role.OPS) is not (asked.partner_id is None):
        fault = "name the partner of an owner or a member, and of nobody else"
        raise Invalid(fault, field="partner_id")
    if owner not in (None, asked.partner_id):
        raise Invalid("invite people of your own only", field="partner_id")
    if asked.partner_id is not None and session.get(PartnerRow, asked.partner_id) is None:
        raise Invalid(f"no partner {asked.partner_id}: create it first", field="partner_id")


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
        refuse_the_last(session, user)
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
