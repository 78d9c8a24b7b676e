"""Where a partner's own programs are told of notifications: put, read, taken away."""

from datetime import datetime

from sqlmodel import Session

from contracts.access.audit import AuditAction
from contracts.endpoints.url import read_endpoint_url
from contracts.errors import NotFound
from contracts.payload.signature import new_secret
from store.access.audit import record
from store.encryption.columns import NOTIFICATION_WEBHOOK_SECRET
from store.encryption.sealing import seal
from store.partners.partners import get_partner, locked_partner
from store.tables import NotificationWebhookRow


def put_notification_webhook(
    session: Session,
    partner_id: str,
    url: str,
    now: datetime,
    *,
    actor: str,
    owner: str | None = None,
) -> tuple[NotificationWebhookRow, str]:
    """Post notifications of a partner there from now on; gives the row and its secret, which is
    shown only now. A secret that there was ends at once."""
    get_partner(session, partner_id, owner=owner)
    locked_partner(session, partner_id)
    secret = new_secret()
    row = session.merge(
        NotificationWebhookRow(
            partner_id=partner_id,
            url=url,
            secret=seal(session, NOTIFICATION_WEBHOOK_SECRET, secret, partner_id),
            created_at=now,
            created_by=actor,
        )
    )
    _record(session, AuditAction.NOTIFICATION_WEBHOOK_SET, row, actor, now)
    return row, secret


def notification_webhook(
    session: Session, partner_id: str, *, owner: str | None = None
) -> NotificationWebhookRow | None:
    """Where notifications of a partner are posted; None where nobody has said. NotFound without
    the partner."""
    get_partner(session, partner_id, owner=owner)
    return session.get(NotificationWebhookRow, partner_id)


def remove_notification_webhook(
    session: Session, partner_id: str, now: datetime, *, actor: str, owner: str | None = None
) -> None:
    """Post them nowhere any more, and forget the secret. NotFound where there is no receiver."""
    row = notification_webhook(session, partner_id, owner=owner)
    if row is None:
        raise NotFound(f"partner {partner_id} has no notification webhook")
    _record(session, AuditAction.NOTIFICATION_WEBHOOK_REMOVED, row, actor, now)
    session.delete(row)


def _record(
    session: Session, action: AuditAction, row: NotificationWebhookRow, actor: str, now: datetime
) -> None:
    record(
        session,
        actor=actor,
        action=action,
        object_id=row.partner_id,
        partner_id=row.partner_id,
        details={"host": read_endpoint_url(row.url).host},
        now=now,
    )
