"""The whole system in one process, on real parts, for end-to-end tests."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import httpx
from fastapi import FastAPI
from pydantic import SecretStr
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError
from temporalio.worker import Worker

from activities.mail_sender import Mail
from activities.twilio_sender import NoTwilio, Texter
from activities.webhook_sender import WebhookSender
from api.dependencies import Parts
from background.endpoint_probes import EndpointWatch
from background.held_sms import WaitingTexts
from background.instructions import Instructions
from background.notifications import Notifications
from background.password_resets import PasswordResets
from background.side_by_side import Part
from contracts.clock import Clock, utc_now
from contracts.delivery.retry import RetrySchedule
from contracts.ids import IdKind, new_id, workflow_id
from contracts.instructions.posts import OmsWebhook
from contracts.notifications.messages import Channels
from contracts.notifications.webhooks import OpsWebhook
from contracts.tracing import NO_TRACING, Tracing
from dispatch.dispatcher import Dispatcher
from dispatch.gateway import Gateway
from dispatch.instructions import InstructionWorkflows
from dispatch.places import Places
from dispatch.recoveries import Recoveries
from resolver import NameLookUps
from settings import Settings
from store.db.database import Database
from store.events.outbox import startables
from store.events.outbox_listener import OutboxListener
from temporal_worker import build_worker
from tests.support.bare_app import app_with
from tests.support.parts import LOOPBACK, OPERATOR_KEY, SENDER, make_parts
from tests.support.serving import serving
from tests.support.waiting import eventually


@dataclass
class Stack:
    """The API over a database and a Temporal server, and workers that come and go.

    `public_url` is where the API is served for Twilio, once it is.
    """

    client: Client
    database: Database
    gateway: Gateway
    api: httpx.AsyncClient
    task_queue: str
    app: FastAPI | None = None
    public_url: str | None = None

    @asynccontextmanager
    async def worker(
        self,
        *,
        sender: WebhookSender | None = None,
        texter: Texter | None = None,
        grace: timedelta = timedelta(seconds=1),
        ops: OpsWebhook | None = None,
        oms: OmsWebhook | None = None,
        tracing: Tracing = NO_TRACING,
        client: Client | None = None,
        build_id: str | None = None,
        places: Places | None = None,
        mail: Mail | None = None,
        clock: Clock = utc_now,
    ) -> AsyncIterator[Worker]:
        """A worker and a dispatcher for as long as the context lasts. `ops`: where ops is told;
        `oms`: where the OMS takes instructions; `mail`: how e-mail goes. What can be bundled does
        not wait for others."""
        sender = sender or WebhookSender.guarded(LOOPBACK, NameLookUps())
        client = client or self.client
        places = places or Places()
        worker = build_worker(
            client,
            self.database,
            sender,
            texter or NoTwilio(),
            self._settings(ops, oms).model_copy(update={"worker_build_id": build_id}),
            clock,
            self.task_queue,
            grace,
            tracing=tracing,
            places=places,
            mail=mail,
        )
        dispatcher = Dispatcher(
            self.database,
            Gateway(client, RetrySchedule(), self.task_queue, tracing),
            OutboxListener(self.database.url),
            clock,
            tracing,
            eagerly=build_id is None,
            places=places,
        )
        channels = Channels(email=mail is not None, ops_webhook=ops is not None)
        stop = asyncio.Event()
        async with aclosing(sender), worker:
            parts = [dispatcher, *self._parts_beside(channels, clock)]
            beside = asyncio.gather(*(one.run(stop) for one in parts))
            try:
                yield worker
            finally:
                stop.set()
                await beside

    def _parts_beside(self, channels: Channels, clock: Clock) -> list[Part]:
        """What runs in a worker beside Temporal's own and the dispatcher."""
        recoveries = Recoveries(self.client, self.task_queue)
        instructions = InstructionWorkflows(self.client, self.task_queue)
        return [
            WaitingTexts(self.database, self.gateway, clock),
            EndpointWatch(self.database, self.gateway, recoveries, clock),
            Notifications(
                *(self.database, self.client, clock, channels, self.task_queue), wait=timedelta()
            ),
            Instructions(self.database, instructions, clock),
            PasswordResets(self.database, clock),
        ]

    def _settings(self, ops: OpsWebhook | None, oms: OmsWebhook | None) -> Settings:
        set_here: dict[str, Any] = {"twilio_sender": SENDER, "public_url": self.public_url}
        if ops is not None:
            set_here["ops_webhook_url"] = ops.url
            set_here["ops_webhook_secret"] = SecretStr(ops.secret)
        if oms is not None:
            set_here["oms_webhook_url"] = oms.url
            set_here["oms_webhook_secret"] = SecretStr(oms.secret)
        return Settings().model_copy(update=set_here)

    @asynccontextmanager
    async def called_by_twilio(self) -> AsyncIterator[str]:
        """Serve the API over HTTP, so that status callbacks reach it; gives its address."""
        assert self.app is not None
        async with serving(self.app) as url:
            self.public_url = url
            parts: Parts = self.app.state.parts
            rules = replace(parts.text_rules, public_url=url)
            self.app.state.parts = replace(parts, text_rules=rules)
            yield url

    async def add_partner(self, partner_id: str = "shop", tier: str = "growth", **more: Any) -> str:
        """Create a partner over the API. One of the tier `smb` has said yes to texts, unless told
        otherwise."""
        yes = {"sms_enabled": True} if tier == "smb" else {}
        body = {"id": partner_id, "name": "Chai Point", "tier": tier, **yes, **more}
        answer = await self.api.post("/v1/partners", json=body)
        assert answer.status_code == 201, answer.text
        return partner_id

    async def add_endpoint(self, url: str, partner_id: str = "shop", **more: Any) -> dict[str, Any]:
        """Create an endpoint over the API; the answer has its secret."""
        answer = await self.api.post(
            "/v1/endpoints", json={"partner_id": partner_id, "url": url, **more}
        )
        assert answer.status_code == 201, answer.text
        created: dict[str, Any] = answer.json()
        return created

    async def open_shop(self, url: str, **more: Any) -> dict[str, Any]:
        """A growth partner called `shop` with one endpoint; gives the endpoint with its secret."""
        await self.add_partner()
        return await self.add_endpoint(url, **more)

    async def send(self, event: Mapping[str, Any]) -> str:
        """Post an event as the order-management system does; gives its id."""
        answer = await self.api.post("/v1/events", json=event)
        assert answer.status_code == 202, answer.text
        return str(event["event_id"])

    async def event(self, event_id: str) -> dict[str, Any]:
        """The event as the API shows it."""
        answer = await self.api.get(f"/v1/events/{event_id}")
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    async def deliveries(
        self, event_id: str, *states: str, timeout: float = 30.0
    ) -> list[dict[str, Any]]:
        """The event's deliveries, once they are in these states (in any order)."""
        wanted = sorted(states)
        shown = await eventually(
            lambda: self.event(event_id),
            lambda event: sorted(one["state"] for one in event["deliveries"]) == wanted,
            timeout=timeout,
        )
        deliveries: list[dict[str, Any]] = shown["deliveries"]
        return deliveries

    async def delivery(self, event_id: str, state: str, *, timeout: float = 30.0) -> dict[str, Any]:
        """The event's only delivery, once it is in this state; waits so many seconds for it."""
        return (await self.deliveries(event_id, state, timeout=timeout))[0]

    async def after_attempts(
        self, event_id: str, count: int, *, timeout: float = 30.0
    ) -> dict[str, Any]:
        """The event's only delivery, once this many attempts have ended; waits so many seconds."""

        def ended(event: dict[str, Any]) -> bool:
            attempts = event["deliveries"][0]["attempts"] if event["deliveries"] else []
            return len([one for one in attempts if one["finished_at"]]) >= count

        shown = await eventually(lambda: self.event(event_id), ended, timeout=timeout)
        delivery: dict[str, Any] = shown["deliveries"][0]
        return delivery

    async def retry(self, delivery_id: str, **body: Any) -> httpx.Response:
        """Press retry."""
        return await self.api.post(f"/v1/deliveries/{delivery_id}/retry", json=body)

    async def start_without_a_worker(self, event_id: str) -> None:
        """Dispatch one event while no worker serves: its workflow waits for the first task."""
        listener = OutboxListener(self.database.url)
        dispatcher = Dispatcher(self.database, self.gateway, listener, utc_now)
        stop = asyncio.Event()
        dispatching = asyncio.create_task(dispatcher.run(stop))
        await eventually(self.handle(event_id).describe, bool, ignoring=RPCError)
        stop.set()
        await dispatching

    async def cancel_unseen(self, event_id: str) -> None:
        """Run the event's workflow again and cancel it, with no worker there to notice."""
        [event] = await self.database.read(startables, [event_id])
        await self.gateway.start_again(event)
        await self.handle(event_id).cancel()

    def handle(self, event_id: str) -> WorkflowHandle[Any, Any]:
        """The workflow of an event."""
        return self.client.get_workflow_handle(workflow_id(event_id))

    async def owner_of_attempt(self, event_id: str, pids: Sequence[int]) -> int:
        """The worker process that has the event's only activity on the wire."""
        described = await self.handle(event_id).describe()
        [pending] = described.raw_description.pending_activities
        [owner] = [pid for pid in pids if pending.last_worker_identity.startswith(f"{pid}@")]
        return owner

    async def ended(self, event_id: str) -> None:
        """Wait until the event's workflow has closed."""
        await eventually(self.handle(event_id).describe, lambda seen: seen.close_time is not None)


@asynccontextmanager
async def open_stack(
    client: Client,
    database: Database,
    task_queue: str | None = None,
    tracing: Tracing = NO_TRACING,
) -> AsyncIterator[Stack]:
    """A stack, on a task queue of its own where none is named, with the real retry schedule.

    `tracing` is the API's.
    """
    task_queue = task_queue or new_id(IdKind.ATTEMPT)
    gateway = Gateway(client, RetrySchedule(), task_queue, tracing)
    with app_with(make_parts(database, gateway, tracing=tracing)) as app:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://doorstep.test",
            headers={"authorization": f"Bearer {OPERATOR_KEY}"},
        ) as api:
            yield Stack(client, database, gateway, api, task_queue, app)
