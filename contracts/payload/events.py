"""The event as the order-management system sends it, and which groups each type carries."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    ConfigDict,
    Field,
    Strict,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from contracts.body import Body
from contracts.ids import EventId
from contracts.payload.faults import words_of
from contracts.payload.fields import Flag, UtcDatetime
from contracts.payload.group_parts import is_blank
from contracts.payload.groups import Delivery, Failure, Group, Order, Otp, Return, Rider

PartnerId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]

MOST_SEQUENCE = 1_000_000_000
"""The greatest count a sender may set; Doorstep counts on from there in a 32-bit column."""


class EventType(StrEnum):
    """The five things that happen to an order on its last mile."""

    ORDER_CONFIRMED = "order_confirmed"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    DELIVERY_FAILED = "delivery_failed"
    RETURN_INITIATED = "return_initiated"


def type_names(types: Sequence[EventType] | None) -> list[str] | None:
    """The types as the database keeps them; null stays null."""
    return None if types is None else [kind.value for kind in types]


GROUPS: tuple[str, ...] = ("order", "rider", "otp", "failure", "return", "delivery")
"""The six groups of `data`, by their names on the wire."""

GROUP_MATRIX: Mapping[EventType, frozenset[str]] = {
    EventType.ORDER_CONFIRMED: frozenset({"order"}),
    EventType.OUT_FOR_DELIVERY: frozenset({"order", "rider", "otp"}),
    EventType.DELIVERED: frozenset({"order", "rider", "delivery"}),
    EventType.DELIVERY_FAILED: frozenset({"order", "rider", "failure"}),
    EventType.RETURN_INITIATED: frozenset({"order", "return"}),
}
"""Which groups an event of each type carries; every other group is null in its payload."""


class EventData(Group):
    """All six groups. To partners those that the event type does not carry are null."""

    model_config = ConfigDict(serialize_by_alias=True)

    order: Order
    rider: Rider | None = None
    """who carries the parcel; null in types of event that it does not belong to"""
    otp: Otp | None = None
    """the customer's code for the rider; null in types of event that it does not belong to"""
    failure: Failure | None = None
    """why an attempt failed; null in types of event that it does not belong to"""
    return_: Return | None = Field(default=None, alias="return")
    """a parcel on its way back; null in types of event that it does not belong to"""
    delivery: Delivery | None = None
    """the proof of delivery; null in types of event that it does not belong to"""


class TrackingEvent(Body):
    """An immutable fact about an order."""

    event_id: EventId = Field(description="yours: the same id is the same event for ever")
    type: EventType = Field(description="what happened")
    partner_id: PartnerId = Field(description="whose order it is: the merchant's id in Doorstep")
    occurred_at: UtcDatetime = Field(description="when it happened: receivers order by it")
    sequence: Annotated[int, Strict(), Field(ge=1, le=MOST_SEQUENCE)] | None = Field(
        default=None,
        description="your own count of the events of an order; null: Doorstep counts as they come",
    )
    is_test: Flag = Field(
        default=False,
        description="true: a rehearsal, sent like any other event and marked as a test to whoever "
        "receives it",
    )
    notify: Flag = Field(
        default=True,
        description="false records the event, an import of history, with one delivery that is "
        "skipped as `recorded_only`, and sends nothing",
    )
    data: EventData = Field(
        description="`order` is always needed; `out_for_delivery` also needs `rider` and `otp`, "
        "`delivered` needs `rider` and `delivery`, `delivery_failed` needs `rider` and `failure`, "
        "`return_initiated` needs `return`"
    )

    @field_validator("data", mode="wrap")
    @classmethod
    def _name_every_fault_at_once(
        cls, value: Any, validate: ValidatorFunctionWrapHandler, info: ValidationInfo
    ) -> Any:
        """Report missing groups together with wrong fields, so that one answer names them all."""
        missing = _missing_groups(info.data.get("type"), value)
        try:
            data = validate(value)
        except ValidationError as error:
            raise ValidationError.from_exception_data(
                "data", [*_line_errors(error), *missing], hide_input=True
            ) from None
        if missing:
            raise ValidationError.from_exception_data("data", missing, hide_input=True)
        return data


def _missing_groups(event_type: EventType | None, value: Any) -> list[InitErrorDetails]:
    if event_type is None or not isinstance(value, dict):
        return []
    needed = [g for g in GROUPS if g in GROUP_MATRIX[event_type] and g != "order"]
    return [
        InitErrorDetails(
            type=PydanticCustomError(
                "group_missing",
                "{event_type} needs this group",
                {"event_type": event_type.value},
            ),
            loc=(group,),
            input=None,
        )
        for group in needed
        if value.get(group) is None or is_blank(value[group])
    ]


def _line_errors(error: ValidationError) -> list[InitErrorDetails]:
    return [
        InitErrorDetails(
            type=PydanticCustomError("invalid", "{reason}", {"reason": words_of(line)}),
            loc=line["loc"],
            input=None,
        )
        for line in error.errors(include_url=False, include_context=False)
    ]
