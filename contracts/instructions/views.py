"""Instructions as the API takes decisions on them and shows them."""

import datetime as dt
from typing import Literal

from pydantic import ConfigDict, Field

from contracts.body import Body, shown_as
from contracts.ids import EventRef, InstructionRef, OrderRef, PartnerRef
from contracts.instructions.posts import PostState
from contracts.instructions.request import AddressShown, InstructionRequest
from contracts.instructions.transitions import InstructionState
from contracts.instructions.words import GivenBy, InstructionAction, Slot
from contracts.payload.events import PartnerId
from contracts.payload.fields import Text, UtcDatetime


class InstructionGive(InstructionRequest):
    """An instruction of a merchant or of operations."""

    model_config = shown_as(
        partner_id="chai-point",
        action="reattempt",
        comment="the bell does not work, please call",
    )

    partner_id: PartnerId | None = Field(
        default=None, description="whose order it is: named by a key of ops, left out by a partner"
    )


class DecisionRequest(Body):
    """What the OMS does with an instruction; `reason` says it to the customer."""

    model_config = shown_as(decision="accepted", next_attempt_at="2026-11-24T17:00:00+05:30")

    decision: Literal["accepted", "rejected"]
    reason: Text | None = Field(
        default=None, description="in words: customer and merchant read it, so nobody's data in it"
    )
    next_attempt_at: UtcDatetime | None = Field(
        default=None, description="when the parcel is brought next; null where it is not"
    )


class InstructionPublic(Body):
    """An instruction with its state, its decision and how its webhook to the OMS stands."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    id: InstructionRef
    number: int | None = Field(
        description="its place in the feed; null while it waits for a code", examples=[4711]
    )
    partner_id: PartnerRef
    order_id: OrderRef
    event_id: EventRef = Field(description="of the failed attempt that it answers")
    attempt_number: int = Field(description="of the failed attempt", examples=[1])
    action: InstructionAction = Field(examples=["reattempt"])
    date: dt.date | None
    slot: Slot | None
    address: AddressShown | None = Field(description="null as well once it was erased")
    phone: str | None
    comment: str | None
    given_by: GivenBy = Field(examples=["merchant"])
    state: InstructionState = Field(examples=["open"])
    supersedes: str | None
    closed_by: str | None = Field(description="the type of event that closed it, or `erased`")
    created_at: UtcDatetime
    opened_at: UtcDatetime | None
    expires_at: UtcDatetime
    ended_at: UtcDatetime | None = Field(description="when it was decided, or ended without it")
    decision_reason: str | None
    next_attempt_at: UtcDatetime | None = Field(description="as the OMS decided")
    erased_at: UtcDatetime | None
    post_state: PostState | None = Field(description="of the webhook to the OMS")
    post_attempts: int
    post_code: str | None = Field(description="of the last attempt, or why there was none")
    posted_at: UtcDatetime | None
