"""What people are told of texts: that they are stopped."""

from datetime import datetime

from sqlmodel import Session

from contracts.notifications.kinds import NotificationKind
from store.notifications.notify import notify
from store.tables import SmsSuspensionRow

_KIND = NotificationKind.SMS_SUSPENDED


def notify_suspended(session: Session, suspension: SmsSuspensionRow, now: datetime) -> None:
    """A stop was put. Of what stops the texts of more than one partner ops alone is told."""
    notify(
        session,
        _KIND,
        now,
        partner_id=suspension.partner_id,
        about={"scope": suspension.scope, "reason": suspension.reason, "code": suspension.code},
        once=f"{_KIND}/{suspension.id}",
    )
