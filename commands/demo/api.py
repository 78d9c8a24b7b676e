"""Doorstep's API as the demo uses it: over HTTP, with the operator's key."""

import asyncio
from typing import Any

import httpx

from commands.errors import CommandFailed

_CONFLICT, _UNAVAILABLE = 409, 503
_MOST_REPEATS = 10


class Api:
    """A few calls, asked again after a 503; CommandFailed for any other that is not 2xx."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    @classmethod
    def at(cls, url: str, key: str) -> "Api":
        """The API at an address, past any proxy."""
        headers = {"authorization": f"Bearer {key}"}
        return cls(httpx.AsyncClient(base_url=url, headers=headers, timeout=30, trust_env=False))

    async def aclose(self) -> None:
        """Close the connections."""
        await self.client.aclose()

    async def enable(self, endpoint_id: str) -> None:
        """Switch an endpoint on."""
        await self._call("PATCH", f"/v1/endpoints/{endpoint_id}", {"state": "enabled"})

    async def retry(self, delivery_id: str) -> None:
        """Press retry; that it was delivered meanwhile is fine."""
        await self._call("POST", f"/v1/deliveries/{delivery_id}/retry", {}, fine=_CONFLICT)

    async def recoverable(self, endpoint_id: str) -> int:
        """How many deliveries a recovery of an endpoint would send again."""
        path = f"/v1/endpoints/{endpoint_id}/recoveries/preview"
        return int((await self._call("POST", path, {}))["found"])

    async def recover(self, endpoint_id: str) -> dict[str, Any]:
        """Begin a recovery of an endpoint."""
        return await self._call("POST", f"/v1/endpoints/{endpoint_id}/recoveries", {})

    async def recovery(self, recovery_id: str) -> dict[str, Any]:
        """How far a recovery is."""
        return await self._call("GET", f"/v1/recoveries/{recovery_id}")

    async def instruct(self, order_id: str, asked: dict[str, Any]) -> None:
        """Say what is to be done after a failed delivery of an order."""
        await self._call("POST", f"/v1/orders/{order_id}/instructions", asked)

    async def instructions(self) -> list[dict[str, Any]]:
        """The feed of instructions."""
        found: list[dict[str, Any]] = (await self._call("GET", "/v1/instructions"))["items"]
        return found

    async def delivery(self, event_id: str, delivery_id: str) -> dict[str, Any]:
        """One delivery of an event, with its attempts."""
        event = await self._call("GET", f"/v1/events/{event_id}")
        deliveries: list[dict[str, Any]] = event["deliveries"]
        return next(one for one in deliveries if one["id"] == delivery_id)

    async def _call(
        self, method: str, path: str, body: dict[str, Any] | None = None, fine: int = 200
    ) -> dict[str, Any]:
        answer = await self.client.request(method, path, json=body)
        for _ in range(_MOST_REPEATS):
            if answer.status_code != _UNAVAILABLE:
                break
            await asyncio.sleep(float(answer.headers.get("retry-after", "1")))
            answer = await self.client.request(method, path, json=body)
        if not answer.is_success and answer.status_code != fine:
            raise CommandFailed(f"{method} {path} answered {answer.status_code}: {answer.text}")
        said: dict[str, Any] = answer.json()
        return said
