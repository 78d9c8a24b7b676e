"""`doorstep events`: posts events to the API, and starts failed ones again."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx

from commands.errors import CommandFailed

_ANSWER_LIMIT_S = 30.0
_UNNAMED = "(no event_id)"


@dataclass(frozen=True)
class Sent:
    """How one event fared. `faults` are the problem document's, one line each."""

    event_id: str
    taken: bool
    outcome: str
    faults: Sequence[str] = field(default_factory=tuple)


async def restart_failed(api_url: str, key: str) -> AsyncIterator[str]:
    """Put every failed event back into the outbox; gives the id of each. CommandFailed when the API
    does not do it."""
    async with _api(api_url, key) as client:
        while failed := (await _ask(client, "GET", "/v1/events?state=failed&limit=100"))["items"]:
            for event in failed:
                await _ask(client, "POST", f"/v1/events/{quote(event['event_id'], safe='')}/start")
                yield event["event_id"]


async def send_events(events: Sequence[Any], api_url: str, key: str) -> AsyncIterator[Sent]:
    """Post events in their order. CommandFailed when the API cannot be reached."""
    async with _api(api_url, key) as client:
        for event in events:
            yield _judge(event, await _call(client, "POST", "/v1/events", event))


def _api(api_url: str, key: str) -> httpx.AsyncClient:
    headers = {"authorization": f"Bearer {key}"}
    return httpx.AsyncClient(base_url=api_url, headers=headers, timeout=_ANSWER_LIMIT_S)


async def _call(
    client: httpx.AsyncClient, method: str, path: str, body: Any = None
) -> httpx.Response:
    try:
        return await client.request(method, path, json=body)
    except httpx.HTTPError as error:
        reason = str(error) or type(error).__name__
        raise CommandFailed(
            f"the API does not answer at {client.base_url} ({reason}): start it with `doorstep up`"
        ) from None


async def _ask(client: httpx.AsyncClient, method: str, path: str) -> dict[str, Any]:
    answer = await _call(client, method, path)
    body = _json_object(answer)
    if answer.is_error:
        said = body.get("detail") or answer.reason_phrase
        raise CommandFailed(f"the API refuses {method} {path} ({answer.status_code}): {said}")
    return body


def _judge(event: Any, answer: httpx.Response) -> Sent:
    event_id = str(event.get("event_id", _UNNAMED)) if isinstance(event, dict) else _UNNAMED
    body = _json_object(answer)
    if answer.status_code == 202:
        repeated = "taken before, nothing new" if body.get("duplicate") else None
        return Sent(event_id, taken=True, outcome=repeated or "accepted")
    detail = body.get("detail") or answer.reason_phrase
    faults = [f"{one.get('field')}: {one.get('message')}" for one in body.get("errors") or []]
    return Sent(event_id, False, f"refused ({answer.status_code}): {detail}", faults)


def _json_object(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
