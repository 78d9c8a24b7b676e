"""Fan-out: notifications become messages, all that wait of a bundle at once.

It is one transaction under the notifications' locks: of two workers the second finds nothing left,
and one that is killed leaves everything as it was.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from contracts.notifications.kinds import BUNDLE_AFTER, RULES
from contracts.notifications.messages import Channels
from store.notifications.drafts import draft_emails, draft_texts, draft_webhooks
from store.notifications.pairs import OVER, cancelled_out
from store.tables import NotificationRow

NOBODY = "there is nobody to tell"
_AT_ONCE = 1_000


def fan_out(
    session: Session, now: datetime, channels: Channels, wait: timedelta = BUNDLE_AFTER
) -> int:
    """Make the messages of what is due; gives how many notifications were. Of a bundle all are,
    once the first has waited long enough."""
    due = _due(_new(session), now - wait)
    left_out = cancelled_out(due)
    told = [one for one in due if one.id not in left_out]
    made = draft_emails(session, told, now) if channels.email else set()
    made |= draft_texts(session, told, now)
    made |= draft_webhooks(session, told, now, to_ops=channels.ops_webhook)
    for one in due:
        one.fanned_out_at = now
        if one.id not in made:
            one.why, one.secret = OVER if one.id in left_out else NOBODY, None
    return len(due)


def _new(session: Session) -> Sequence[NotificationRow]:
    """Those without messages, the oldest first, locked; what another worker has just fanned out is
    not among them any more."""
    query = (
        select(NotificationRow)
        .where(col(NotificationRow.fanned_out_at).is_(None))
        .order_by(col(NotificationRow.created_at), col(NotificationRow.id))
        .limit(_AT_ONCE)
    )
    return session.exec(query.with_for_update(key_share=True)).all()


def _due(rows: Iterable[NotificationRow], before: datetime) -> Sequence[NotificationRow]:
    """What goes at once, and every row of a bundle whose first was written so early."""
    rows = list(rows)
    bundles = {RULES[one.kind].bundle for one in rows if one.created_at <= before}
    return [one for one in rows if RULES[one.kind].bundle in {None, *bundles}]
