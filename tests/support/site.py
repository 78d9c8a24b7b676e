"""An API and a worker as processes of their own, to be killed, and the OMS's side of it."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from commands.system import doorstep_command, is_ready
from tests.support.parts import OPERATOR_KEY
from tests.support.waiting import eventually


class Site:
    """`doorstep api` and `doorstep worker` with the same settings."""

    def __init__(self, settings: Mapping[str, str], port: int) -> None:
        self.settings = {
            **settings,
            "DOORSTEP_API_PORT": str(port),
            "DOORSTEP_OPERATOR_KEY": OPERATOR_KEY,
        }
        self.url = f"http://127.0.0.1:{port}"
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    async def start(self, *names: str) -> None:
        """Start `api`, `worker` or both; the API answers then."""
        for name in names:
            self._start(name)
        if "api" in names:
            await eventually(lambda: is_ready(self.url), bool, timeout=60)

    def _start(self, name: str) -> None:
        environment = {**os.environ, **self.settings}
        self._running[name] = subprocess.Popen(doorstep_command(name), env=environment)

    def kill(self, *names: str) -> None:
        """SIGKILL those that are named, or all."""
        for name in names or list(self._running):
            process = self._running.pop(name)
            process.send_signal(signal.SIGKILL)
            process.wait()

    async def call(self, method: str, path: str, body: object = None) -> Any:
        """Ask the API as the operator; gives what it answers."""
        headers = {"authorization": f"Bearer {OPERATOR_KEY}"}
        async with httpx.AsyncClient(base_url=self.url, headers=headers, timeout=20) as client:
            answer = await client.request(method, path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    async def send(self, events: Sequence[Mapping[str, Any]]) -> None:
        """Post events, as the OMS does."""
        for event in events:
            await self.call("POST", "/v1/events", event)

    async def states(self, event_id: str) -> dict[str, str]:
        """How the deliveries of an event stand, by channel."""
        shown = await self.call("GET", f"/v1/events/{event_id}")
        return {one["channel"]: one["state"] for one in shown["deliveries"]}

    async def text(self, event_id: str) -> dict[str, Any]:
        """The event's delivery to the customer's phone."""
        shown = await self.call("GET", f"/v1/events/{event_id}")
        [delivery] = [one for one in shown["deliveries"] if one["channel"] == "sms"]
        found: dict[str, Any] = delivery
        return found
