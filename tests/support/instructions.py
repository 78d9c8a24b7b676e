"""Failed deliveries and instructions for tests, put there by the store's own functions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from temporalio.client import WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError

from contracts.delivery.verdicts import Answer
from contracts.ids import instructions_workflow_id
from contracts.instructions.posts import PostInstructions, PostResult
from contracts.instructions.request import InstructionRequest
from contracts.instructions.views import DecisionRequest
from contracts.instructions.words import GivenBy
from contracts.payload.events import TrackingEvent
from store.instructions import posts
from store.instructions.decisions import decide
from store.instructions.giving import give_instruction
from store.instructions.posts import ReadyPost
from store.tables import InstructionRow
from tests.support.factories import make_groups, make_order
from tests.support.shelf import NOW, Shelf, after, an_event
from tests.support.stack import Stack
from tests.support.waiting import eventually

NEW_PHONE = "+919845012345"
NEW_ADDRESS = {"line1": "7 Tulsi Baug", "city": "Pune", "pincode": "411030"}
LANDMARK = {"landmark": "behind the Maruti temple"}
TASK = PostInstructions("shop", "ORD-1")


def a_failure(**fields: Any) -> dict[str, Any]:
    """The failure group of an attempt that failed for want of anybody at home."""
    return {
        "reason_code": "customer_unavailable",
        "reason_category": "customer",
        "reason_text": "nobody opened",
        "attempt_number": 1,
        "max_attempts": 3,
        "attempted_at": NOW.isoformat(),
        "next_action": "reattempt",
        **fields,
    }


def a_failed_delivery(
    order_id: str = "ORD-1", at: datetime = NOW, *, order: Mapping[str, Any] = {}, **failure: Any
) -> TrackingEvent:
    """A delivery of an order that failed; `failure` are fields of its reason."""
    groups = make_groups(
        order=make_order(**{"order_id": order_id, "ordered_at": after(-3600).isoformat(), **order}),
        failure=a_failure(**failure),
    )
    return an_event("delivery_failed", occurred_at=at.isoformat(), data=groups)


def what_follows(kind: str, seconds: float, order_id: str = "ORD-1") -> TrackingEvent:
    """Another event of the order, so many seconds after the failure."""
    order = make_order(order_id=order_id, ordered_at=after(-3600).isoformat())
    otp = {
        "code": "483920",
        "valid_from": after(seconds).isoformat(),
        "valid_until": after(seconds + 1800).isoformat(),
    }
    groups = make_groups(order=order, otp=otp, failure=a_failure(attempt_number=2))
    return an_event(kind, occurred_at=after(seconds).isoformat(), data=groups)


@dataclass(frozen=True)
class Counter:
    """Where instructions are given and decided, at the tests' usual time."""

    shelf: Shelf

    async def give(
        self,
        action: str = "reattempt",
        *,
        by: GivenBy = GivenBy.MERCHANT,
        order_id: str = "ORD-1",
        partner_id: str = "shop",
        now: datetime = NOW,
        **fields: Any,
    ) -> InstructionRow:
        """An instruction; `fields` are the request's."""
        return await self.shelf.database.write(
            give_instruction,
            partner_id=partner_id,
            order_id=order_id,
            given_by=by,
            actor="key_1",
            request=InstructionRequest.model_validate({"action": action, **fields}),
            now=now,
        )

    async def decide(
        self,
        instruction_id: str,
        decision: str = "accepted",
        *,
        now: datetime = NOW,
        **fields: Any,
    ) -> InstructionRow:
        """The OMS's decision."""
        asked = DecisionRequest.model_validate({"decision": decision, **fields})
        return await self.shelf.database.write(decide, instruction_id, asked, now, actor="key_oms")

    async def begin_post(
        self, now: datetime = NOW, task: PostInstructions = TASK, *, has_webhook: bool = True
    ) -> ReadyPost | PostResult:
        """The next attempt, or why there is none."""
        return await self.shelf.database.write(posts.begin_post, task, now, has_webhook=has_webhook)

    async def ready_post(self, now: datetime = NOW) -> ReadyPost:
        """The next attempt."""
        ready = await self.begin_post(now)
        assert isinstance(ready, ReadyPost), ready
        return ready

    async def row(self, instruction: InstructionRow) -> InstructionRow:
        """An instruction as it is written now."""
        return await self.shelf.one(InstructionRow, instruction.id)


async def unposted(shelf: Shelf) -> None:
    """Two orders with instructions: one waits to be posted, the other is a dead letter."""
    counter = await failed_order(shelf)
    await counter.give()
    ready = await counter.ready_post()
    gone = Answer("http_410", 410)
    await shelf.database.write(posts.settle_post, ready.attempt_id, gone, NOW)
    await shelf.accept(a_failed_delivery("ORD-2"))
    await counter.give(order_id="ORD-2")


async def failed_order(shelf: Shelf, order_id: str = "ORD-1", **failure: Any) -> Counter:
    """The partner `shop` with an order of which a delivery has failed NOW."""
    await shelf.add_partner()
    await shelf.accept(a_failed_delivery(order_id, **failure))
    return Counter(shelf)


def handle_of(stack: Stack, order_id: str = "ORD-1") -> WorkflowHandle[Any, Any]:
    """The workflow of an order's instructions."""
    return stack.client.get_workflow_handle(instructions_workflow_id("shop", order_id))


async def ended(stack: Stack, order_id: str = "ORD-1") -> None:
    """Wait until it has closed: one that is left open would take what the next test asks for."""
    handle = handle_of(stack, order_id)
    seen = await eventually(handle.describe, lambda one: bool(one.close_time), ignoring=RPCError)
    assert seen.status is WorkflowExecutionStatus.COMPLETED
