"""Recoveries: an endpoint that works again gets all that it missed, in order and at its rate."""

import asyncio
from typing import Any

from commands.demo.merchants import Receiver
from commands.demo.parts import Parts
from contracts.delivery.recoveries import RecoveryState

_LOOK_EVERY_S = 0.5


async def recover(parts: Parts, receiver: Receiver, patience_s: float) -> bool:
    """Send again what is held for an endpoint and its dead letters, and wait for the end; True when
    all of it was sent. Nothing is begun where there is nothing."""
    api = parts.merchants.api
    if not await api.recoverable(receiver.endpoint_id):
        return True
    begun = await api.recover(receiver.endpoint_id)
    parts.screen.say(
        f"  recovery of {receiver.name}: {begun['found']} deliveries, held or dead letters, "
        "are sent again, the oldest first"
    )
    ended = await _ended(parts, begun, patience_s)
    parts.screen.say(
        f"    POST /v1/endpoints/{receiver.endpoint_id}/recoveries → {ended['state']}, "
        f"{ended['requested']} of {ended['found']} sent again"
    )
    return bool(ended["state"] == RecoveryState.DONE and ended["requested"] == ended["found"])


async def _ended(parts: Parts, recovery: dict[str, Any], patience_s: float) -> dict[str, Any]:
    """The recovery once it has ended, or has not moved for so long."""
    clock = asyncio.get_running_loop().time
    moved_at = clock()
    while recovery["state"] == RecoveryState.RUNNING and clock() - moved_at < patience_s:
        await asyncio.sleep(_LOOK_EVERY_S)
        seen = await parts.merchants.api.recovery(recovery["id"])
        if seen != recovery:
            recovery, moved_at = seen, clock()
    return recovery
