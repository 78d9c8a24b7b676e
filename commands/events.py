"""`doorstep events`: posts events to the API, and starts failed ones again."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from commands.api_client import ApiClient, in_path, json_object

_UNNAMED = "(no event_id)"


@dataclass(frozen=True)
class Sent:
    """How one event fared. `faults` are the problem document's, one line each."""

    event_id: str
    taken: bool
    outcome: str
    faults: Sequence[str] = field(default_factory=tuple)


async def restart_failed(api: ApiClient) -> AsyncIterator[str]:
    """Put every failed event back into the outbox; gives the id of each. CommandFailed when the API
    does not do it."""
    while failed := await api.items("/v1/events", {"state": "failed"}, 100):
        async for event_id in restart(api, [event["event_id"] for event in failed]):
            yield event_id


async def restart(api: ApiClient, event_ids: Sequence[str]) -> AsyncIterator[str]:
    """The same for these events."""
    for event_id in event_ids:
        await api.ask("POST", f"/v1/events/{in_path(event_id)}/start")
        yield event_id


async def send_events(events: Sequence[Any], api: ApiClient) -> AsyncIterator[Sent]:
    """Post events in their order. CommandFailed when the API cannot be reached."""
    for event in events:
        yield _judge(event, await api.send("POST", "/v1/events", event))


def _judge(event: Any, answer: httpx.Response) -> Sent:
    event_id = str(event.get("event_id", _UNNAMED)) if isinstance(event, dict) else _UNNAMED
    body = json_object(answer)
    if answer.status_code == 202:
        repeated = "taken before, nothing new" if body.get("duplicate") else None
        return Sent(event_id, taken=True, outcome=repeated or "accepted")
    detail = body.get("detail") or answer.reason_phrase
    faults = [f"{one.get('field')}: {one.get('message')}" for one in body.get("errors") or []]
    return Sent(event_id, False, f"refused ({answer.status_code}): {detail}", faults)
