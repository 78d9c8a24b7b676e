"""How an instruction gets to the OMS: the webhook's body, its schedule, what Temporal is told.

Through Temporal travel ids, states and codes; what is personal is put in when the bytes are made.
"""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from contracts.delivery.retry import asked_wait, spread_out
from contracts.instructions.request import AddressShown
from contracts.instructions.words import GivenBy, InstructionAction, Slot
from contracts.payload.fields import Ordinal, Phone, Text, UtcDatetime

POST_DELAYS_S: tuple[float, ...] = (30.0, 120.0, 480.0, 1800.0)
POST_EVERY_S = 3600.0
"""After those an hour each, until the instruction ends."""
LAST_CHANCE_S = 60.0
"""So long before its end there is a last attempt."""


class PostState(StrEnum):
    """`waiting` until the OMS has taken it. `skipped`: it was not sent, on purpose: superseded,
    closed or decided before, or no OMS webhook is set; the feed has it all the same."""

    WAITING = "waiting"
    POSTED = "posted"
    DEAD_LETTERED = "dead_lettered"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class PostInstructions:
    """Input of the workflow and its activity: whose instructions are to be posted.

    `waited_for` is the instruction whose wait Temporal's timer has ended: it is due, whatever the
    clock of this machine says.
    """

    partner_id: str
    order_id: str
    waited_for: str | None = None


@dataclass(frozen=True)
class PostResult:
    """How it stands after a step. `wait_s`: seconds until the next one, for the instruction that
    `waits`; None: nothing is left. The rest is of the one that was posted, if one was."""

    wait_s: float | None = None
    waits: str | None = None
    instruction_id: str | None = None
    state: PostState | None = None
    code: str | None = None


@dataclass(frozen=True)
class OmsWebhook:
    """Where the OMS takes instructions: a URL, and the secret (`whsec_…`) that signs."""

    url: str = field(repr=False)
    secret: str = field(repr=False)


def next_wait_s(
    failed: int, left_s: float, retry_after_s: float | None = None, spread: float = 0.0
) -> float | None:
    """Seconds until the attempt after the `failed`-th failure; None when it would be too late.

    `left_s` is how long the instruction lasts yet: the last attempt is made a minute before its
    end, unless the one before was made at about that time.
    """
    is_early = failed <= len(POST_DELAYS_S)
    scheduled = spread_out(POST_DELAYS_S[failed - 1] if is_early else POST_EVERY_S, spread)
    wait_s = max(scheduled, asked_wait(retry_after_s, spread))
    last_s = left_s - LAST_CHANCE_S
    if wait_s <= last_s:
        return wait_s
    return last_s if last_s >= POST_DELAYS_S[0] else None


class InstructionGiven(BaseModel):
    """What the OMS receives. `instruction_id` is also its `webhook-id`, the same on every attempt.

    `supersedes` names the instruction that this one takes the place of, whether that one was posted
    or not. Every field is there, null or not; fields may be added, none changes.
    """

    model_config = ConfigDict(
        frozen=True,
        hide_input_in_errors=True,
        json_schema_serialization_defaults_required=True,
    )

    type: Literal["instruction.given"] = "instruction.given"
    timestamp: UtcDatetime = Field(description="when it was given, or confirmed with its code")
    instruction_id: str
    number: int = Field(description="its place in the feed")
    partner_id: str
    order_id: str
    event_id: str = Field(description="of the failed attempt that it answers")
    attempt_number: Ordinal = Field(description="of the failed attempt")
    action: InstructionAction
    date: dt.date | None = Field(description="in the partner's time zone")
    slot: Slot | None
    address: AddressShown | None
    phone: Phone | None = Field(description="E.164; whom to call instead of the order's phone")
    comment: Text | None
    given_by: GivenBy
    supersedes: str | None
    expires_at: UtcDatetime = Field(description="a decision after this comes too late")

    def to_bytes(self) -> bytes:
        """The bytes that are signed and sent: UTF-8 JSON without spaces."""
        return self.model_dump_json().encode()


EXAMPLE = InstructionGiven(
    timestamp=dt.datetime(2026, 11, 23, 12, 40, 7, tzinfo=dt.UTC),
    instruction_id="ins_06h2epj4e5dhvx4a41ga5vvje",
    number=4711,
    partner_id="chai-point",
    order_id="ORD-20261123-0042",
    event_id="evt-90211",
    attempt_number=1,
    action=InstructionAction.RESCHEDULE,
    date=dt.date(2026, 11, 24),
    slot=Slot.EVENING,
    address=None,
    phone=None,
    comment="the bell does not work, please call",
    given_by=GivenBy.CUSTOMER,
    supersedes=None,
    expires_at=dt.datetime(2026, 11, 24, 3, 30, tzinfo=dt.UTC),
)
"""For the documents."""
