"""Endpoints as the API takes and shows them."""

from typing import Annotated

from pydantic import AfterValidator, Field, Strict, WithJsonSchema

from contracts.body import Body, left_out, shown_as
from contracts.delivery.states import EndpointState
from contracts.endpoints.headers import CustomHeaders
from contracts.endpoints.rate_limit import MOST_IN_FLIGHT
from contracts.endpoints.url import LONGEST_URL, checked_url
from contracts.ids import EndpointRef, PartnerRef, TestEventRef, TestOrderRef
from contracts.payload.events import EventType, PartnerId
from contracts.payload.fields import Flag, Text, UtcDatetime
from contracts.payload.payload import SCHEMA_VERSION, SchemaVersion
from contracts.payload.scenarios import Scenario

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
    Field(description="whether a recovery begins by itself once it answers again after an outage"),
]


RecoveryRate = Annotated[
    int,
    Strict(),
    Field(ge=1, le=100, description="how many deliveries a recovery sends again in a second"),
]


Ordered = Annotated[
    Flag,
    Field(
        description="whether a later event of an order waits until the earlier ones have ended; "
        "one that is refused for ten minutes delays the rest of its order by as long"
    ),
]


InFlightLimit = Annotated[
    int,
    Strict(),
    Field(
        ge=1,
        le=200,
        description="how many attempts may be in flight at once; more deliveries are held "
        "(`endpoint_busy`), cost no attempt, and go on by themselves, the oldest first",
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
            description="how many attempts may begin in a second, more being held in the same "
            "way; three seconds' worth may come together; null: no limit",
        ),
    ]
    | None
)


class EndpointCreate(Body):
    """A new endpoint of a partner."""

    model_config = shown_as(
        partner_id="chai-point",
        url="https://hooks.chaipoint.example/doorstep",
        custom_headers={"Authorization": "Bearer abc123"},
    )

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
    """What is to change about an endpoint; what is left out stays as it is."""

    model_config = shown_as(state="enabled", recovery_rate=10)

    url: EndpointUrl = Field(default_factory=left_out)
    description: Text | None = None
    event_types: EventTypes = None
    custom_headers: CustomHeaders = Field(
        default_factory=left_out, description="replace all that there are"
    )
    state: EndpointState = Field(default_factory=left_out)
    auto_recover: AutoRecover = Field(default_factory=left_out)
    recovery_rate: RecoveryRate = Field(default_factory=left_out)
    ordered: Ordered = Field(default_factory=left_out)
    in_flight_limit: InFlightLimit = Field(default_factory=left_out)
    rate_limit: RateLimit = None


class RotateSecret(Body):
    """How to rotate a secret."""

    model_config = shown_as(immediate=True)

    immediate: Flag = Field(
        default=False, description="revoke the secrets so far at once: for one that has leaked"
    )


class EndpointTest(Body):
    """Which event to try out."""

    model_config = shown_as(event_type="out_for_delivery")

    event_type: EventType = EventType.ORDER_CONFIRMED


class EndpointRehearsal(Body):
    """Which order to play."""

    model_config = shown_as(scenario="cash_on_delivery")

    scenario: Scenario = Scenario.DELIVERED


class Rehearsed(Body):
    """A test order: its events in their order, all of them on their way."""

    order_id: TestOrderRef
    scenario: Scenario = Field(examples=["cash_on_delivery"])
    event_ids: list[TestEventRef]


class EndpointPublic(Body):
    """An endpoint without its secret."""

    id: EndpointRef
    partner_id: PartnerRef
    url: str = Field(examples=["https://hooks.chaipoint.example/doorstep"])
    description: str | None
    event_types: list[EventType] | None
    custom_headers: dict[str, str] = Field(
        description="the values are shown as `***`", examples=[{"authorization": "***"}]
    )
    state: EndpointState
    state_reason: str | None = Field(description="why it is off")
    schema_version: str = Field(examples=[SCHEMA_VERSION])
    auto_recover: bool = Field(examples=[True])
    recovery_rate: int = Field(examples=[10])
    ordered: bool
    in_flight_limit: int = Field(examples=[MOST_IN_FLIGHT])
    rate_limit: float | None
    created_at: UtcDatetime


class EndpointCreated(EndpointPublic):
    """An endpoint with its new secret, which is shown here and nowhere else."""

    secret: str = Field(description="signs the webhooks", examples=["whsec_…"])
