"""Partners and their endpoints as they are registered over the API, with a merchant behind each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class Endpoint:
    """One endpoint. `behaviour` is the sandbox merchant's; `event_types` None means every type."""

    name: str
    behaviour: str = "200"
    event_types: Sequence[str] | None = None
    paused: bool = False
    ordered: bool = False


@dataclass(frozen=True)
class Partner:
    """One partner; `share` is the weight of its orders among all."""

    id: str
    tier: str = "growth"
    endpoints: Sequence[Endpoint] = ()
    name: str | None = None
    webhook_enabled: bool | None = None
    sms_enabled: bool | None = None
    sms_fallback: bool = False
    share: float = 1.0


async def register(
    client: httpx.AsyncClient, partners: Sequence[Partner], origins: Mapping[str, str]
) -> dict[str, str]:
    """Create everything and give each merchant its secret; gives the endpoint ids by their names.

    The client's base URL is the API's. `origins` are the merchants' by the endpoints' names.
    """
    ids: dict[str, str] = {}
    for partner in partners:
        await _call(client, "POST", "/v1/partners", _partner_body(partner))
        for endpoint in partner.endpoints:
            ids[endpoint.name] = await _add(client, partner, endpoint, origins[endpoint.name])
    return ids


def _partner_body(partner: Partner) -> dict[str, object]:
    toggles = {"webhook_enabled": partner.webhook_enabled, "sms_enabled": partner.sms_enabled}
    return {
        "id": partner.id,
        "name": partner.name or f"{partner.id} shop",
        "tier": partner.tier,
        "sms_fallback": partner.sms_fallback,
        **{name: value for name, value in toggles.items() if value is not None},
    }


async def _add(client: httpx.AsyncClient, partner: Partner, endpoint: Endpoint, origin: str) -> str:
    body: dict[str, object] = {
        "partner_id": partner.id,
        "url": f"{origin}/hook",
        "description": endpoint.name,
        "ordered": endpoint.ordered,
    }
    if endpoint.event_types is not None:
        body["event_types"] = list(endpoint.event_types)
    created = await _call(client, "POST", "/v1/endpoints", body)
    await _call(client, "PUT", f"{origin}/_sandbox/secrets", [created["secret"]])
    if endpoint.paused:
        await _call(client, "PATCH", f"/v1/endpoints/{created['id']}", {"state": "paused"})
    return str(created["id"])


async def _call(client: httpx.AsyncClient, method: str, url: str, body: object) -> dict[str, Any]:
    answer = await client.request(method, url, json=body)
    said: dict[str, Any] = answer.raise_for_status().json()
    return said
