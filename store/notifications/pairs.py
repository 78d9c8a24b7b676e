"""Failures that are over before anybody was told of them, and who was told of one that is over."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

from sqlalchemy import or_
from sqlmodel import Session, col, select

from contracts.notifications.kinds import NotificationKind
from contracts.notifications.messages import MessageChannel, MessageState
from store.tables import NotificationItemRow, NotificationMessageRow, NotificationRow

FAILING, RECOVERED = NotificationKind.ENDPOINT_FAILING, NotificationKind.ENDPOINT_RECOVERED
OVER = "it was over before anybody was told"
_IS_DOWN = (
    FAILING,
    NotificationKind.ENDPOINT_DISABLED_SOON,
    NotificationKind.ENDPOINT_DISABLED,
)
_MOST = 100
_OPPOSITE = {FAILING: RECOVERED, RECOVERED: FAILING}
_MAY_HAVE_TOLD = (MessageState.SENT, MessageState.UNKNOWN, MessageState.WAITING)


@dataclass(frozen=True)
class Informed:
    """Who heard, or is about to hear, that an endpoint fails: these people, and programs."""

    users: frozenset[str]
    programs: bool


def cancelled_out(rows: Iterable[NotificationRow]) -> set[str]:
    """The ids of those that cancel out, of notifications in the order in which they happened: an
    endpoint's failing and the recovery next to it, and a recovery and the next failing. A recovery
    before the endpoint's end is taken back by it."""
    open_of: dict[str, list[NotificationRow]] = {}
    cancelled: set[str] = set()
    for row in rows:
        if row.kind not in (RECOVERED, *_IS_DOWN) or row.endpoint_id is None:
            continue
        before = open_of.setdefault(row.endpoint_id, [])
        if before and before[-1].kind is _OPPOSITE.get(row.kind):
            cancelled |= {before.pop().id, row.id}
        elif before and before[-1].kind is RECOVERED and row.kind in _IS_DOWN:
            cancelled.add(before.pop().id)
        elif row.kind in _OPPOSITE:
            before.append(row)
    return cancelled


def told_of_failing(session: Session, recovered: NotificationRow) -> Informed:
    """Who was told of what is over now: that the endpoint fails, that it is off soon, or that it is
    off, since it was well last."""
    rows = session.exec(
        select(NotificationRow)
        .where(
            col(NotificationRow.endpoint_id) == recovered.endpoint_id,
            col(NotificationRow.kind).in_((*_IS_DOWN, RECOVERED)),
            col(NotificationRow.created_at) <= recovered.created_at,
            col(NotificationRow.id) != recovered.id,
            or_(col(NotificationRow.why).is_(None), col(NotificationRow.why) != OVER),
        )
        .order_by(col(NotificationRow.created_at).desc(), col(NotificationRow.id).desc())
        .limit(_MOST)
    )
    is_down = [one.id for one in takewhile(lambda one: one.kind is not RECOVERED, rows)]
    message, item = NotificationMessageRow, NotificationItemRow
    query = (
        select(message.channel, message.user_id)
        .join(item, col(item.message_id) == col(message.id))
        .where(
            col(item.notification_id).in_(is_down),
            ~col(item.left_out),
            col(message.state).in_(_MAY_HAVE_TOLD),
        )
    )
    heard = session.exec(query).all()
    return Informed(
        frozenset(user_id for _, user_id in heard if user_id is not None),
        any(channel is not MessageChannel.EMAIL for channel, _ in heard),
    )
