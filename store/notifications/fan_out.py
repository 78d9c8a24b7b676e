"""Fan-out: notifications become messages, all that wait of a bundle at once.

It is one transaction under the notifications' locks: of two workers the second finds nothing left,
and one that is killed leaves everything as it was. An all-clear is held back until it has lasted;
an endpoint that fails again before that takes it back.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, update
from sqlmodel import Session, col, select

from contracts.notifications.kinds import BUNDLE_AFTER, RULES, hold_of_all_clear
from contracts.notifications.messages import Channels
from store.notifications.drafts import draft_emails, draft_texts, draft_webhooks
from store.notifications.pairs import OVER, RECOVERED, cancelled_out
from store.tables import NotificationRow

NOBODY = "there is nobody to tell"
_AT_ONCE = 1_000


def fan_out(
    session: Session,
    now: datetime,
    channels: Channels,
    wait: timedelta = BUNDLE_AFTER,
    only: str | None = None,
) -> int:
    """Make the messages of what is due, or of `only` one of that; gives how many notifications
    were. Of a bundle all are, once the first has waited long enough, except all-clears that have
    not lasted yet."""
    due, left_out = _due(session, now, wait)
    due = [one for one in due if only in (None, one.id) or one.id in left_out]
    told = [one for one in due if one.id not in left_out]
    made = draft_emails(session, told, now) if channels.email else set()
    made |= draft_texts(session, told, now)
    made |= draft_webhooks(session, told, now, to_ops=channels.ops_webhook)
    for one in due:
        one.fanned_out_at = now
        if one.id not in made:
            one.why, one.secret = OVER if one.id in left_out else NOBODY, None
    return len(due)


def due_notifications(session: Session, now: datetime, wait: timedelta) -> list[str]:
    """The ids of those whose messages are to be made now."""
    return [one.id for one in _due(session, now, wait)[0]]


def leave_untold(session: Session, notification_id: str, why: str, now: datetime) -> None:
    """Make no message of a notification, so that the others do not wait for it."""
    row = NotificationRow
    session.execute(
        update(row)
        .where(col(row.id) == notification_id, col(row.fanned_out_at).is_(None))
        .values(fanned_out_at=now, why=why, secret=None)
    )


def _due(
    session: Session, now: datetime, wait: timedelta
) -> tuple[Sequence[NotificationRow], set[str]]:
    """What is due, locked, and the ids of those of it that cancel out."""
    lasting_since = now - hold_of_all_clear(wait)
    rows = _of_due_bundles(_new(session, lasting_since), now - wait, lasting_since)
    left_out = cancelled_out(rows)
    due = [one for one in rows if one.id in left_out or not _is_held(one, lasting_since)]
    return due, left_out


def _new(session: Session, lasting_since: datetime) -> Sequence[NotificationRow]:
    """Those without messages, the oldest first, locked; what another worker has just fanned out is
    not among them any more. Of all-clears that are held back, those of the same endpoints."""
    row = NotificationRow
    is_new = col(row.fanned_out_at).is_(None)
    is_held = and_(col(row.kind) == RECOVERED, col(row.created_at) > lasting_since)
    in_order = (col(row.created_at), col(row.id))
    query = select(row.id, row.endpoint_id).where(is_new, ~is_held)
    found = session.exec(query.order_by(*in_order).limit(_AT_ONCE)).all()
    ids = [one_id for one_id, _ in found]
    endpoints = {endpoint_id for _, endpoint_id in found if endpoint_id is not None}
    wanted = or_(col(row.id).in_(ids), and_(is_held, col(row.endpoint_id).in_(endpoints)))
    locked = select(row).where(is_new, wanted).order_by(*in_order)
    return session.exec(locked.with_for_update(key_share=True)).all() if found else []


def _of_due_bundles(
    rows: Iterable[NotificationRow], before: datetime, lasting_since: datetime
) -> Sequence[NotificationRow]:
    """What goes at once, and every row of a bundle whose first was written so early: the held ones
    too, which may cancel out."""
    rows = list(rows)
    waited = (one for one in rows if one.created_at <= before and not _is_held(one, lasting_since))
    bundles = {RULES[one.kind].bundle for one in waited}
    return [one for one in rows if RULES[one.kind].bundle in {None, *bundles}]


def _is_held(one: NotificationRow, lasting_since: datetime) -> bool:
    return one.kind is RECOVERED and one.created_at > lasting_since
