"""Events, the outbox, the count per order, and the payload bytes."""

from datetime import datetime

from sqlalchemy import Column, Index, text
from sqlmodel import Field, SQLModel

from contracts.delivery.states import EventState
from contracts.payload.events import EventType
from store.tables.columns import Utc, enum_type

_UNPLANNED = text("state <> 'planned'")
_HAS_OTP = text("otp_until IS NOT NULL")
_KEPT = text("erased_at IS NULL")
_HAS_AWB = text("awb_number IS NOT NULL")
_TESTS = text("is_test")
_FAILED = text("event_type = 'delivery_failed' AND NOT is_test")


class EventRow(SQLModel, table=True):
    """One accepted event. Committed means that it will be delivered.

    `body` is the event as accepted, normalised, in JSON, encrypted; `body_digest`, keyed, tells a
    repeat from a different event under the same id; `customer_phone_index`, keyed, says
    whose it is: the customer's orders are found by it in `customer_terms`; `awb_number` is the
    body's, in clear, to be found by.
    `only_target` is set for a test event, which goes to that target (an endpoint's id, or `sms`)
    and nowhere else. `our_faults` is how often a mistake of ours kept it from being planned.

    `traceparent` is what the event's trace goes on from, where it is traced.

    No foreign key to the partner, which is never deleted: the check would wait for whoever has its
    row locked, and with it the 202.

    `reason_category` (of a failed delivery) and `return_type` are the body's, in clear, to be
    counted by; they stay when it is erased.

    `otp_until` is set while a code is stored. `erased_at`: body, index and AWB number are gone,
    here and in all that belongs to the event.
    """

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_otp", "otp_until", postgresql_where=_HAS_OTP),
        Index("ix_events_kept", "partner_id", "accepted_at", postgresql_where=_KEPT),
        Index("ix_events_log", "accepted_at", "event_id"),
        Index("ix_events_log_partner", "partner_id", "accepted_at", "event_id"),
        Index("ix_events_log_order", "order_id", "accepted_at", "event_id"),
        Index(
            "ix_events_log_awb",
            "awb_number",
            "accepted_at",
            "event_id",
            postgresql_where=_HAS_AWB,
        ),
        Index("ix_events_log_type", "event_type", "accepted_at", "event_id"),
        Index(
            "ix_events_unplanned",
            "state",
            "accepted_at",
            "event_id",
            postgresql_where=_UNPLANNED,
        ),
        Index(
            "ix_events_failed",
            "partner_id",
            "occurred_at",
            "event_id",
            postgresql_where=_FAILED,
        ),
        Index("ix_events_tests", "partner_id", "accepted_at", postgresql_where=_TESTS),
    )

    event_id: str = Field(primary_key=True)
    partner_id: str
    order_id: str
    awb_number: str | None = None
    event_type: EventType = Field(sa_column=Column(enum_type(EventType), nullable=False))
    sequence: int
    is_test: bool
    occurred_at: datetime = Field(sa_type=Utc)
    accepted_at: datetime = Field(sa_type=Utc)
    reason_category: str | None = None
    return_type: str | None = None
    body: str
    body_digest: str
    customer_phone_index: str | None = None
    state: EventState = Field(
        default=EventState.ACCEPTED, sa_column=Column(enum_type(EventState), nullable=False)
    )
    only_target: str | None = None
    failure_reason: str | None = None
    our_faults: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    planned_at: datetime | None = Field(default=None, sa_type=Utc)
    delivery_count: int = 0
    traceparent: str | None = None
    otp_until: datetime | None = Field(default=None, sa_type=Utc)
    otp_erased_at: datetime | None = Field(default=None, sa_type=Utc)
    erased_at: datetime | None = Field(default=None, sa_type=Utc)


class OutboxRow(SQLModel, table=True):
    """An accepted event whose workflow is not started yet. `priority` is that of its partner's
    tier; `due_at` is when it may be started: leased or put off, that is later.

    No foreign key: a look-up for each event on the path that nothing needs.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_turns", "priority", "partner_id", "due_at", "sequence"),
        Index("ix_outbox_due", "due_at"),
    )

    event_id: str = Field(primary_key=True)
    partner_id: str
    priority: int
    sequence: int
    due_at: datetime = Field(sa_type=Utc)
    accepted_at: datetime = Field(sa_type=Utc)
    refusals: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    refused_since: datetime | None = Field(default=None, sa_type=Utc)


class OrderSequenceRow(SQLModel, table=True):
    """The last sequence number given to an order of a partner. Half of each page is left free, so
    that a count moves on within its page and the key has no entry more."""

    __tablename__ = "order_sequences"
    __table_args__ = {"postgresql_with": {"fillfactor": 50}}

    partner_id: str = Field(primary_key=True)
    order_id: str = Field(primary_key=True)
    last: int


class PayloadRow(SQLModel, table=True):
    """The bytes of a payload, built once, encrypted. The only change they ever see is the OTP's
    code, which becomes null when `otp_valid_until` passes."""

    __tablename__ = "payloads"

    event_id: str = Field(foreign_key="events.event_id", primary_key=True)
    schema_version: str = Field(primary_key=True)
    body: bytes
    otp_valid_until: datetime | None = Field(default=None, sa_type=Utc)
    created_at: datetime = Field(sa_type=Utc)
