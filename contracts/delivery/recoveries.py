"""Recoveries as the API takes and shows them, and as they travel through Temporal."""

from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import BaseModel, Field

from contracts.body import Body, shown_as
from contracts.delivery.states import DeliveryState
from contracts.ids import EndpointRef, PartnerRef, RecoveryRef
from contracts.payload.events import EventType
from contracts.payload.fields import UtcDatetime


class RecoveryState(StrEnum):
    """`stopped`: the endpoint failed again or was switched off; a new one goes on where it was."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


RECOVERABLE = (DeliveryState.HELD, DeliveryState.DEAD_LETTERED, DeliveryState.DELIVERED)
"""What may be sent again: delivered ones too, for a merchant who lost a database."""


@dataclass(frozen=True)
class Recover:
    """Input of the workflow and of its activity: which recovery."""

    recovery_id: str


@dataclass(frozen=True)
class RecoveryStep:
    """How a recovery stands after a step: `asked` of the `found` were sent again so far, `open` are
    still on their way; `wait_s` until the next step, none when it has ended. The endpoint's host
    and why it stopped are told to people, and decide nothing."""

    state: RecoveryState
    asked: int
    open: int
    wait_s: float | None
    found: int = 0
    host: str | None = field(default=None, compare=False)
    reason: str | None = field(default=None, compare=False)


class RecoveryRequest(Body):
    """What to send again, of one endpoint. Left out: all that is held or a dead letter."""

    model_config = shown_as(states=["held", "dead_lettered"])

    since: UtcDatetime | None = Field(
        default=None, description="when the deliveries were made, inclusive"
    )
    until: UtcDatetime | None = Field(default=None, description="the same, not inclusive")
    states: list[DeliveryState] = Field(
        default_factory=lambda: [DeliveryState.HELD, DeliveryState.DEAD_LETTERED],
        min_length=1,
        description="of `held`, `dead_lettered` and `delivered`: those that had arrived, for a "
        "merchant who lost a database",
    )
    event_types: list[EventType] | None = Field(default=None, min_length=1)


class RecoveryPreview(BaseModel):
    """What a recovery would send again."""

    found: int = Field(examples=[1204])
    oldest: UtcDatetime | None
    newest: UtcDatetime | None


class RecoveryPublic(BaseModel):
    """A recovery and its progress."""

    id: RecoveryRef
    endpoint_id: EndpointRef
    partner_id: PartnerRef
    state: RecoveryState
    reason: str | None = Field(description="why it stopped, in words")
    automatic: bool = Field(description="whether Doorstep began it by itself")
    states: list[DeliveryState] = Field(examples=[["held", "dead_lettered"]])
    event_types: list[EventType] | None
    since: UtcDatetime | None = Field(examples=[None])
    until: UtcDatetime
    found: int = Field(description="how many there were when it began", examples=[1204])
    requested: int = Field(description="how many were sent again so far")
    made_by: str = Field(examples=["operator"])
    created_at: UtcDatetime
    finished_at: UtcDatetime | None = Field(examples=[None])
