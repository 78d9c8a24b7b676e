"""What texts are made from: partners' own templates, and what is registered for India (DLT)."""

from datetime import datetime

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from contracts.payload.events import EventType
from contracts.sms.languages import Language
from store.tables.columns import Utc, enum_type


class SmsTemplateRow(SQLModel, table=True):
    """One version of a partner's own text. The newest is in force; `text` null: the shipped text
    is in force again. Versions never change."""

    __tablename__ = "sms_templates"
    __table_args__ = (
        UniqueConstraint(
            "partner_id", "event_type", "language", "version", name="uq_sms_templates_version"
        ),
    )

    id: str = Field(primary_key=True)
    partner_id: str = Field(foreign_key="partners.id")
    event_type: EventType = Field(sa_column=Column(enum_type(EventType), nullable=False))
    language: Language = Field(sa_column=Column(enum_type(Language), nullable=False))
    version: int
    text: str | None = None
    created_at: datetime = Field(sa_type=Utc)
    created_by: str


class DltSenderRow(SQLModel, table=True):
    """A sender that is registered for India: texts to India leave from it only when they match a
    registered template. `sender` is a number, a header or a messaging service (MG…);
    `link_prefixes`, what the links in its texts may begin with, null: with anything."""

    __tablename__ = "dlt_senders"

    sender: str = Field(primary_key=True)
    entity_id: str
    header: str
    link_prefixes: list[str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    created_at: datetime = Field(sa_type=Utc)


class DltTemplateRow(SQLModel, table=True):
    """One content template as it is registered, word for word, with its typed variables."""

    __tablename__ = "dlt_templates"
    __table_args__ = (
        UniqueConstraint("sender", "content_template_id", name="uq_dlt_templates_content"),
    )

    id: str = Field(primary_key=True)
    sender: str = Field(foreign_key="dlt_senders.sender")
    content_template_id: str
    event_type: EventType = Field(sa_column=Column(enum_type(EventType), nullable=False))
    language: Language = Field(sa_column=Column(enum_type(Language), nullable=False))
    category: str
    text: str
    created_at: datetime = Field(sa_type=Utc)
