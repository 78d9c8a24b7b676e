"""Record the histories that the replay guard replays: `python -m tests.histories.record`.

Only for a new scenario or a new released version. Recorded histories are kept, never regenerated:
they stand for workflows that may be running when the code is deployed.
"""

import asyncio
import re
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from contracts.clock import utc_now
from contracts.ids import (
    instruction_text_workflow_id,
    instructions_workflow_id,
    notification_workflow_id,
    recovery_workflow_id,
    workflow_id,
)
from contracts.instructions.posts import OmsWebhook
from contracts.instructions.words import GivenBy
from contracts.notifications.kinds import NotificationKind
from contracts.notifications.mail import MailFate
from contracts.notifications.messages import MessageChannel
from contracts.notifications.webhooks import OpsWebhook
from contracts.payload.signature import new_secret
from dispatch.connection import register_search_attributes
from sandbox.merchant import Merchant
from sandbox.steps import Answer, Step
from sandbox.twilio import TwilioSandbox
from sandbox.twilio_steps import Accept, Refuse
from store.db.database import Database
from store.instructions.codes import issue_code
from tests.end_to_end.test_endpoint_down import open_breaker
from tests.support.encryption import KEYRING
from tests.support.factories import make_event
from tests.support.instructions import NEW_PHONE, Counter, a_failed_delivery
from tests.support.mails import PostOffice
from tests.support.notifications import (
    MAIL_ONLY,
    fanned_out,
    messages_of,
    somebody,
    switched_off,
    tell,
)
from tests.support.postgres import TEMPLATE, running_postgres
from tests.support.shelf import Shelf
from tests.support.stack import Stack, open_stack
from tests.support.temporal import temporal_binary
from tests.support.twilio import texter_on
from tests.support.waiting import eventually
from tests.workflows.bench import serving
from tests.workflows.fake_activities import FakeActivities, webhook

_OF_THIS_MACHINE = re.compile(r'"(identity|stackTrace)": "(?:[^"\\]|\\.)*"')
FOLDER = Path(__file__).parent / "recorded"
Scenario = Callable[[Stack], Awaitable[str]]
"""Gives the id of the workflow that is to be recorded."""


async def delivered(stack: Stack) -> str:
    """Delivered at the first attempt."""
    return await _run(stack, [Answer(200)], "delivered")


async def retried(stack: Stack) -> str:
    """Delivered at the third attempt."""
    return await _run(stack, [Answer(503), Answer(503), Answer(200)], "delivered")


async def dead_lettered(stack: Stack) -> str:
    """All four attempts failed."""
    return await _run(stack, [Answer(503)], "dead_lettered")


async def retried_by_hand(stack: Stack) -> str:
    """A dead letter that a retry delivered; the history is the second run's."""
    async with Merchant(behaviour=[Answer(410), Answer(200)]) as merchant:
        endpoint = await stack.open_shop(merchant.url)
        async with stack.worker():
            event_id = await stack.send(make_event())
            dead = await stack.delivery(event_id, "dead_lettered")
            await stack.ended(event_id)
            await stack.api.patch(f"/v1/endpoints/{endpoint['id']}", json={"state": "enabled"})
            await stack.retry(dead["id"])
            await stack.delivery(event_id, "delivered")
            await stack.ended(event_id)
    return workflow_id(event_id)


async def retried_in_backoff(stack: Stack) -> str:
    """A retry by hand that called a waiting try off."""
    async with Merchant(behaviour=[Answer(503), Answer(200)]) as merchant:
        await stack.open_shop(merchant.url)
        async with stack.worker():
            event_id = await stack.send(make_event())
            waiting = await stack.after_attempts(event_id, 1)
            await stack.retry(waiting["id"])
            await stack.delivery(event_id, "delivered")
            await stack.ended(event_id)
    return workflow_id(event_id)


async def cancelled(stack: Stack) -> str:
    """Cancelled by ops during a backoff."""
    async with Merchant(behaviour=Answer(503)) as merchant:
        await stack.open_shop(merchant.url)
        async with stack.worker():
            event_id = await stack.send(make_event())
            await stack.after_attempts(event_id, 1)
            await stack.handle(event_id).cancel()
            await stack.delivery(event_id, "dead_lettered")
            await stack.ended(event_id)
    return workflow_id(event_id)


async def notified(stack: Stack) -> str:
    """A notification that ops's receiver took at the second attempt."""
    secret = new_secret()
    message = (await switched_off(Shelf(stack.database)))[MessageChannel.OPS_WEBHOOK]
    handle = stack.client.get_workflow_handle(notification_workflow_id(message.id))
    async with (
        Merchant(secret=secret, behaviour=[Answer(503), Answer(200)]) as ops,
        stack.worker(ops=OpsWebhook(ops.url, secret)),
    ):
        await eventually(handle.describe, lambda seen: bool(seen.close_time), ignoring=RPCError)
    return handle.id


async def mailed(stack: Stack) -> str:
    """An e-mail that the mail server took at the second attempt."""
    shelf, now = Shelf(stack.database), utc_now()
    await shelf.add_partner()
    await somebody(shelf)
    await tell(shelf, NotificationKind.KEY_CHANGED, now)
    await fanned_out(shelf, MAIL_ONLY, now)
    [message] = await messages_of(shelf)
    handle = stack.client.get_workflow_handle(notification_workflow_id(message.id))
    office = PostOffice(MailFate.NOT_SENT, "smtp_451", then=MailFate.SENT)
    async with stack.worker(mail=office.mail):
        await eventually(handle.describe, lambda seen: bool(seen.close_time), ignoring=RPCError)
    return handle.id


async def instructed(stack: Stack) -> str:
    """An instruction that the OMS took at its second attempt."""
    secret, now = new_secret(), utc_now()
    shelf = Shelf(stack.database)
    await shelf.add_partner()
    await shelf.accept(a_failed_delivery(at=now), now=now)
    counter = Counter(shelf)
    await counter.give("reattempt", now=now)
    handle = stack.client.get_workflow_handle(instructions_workflow_id("shop", "ORD-1"))
    async with (
        Merchant(secret=secret, behaviour=[Answer(503), Answer(200)]) as oms,
        stack.worker(oms=OmsWebhook(oms.url, secret)),
    ):
        await eventually(handle.describe, lambda seen: bool(seen.close_time), ignoring=RPCError)
    return handle.id


async def code_texted(stack: Stack) -> str:
    """The code of a customer's change, which Twilio took at the second attempt."""
    shelf, now = Shelf(stack.database), utc_now()
    await shelf.add_partner()
    await shelf.accept(a_failed_delivery(at=now), now=now)
    given = await Counter(shelf).give(by=GivenBy.CUSTOMER, now=now, phone=NEW_PHONE)
    text = await stack.database.write(issue_code, given.id, now)
    handle = stack.client.get_workflow_handle(instruction_text_workflow_id(text.id))
    async with (
        TwilioSandbox(behaviour=[Refuse(20429), Accept()], callbacks=None) as twilio,
        stack.worker(texter=texter_on(twilio)),
    ):
        await eventually(handle.describe, lambda seen: bool(seen.close_time), ignoring=RPCError)
    return handle.id


async def recovered(stack: Stack) -> str:
    """A recovery that sent two held deliveries again, one of them at its second attempt."""
    async with Merchant(behaviour=[Answer(503), Answer(200)]) as merchant:
        endpoint = await stack.open_shop(merchant.url)
        address = f"/v1/endpoints/{endpoint['id']}"
        handle = stack.client.get_workflow_handle(recovery_workflow_id(endpoint["id"]))
        async with stack.worker():
            await stack.api.patch(address, json={"state": "paused"})
            events = [await stack.send(make_event()) for _ in range(2)]
            for event_id in events:
                await stack.delivery(event_id, "held")
            await stack.api.patch(address, json={"state": "enabled"})
            await stack.api.post(f"{address}/recoveries")
            await eventually(handle.describe, lambda seen: bool(seen.close_time), ignoring=RPCError)
    return handle.id


async def texted(stack: Stack) -> str:
    """A text that Twilio took."""
    await stack.add_partner(tier="smb")
    async with TwilioSandbox() as twilio, stack.worker(texter=texter_on(twilio)):
        event_id = await stack.send(make_event())
        await stack.delivery(event_id, "delivered")
        await stack.ended(event_id)
    return workflow_id(event_id)


async def fell_back(stack: Stack) -> str:
    """A dead letter before the webhook's time was up, and the text that stood in for it."""
    async with Merchant(behaviour=Answer(410)) as merchant:
        return await _fall_back(stack, merchant, "dead_lettered")


async def fell_back_by_time(stack: Stack) -> str:
    """A held webhook whose time was up, and the text that stood in for it."""
    async with Merchant() as merchant:
        return await _fall_back(stack, merchant, "held", failing=True)


async def held(stack: Stack) -> str:
    """An attempt that found its endpoint's breaker open: it made no request."""
    async with Merchant() as merchant:
        endpoint = await stack.open_shop(merchant.url)
        await open_breaker(stack.database, endpoint["id"])
        async with stack.worker():
            event_id = await stack.send(make_event())
            await stack.delivery(event_id, "held")
            await stack.ended(event_id)
    return workflow_id(event_id)


async def two_deliveries(stack: Stack) -> str:
    """One endpoint took it at once, the other one at its second attempt."""
    async with Merchant() as well, Merchant(behaviour=[Answer(503), Answer(200)]) as ill:
        await stack.open_shop(well.url)
        await stack.add_endpoint(ill.url)
        async with stack.worker():
            event_id = await stack.send(make_event())
            await stack.deliveries(event_id, "delivered", "delivered")
            await stack.ended(event_id)
    return workflow_id(event_id)


async def planned_by_an_activity(stack: Stack) -> str:
    """A plan that hung as a local activity for ten seconds, and was made by a scheduled one."""
    fake = FakeActivities(webhook())
    fake.plan_waits = asyncio.Event()
    async with serving(stack.client, fake) as bench:
        await bench.start()
        await bench.has_scheduled("build_payload")
        fake.plan_waits.set()
        await bench.end()
    return workflow_id(bench.event_id)


SCENARIOS: tuple[Scenario, ...] = (
    delivered,
    retried,
    dead_lettered,
    retried_by_hand,
    notified,
    mailed,
    instructed,
    code_texted,
    recovered,
    texted,
    fell_back,
    fell_back_by_time,
    held,
    two_deliveries,
)
PATIENT_SCENARIOS: tuple[Scenario, ...] = (
    retried_in_backoff,
    cancelled,
    planned_by_an_activity,
)


async def _fall_back(stack: Stack, merchant: Merchant, state: str, *, failing: bool = False) -> str:
    """An event of a partner with the fallback on, whose webhook comes to this state."""
    await stack.add_partner(sms_fallback=True)
    endpoint = await stack.add_endpoint(merchant.url)
    if failing:
        await open_breaker(stack.database, endpoint["id"])
    async with TwilioSandbox() as twilio, stack.worker(texter=texter_on(twilio)):
        event_id = await stack.send(make_event("out_for_delivery"))
        await stack.deliveries(event_id, "delivered", state)
        await stack.ended(event_id)
    return workflow_id(event_id)


async def _run(stack: Stack, answers: list[Step], state: str) -> str:
    async with Merchant(behaviour=answers) as merchant:
        await stack.open_shop(merchant.url)
        async with stack.worker():
            event_id = await stack.send(make_event())
            await stack.delivery(event_id, state)
            await stack.ended(event_id)
    return workflow_id(event_id)


async def record(version: str) -> None:
    """Run every scenario and write the histories that are not there yet."""
    FOLDER.mkdir(exist_ok=True)
    flags = ("--dynamic-config-value", "frontend.WorkflowTimeSkippingEnabled=true")
    async with await WorkflowEnvironment.start_time_skipping_v2(
        dev_server_existing_path=temporal_binary(), dev_server_extra_args=list(flags)
    ) as environment:
        await register_search_attributes(environment.client)
        patient = await Client.connect(environment.client.service_client.config.target_host)
        for client, scenarios in (environment.client, SCENARIOS), (patient, PATIENT_SCENARIOS):
            for scenario in scenarios:
                await _record_one(client, scenario, FOLDER / f"{version}-{scenario.__name__}.json")


async def _record_one(client: Client, scenario: Scenario, path: Path) -> None:
    if path.exists():
        return
    with tempfile.TemporaryDirectory() as folder, running_postgres(Path(folder)) as server:
        database = Database(server.url(TEMPLATE), KEYRING)
        async with open_stack(client, database) as stack:
            recorded = client.get_workflow_handle(await scenario(stack))
            history = await recorded.fetch_history()
            path.write_text(_without_this_machine(history.to_json()) + "\n")
        database.close()


def _without_this_machine(history: str) -> str:
    """Neither process names nor the paths in stack traces; a replay needs none of them."""
    return _OF_THIS_MACHINE.sub(r'"\1": "recorded"', history)


if __name__ == "__main__":
    asyncio.run(record("0.1.0"))
