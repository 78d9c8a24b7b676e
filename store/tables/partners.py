"""Partners: their channels, texts and limits."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import JSON, Column, Numeric, text
from sqlmodel import Field, SQLModel

from contracts.sms.languages import Language
from contracts.tiers import Tier
from contracts.time_zones import DEFAULT_TIME_ZONE
from store.tables.columns import Utc, enum_type

_COST = Numeric(12, 2)
_PRICE = Numeric(8, 4)


class PartnerRow(SQLModel, table=True):
    """A merchant that receives tracking events.

    `sms_awaits_owner`: its tier comes with texts, which stay off until somebody says yes or no.
    `sms_event_types` null: where texts are on, they are on for every type; `sms_fallback_types`
    null: the fallback texts what customers need. `sms_sender`, `sms_daily_cap` and
    `retention_days` null take the settings'. `contact_phone` is the shop owner's, encrypted; only
    once it is confirmed, notifications are texted there.
    `tracking_enabled`: customers have a tracking page; `tracking_url_in_payload`: webhooks have its
    link where the order has none. `logo_digest` is that of the logo in `partner_logos`.
    `instruction_actions` null: whatever a failure's reason allows.
    `redelivery_cost` and `sms_part_price` are in rupees; null: nobody has said.
    `set_up_hidden_at`: since when its people see the finished set-up no more.
    `paused_at` set: nothing is sent, what is planned meanwhile is held; `paused_by_ops`: only ops
    may end that.
    """

    __tablename__ = "partners"

    id: str = Field(primary_key=True)
    name: str
    tier: Tier = Field(sa_column=Column(enum_type(Tier), nullable=False))
    webhook_enabled: bool
    sms_enabled: bool
    sms_awaits_owner: bool = Field(
        default=False, sa_column_kwargs={"server_default": text("false")}
    )
    sms_fallback: bool
    sms_event_types: list[str] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True))
    )
    sms_fallback_types: list[str] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True))
    )
    sms_language: Language = Field(
        default=Language.ENGLISH,
        sa_column=Column(enum_type(Language), nullable=False, server_default=text("'en'")),
    )
    sms_sender: str | None = None
    sms_daily_cap: int | None = None
    contact_phone: str | None = None
    contact_phone_masked: str | None = None
    contact_phone_confirmed_at: datetime | None = Field(default=None, sa_type=Utc)
    time_zone: str = Field(
        default=DEFAULT_TIME_ZONE, sa_column_kwargs={"server_default": text("'Asia/Kolkata'")}
    )
    tracking_enabled: bool = Field(
        default=False, sa_column_kwargs={"server_default": text("false")}
    )
    tracking_url_in_payload: bool = Field(
        default=False, sa_column_kwargs={"server_default": text("false")}
    )
    brand_color: str | None = None
    logo_digest: str | None = None
    paused_at: datetime | None = Field(default=None, sa_type=Utc)
    paused_by_ops: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    retention_days: int | None = None
    instruction_actions: list[str] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True))
    )
    no_sundays: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    instruction_reminder: bool = Field(
        default=False, sa_column_kwargs={"server_default": text("false")}
    )
    redelivery_cost: Decimal | None = Field(default=None, sa_type=_COST)
    sms_part_price: Decimal | None = Field(default=None, sa_type=_PRICE)
    set_up_hidden_at: datetime | None = Field(default=None, sa_type=Utc)
    created_at: datetime = Field(sa_type=Utc)
