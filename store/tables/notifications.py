"""Notifications: what people are told of, each message that is sent of them, and who wants none."""

from datetime import datetime

from pydantic import JsonValue
from sqlalchemy import JSON, Column, Index, text
from sqlmodel import Field, SQLModel

from contracts.notifications.kinds import NotificationKind
from contracts.notifications.messages import MessageChannel, MessageState
from store.tables.columns import Utc, enum_type

_NOT_FANNED_OUT = text("fanned_out_at IS NULL")
_WAITING = text("state = 'waiting'")


class NotificationRow(SQLModel, table=True):
    """One change that somebody is told of, written in the change's own transaction.

    `about` has ids, codes, counts and names of hosts in it, nothing personal. `secret`, encrypted,
    is the token of a link, wiped when its e-mail has ended. `once` is taken once for as long as
    rows are kept: what is told already is not written again. `user_id` is the one whom it concerns,
    where it is one person. `fanned_out_at` is when its messages were made; `why` says in words why
    none was.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        Index("ix_notifications_new", "created_at", postgresql_where=_NOT_FANNED_OUT),
        Index("ix_notifications_endpoint", "endpoint_id", "created_at"),
        Index("ix_notifications_kind", "kind", "created_at", "id"),
        Index("ix_notifications_partner", "partner_id", "created_at", "id"),
    )

    id: str = Field(primary_key=True)
    kind: NotificationKind = Field(sa_column=Column(enum_type(NotificationKind), nullable=False))
    partner_id: str | None = Field(default=None, foreign_key="partners.id")
    endpoint_id: str | None = Field(default=None, foreign_key="endpoints.id")
    user_id: str | None = Field(default=None, foreign_key="users.id", index=True)
    about: dict[str, JsonValue] = Field(sa_column=Column(JSON, nullable=False))
    secret: str | None = None
    once: str | None = Field(default=None, unique=True)
    why: str | None = None
    created_at: datetime = Field(sa_type=Utc)
    fanned_out_at: datetime | None = Field(default=None, sa_type=Utc)


class NotificationMessageRow(SQLModel, table=True):
    """One thing that is sent over one channel to one recipient: of an e-mail the user, of all
    others the partner, or ops where both are null. `bundle` is that of its notifications.

    `attempts` counts those that did not get through. `send_after` ends the quiet hours. `asked_at`
    is when Temporal was last asked to send it. `claimed_at` is committed before anything leaves
    that cannot be taken back: a claim without an answer may have been sent, and is not sent again.
    `why` says in words why it has ended otherwise than sent.
    """

    __tablename__ = "notification_messages"
    __table_args__ = (
        Index("ix_notification_messages_waiting", "asked_at", postgresql_where=_WAITING),
        Index(
            "ix_notification_messages_open",
            "user_id",
            "bundle",
            postgresql_where=text("state = 'waiting' AND claimed_at IS NULL"),
        ),
        Index("ix_notification_messages_list", "created_at", "id"),
        Index("ix_notification_messages_list_partner", "partner_id", "created_at", "id"),
    )

    id: str = Field(primary_key=True)
    channel: MessageChannel = Field(sa_column=Column(enum_type(MessageChannel), nullable=False))
    partner_id: str | None = Field(default=None, foreign_key="partners.id")
    user_id: str | None = Field(default=None, foreign_key="users.id")
    bundle: str | None = None
    state: MessageState = Field(sa_column=Column(enum_type(MessageState), nullable=False))
    code: str | None = None
    why: str | None = None
    attempts: int = 0
    created_at: datetime = Field(sa_type=Utc)
    send_after: datetime = Field(sa_type=Utc)
    asked_at: datetime | None = Field(default=None, sa_type=Utc)
    claimed_at: datetime | None = Field(default=None, sa_type=Utc)
    settled_at: datetime | None = Field(default=None, sa_type=Utc)


class NotificationItemRow(SQLModel, table=True):
    """A notification that a message carries. `left_out`: it was not true any more when the message
    was sent, so the message did not tell it."""

    __tablename__ = "notification_items"

    message_id: str = Field(
        primary_key=True, foreign_key="notification_messages.id", ondelete="CASCADE"
    )
    notification_id: str = Field(primary_key=True, foreign_key="notifications.id", index=True)
    left_out: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})


class NotificationChoiceRow(SQLModel, table=True):
    """A kind that somebody has switched off for themselves."""

    __tablename__ = "notification_choices"

    user_id: str = Field(primary_key=True, foreign_key="users.id")
    kind: NotificationKind = Field(sa_column=Column(enum_type(NotificationKind), primary_key=True))
    switched_off_at: datetime = Field(sa_type=Utc)


class NotificationWebhookRow(SQLModel, table=True):
    """Where a partner's own programs are told: one receiver of signed webhooks for each partner.
    `secret` (`whsec_…`) is encrypted."""

    __tablename__ = "notification_webhooks"

    partner_id: str = Field(primary_key=True, foreign_key="partners.id")
    url: str
    secret: str
    created_at: datetime = Field(sa_type=Utc)
    created_by: str
