"""What is read after a play: sender, database and receivers, the product's own figures, and the
same counts afresh out of its rows."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta

from benchmarks.ledger.compare import compare
from benchmarks.ledger.counts import Counts, Text
from benchmarks.ledger.customers import Customers
from benchmarks.ledger.oms import Oms
from benchmarks.ledger.verdict import did_not_start, found_nobody
from benchmarks.outcomes.account import Account
from benchmarks.outcomes.assumptions import BEGINS
from benchmarks.outcomes.calls import Calls, calls_of, day_of
from benchmarks.outcomes.orders import PlayedEvent
from benchmarks.outcomes.partners import PARTNERS
from benchmarks.outcomes.polling import Sighting
from benchmarks.outcomes.stage import Stage
from commands.errors import CommandFailed
from commands.system import doorstep_command

_AT_ONCE = 8
_DAY = timedelta(days=1)


def read_counts(stage: Stage, oms: Oms, customers: Customers) -> Counts:
    """What sender, database and receivers say, before any row is moved."""
    read = stage.stored.read()
    return Counts(
        acknowledged=oms.acknowledged,
        events=read.events,
        deliveries=read.deliveries,
        stored_texts=read.texts,
        requests=stage.merchants.requests(stage.endpoint_ids),
        texts=[Text(one.sid, one.to, one.body) for one in stage.twilio.messages],
        told=customers.told,
        instructions=read.instructions,
        posts=stage.answers.posts(),
    )


async def rebuild() -> None:
    """`doorstep outcomes rebuild`, as an operator runs it."""
    process = await asyncio.create_subprocess_exec(
        *doorstep_command("outcomes", "rebuild"), stdout=asyncio.subprocess.DEVNULL
    )
    if await process.wait():
        raise CommandFailed("doorstep outcomes rebuild did not end well")


def calls_after(stage: Stage, events: Sequence[PlayedEvent], seed: int) -> Calls:
    """The calls with Doorstep: somebody was told by the first delivery of an event that arrived."""
    first: dict[str, float] = {}
    for one in stage.rows.ended():
        if one.took_s is not None:
            first[one.event_id] = min(one.took_s, first.get(one.event_id, one.took_s))
    return calls_of((Sighting(event, first.get(event.event_id)) for event in events), seed)


async def give_calls(stage: Stage, events: Sequence[PlayedEvent], calls: Calls) -> None:
    """Tell the product how many there were of each partner on each day."""
    first, last = _range(events)
    days = [first + number * _DAY for number in range((last - first).days + 1)]
    places = asyncio.Semaphore(_AT_ONCE)

    async def give(partner_id: str, day: date) -> None:
        async with places:
            await stage.operator.give_calls(partner_id, day, calls[partner_id, day])

    async with asyncio.TaskGroup() as giving:
        for partner in PARTNERS:
            for day in days:
                giving.create_task(give(partner.id, day))


async def account_of(
    stage: Stage, oms: Oms, customers: Customers, counts: Counts, events: Sequence[PlayedEvent]
) -> Account:
    """The account, with the product's own figures."""
    first, last = _range(events)
    outcomes = await stage.operator.outcomes(first, last)
    after = BEGINS + (last - first + _DAY)
    exits = (one for one in stage.rig.exits if not (found_nobody(one) or did_not_start(one)))
    return Account(
        posted=len(oms.acknowledged),
        planned=len(events),
        ended=stage.rows.ended(),
        figures={one["name"]: one for one in outcomes["total"]},
        fresh=stage.rows.fresh_counts(BEGINS, after),
        faults=compare(counts),
        troubles=[
            *map(str, exits),
            *(f"never taken: {one}" for one in (*oms.given_up, *customers.gave_up)),
            *(f"its instruction never reached the OMS: {one}" for one in stage.answers.stuck),
        ],
    )


def _range(events: Sequence[PlayedEvent]) -> tuple[date, date]:
    """The first and the last day of a play; what follows an order of the last day is in it."""
    return BEGINS.date(), max(day_of(one) for one in events)
