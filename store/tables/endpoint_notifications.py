"""Notifications: what ops and partners are told of endpoints that Doorstep switched off."""

from datetime import datetime

from sqlalchemy import Column, Index, text
from sqlmodel import Field, SQLModel

from contracts.endpoints.notifications import (
    NotificationChannel,
    NotificationKind,
    NotificationState,
)
from store.tables.columns import Utc, enum_type

_WAITING = text("state = 'waiting'")


class EndpointNotificationRow(SQLModel, table=True):
    """One telling. `why` says in words why it was skipped or has failed. Nothing personal is in it:
    the phone is read from the partner when the text is sent.

    `attempts` counts those that did not get through. `asked_at` is when Temporal was last asked to
    send it. `claimed_at` is committed before Twilio is called: a claim without an answer may have
    been sent, and is not sent again.
    """

    __tablename__ = "endpoint_notifications"
    __table_args__ = (
        Index(
            "ix_endpoint_notifications_waiting",
            "asked_at",
            postgresql_where=_WAITING,
        ),
    )

    id: str = Field(primary_key=True)
    kind: NotificationKind = Field(sa_column=Column(enum_type(NotificationKind), nullable=False))
    channel: NotificationChannel = Field(
        sa_column=Column(enum_type(NotificationChannel), nullable=False)
    )
    endpoint_id: str = Field(foreign_key="endpoints.id")
    partner_id: str = Field(foreign_key="partners.id")
    reason: str
    state: NotificationState = Field(sa_column=Column(enum_type(NotificationState), nullable=False))
    why: str | None = None
    attempts: int = 0
    created_at: datetime = Field(sa_type=Utc)
    asked_at: datetime | None = Field(default=None, sa_type=Utc)
    claimed_at: datetime | None = Field(default=None, sa_type=Utc)
    settled_at: datetime | None = Field(default=None, sa_type=Utc)
