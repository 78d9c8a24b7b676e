"""Posts events, one by one or in batches, and counts what was taken."""

import json
from collections.abc import Sequence

from benchmarks.wire import Wire

_TAKEN = 202


class Refused(RuntimeError):
    """The API did not answer 202, or did not take an event of a batch."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class EventPoster:
    """Posts to `/v1/events`. `taken` counts the events that were answered 202."""

    def __init__(self, port: int, operator_key: str) -> None:
        self.wire = Wire(port, operator_key)
        self.taken = 0

    async def post(self, body: bytes) -> float:
        """Post one event; gives the moment at which the 202 was read. Refused for other answers."""
        answer = await self.wire.ask("POST", "/v1/events", body)
        if answer.status != _TAKEN:
            raise Refused(answer.status, answer.words)
        self.taken += 1
        return answer.read_at

    async def post_batch(self, bodies: Sequence[bytes]) -> None:
        """Post many events in one request. Refused unless each of them is new and taken."""
        answer = await self.wire.ask("POST", "/v1/events/batch", batch_of(bodies))
        if answer.status != _TAKEN:
            raise Refused(answer.status, answer.words)
        items = json.loads(answer.body)["items"]
        fresh = [item for item in items if item["state"] == "accepted" and not item["duplicate"]]
        if len(fresh) != len(bodies):
            raise Refused(
                answer.status, f"{len(fresh)} of the {len(bodies)} events of a batch were taken"
            )
        self.taken += len(fresh)

    async def aclose(self) -> None:
        """Close the kept connections."""
        await self.wire.aclose()


def batch_of(bodies: Sequence[bytes]) -> bytes:
    """The body of a batch of these events."""
    return b'{"events":[' + b",".join(bodies) + b"]}"
