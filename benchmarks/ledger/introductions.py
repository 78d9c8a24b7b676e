"""Makes the partners and their endpoints known over the API, and gives the merchants their keys."""

from collections.abc import Mapping, Sequence

import httpx

from benchmarks.ledger.cast import Endpoint, Partner
from commands.ports import LOOPBACK


async def introduce(
    api: str, key: str, partners: Sequence[Partner], ports: Mapping[str, int]
) -> dict[str, str]:
    """Create everything; gives the product's endpoint ids by the endpoints' names."""
    headers = {"authorization": f"Bearer {key}"}
    ids: dict[str, str] = {}
    async with httpx.AsyncClient(headers=headers, timeout=20, trust_env=False) as client:
        for partner in partners:
            await _post(client, f"{api}/v1/partners", _partner_body(partner))
            for endpoint in partner.endpoints:
                origin = f"http://{LOOPBACK}:{ports[endpoint.name]}"
                ids[endpoint.name] = await _add(client, api, partner, endpoint, origin)
    return ids


async def tell_twilio(url: str, to: str, behaviour: str) -> None:
    """Have the sandbox Twilio do something of its own with the texts to one number."""
    async with httpx.AsyncClient(timeout=20, trust_env=False) as client:
        answer = await client.put(f"{url}/_sandbox/behaviour", params={"to": to}, content=behaviour)
        answer.raise_for_status()


def _partner_body(partner: Partner) -> dict[str, object]:
    return {
        "id": partner.id,
        "name": f"{partner.id} shop",
        "tier": partner.tier,
        "webhook_enabled": partner.webhook_enabled,
        "sms_enabled": partner.sms_enabled,
        "sms_fallback": partner.sms_fallback,
    }


async def _add(
    client: httpx.AsyncClient, api: str, partner: Partner, endpoint: Endpoint, origin: str
) -> str:
    body = {"partner_id": partner.id, "url": f"{origin}/hook"}
    if endpoint.event_types is not None:
        body["event_types"] = endpoint.event_types  # type: ignore[assignment]  # JSON: mypy knows no shape
    created = await _post(client, f"{api}/v1/endpoints", body)
    put = await client.put(f"{origin}/_sandbox/secrets", json=[created["secret"]])
    put.raise_for_status()
    if endpoint.paused:
        changed = await client.patch(
            f"{api}/v1/endpoints/{created['id']}", json={"state": "paused"}
        )
        changed.raise_for_status()
    return str(created["id"])


async def _post(client: httpx.AsyncClient, url: str, body: object) -> dict[str, str]:
    answer = await client.post(url, json=body)
    answer.raise_for_status()
    created: dict[str, str] = answer.json()
    return created
