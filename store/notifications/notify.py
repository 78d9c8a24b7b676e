"""Notifications: written with the change that they tell of, so that none is told without it."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import JsonValue
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from contracts.ids import IdKind, new_id
from contracts.notifications.kinds import NotificationKind
from store.encryption.columns import NOTIFICATION_SECRET
from store.encryption.sealing import seal
from store.tables import NotificationRow


def notify(
    session: Session,
    kind: NotificationKind,
    now: datetime,
    *,
    partner_id: str | None = None,
    endpoint_id: str | None = None,
    user_id: str | None = None,
    about: Mapping[str, JsonValue] | None = None,
    secret: str | None = None,
    once: str | None = None,
) -> str | None:
    """Have people told of a change, after its commit; gives the notification's id, or None where
    `once` was told already.

    `about` must have nothing personal in it: ids, codes, counts, dates, names of hosts. `user_id`
    is the one whom it concerns. `secret`, the token of a link, is kept sealed until its e-mail has
    ended. A row that another transaction writes with the same `once` is waited for.
    """
    notification_id = new_id(IdKind.NOTIFICATION)
    sealed = secret and seal(session, NOTIFICATION_SECRET, secret, notification_id)
    row = {
        "id": notification_id,
        "kind": kind,
        "partner_id": partner_id,
        "endpoint_id": endpoint_id,
        "user_id": user_id,
        "about": dict(about or {}),
        "secret": sealed,
        "once": once,
        "created_at": now,
    }
    new = insert(NotificationRow).values(**row).on_conflict_do_nothing(index_elements=["once"])
    return session.execute(new.returning(col(NotificationRow.id))).scalar_one_or_none()
