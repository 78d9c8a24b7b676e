"""Partners as the API takes and shows them."""

from typing import Annotated

from pydantic import Field, Strict

from contracts.body import Body, left_out, shown_as
from contracts.ids import PartnerRef
from contracts.instructions.words import InstructionAction
from contracts.outcomes.prices import RedeliveryCost, SmsPartPrice
from contracts.payload.events import EventType, PartnerId
from contracts.payload.fields import Flag, Phone, Text, UtcDatetime
from contracts.sms.languages import Language
from contracts.tiers import Tier
from contracts.time_zones import DEFAULT_TIME_ZONE, TimeZone
from contracts.tracking.brand import BrandColor

SmsEventTypes = Annotated[
    list[EventType] | None,
    Field(min_length=1, description="which types of event are texted; null: every type"),
]

FallbackTypes = Annotated[
    list[EventType] | None,
    Field(
        min_length=1,
        description="which types the fallback texts; null: `sms_event_types`, or without those "
        "what a customer needs: `out_for_delivery`, `delivery_failed`, `return_initiated`",
    ),
]

DailyCap = Annotated[
    Annotated[int, Strict(), Field(ge=1, le=1_000_000)] | None,
    Field(description="texts a day; null: `DOORSTEP_SMS_DAILY_CAP`"),
]

ContactPhone = Annotated[
    Phone | None,
    Field(
        description="the shop owner's own phone: for test texts, and, once it is confirmed, to be "
        "told when an endpoint is switched off; shown masked"
    ),
]

_PHONE_CONFIRMED = (
    "somebody has made sure that the contact phone is the shop owner's, so that notifications are "
    "texted there. False, and with every other phone again: until the owner types the code on the "
    "dashboard that is texted there, only that code goes there"
)

_FALLBACK = "whether the customer is texted when a webhook ends as a dead letter or is late"

SmsSender = Annotated[
    str,
    Field(
        pattern=r"^(MG[0-9a-fA-F]{32}|\+[1-9][0-9]{6,14}|[0-9]{3,8}|[A-Za-z0-9]{3,11})$",
        description="a messaging service (`MG…`), a number, a short code or a registered header",
        examples=["CHAIPT"],
    ),
]
"""Who a text comes from, as Twilio's `From` or `MessagingServiceSid` takes it."""

OwnSender = Annotated[
    SmsSender | None,
    Field(
        description="who texts come from: a messaging service (`MG…`), a number, a short code or a "
        "registered header; null: `TWILIO_SENDER`"
    ),
]

_SMS_CREATED = (
    "whether customers are texted. Left out or null: off, and with the tier `smb` the texts wait "
    "for the owner's yes on the dashboard (`sms_awaits_owner`). Send `true` only for a shop that "
    "has asked to be set up: its customers are texted from the next event"
)
_SMS_CHANGED = (
    "whether customers are texted. Either way `sms_awaits_owner` becomes false. Send `true` only "
    "for a shop that has asked for it: its customers are texted from the next event"
)
_SMS_AWAITS = (
    "texts wait for the owner's yes on the dashboard: no customer is texted, and each text is a "
    "delivery that is skipped as `sms_awaits_owner`"
)

_TRACKING = "customers have a tracking page, whose link is texted where the order has none"
_TRACKING_IN_PAYLOAD = (
    "where an order has no `tracking_url`, webhooks have the link to its tracking page there"
)

InstructionActions = Annotated[
    list[InstructionAction] | None,
    Field(
        max_length=len(InstructionAction),
        description="what may be asked for after a failed delivery; null: whatever its reason "
        "allows, an empty list: nothing",
    ),
]


_NO_SUNDAYS = "no delivery can be asked for on a Sunday"
_REMINDER = "text the customer once more before the next attempt when nobody has answered"


class PartnerCreate(Body):
    """A new partner. Channels left out take the tier's defaults."""

    model_config = shown_as(id="chai-point", name="Chai Point", tier="growth", sms_fallback=True)

    id: PartnerId | None = Field(
        default=None, description="your own code for it; null: one is made"
    )
    name: Text
    tier: Tier
    webhook_enabled: Flag | None = None
    sms_enabled: Flag | None = Field(default=None, description=_SMS_CREATED)
    sms_fallback: Flag | None = Field(default=None, description=_FALLBACK)
    sms_event_types: SmsEventTypes = None
    sms_fallback_types: FallbackTypes = None
    sms_language: Language = Language.ENGLISH
    sms_sender: OwnSender = None
    sms_daily_cap: DailyCap = None
    contact_phone: ContactPhone = None
    contact_phone_confirmed: Flag = Field(default=False, description=_PHONE_CONFIRMED)
    time_zone: TimeZone = DEFAULT_TIME_ZONE
    tracking_enabled: Flag | None = Field(default=None, description=_TRACKING)
    tracking_url_in_payload: Flag = Field(default=False, description=_TRACKING_IN_PAYLOAD)
    brand_color: BrandColor | None = None
    instruction_actions: InstructionActions = None
    no_sundays: Flag = Field(default=False, description=_NO_SUNDAYS)
    instruction_reminder: Flag = Field(default=False, description=_REMINDER)
    redelivery_cost: RedeliveryCost = None
    sms_part_price: SmsPartPrice = None


class PartnerChange(Body):
    """What is to change about a partner; what is left out stays as it is."""

    model_config = shown_as(tier="growth", sms_fallback=True)

    name: Text = Field(default_factory=left_out)
    tier: Tier = Field(default_factory=left_out)
    webhook_enabled: Flag = Field(default_factory=left_out)
    sms_enabled: Flag = Field(default_factory=left_out, description=_SMS_CHANGED)
    sms_fallback: Flag = Field(default_factory=left_out, description=_FALLBACK)
    sms_event_types: SmsEventTypes = Field(default_factory=left_out)
    sms_fallback_types: FallbackTypes = None
    sms_language: Language = Field(default_factory=left_out)
    sms_sender: OwnSender = None
    sms_daily_cap: DailyCap = None
    contact_phone: ContactPhone = None
    contact_phone_confirmed: Flag = Field(default_factory=left_out, description=_PHONE_CONFIRMED)
    time_zone: TimeZone = Field(default_factory=left_out)
    tracking_enabled: Flag = Field(default_factory=left_out, description=_TRACKING)
    tracking_url_in_payload: Flag = Field(
        default_factory=left_out, description=_TRACKING_IN_PAYLOAD
    )
    brand_color: BrandColor | None = None
    instruction_actions: InstructionActions = None
    no_sundays: Flag = Field(default_factory=left_out, description=_NO_SUNDAYS)
    instruction_reminder: Flag = Field(default_factory=left_out, description=_REMINDER)
    redelivery_cost: RedeliveryCost = None
    sms_part_price: SmsPartPrice = None
    paused: Flag = Field(
        default_factory=left_out, description="while it is true, deliveries are held"
    )
    retention_days: Annotated[int, Strict(), Field(ge=1, le=3650)] | None = Field(
        default_factory=left_out,
        description="days that payloads and personal data are kept; null: "
        "`DOORSTEP_RETENTION_DAYS`",
    )


class PartnerPublic(Body):
    """A partner as everybody who may see it sees it."""

    id: PartnerRef
    name: str = Field(examples=["Chai Point"])
    tier: Tier = Field(examples=["growth"])
    webhook_enabled: bool = Field(examples=[True])
    sms_enabled: bool
    sms_awaits_owner: bool = Field(description=_SMS_AWAITS)
    sms_fallback: bool = Field(examples=[True])
    sms_event_types: list[EventType] | None
    sms_fallback_types: list[EventType] | None
    sms_language: Language
    sms_sender: str | None
    sms_daily_cap: int | None
    contact_phone_masked: str | None = Field(description="such as `+91********45`")
    contact_phone_confirmed_at: UtcDatetime | None = Field(
        description="since when notifications are texted there; null: they are not", examples=[None]
    )
    time_zone: str = Field(examples=[DEFAULT_TIME_ZONE])
    tracking_enabled: bool
    tracking_url_in_payload: bool
    brand_color: str | None
    logo_digest: str | None = Field(
        description="the logo is at `/t/logo/` and this", examples=[None]
    )
    paused_at: UtcDatetime | None = Field(examples=[None])
    retention_days: int | None
    instruction_actions: list[InstructionAction] | None
    no_sundays: bool
    instruction_reminder: bool
    redelivery_cost: RedeliveryCost
    sms_part_price: SmsPartPrice
    created_at: UtcDatetime
