"""The floor's process: a worker of the product's own kind, with empty workflows.

`python -m benchmarks.floor_runner` reads one JSON order a line from standard input and answers
each with one line: `{"floor": "same_shape", "in_flight": 60, "seconds": 8, "prefix": "r1"}`, or,
for a burst of so many: `{"floor": "same_shape", "burst": 5000, "prefix": "b1"}`.
"""

import asyncio
import json
import sys
from contextlib import AsyncExitStack
from itertools import count
from typing import Any

import httpx
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import Worker

from activities.twilio_sender import NoTwilio
from activities.webhook_sender import WebhookSender
from benchmarks.floors import ACTIVITIES, WORKFLOWS
from benchmarks.pipeline import keep_under_way
from contracts.clock import utc_now
from contracts.ids import workflow_id
from dispatch.connection import connect
from dispatch.gateway import Gateway
from dispatch.places import PLACES
from settings import Settings, load_settings, temporal_options
from store.db.database import Database
from store.encryption.key_file import keyring_of
from store.events.outbox import Startable
from temporal_worker import build_worker


class FloorRunner:
    """Starts empty workflows and runs them, in one process and on one client."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._settings = settings

    def workers(self) -> list[Worker]:
        """One for each floor, with every option of the product's worker."""
        database = Database(self._settings.store_url, keyring_of(*self._settings.key_source))
        sender = WebhookSender(httpx.AsyncHTTPTransport())
        options = build_worker(
            self._client, database, sender, NoTwilio(), self._settings, utc_now
        ).config()
        options["activities"] = list(ACTIVITIES)
        workers = []
        for floor, workflow in WORKFLOWS.items():
            options["task_queue"], options["workflows"] = floor, [workflow]
            workers.append(Worker(**options))
        return workers

    async def run_round(self, order: dict[str, Any]) -> list[float]:
        """Keep so many of a floor's workflows under way; gives when each had closed."""
        gateway = Gateway(self._client, self._settings.retry_schedule, order["floor"])
        numbers = count(1)

        async def start_one() -> None:
            event_id = f"{order['prefix']}-{next(numbers)}"
            event = Startable(event_id, order["partner_id"], "delivered", f"ORD-{event_id}", 3)
            await gateway.start(event, eagerly=True)
            await self._client.get_workflow_handle(workflow_id(event_id)).result()

        return await keep_under_way(
            start_one, in_flight=order["in_flight"], seconds=order["seconds"]
        )

    async def run_burst(self, order: dict[str, Any]) -> int:
        """Start so many of a floor's workflows, as fast as the product's dispatcher would.

        Gives how many were started; they run on.
        """
        gateway = Gateway(self._client, self._settings.retry_schedule, order["floor"])
        waiting = [f"{order['prefix']}-{number}" for number in range(order["burst"])]
        started = 0

        async def lane() -> None:
            nonlocal started
            while waiting:
                event_id = waiting.pop()
                event = Startable(event_id, order["partner_id"], "delivered", f"ORD-{event_id}", 3)
                try:
                    await gateway.start(event, eagerly=True)
                except RPCError:  # the server is busy: again, as the dispatcher does
                    waiting.append(event_id)
                else:
                    started += 1

        async with asyncio.TaskGroup() as lanes:
            for _ in range(PLACES):
                lanes.create_task(lane())
        return started

    async def obey(self, order: dict[str, Any]) -> list[float] | int:
        """A burst or a round."""
        return await (self.run_burst(order) if "burst" in order else self.run_round(order))


async def run_floor(settings: Settings) -> None:
    """Serve orders until standard input ends."""
    runner = FloorRunner(await connect(temporal_options(settings)), settings)
    async with AsyncExitStack() as running:
        for worker in runner.workers():
            await running.enter_async_context(worker)
        while line := await asyncio.to_thread(sys.stdin.readline):
            print(json.dumps(await runner.obey(json.loads(line))), flush=True)


if __name__ == "__main__":
    asyncio.run(run_floor(load_settings()))
