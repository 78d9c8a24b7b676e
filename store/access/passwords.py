"""Passwords that somebody chooses by a link: an invitation, or one that was mailed to reset it."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col

from contracts.access.users import LinkKind
from contracts.notifications.kinds import NotificationKind
from store.access.account_notices import notify_of_change
from store.access.pending_sign_ins import end_pending_of
from store.access.sign_in_links import LinkEnded, end_links, open_link, use_link
from store.access.user_locks import lock_user
from store.tables import SessionRow, UserRow


def user_by_link(session: Session, token: str, kind: LinkKind, now: datetime) -> UserRow:
    """Whose link it is, which is used from now on. They are locked before it, as they are by
    whoever invites or removes them. LinkEnded where it does not work, or they were removed."""
    link = open_link(session, token, kind, now)
    user = lock_user(session, link.user_id or "")
    use_link(session, token, kind, now)
    if user.removed_at is not None:
        raise LinkEnded(kind, used=False)
    return user


def put_password(session: Session, user: UserRow, password_hash: str, now: datetime) -> None:
    """Give somebody the password that they chose: their sessions and pending sign-ins end, and so
    do other links that set one. Who had one before is told that it has changed."""
    if user.password_hash is not None:
        notify_of_change(
            session,
            NotificationKind.PASSWORD_CHANGED,
            now,
            actor=user.id,
            partner_id=user.partner_id,
            user_id=user.id,
        )
    user.password_hash = password_hash
    session.execute(delete(SessionRow).where(col(SessionRow.user_id) == user.id))
    end_pending_of(session, user.id)
    end_links(session, user.id)
