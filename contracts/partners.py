"""Partners, tiers and endpoints as the API takes and shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, WithJsonSchema

from contracts.custom_headers import CustomHeaders
from contracts.endpoint_url import LONGEST_URL, checked_url
from contracts.errors import Invalid
from contracts.events import EventType, PartnerId
from contracts.fields import Flag, Phone, Text, UtcDatetime
from contracts.pace import MOST_IN_FLIGHT
from contracts.payload import SCHEMA_VERSION, SchemaVersion
from contracts.sms.languages import Language
from contracts.states import EndpointState
from contracts.time_zones import DEFAULT_TIME_ZONE, TimeZone


class Tier(StrEnum):
    """A partner's service level. It sets defaults, limits and priority, nothing else."""

    SMB = "smb"
    GROWTH = "growth"
    ENTERPRISE = "enterprise"


@dataclass(frozen=True)
class TierDefaults:
    """What a tier starts a partner with. `priority` is Temporal's: 1 is served first, 5 last.
    `requests_per_minute` is for each of the partner's API keys."""

    webhook_enabled: bool
    sms_enabled: bool
    sms_fallback: bool
    most_endpoints: int
    priority: int
    requests_per_minute: int
    event_filters: bool
    most_custom_headers: int


TIERS: Mapping[Tier, TierDefaults] = {
    Tier.SMB: TierDefaults(
        webhook_enabled=False,
        sms_enabled=True,
        sms_fallback=False,
        most_endpoints=1,
        priority=4,
        requests_per_minute=60,
        event_filters=False,
        most_custom_headers=0,
    ),
    Tier.GROWTH: TierDefaults(
        webhook_enabled=True,
        sms_enabled=False,
        sms_fallback=False,
        most_endpoints=3,
        priority=3,
        requests_per_minute=600,
        event_filters=True,
        most_custom_headers=5,
    ),
    Tier.ENTERPRISE: TierDefaults(
        webhook_enabled=True,
        sms_enabled=False,
        sms_fallback=False,
        most_endpoints=10,
        priority=2,
        requests_per_minute=3_000,
        event_filters=True,
        most_custom_headers=20,
    ),
}
"""The one table that knows about tiers."""


def limit_types(tier: Tier, event_types: Sequence[EventType] | None) -> None:
    """Invalid where an endpoint of this tier may not choose its types of event."""
    if event_types is not None and not TIERS[tier].event_filters:
        raise Invalid(
            f"the tier {tier} has no event filters: leave event_types out, or null",
            field="event_types",
        )


def limit_headers(tier: Tier, headers: Mapping[str, str] | None) -> None:
    """Invalid where an endpoint of this tier may not have so many headers of its own."""
    most = TIERS[tier].most_custom_headers
    if headers and len(headers) > most:
        raise Invalid(
            f"the tier {tier} allows {most} custom headers on an endpoint: send no more",
            field="custom_headers",
        )


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


SmsEventTypes = Annotated[
    list[EventType] | None,
    Field(min_length=1, description="which types of event are texted; null: every type"),
]

FallbackTypes = Annotated[
    list[EventType] | None,
    Field(
        min_length=1,
        description="which types the fallback texts; null: sms_event_types, or without those "
        "what a customer needs: out_for_delivery, delivery_failed, return_initiated",
    ),
]

DailyCap = Annotated[int, Strict(), Field(ge=1, le=1_000_000)] | None

SmsSender = Annotated[
    str,
    Field(
        pattern=r"^(MG[0-9a-fA-F]{32}|\+[1-9][0-9]{6,14}|[0-9]{3,8}|[A-Za-z0-9]{3,11})$",
        description="a messaging service (MG…), a number, a short code or a registered header",
        examples=["DRSTEP"],
    ),
]
"""Who a text comes from, as Twilio's `From` or `MessagingServiceSid` takes it."""


class TextSettings(BaseModel):
    """What a partner may set about its texts, besides the toggles; what is left out stays."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    sms_fallback_types: FallbackTypes = None
    sms_language: Language = Language.ENGLISH
    sms_sender: SmsSender | None = None
    sms_daily_cap: DailyCap = Field(default=None, description="texts a day; null: the setting's")
    time_zone: TimeZone = DEFAULT_TIME_ZONE
    contact_phone: Phone | None = Field(
        default=None,
        description="the shop owner's own phone: for test texts, and to be told when an endpoint "
        "is switched off; shown masked",
    )


class PartnerCreate(TextSettings):
    """A new partner. Channels left out take the tier's defaults."""

    id: PartnerId | None = Field(default=None, description="your own code for the merchant")
    name: Text
    tier: Tier
    webhook_enabled: Flag | None = None
    sms_enabled: Flag | None = None
    sms_fallback: Flag | None = Field(
        default=None, description="text the customer when a webhook ends as a dead letter"
    )
    sms_event_types: SmsEventTypes = None


def _left_out() -> Any:
    """Nothing: a field of a change that is not sent. Null is not the same and is refused."""


class PartnerChange(TextSettings):
    """What is to change about a partner; what is left out stays as it is.

    A new tier brings its limits and its priority with it; the channels stay as they are.
    """

    name: Text = Field(default_factory=_left_out)
    tier: Tier = Field(default_factory=_left_out)
    webhook_enabled: Flag = Field(default_factory=_left_out)
    sms_enabled: Flag = Field(default_factory=_left_out)
    sms_fallback: Flag = Field(default_factory=_left_out)
    sms_event_types: SmsEventTypes = Field(default_factory=_left_out)
    paused: Flag = Field(
        default_factory=_left_out, description="while it is true, deliveries are held"
    )
    retention_days: Annotated[int, Strict(), Field(ge=1, le=3650)] | None = Field(
        default_factory=_left_out,
        description="days that payloads and personal data are kept; null takes Doorstep's own",
    )


class PartnerPublic(_Body):
    """A partner as everybody who may see it sees it."""

    id: str
    name: str
    tier: Tier
    webhook_enabled: bool
    sms_enabled: bool
    sms_fallback: bool
    sms_event_types: list[EventType] | None
    sms_fallback_types: list[EventType] | None
    sms_language: Language
    sms_sender: str | None
    sms_daily_cap: int | None
    contact_phone_masked: str | None
    time_zone: str
    paused_at: UtcDatetime | None
    retention_days: int | None
    created_at: UtcDatetime


EndpointUrl = Annotated[
    str,
    AfterValidator(checked_url),
    WithJsonSchema({"type": "string", "format": "uri", "maxLength": LONGEST_URL}),
]
"""See `contracts/endpoint_url.py`; where it leads is checked when it is saved and at every try."""


EventTypes = Annotated[
    list[EventType] | None,
    Field(min_length=1, description="which types of event it receives; null: every type"),
]


AutoRecover = Annotated[
    Flag,
    Field(description="once it answers again, send what was held or died meanwhile, by itself"),
]

RecoveryRate = Annotated[
    int,
    Strict(),
    Field(ge=1, le=100, description="how many deliveries a second a recovery sends again"),
]

Ordered = Annotated[
    Flag,
    Field(
        description="within one order a later event waits until the earlier ones have ended; one "
        "that is refused for ten minutes delays the rest of its order by as long"
    ),
]

InFlightLimit = Annotated[
    int,
    Strict(),
    Field(
        ge=1,
        le=200,
        description="how many tries may be in flight at once; more deliveries wait, at no cost",
    ),
]

RateLimit = (
    Annotated[
        float,
        Strict(),
        Field(
            ge=0.1,
            le=1000,
            allow_inf_nan=False,
            description="how many tries a second at the most; null: no limit",
        ),
    ]
    | None
)


class EndpointCreate(_Body):
    """A new endpoint of a partner; `event_types` null means every type."""

    partner_id: PartnerId
    url: EndpointUrl
    description: Text | None = None
    event_types: EventTypes = None
    custom_headers: CustomHeaders = Field(default_factory=dict)
    schema_version: SchemaVersion = Field(
        default=SCHEMA_VERSION, description="the version of the payload that the endpoint is sent"
    )
    auto_recover: AutoRecover = True
    recovery_rate: RecoveryRate = 10
    ordered: Ordered = False
    in_flight_limit: InFlightLimit = MOST_IN_FLIGHT
    rate_limit: RateLimit = None


class EndpointChange(_Body):
    """What is to change about an endpoint; what is left out stays as it is.

    `custom_headers` replaces all of them. Switched off by `state`, what is held stays held until
    it is sent again, one by one or by a recovery.
    """

    url: EndpointUrl = Field(default_factory=_left_out)
    description: Text | None = None
    event_types: EventTypes = None
    custom_headers: CustomHeaders = Field(default_factory=_left_out)
    state: EndpointState = Field(default_factory=_left_out)
    auto_recover: AutoRecover = Field(default_factory=_left_out)
    recovery_rate: RecoveryRate = Field(default_factory=_left_out)
    ordered: Ordered = Field(default_factory=_left_out)
    in_flight_limit: InFlightLimit = Field(default_factory=_left_out)
    rate_limit: RateLimit = None


class RotateSecret(_Body):
    """`immediate` revokes the secrets so far at once, for one that has leaked."""

    immediate: Flag = False


class EndpointTest(_Body):
    """Which event to try out."""

    type: EventType = EventType.ORDER_CONFIRMED


class EndpointPublic(_Body):
    """An endpoint without its secret, and with the values of its headers masked."""

    id: str
    partner_id: str
    url: str
    description: str | None
    event_types: list[EventType] | None
    custom_headers: dict[str, str]
    state: EndpointState
    state_reason: str | None
    schema_version: str
    auto_recover: bool
    recovery_rate: int
    ordered: bool
    in_flight_limit: int
    rate_limit: float | None
    created_at: UtcDatetime


class EndpointCreated(EndpointPublic):
    """The answer to creating an endpoint or rotating its secret: the only time it is shown."""

    secret: str
