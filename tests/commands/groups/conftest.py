"""The command line beside the real API, a real Temporal server and a real PostgreSQL."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import DeadLetterReason
from contracts.payload.events import TrackingEvent
from store.deliveries.dead_lettering import record_dead_letter
from store.tables import DeadLetterRow
from tests.commands.running import Finished, doorstep
from tests.support.factories import make_event, make_groups, make_order
from tests.support.parts import OPERATOR_KEY
from tests.support.serving import serving
from tests.support.shelf import Shelf
from tests.support.stack import Stack


@dataclass(frozen=True)
class CommandLine:
    """`doorstep`, with the address of the API and a key in its environment."""

    url: str
    folder: Path
    key: str = OPERATOR_KEY

    async def run(self, *arguments: str) -> Finished:
        """Run a command."""
        return await doorstep(
            *arguments, folder=self.folder, DOORSTEP_API_URL=self.url, DOORSTEP_API_KEY=self.key
        )

    async def lines(self, *arguments: str, code: int = 0) -> list[list[str]]:
        """What it printed, word by word; it has to end with this code and without an error."""
        ended = await self.run(*arguments)
        assert (ended.code, ended.err) == (code, ""), ended
        return [line.split() for line in ended.out.splitlines()]

    async def json(self, *arguments: str, code: int = 0) -> Any:
        """The JSON that it printed."""
        ended = await self.run(*arguments, "--json")
        assert (ended.code, ended.err) == (code, ""), ended
        return json.loads(ended.out)


@pytest.fixture
async def line(stack: Stack, tmp_path: Path) -> AsyncIterator[CommandLine]:
    """The command line with the operator's key; a growth partner `shop` is there."""
    await stack.add_partner()
    assert stack.app is not None
    async with serving(stack.app) as url:
        yield CommandLine(url, tmp_path)


@dataclass(frozen=True)
class Dead:
    """The ids of a dead letter, and of what it is of."""

    id: str
    delivery_id: str
    event_id: str


async def add_dead_letter(shelf: Shelf, order: str = "ORD-1") -> Dead:
    """A webhook of `shop` that used its attempts up; it happened just now."""
    groups = make_groups(order=make_order(order_id=order))
    event = TrackingEvent.model_validate(make_event(data=groups))
    [planned] = (await shelf.plan(event, now=event.occurred_at)).deliveries
    dead_letter = RecordDeadLetter(planned.delivery_id, DeadLetterReason.EXHAUSTED, "http_503")
    await shelf.database.write(record_dead_letter, dead_letter, event.occurred_at)
    [row] = await shelf.all_of(DeadLetterRow, planned.delivery_id)
    return Dead(row.id, row.delivery_id, event.event_id)
