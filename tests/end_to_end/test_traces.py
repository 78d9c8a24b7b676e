"""The trace of one event, through the API, the dispatcher, the workflow, its activities and out to
the merchant."""

import json
import logging
from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from commands.logs import add_to_every_line
from sandbox.merchant import Merchant
from sandbox.steps import Answer
from store.db.database import Database
from telemetry.export import KNOWN
from telemetry.switch import Telemetry
from tests.support.factories import make_event
from tests.support.leaks import search
from tests.support.logs import logging_into_a_string
from tests.support.stack import Stack, open_stack
from tests.support.traces import Collector

pytestmark = pytest.mark.extended

TRACE, OMS_SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
TRACEPARENT = {"traceparent": f"00-{TRACE}-{OMS_SPAN}-01"}
WAY = [
    ("POST /v1/events", "api"),
    ("accept", "api"),
    ("StartWorkflow:DeliverTrackingEvent", "worker"),
    ("StartActivity:post_webhook", "worker"),
    ("RunActivity:post_webhook", "worker"),
    ("POST webhook", "worker"),
]
PERSONAL = ("Asha", "Kulkarni", "9876543210", "Lakshmi Nivas", "483920", "Imran", "hook-secret")


@pytest.fixture
def collector() -> Collector:
    return Collector()


@pytest.fixture
def worker(collector: Collector) -> Telemetry:
    """What the worker traces with."""
    return collector.telemetry("worker")


@pytest.fixture
async def stack(
    temporal: WorkflowEnvironment, database: Database, collector: Collector, worker: Telemetry
) -> AsyncIterator[Stack]:
    """The whole system, traced as two processes are."""
    config = temporal.client.config()
    config["interceptors"] = [*config["interceptors"], *worker.interceptors]
    tracing = collector.telemetry("api").tracing
    async with open_stack(Client(**config), database, tracing=tracing) as stack:
        yield stack


async def send(stack: Stack, **headers: str) -> str:
    event = make_event()
    answer = await stack.api.post("/v1/events", json=event, headers=headers)
    assert answer.status_code == 202, answer.text
    return str(event["event_id"])


class TestOneEvent:
    async def test_is_one_trace_from_the_oms_to_the_merchant(
        self, stack: Stack, collector: Collector, worker: Telemetry
    ) -> None:
        async with Merchant() as merchant:
            merchant.secrets = [(await stack.open_shop(merchant.url))["secret"]]
            async with stack.worker(tracing=worker.tracing):
                event_id = await send(stack, **TRACEPARENT)
                await stack.delivery(event_id, "delivered")
                await stack.ended(event_id)
        [post] = collector.named("POST webhook")
        way = collector.way_to(post)
        assert [(one.name, one.service) for one in way] == WAY
        assert way[0].parent_id == OMS_SPAN
        assert {one.trace_id for one in way} == {TRACE}
        for name in ("RunWorkflow:DeliverTrackingEvent", "RunActivity:build_payload"):
            [beside] = collector.named(name)
            assert (beside.trace_id, beside.service) == (TRACE, "worker")
        [received] = merchant.received
        assert received.headers["traceparent"] == f"00-{TRACE}-{post.span_id}-01"
        assert received.verified

    async def test_every_attempt_and_the_retry_by_hand_belong_to_it(
        self, stack: Stack, collector: Collector, worker: Telemetry
    ) -> None:
        async with Merchant(behaviour=Answer(503)) as merchant:
            await stack.open_shop(merchant.url)
            async with stack.worker(tracing=worker.tracing):
                event_id = await send(stack, **TRACEPARENT)
                delivery = await stack.delivery(event_id, "dead_lettered")
                merchant.behave(Answer(200))
                assert (await stack.retry(delivery["id"])).status_code == 202
                await stack.delivery(event_id, "delivered")
        posts = collector.named("POST webhook")
        attributes = [one.span.attributes or {} for one in posts]
        assert [one["doorstep.attempt"] for one in attributes] == [1, 2, 3, 4, 5]
        assert [one["doorstep.code"] for one in attributes] == ["http_503"] * 4 + ["http_200"]
        assert [one.span.status.is_ok for one in posts] == [False] * 4 + [True]
        assert {one.trace_id for one in posts} == {TRACE}
        sent = [one.headers["traceparent"] for one in merchant.received]
        assert sent == [f"00-{TRACE}-{one.span_id}-01" for one in posts]

    async def test_nothing_personal_and_no_query_is_in_it(
        self, stack: Stack, collector: Collector, worker: Telemetry
    ) -> None:
        echo = json.dumps(make_event()).encode()
        async with Merchant(behaviour=Answer(500, body=echo)) as merchant:
            await stack.add_partner()
            await stack.add_endpoint(f"{merchant.url}?token=hook-secret")
            async with stack.worker(tracing=worker.tracing):
                await stack.delivery(await send(stack), "dead_lettered")
                await stack.api.get("/v1/sms/opt-outs?partner_id=shop&phone=%2B919876543210")
        exported = "\n".join(one.span.to_json() for one in collector.spans).encode()
        assert b"doorstep.event_id" in exported
        assert search(exported, PERSONAL, "the spans") == []
        assert {key for one in collector.spans for key in one.span.attributes or {}} <= KNOWN

    async def test_its_trace_is_in_its_log_lines_and_nothing_personal(
        self, stack: Stack, worker: Telemetry, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with logging_into_a_string(monkeypatch, "json") as stderr:
            add_to_every_line(worker.tracing.current_ids)
            async with Merchant() as merchant:
                await stack.open_shop(merchant.url)
                async with stack.worker(tracing=worker.tracing):
                    event_id = await send(stack, **TRACEPARENT)
                    await stack.delivery(event_id, "delivered")
            logging.getLogger("doorstep.test").warning("outside of any trace")
        lines = [json.loads(line) for line in stderr.getvalue().splitlines()]
        assert [one["trace_id"] for one in lines if one.get("event_id") == event_id] == [TRACE]
        assert "trace_id" not in lines[-1]
        assert search(stderr.getvalue().encode(), PERSONAL, "the log") == []


class TestWhoseTraceItIs:
    async def test_an_event_without_one_begins_its_own(
        self, stack: Stack, collector: Collector
    ) -> None:
        await stack.add_partner()
        await send(stack)
        await send(stack)
        roots = collector.named("POST /v1/events")
        assert [one.parent_id for one in roots] == [None, None]
        assert len({one.trace_id for one in roots}) == 2

    @pytest.mark.parametrize("said", ["", "rubbish", f"00-{'0' * 32}-{OMS_SPAN}-01", "00-1-2-3"])
    async def test_one_that_cannot_be_read_is_none(
        self, stack: Stack, collector: Collector, said: str
    ) -> None:
        await stack.add_partner()
        await send(stack, traceparent=said)
        [root] = collector.named("POST /v1/events")
        assert root.parent_id is None

    async def test_one_that_is_not_sampled_is_handed_on_as_such(
        self, stack: Stack, collector: Collector, worker: Telemetry
    ) -> None:
        async with Merchant() as merchant:
            await stack.open_shop(merchant.url)
            async with stack.worker(tracing=worker.tracing):
                event_id = await send(stack, traceparent=f"00-{TRACE}-{OMS_SPAN}-00")
                await stack.delivery(event_id, "delivered")
        assert [one for one in collector.spans if one.trace_id == TRACE] == []
        [received] = merchant.received
        version, trace, _, flags = received.headers["traceparent"].split("-")
        assert (version, trace, flags) == ("00", TRACE, "00")

    async def test_a_partner_s_and_a_stranger_s_are_not_gone_on_from(
        self, stack: Stack, collector: Collector
    ) -> None:
        await stack.add_partner()
        wish = {"scope": "partner", "label": "the ERP", "partner_id": "shop"}
        key = (await stack.api.post("/v1/keys", json=wish)).json()["key"]
        theirs = {"authorization": f"Bearer {key}", **TRACEPARENT}
        assert (await stack.api.get("/v1/events", headers=theirs)).status_code == 200
        assert (await stack.api.get("/healthz", headers=TRACEPARENT)).status_code == 200
        assert [one.name for one in collector.spans if one.trace_id == TRACE] == []

    async def test_a_batch_is_one_trace_with_all_its_events(
        self, stack: Stack, collector: Collector, worker: Telemetry
    ) -> None:
        async with Merchant() as merchant:
            await stack.open_shop(merchant.url)
            events = [make_event(), make_event()]
            async with stack.worker(tracing=worker.tracing):
                answer = await stack.api.post(
                    "/v1/events/batch", json={"events": events}, headers=TRACEPARENT
                )
                assert answer.status_code == 202
                await merchant.wait_for(2, timeout=30)
        [accept] = collector.named("accept")
        starts = collector.named("StartWorkflow:DeliverTrackingEvent")
        assert [one.parent_id for one in starts] == [accept.span_id] * 2
        assert {one.headers["traceparent"][3:35] for one in merchant.received} == {TRACE}


async def test_where_it_is_off_the_merchant_gets_no_header(
    temporal: WorkflowEnvironment, database: Database
) -> None:
    async with open_stack(temporal.client, database) as stack, Merchant() as merchant:
        await stack.open_shop(merchant.url)
        async with stack.worker():
            await stack.delivery(await send(stack, **TRACEPARENT), "delivered")
    assert "traceparent" not in merchant.received[0].headers
