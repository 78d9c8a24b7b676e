"""Addresses that a mail server has refused for good: tried again when somebody says that they are
right."""

from datetime import datetime

from sqlmodel import Session

from contracts.access.audit import AuditAction
from store.access.audit import record_change
from store.access.users import get_user
from store.encryption.columns import USER_EMAIL
from store.encryption.sealing import open_sealed
from store.tables import UserRow


def mail_again(
    session: Session, user_id: str, now: datetime, *, actor: str, owner: str | None = None
) -> tuple[UserRow, str]:
    """Mail somebody again from now on, whose address was refused; gives them with their address.
    Again, nothing changes. NotFound without them, or if they are another partner's."""
    user = get_user(session, user_id, owner=owner)
    if user.email_refused_at is not None:
        details = {"code": user.email_refused_code}
        user.email_refused_at = user.email_refused_code = None
        record_change(session, AuditAction.USER_MAILED_AGAIN, user, actor, now, details)
    return user, open_sealed(session, USER_EMAIL, user.email or "", user.id)
