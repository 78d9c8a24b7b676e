"""What the Temporal UI says of an execution: the endpoint's host, why it is on hold, the last
answer; in the details, in the summaries of activities and timers, and in the result."""

from dataclasses import replace

from temporalio.api.common.v1 import Payload
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client
from temporalio.converter import default

from contracts.delivery.messages import PlannedDelivery, SendResult
from contracts.delivery.states import DeliveryState, HoldReason
from tests.workflows.bench import Bench, serving
from tests.workflows.fake_activities import (
    DELIVERED,
    EXHAUSTED,
    Failure,
    FakeActivities,
    Step,
    webhook,
)

HOST = "hooks.shop.example"
TO_HOST = replace(webhook(), host=HOST)
HELD = SendResult(DeliveryState.HELD, hold_reason=HoldReason.ENDPOINT_FAILING)


def answering(planned: PlannedDelivery, *steps: Step) -> FakeActivities:
    """One delivery, whose attempts are answered like this."""
    fake = FakeActivities(planned)
    fake.answers(planned.delivery_id, *steps)
    return fake


async def details(bench: Bench) -> str:
    """The current details, as the Temporal UI asks for them."""
    metadata = await bench.handle.query("__temporal_workflow_metadata")
    return str(metadata.current_details)


async def summaries(bench: Bench) -> list[str]:
    """The summaries in the history, in its order."""
    events = (await bench.handle.fetch_history()).events
    return [_read(one.user_metadata.summary) for one in events if _has_summary(one)][1:]


def _has_summary(event: HistoryEvent) -> bool:
    return event.HasField("user_metadata") and event.user_metadata.HasField("summary")


def _read(payload: Payload) -> str:
    return str(default().payload_converter.from_payload(payload))


async def test_one_on_hold_says_why_and_where(hasty: Client) -> None:
    async with serving(hasty, answering(TO_HOST, HELD)) as bench:
        assert await bench.run() == {"w": DeliveryState.HELD}
        said = await details(bench)
        assert f"webhook to {HOST}: **held** (endpoint_failing)" in said
        [status] = (await bench.handle.result()).deliveries
        assert (status.host, status.hold_reason) == (HOST, HoldReason.ENDPOINT_FAILING)


async def test_one_that_failed_says_how(hasty: Client) -> None:
    async with serving(hasty, answering(TO_HOST, EXHAUSTED)) as bench:
        assert await bench.run() == {"w": DeliveryState.DEAD_LETTERED}
        assert "**dead_lettered**, last answer http_503" in await details(bench)
        assert f"post to {HOST}, round 1" in await summaries(bench)


async def test_what_the_plan_knows_is_said_from_the_start(hasty: Client) -> None:
    held = replace(
        TO_HOST,
        state=DeliveryState.HELD,
        hold_reason=HoldReason.ENDPOINT_OFF,
        last_code="http_410",
    )
    async with serving(hasty, FakeActivities(held)) as bench:
        await bench.run()
        assert "**held** (endpoint_off), last answer http_410" in await details(bench)


async def test_a_first_attempt_that_fails_is_told_while_the_next_one_waits(hasty: Client) -> None:
    at_once = replace(TO_HOST, at_once=True)
    async with serving(hasty, answering(at_once, Failure(30), DELIVERED)) as bench:
        assert await bench.run() == {"w": DeliveryState.DELIVERED}
        said = await summaries(bench)
        assert "until the next attempt, after http_503" in said
        assert f"post to {HOST}, round 1, after http_503" in said
