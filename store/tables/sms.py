"""Texts to customers: one claim for each event, phone and copy; and the count of each day."""

from datetime import datetime

from sqlalchemy import Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from contracts.delivery.states import SmsState
from store.tables.columns import Utc, enum_type

_WITHOUT_NEWS = text("awaits_news")
_SAYS = text("says IS NOT NULL")


class SmsMessageRow(SQLModel, table=True):
    """One text. The claim is committed before Twilio is called; a claim that a crash left behind
    may have been sent, becomes `unknown`, and is never sent again by itself.

    The unique claim is event, phone and copy: there is a second copy only when the first certainly
    did not arrive, or when a person asked for it. `id` is the claim id in the `StatusCallback`.
    `taken_at` is when Twilio answered that it has it, whatever it said later.
    Phone and text are encrypted; the phone is found by its keyed index. `template` says what the
    text was made from, `says` what it tells, while the customer may have it (`store.sms.repeats`),
    `fault` why it was not sent, in words without personal data. `awaits_news`
    is true from Twilio's acceptance until a final status, where callbacks were asked for.
    """

    __tablename__ = "sms_messages"
    __table_args__ = (
        UniqueConstraint(
            "event_id", "to_phone_index", "copy_number", name="uq_sms_event_phone_copy"
        ),
        Index("ix_sms_messages_delivery", "delivery_id", "copy_number"),
        Index(
            "ix_sms_messages_news",
            "settled_at",
            postgresql_where=_WITHOUT_NEWS,
        ),
        Index(
            "uq_sms_messages_says",
            "partner_id",
            "to_phone_index",
            "says",
            unique=True,
            postgresql_where=_SAYS,
        ),
    )

    id: str = Field(primary_key=True)
    event_id: str = Field(foreign_key="events.event_id")
    delivery_id: str = Field(foreign_key="deliveries.id")
    partner_id: str = Field(foreign_key="partners.id")
    round: int
    copy_number: int
    to_phone: str
    to_phone_index: str | None = Field(default=None, index=True)
    body: str
    state: SmsState = Field(sa_column=Column(enum_type(SmsState), nullable=False))
    twilio_sid: str | None = None
    code: str | None = None
    fault: str | None = None
    says: str | None = None
    sender: str | None = None
    language: str | None = None
    template: str | None = None
    content_template_id: str | None = None
    encoding: str | None = None
    parts: int | None = None
    awaits_news: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    created_at: datetime = Field(sa_type=Utc)
    claimed_at: datetime = Field(sa_type=Utc, index=True)
    taken_at: datetime | None = Field(default=None, sa_type=Utc)
    settled_at: datetime | None = Field(default=None, sa_type=Utc)


class SmsDayRow(SQLModel, table=True):
    """How many texts, and parts of texts, a partner has sent on a day (India's, `2026-11-25`).
    `test_texts` went to the shop owner and have a cap of their own; `parts` are those of all."""

    __tablename__ = "sms_days"

    partner_id: str = Field(foreign_key="partners.id", primary_key=True)
    day: str = Field(primary_key=True)
    texts: int = 0
    parts: int = 0
    test_texts: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
