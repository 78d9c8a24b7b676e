"""How messages of notifications stand: what waits, and what became of those of a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, TextClause, func, text
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from contracts.notifications.messages import MessageChannel, MessageState
from store.tables import NotificationMessageRow

LATELY = timedelta(days=1)
"""Messages that have ended are counted that were made so lately."""

_WAITING = text("state = 'waiting'")
"""Word for word as in the index."""

Counts = Mapping[tuple[MessageChannel, MessageState], int]


@dataclass(frozen=True)
class MessageStanding:
    """How many messages there are, by channel and state: all that wait, and those of a day that
    have ended. `oldest_at` is since when the one waits that should have gone first."""

    counts: Counts = field(default_factory=dict)
    oldest_at: datetime | None = None

    def of(self, *states: MessageState) -> int:
        """How many are in one of these states, over all channels."""
        return sum(count for (_, state), count in self.counts.items() if state in states)


def message_standing(session: Session, now: datetime) -> MessageStanding:
    """Count them now."""
    row = NotificationMessageRow
    ended = col(row.state) != MessageState.WAITING
    lately = col(row.created_at) > now - LATELY
    counts = {**_counts(session, _WAITING), **_counts(session, ended, lately)}
    due = select(func.min(col(row.send_after))).where(_WAITING, col(row.send_after) <= now)
    return MessageStanding(counts, session.exec(due).one())


def _counts(session: Session, *conditions: ColumnElement[bool] | TextClause) -> Counts:
    row = NotificationMessageRow
    each = (col(row.channel), col(row.state))
    query = select_columns(*each, func.count()).where(*conditions).group_by(*each)
    return {(channel, state): count for channel, state, count in session.execute(query)}
