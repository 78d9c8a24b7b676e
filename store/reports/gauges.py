"""How much there is of everything that waits, counted for the metrics.

Only what is open is counted, each by an index of its own kind of rows, and the webhooks of one
minute: it costs as much as there is to do, not as much as was ever done.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, TextClause, func, or_, text
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from contracts.delivery.retention import RetentionJob
from contracts.delivery.states import DeliveryState, EndpointState, EventState, HoldReason, SmsState
from contracts.instructions.posts import PostState
from contracts.notifications.kinds import NotificationKind
from contracts.outcomes.objective import DueState
from store.dead_letters.queue import Depth, depth
from store.notifications.checks import last_checks
from store.notifications.standing import MessageStanding, message_standing
from store.reports.objective import webhooks_due
from store.retention.jobs import JobStanding, job_standings
from store.tables import (
    DeliveryRow,
    EndpointRow,
    EventRow,
    InstructionRow,
    OutboxRow,
    SmsMessageRow,
    SmsSuspensionRow,
)

WEEK = timedelta(days=7)
TEXTS_OF = timedelta(hours=1)
"""Texts are counted that were handed to Twilio so lately."""

_OPEN = text("state IN ('pending', 'delivering')")
_HELD = text("state = 'held'")
_TO_POST = text("post_state = 'waiting'")
_NOT_POSTED = text("post_state = 'dead_lettered'")
"""Word for word as in the indexes, which are used for nothing else."""


@dataclass(frozen=True)
class Outbox:
    """Events that no dispatcher has started yet, and since when the oldest waits."""

    events: int = 0
    oldest_at: datetime | None = None


@dataclass(frozen=True)
class Gauges:
    """Everything that waits, and how the webhooks of a minute stand. Breakers are those that are
    open, by the state of their endpoint."""

    events: Mapping[EventState, int] = field(default_factory=dict)
    deliveries: Mapping[DeliveryState, int] = field(default_factory=dict)
    held: Mapping[HoldReason, int] = field(default_factory=dict)
    dead_letters: Depth = field(default_factory=Depth)
    open_breakers: Mapping[EndpointState, int] = field(default_factory=dict)
    sms_suspensions: int = 0
    texts: Mapping[SmsState, int] = field(default_factory=dict)
    messages: MessageStanding = field(default_factory=MessageStanding)
    """Of notifications, to people and to programs."""
    outbox: Outbox = field(default_factory=Outbox)
    instructions: Mapping[PostState, int] = field(default_factory=dict)
    """Posts to the OMS that wait, and those of the last week that are dead letters."""
    webhooks_due: Mapping[DueState, int] = field(default_factory=dict)
    retention: Mapping[RetentionJob, JobStanding] = field(default_factory=dict)
    notification_checks: Mapping[NotificationKind, datetime] = field(default_factory=dict)
    """When each check for something to tell last went through."""
    oldest_open_at: datetime | None = None
    """Since when nothing has happened to the delivery that waits longest for its workflow."""


def read_gauges(session: Session, now: datetime) -> Gauges:
    """Count what waits, in one consistent reading."""
    held = _counts(session, DeliveryRow.hold_reason, _HELD)
    dead_letters = depth(session)
    return Gauges(
        events=_counts(
            session,
            EventRow.state,
            col(EventRow.state).in_((EventState.ACCEPTED, EventState.FAILED)),
        ),
        deliveries={
            **_counts(session, DeliveryRow.state, _OPEN),
            DeliveryState.HELD: sum(held.values()),
            DeliveryState.DEAD_LETTERED: sum(dead_letters.counts.values()),
        },
        held=held,
        dead_letters=dead_letters,
        open_breakers=_counts(
            session,
            EndpointRow.state,
            col(EndpointRow.opened_at).is_not(None),
            col(EndpointRow.removed_at).is_(None),
        ),
        sms_suspensions=_suspensions_in_force(session),
        texts=_counts(session, SmsMessageRow.state, col(SmsMessageRow.claimed_at) > now - TEXTS_OF),
        messages=message_standing(session, now),
        outbox=_outbox(session),
        instructions={
            **_counts(session, InstructionRow.post_state, _TO_POST),
            **_counts(
                session,
                InstructionRow.post_state,
                _NOT_POSTED,
                col(InstructionRow.expires_at) > now - WEEK,
            ),
        },
        webhooks_due=webhooks_due(session, now),
        retention=job_standings(session),
        notification_checks=last_checks(session),
        oldest_open_at=_oldest_open(session, now),
    )


def _counts(
    session: Session, column: Any, *conditions: ColumnElement[bool] | TextClause
) -> dict[Any, int]:
    """How many rows have each value of a column, of those for which the conditions hold."""
    query = select_columns(column, func.count()).where(*conditions).group_by(column)
    return {value: count for value, count in session.execute(query) if value is not None}


def _suspensions_in_force(session: Session) -> int:
    query = select(func.count()).where(col(SmsSuspensionRow.lifted_at).is_(None))
    return session.exec(query).one()


def _oldest_open(session: Session, now: datetime) -> datetime | None:
    """Of those that wait for no attempt of their schedule: their workflow should be at work."""
    due = col(DeliveryRow.next_attempt_at)
    waits = or_(due.is_(None), due < now)
    query = select_columns(func.min(col(DeliveryRow.changed_at))).where(_OPEN, waits)
    oldest_at: datetime | None = session.execute(query).scalar_one()
    return oldest_at


def _outbox(session: Session) -> Outbox:
    query = select_columns(func.count(), func.min(col(OutboxRow.accepted_at)))
    count, oldest_at = session.execute(query.select_from(OutboxRow)).one()
    return Outbox(count, oldest_at)
