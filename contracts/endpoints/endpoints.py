"""Endpoints as the API takes and shows them."""

from typing import Annotated

from pydantic import AfterValidator, Field, Strict, WithJsonSchema

from contracts.body import Body, left_out
from contracts.delivery.states import EndpointState
from contracts.endpoints.headers import CustomHeaders
from contracts.endpoints.rate_limit import MOST_IN_FLIGHT
from contracts.endpoints.url import LONGEST_URL, checked_url
from contracts.payload.events import EventType, PartnerId
from contracts.payload.fields import Flag, Text, UtcDatetime
from contracts.payload.payload import SCHEMA_VERSION, SchemaVersion

EndpointUrl = Annotated[
    str,
    AfterValidator(checked_url),
    WithJsonSchema({"type": "string", "format": "uri", "maxLength": LONGEST_URL}),
]
"""See `contracts/endpoints/url.py`; where it leads is checked when it is saved and at every
attempt."""


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
        description="how many attempts may be in flight at once; more deliveries wait, at no cost",
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
            description="how many attempts a second at the most; null: no limit",
        ),
    ]
    | None
)


class EndpointCreate(Body):
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


class EndpointChange(Body):
    """What is to change about an endpoint; what is left out stays as it is.

    `custom_headers` replaces all of them. Switched off by `state`, what is held stays held until
    it is sent again, one by one or by a recovery.
    """

    url: EndpointUrl = Field(default_factory=left_out)
    description: Text | None = None
    event_types: EventTypes = None
    custom_headers: CustomHeaders = Field(default_factory=left_out)
    state: EndpointState = Field(default_factory=left_out)
    auto_recover: AutoRecover = Field(default_factory=left_out)
    recovery_rate: RecoveryRate = Field(default_factory=left_out)
    ordered: Ordered = Field(default_factory=left_out)
    in_flight_limit: InFlightLimit = Field(default_factory=left_out)
    rate_limit: RateLimit = None


class RotateSecret(Body):
    """`immediate` revokes the secrets so far at once, for one that has leaked."""

    immediate: Flag = False


class EndpointTest(Body):
    """Which event to try out."""

    event_type: EventType = EventType.ORDER_CONFIRMED


class EndpointPublic(Body):
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
