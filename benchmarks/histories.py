"""How many events the histories of delivered events have, read from the server."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from temporalio.api.enums.v1 import EventType

from benchmarks.figures import Spread, spread
from benchmarks.rig import Rig
from contracts.ids import workflow_id

SAMPLE = 50
_SEED = 7


@dataclass(frozen=True)
class Histories:
    """The spread over a seeded sample, and the kinds of events of the longest one."""

    events: Spread
    longest: dict[str, int]


async def measure(rig: Rig, delivered: Sequence[str]) -> Histories:
    """Read the histories of a sample of delivered events."""
    sample = random.Random(_SEED).sample(sorted(delivered), min(SAMPLE, len(delivered)))
    histories = [await _kinds(rig, event_id) for event_id in sample]
    longest = max(histories, key=len)
    return Histories(spread([len(history) for history in histories]), dict(Counter(longest)))


async def _kinds(rig: Rig, event_id: str) -> list[str]:
    history = await rig.temporal.get_workflow_handle(workflow_id(event_id)).fetch_history()
    return [EventType.Name(one.event_type) for one in history.events]
