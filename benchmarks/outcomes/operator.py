"""What a person at the API does during the play: repairs, recoveries, decisions, prices, calls."""

import asyncio
import time
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import httpx

_PATIENT_S = 120.0
_PAUSE_S = 0.3
_REFUSED = 409
_AGAIN = {502, 503, 504}


class Operator:
    """Asks again while a process that was killed does not answer."""

    def __init__(self, url: str, key: str) -> None:
        self._http = httpx.AsyncClient(
            base_url=url, headers={"authorization": f"Bearer {key}"}, timeout=20, trust_env=False
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def set_partner(self, partner_id: str, settings: Mapping[str, object]) -> None:
        """Change a partner's settings."""
        await self._ask("PATCH", f"/v1/partners/{partner_id}", json=dict(settings))

    async def switch_on(self, endpoint_id: str, url: str) -> None:
        """Give an endpoint the URL that it has now, and switch it on."""
        change = {"state": "enabled", "url": url}
        await self._ask("PATCH", f"/v1/endpoints/{endpoint_id}", json=change)

    async def remove(self, endpoint_id: str) -> None:
        """Remove an endpoint for good."""
        await self._ask("DELETE", f"/v1/endpoints/{endpoint_id}")

    async def recover(self, endpoint_id: str) -> None:
        """Send again all that is held or a dead letter; returns when it has been sent."""
        begun = await self._begin_recovery(endpoint_id)
        while begun["state"] == "running":
            await asyncio.sleep(_PAUSE_S)
            begun = await self._ask("GET", f"/v1/recoveries/{begun['id']}")

    async def _begin_recovery(self, endpoint_id: str) -> dict[str, Any]:
        """Begin it as soon as it may begin, and do first what the answer advises: switch a disabled
        endpoint on, send one delivery again where its breaker is open."""
        place = f"/v1/endpoints/{endpoint_id}/recoveries"
        began = time.monotonic()
        while True:
            begun = await self._ask("POST", place, also={_REFUSED}, json={})
            if "id" in begun:
                return begun
            if time.monotonic() - began > _PATIENT_S:
                raise RuntimeError(f"endpoint {endpoint_id} is not recovered: {begun['detail']}")
            if "enable it first" in begun["detail"]:
                await self._ask("PATCH", f"/v1/endpoints/{endpoint_id}", json={"state": "enabled"})
            if "retry one delivery" in begun["detail"]:
                await self._retry_one(endpoint_id)
            await asyncio.sleep(_PAUSE_S)

    async def _retry_one(self, endpoint_id: str) -> None:
        wanted = {"endpoint_id": endpoint_id, "state": "dead_lettered", "limit": 1}
        found = await self._ask("GET", "/v1/deliveries", params=wanted)
        for one in found["items"]:
            await self._ask("POST", f"/v1/deliveries/{one['id']}/retry", also={_REFUSED}, json={})

    async def resend(self, delivery_id: str) -> bool:
        """Send a text again, although Twilio's answer left open whether it was sent; whether that
        was taken: not where its order has moved on."""
        place = f"/v1/deliveries/{delivery_id}/retry"
        answer = await self._ask("POST", place, also={_REFUSED}, json={"resend": True})
        return "detail" not in answer

    async def instruction(self, partner_id: str, order_id: str) -> str:
        """The id of the instruction for an order that the customer has just given."""
        place = f"/v1/orders/{order_id}/instructions"
        found = await self._ask("GET", place, params={"partner_id": partner_id})
        return str(found["items"][0]["id"])

    async def accept(self, instruction_id: str) -> None:
        """Decide an instruction: it is followed."""
        decision = {"decision": "accepted"}
        await self._ask("POST", f"/v1/instructions/{instruction_id}/decision", json=decision)

    async def give_calls(self, partner_id: str, day: date, calls: int) -> None:
        """Say how many customers called on a day."""
        given = {"partner_id": partner_id, "day": day.isoformat(), "calls": calls}
        await self._ask("PUT", "/v1/outcomes/calls", json=given)

    async def outcomes(self, first: date, last: date) -> dict[str, Any]:
        """The figures of all partners, by week."""
        wanted = {"from": first.isoformat(), "to": last.isoformat(), "by": "week"}
        return await self._ask("GET", "/v1/outcomes", params=wanted)

    async def _ask(
        self, method: str, path: str, also: Collection[int] = (), **how: Any
    ) -> dict[str, Any]:
        """The answer; one of the statuses `also` is no error."""
        began = time.monotonic()
        while True:
            late = time.monotonic() - began > _PATIENT_S
            try:
                answer = await self._http.request(method, path, **how)
            except httpx.TransportError:
                if late:
                    raise
            else:
                if answer.status_code not in _AGAIN or late:
                    if answer.status_code not in also:
                        answer.raise_for_status()
                    said: dict[str, Any] = answer.json() if answer.content else {}
                    return said
            await asyncio.sleep(_PAUSE_S)
