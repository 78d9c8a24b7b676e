"""The payload, schema 1.0: what partners receive. One shape for all five event types.

Null, not absent, at every depth; an empty list, not null, for arrays inside a present group.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from contracts.ids import EventId
from contracts.payload.events import (
    GROUP_MATRIX,
    GROUPS,
    EventData,
    EventType,
    PartnerId,
    TrackingEvent,
)
from contracts.payload.fields import Flag, Ordinal, UtcDatetime

SCHEMA_VERSION = "1.0"


SCHEMA_VERSIONS: tuple[str, ...] = (SCHEMA_VERSION,)
"""Every version that an endpoint can be pinned to."""


def _a_known_version(version: str) -> str:
    if version not in SCHEMA_VERSIONS:
        raise ValueError(f"send a version that there is: {', '.join(SCHEMA_VERSIONS)}")
    return version


SchemaVersion = Annotated[
    str,
    AfterValidator(_a_known_version),
    WithJsonSchema({"type": "string", "enum": list(SCHEMA_VERSIONS)}),
]


class Payload(BaseModel):
    """The versioned body of a webhook. Every field is always there; what is unknown is null."""

    model_config = ConfigDict(
        frozen=True,
        hide_input_in_errors=True,
        serialize_by_alias=True,
        json_schema_serialization_defaults_required=True,
    )

    type: EventType = Field(description="what happened")
    timestamp: UtcDatetime = Field(
        description="when it happened: of two events of an order the one with the later "
        "`timestamp` is its state"
    )
    schema_version: Literal["1.0"] = Field(description="which schema the body follows")
    event_id: EventId = Field(
        description="the event's id, the same as `webhook-id`: join on this to know a repeat"
    )
    sequence: Ordinal = Field(description="the event's place among those of its order, from 1")
    emitted_at: UtcDatetime = Field(description="when this payload was built")
    partner_id: PartnerId = Field(description="whose order it is: the merchant's id in Doorstep")
    is_test: Flag = Field(description="true: a rehearsal, which leaves orders and customers alone")
    data: EventData


def build_payload(
    event: TrackingEvent, *, sequence: int, emitted_at: datetime, link: str | None = None
) -> Payload:
    """Build the payload of an event, with every group nulled that its type does not carry.

    An OTP that may no longer be used at `emitted_at` goes out as null. `link` is the order's
    `tracking_url` where it has none of its own.
    """
    return Payload(
        type=event.type,
        timestamp=event.occurred_at,
        schema_version=SCHEMA_VERSION,
        event_id=event.event_id,
        sequence=sequence,
        emitted_at=emitted_at,
        partner_id=event.partner_id,
        is_test=event.is_test,
        data=without_expired_otp(_with_link(_carried_groups(event), link), emitted_at),
    )


def without_expired_otp(data: EventData, now: datetime) -> EventData:
    """Null the code of an OTP whose `valid_until` has passed; the rest stays as it was."""
    if data.otp is None or data.otp.code is None or now < data.otp.valid_until:
        return data
    return without_otp(data)


def without_otp(data: EventData) -> EventData:
    """Null the code of an OTP that has ended; the rest stays as it was."""
    if data.otp is None:
        return data
    return data.model_copy(update={"otp": data.otp.model_copy(update={"code": None})})


def to_bytes(payload: Payload) -> bytes:
    """The bytes that are stored, signed and sent: UTF-8 JSON without spaces."""
    return payload.model_dump_json().encode()


def _carried_groups(event: TrackingEvent) -> EventData:
    carried = GROUP_MATRIX[event.type]
    dropped = {_attribute(group): None for group in GROUPS if group not in carried}
    return event.data.model_copy(update=dropped)


def _with_link(data: EventData, link: str | None) -> EventData:
    if link is None or data.order.tracking_url is not None:
        return data
    return data.model_copy(update={"order": data.order.model_copy(update={"tracking_url": link})})


def _attribute(group: str) -> str:
    """The Python name of a group; `return` is a keyword of the language."""
    return "return_" if group == "return" else group
