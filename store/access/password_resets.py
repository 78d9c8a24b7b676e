"""Passwords reset by whoever has lost theirs, with a link that is mailed to them.

Who asks writes one row, whoever has the address: that takes as long and is answered the same, so
that nobody learns who has an account. The worker makes the link, soon after.
"""

from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.access.callers import DOORSTEP
from contracts.access.users import RESET_VALID_FOR, LinkKind, Role, comparable_email
from contracts.notifications.kinds import NotificationKind
from store.access import login_throttle
from store.access.account_notices import notify_of_change
from store.access.audit import record_change
from store.access.budgets import Budget, spend
from store.access.passwords import put_password, user_by_link
from store.access.sign_in_links import reset_link
from store.encryption.columns import USER_EMAIL
from store.encryption.sealing import email_index, open_sealed
from store.tables import PasswordResetRequestRow, UserRow

_HOUR = timedelta(hours=1)
OF_ADDRESS = Budget("password-reset", 3, _HOUR, "requests to reset the password of an address")
OF_CLIENT = Budget("password-resets-of-client", 20, _HOUR, "requests to reset a password")
OF_SITE = Budget("password-resets-of-site", 100, _HOUR, "requests to reset a password")


def ask_for_reset(
    session: Session, email: str, client: str, now: datetime, *, for_ops: bool
) -> None:
    """Have a link mailed to whoever has this address, if somebody has who may have a password:
    people of ops where it is `for_ops`, too. LimitReached after a few in an hour, for an address,
    known or not, as for a client."""
    address = email_index(session, comparable_email(email))
    spend(session, OF_ADDRESS, address, now)
    networks = login_throttle.networks_of(client)  # the second is of IPv6 alone
    for budget, network in zip((OF_CLIENT, OF_SITE), networks, strict=False):
        spend(session, budget, email_index(session, network), now)
    asked = insert(PasswordResetRequestRow).values(
        email_index=address, created_at=now, for_ops=for_ops
    )
    session.execute(asked.on_conflict_do_nothing())


def mail_reset_links(session: Session, now: datetime, *, limit: int) -> int:
    """Make the links that were asked for and have them mailed; gives how many were asked for. Who
    has no password gets none, nor does who asked so long ago that they asked again since."""
    waiting = select(PasswordResetRequestRow).order_by(col(PasswordResetRequestRow.created_at))
    asked = session.exec(waiting.limit(limit).with_for_update(skip_locked=True, key_share=True))
    requests = list(asked)
    for request in requests:
        user = _user_of(session, request)
        if user is not None and request.created_at > now - RESET_VALID_FOR:
            _mail_link(session, user, now)
        session.delete(request)
    return len(requests)


def reset_password(session: Session, token: str, password_hash: str, now: datetime) -> None:
    """Give somebody the password that they chose. It signs nobody in: that goes the way of every
    sign-in, which is open again to them. LinkEnded where the link does not work."""
    user = user_by_link(session, token, LinkKind.PASSWORD_RESET, now)
    put_password(session, user, password_hash, now)
    email = open_sealed(session, USER_EMAIL, user.email or "", user.id)
    login_throttle.forgive(session, email)
    record_change(session, AuditAction.PASSWORD_RESET, user, user.id, now)


def _user_of(session: Session, request: PasswordResetRequestRow) -> UserRow | None:
    """Who has the address and a password that lets them in."""
    query = select(UserRow).where(col(UserRow.email_index) == request.email_index)
    user = session.exec(query.where(col(UserRow.password_hash).is_not(None))).first()
    if user is None or user.removed_at is not None:
        return None
    return user if request.for_ops or user.role is not Role.OPS else None


def _mail_link(session: Session, user: UserRow, now: datetime) -> None:
    notify_of_change(
        session,
        NotificationKind.PASSWORD_RESET,
        now,
        actor=user.id,
        partner_id=user.partner_id,
        user_id=user.id,
        secret=reset_link(session, user, now),
    )
    record_change(session, AuditAction.PASSWORD_RESET_MAILED, user, DOORSTEP, now)
