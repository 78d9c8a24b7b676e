"""Many retries at once: a signal for each event, a few side by side."""

import asyncio
from collections.abc import Sequence

from contracts.delivery.messages import RetryRequest
from contracts.errors import EngineUnavailable
from dispatch.gateway import Gateway
from store.retries.dead_letters import EventToSignal

_AT_ONCE = 10


async def request_retries(
    gateway: Gateway, events: Sequence[EventToSignal], *, requested_by: str, resend: bool
) -> list[EventToSignal]:
    """Ask for each event's deliveries to be sent again; gives those that Temporal took.

    When it does not take one, the rest is not tried: it is away. EngineUnavailable when it took
    none at all.
    """
    taken: list[EventToSignal] = []
    for start in range(0, len(events), _AT_ONCE):
        group = events[start : start + _AT_ONCE]
        answers = await asyncio.gather(
            *(_request(gateway, one, requested_by, resend) for one in group)
        )
        taken += [one for one, error in zip(group, answers, strict=True) if error is None]
        failed = next((error for error in answers if error is not None), None)
        if failed is not None and not taken:
            raise failed
        if failed is not None:
            break
    return taken


async def _request(
    gateway: Gateway, asked: EventToSignal, requested_by: str, resend: bool
) -> EngineUnavailable | None:
    request = RetryRequest(requested_by, list(asked.deliveries.values()), resend)
    try:
        await gateway.request_retry(asked.event, request)
    except EngineUnavailable as error:
        return error
    return None
