"""Deliveries, their attempts, and the dead letters."""

from datetime import datetime

from sqlalchemy import Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from contracts.delivery.states import (
    AttemptState,
    Channel,
    DeadLetterReason,
    DeadLetterResolution,
    DeliveryState,
    HoldReason,
    SkipReason,
    Trigger,
)
from store.tables.columns import Utc, enum_type

_UNRESOLVED = text("resolved_at IS NULL")
_OPEN = text("state IN ('pending', 'delivering')")
_HELD = text("state = 'held'")
_HELD_TEXT = text("state = 'held' AND channel = 'sms'")
_IN_LINE = text("state = 'held' AND hold_reason = 'earlier_event'")
_WAITING = text("state = 'held' AND hold_reason = 'endpoint_busy'")
_SKIPPED = text("state = 'skipped'")
_IN_FLIGHT = text("state = 'in_flight'")
_CORRECTED = text("corrected_phone_index IS NOT NULL")


class DeliveryRow(SQLModel, table=True):
    """One event on its way to one target: an endpoint's id, `sms`, or `none` where there is none.

    `round` counts runs of the retry schedule (a retry by hand starts the next); `charged` counts
    the target's failures in this round; `attempts` counts every attempt ever made. `changed_at` is
    when something last happened to it, for the reconciler. `hold_reason` says what a held one waits
    for; `recovery_id` is the last recovery that has sent it again. `waited_s` is how long its
    endpoint asked it to wait at no charge, and `our_faults` how often a mistake of ours stopped it,
    both in this run of the schedule.

    No foreign keys to the endpoint and the partner: neither is ever deleted, and a check would wait
    for whoever has their rows locked.

    Of texts only: `fallback`, it stands in for a webhook; `copy_number`, which copy may be sent;
    `sms_suspension_id`, the stop that held it; `corrected_phone`, encrypted, where it goes instead
    of to the event's phone.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("event_id", "target", name="uq_deliveries_event_target"),
        Index("ix_deliveries_partner_state", "partner_id", "state", "created_at"),
        Index("ix_deliveries_endpoint_state", "endpoint_id", "state", "created_at"),
        Index("ix_deliveries_open", "changed_at", postgresql_where=_OPEN),
        Index(
            "ix_deliveries_held",
            "hold_reason",
            "partner_id",
            "endpoint_id",
            "created_at",
            postgresql_include=["event_id"],
            postgresql_where=_HELD,
        ),
        Index(
            "ix_deliveries_held_texts",
            "next_attempt_at",
            postgresql_where=_HELD_TEXT,
        ),
        Index(
            "ix_deliveries_in_line",
            "next_attempt_at",
            postgresql_where=_IN_LINE,
        ),
        Index(
            "ix_deliveries_waiting",
            "endpoint_id",
            "created_at",
            "id",
            postgresql_where=_WAITING,
        ),
        Index(
            "ix_deliveries_skipped",
            "partner_id",
            "created_at",
            "skip_reason",
            "fallback",
            postgresql_where=_SKIPPED,
        ),
        Index(
            "ix_deliveries_corrected_phone",
            "corrected_phone_index",
            postgresql_where=_CORRECTED,
        ),
    )

    id: str = Field(primary_key=True)
    event_id: str = Field(foreign_key="events.event_id")
    partner_id: str
    channel: Channel | None = Field(default=None, sa_column=Column(enum_type(Channel)))
    target: str
    endpoint_id: str | None = None
    state: DeliveryState = Field(sa_column=Column(enum_type(DeliveryState), nullable=False))
    skip_reason: SkipReason | None = Field(default=None, sa_column=Column(enum_type(SkipReason)))
    hold_reason: HoldReason | None = Field(default=None, sa_column=Column(enum_type(HoldReason)))
    round: int = 1
    charged: int = 0
    attempts: int = 0
    last_code: str | None = None
    next_attempt_at: datetime | None = Field(default=None, sa_type=Utc)
    created_at: datetime = Field(sa_type=Utc)
    changed_at: datetime = Field(sa_type=Utc)
    delivered_at: datetime | None = Field(default=None, sa_type=Utc)
    recovery_id: str | None = None
    waited_s: float = Field(default=0.0, sa_column_kwargs={"server_default": text("0")})
    our_faults: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    fallback: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    copy_number: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    sms_suspension_id: str | None = None
    corrected_phone: str | None = None
    corrected_phone_index: str | None = None


class AttemptRow(SQLModel, table=True):
    """One HTTP try. Committed `in_flight` before the POST leaves; durations in milliseconds.

    `code` says how it ended: `http_200`, a `NoAnswer`, `interrupted`. The excerpt of the answer is
    redacted, and encrypted all the same.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("delivery_id", "number", name="uq_attempts_delivery_number"),
        Index("ix_attempts_endpoint", "endpoint_id", "started_at"),
        Index(
            "ix_attempts_in_flight",
            "endpoint_id",
            "started_at",
            postgresql_where=_IN_FLIGHT,
        ),
    )

    id: str = Field(primary_key=True)
    delivery_id: str = Field(foreign_key="deliveries.id")
    endpoint_id: str | None = None
    number: int
    round: int
    trigger: Trigger = Field(sa_column=Column(enum_type(Trigger), nullable=False))
    state: AttemptState = Field(sa_column=Column(enum_type(AttemptState), nullable=False))
    charged: bool = False
    code: str | None = None
    status_code: int | None = None
    retry_after_s: float | None = None
    duration_ms: int | None = None
    response_excerpt: str | None = None
    started_at: datetime = Field(sa_type=Utc)
    finished_at: datetime | None = Field(default=None, sa_type=Utc)


class DeadLetterRow(SQLModel, table=True):
    """Why a delivery's automatic attempts ended. At most one is unresolved for a delivery.

    `is_test` is the event's: tests are in no figure and wait for nobody. `resolved_by` and `note`:
    who discarded it, and why.
    """

    __tablename__ = "dead_letters"
    __table_args__ = (
        Index(
            "uq_dead_letters_unresolved",
            "delivery_id",
            unique=True,
            postgresql_where=_UNRESOLVED,
        ),
        Index("ix_dead_letters_list", "created_at", "id"),
        Index("ix_dead_letters_list_partner", "partner_id", "created_at", "id"),
        Index(
            "ix_dead_letters_open",
            "created_at",
            "id",
            postgresql_include=["channel", "reason", "is_test"],  # what is open is counted by them
            postgresql_where=_UNRESOLVED,
        ),
        Index(
            "ix_dead_letters_open_partner",
            "partner_id",
            "created_at",
            "id",
            postgresql_include=["is_test"],
            postgresql_where=_UNRESOLVED,
        ),
        Index(
            "ix_dead_letters_expiry",
            "expires_at",
            postgresql_where=_UNRESOLVED,
        ),
    )

    id: str = Field(primary_key=True)
    delivery_id: str = Field(foreign_key="deliveries.id", index=True)
    partner_id: str = Field(foreign_key="partners.id")
    channel: Channel | None = Field(default=None, sa_column=Column(enum_type(Channel)))
    reason: DeadLetterReason = Field(sa_column=Column(enum_type(DeadLetterReason), nullable=False))
    code: str | None = None
    is_test: bool
    created_at: datetime = Field(sa_type=Utc)
    expires_at: datetime = Field(sa_type=Utc)
    resolved_at: datetime | None = Field(default=None, sa_type=Utc)
    resolved_by: str | None = None
    note: str | None = None
    resolution: DeadLetterResolution | None = Field(
        default=None, sa_column=Column(enum_type(DeadLetterResolution))
    )
