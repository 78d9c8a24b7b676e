"""Texts to customers: one claim for each round of a delivery."""

from datetime import datetime

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from contracts.states import SmsState
from store.tables.columns import Utc, enum_type


class SmsMessageRow(SQLModel, table=True):
    """One text. The claim is committed before Twilio is called; a claim that a crash left behind
    may have been sent, becomes `unknown`, and is never sent again by itself. Phone and text are
    encrypted; the phone is found by its keyed index."""

    __tablename__ = "sms_messages"
    __table_args__ = (UniqueConstraint("delivery_id", "round", name="uq_sms_delivery_round"),)

    id: str = Field(primary_key=True)
    delivery_id: str = Field(foreign_key="deliveries.id")
    partner_id: str = Field(foreign_key="partners.id", index=True)
    round: int
    to_phone: str
    to_phone_index: str | None = Field(default=None, index=True)
    body: str
    state: SmsState = Field(sa_column=Column(enum_type(SmsState), nullable=False))
    twilio_sid: str | None = Field(default=None, index=True)
    code: str | None = None
    parts: int | None = None
    created_at: datetime = Field(sa_type=Utc)
    settled_at: datetime | None = Field(default=None, sa_type=Utc)
