"""The Redis stream of dead letters: its name, and what each of its entries says.

Consumers of the stream rely on this: docs/dead-letter-stream.md describes it. Ids, words and codes
only, nothing of a customer.
"""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Self

STREAM = "doorstep:dead-letters"

SCHEMA = "1"
"""Goes up when a field is taken away or means something else; new fields do not move it."""


class QueueChange(StrEnum):
    """A dead letter enters the queue once, and leaves it once."""

    ENTERED = "entered"
    LEFT = "left"


@dataclass(frozen=True, order=True)
class StreamId:
    """The id that Redis gave an entry: its clock in milliseconds, and a number within them."""

    ms: int
    seq: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an id as Redis writes it: `1764100800123-0`."""
        ms, _, seq = text.partition("-")
        return cls(int(ms), int(seq))


BEFORE_ALL = StreamId(0, 0)
"""No entry has this id: where an empty stream stands."""


@dataclass(frozen=True)
class StreamEntry:
    """One entry, every field a string; empty for what there is not. Times are RFC 3339 in UTC."""

    schema: str
    change_id: str
    change: str
    changed_at: str
    dead_letter_id: str
    delivery_id: str
    event_id: str
    event_type: str
    partner_id: str
    endpoint_id: str
    channel: str
    reason: str
    code: str
    expires_at: str
    resolution: str

    def fields(self) -> dict[str, str]:
        """As it goes to Redis."""
        return asdict(self)


def change_id(dead_letter_id: str, change: QueueChange) -> str:
    """The same for the same move, however often it is written."""
    return f"{dead_letter_id}/{change}"


def written_time(moment: datetime) -> str:
    """A moment as the stream has it: `2026-11-23T09:34:05.123456Z`."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
