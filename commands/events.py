"""`doorstep events send`: posts events to the API, one after another, and says how each fared."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

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


async def send_events(events: Sequence[Any], api_url: str, key: str) -> AsyncIterator[Sent]:
    """Post events in their order. CommandFailed when the API cannot be reached."""
    headers = {"authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(
        base_url=api_url, headers=headers, timeout=_ANSWER_LIMIT_S
    ) as client:
        for event in events:
            try:
                answer = await client.post("/v1/events", json=event)
            except httpx.HTTPError as error:
                reason = str(error) or type(error).__name__
                raise CommandFailed(
                    f"the API does not answer at {api_url} ({reason}): start it with `doorstep up`"
                ) from None
            yield _judge(event, answer)


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
