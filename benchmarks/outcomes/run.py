"""One play: events flow, faults come and go, somebody sends again what was left, the rows are moved
onto the simulated clock, and the counts are read."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from benchmarks.engine.engine import EngineFactory
from benchmarks.ledger.customers import Customers
from benchmarks.ledger.oms import Oms
from benchmarks.ledger.run import settle
from benchmarks.outcomes.account import Account
from benchmarks.outcomes.calls import calls_of
from benchmarks.outcomes.counting import account_of, calls_after, give_calls, read_counts, rebuild
from benchmarks.outcomes.doors import Doors
from benchmarks.outcomes.faults import Fault
from benchmarks.outcomes.incidents import Incidents
from benchmarks.outcomes.moving import SentAgain, move
from benchmarks.outcomes.options import Options
from benchmarks.outcomes.orders import PlayedEvent, PlayedOrder, events_in_order, make_orders
from benchmarks.outcomes.partners import LEAVING, PARTNERS
from benchmarks.outcomes.polling import polled
from benchmarks.outcomes.posting import Poster
from benchmarks.outcomes.processes import ProcessFault, carry_out_fault, plan_process_faults
from benchmarks.outcomes.rows import Compared
from benchmarks.outcomes.stage import Stage, open_stage
from benchmarks.waiting import until
from contracts.clock import utc_now
from sandbox.twilio_steps import Refuse
from store.tracking.links import LinkedOrder, link_tokens

Say = Callable[[str], None]

_TIMES_RECOVERED = 3
_SETTLED_WITHIN_S = 60.0
_WRONG_NUMBER = Refuse(21211)


@dataclass(frozen=True)
class Played:
    """Everything that a play has shown."""

    options: Options
    events: Sequence[PlayedEvent]
    faults: Sequence[Fault]
    process_faults: Sequence[ProcessFault]
    account: Account
    compared: Compared
    took_s: float


async def run(options: Options, say: Say, engine: EngineFactory) -> Played:
    """Do everything; the processes are gone when it returns."""
    began = time.monotonic()
    orders = make_orders(options.orders, options.seed, options.events)
    events = events_in_order(orders)
    process_faults = plan_process_faults(options.seed, len(events))
    async with open_stage(options, engine) as stage:
        say(f"{len(PARTNERS)} partners; {len(events):,} events of {len(orders):,} orders follow")
        customers = await _customers(stage, options, orders)
        oms = Oms(stage.rig.posters, options.seed)
        incidents = Incidents(
            stage.calendar, stage.clock, stage.merchants, stage.twilio, stage.operator,
            dict(stage.endpoint_ids),
        )  # fmt: skip
        poster = _poster(stage, options, oms, customers)
        await poster.play(events, incidents.all(), process_faults)
        say(f"{len(oms.acknowledged):,} events hold a 202; waiting until nothing is open")
        await settle(stage.stored, say)
        texts = await _send_again(stage, incidents, say)
        counts = read_counts(stage, oms, customers)
        await stage.rig.processes["worker"].stop()
        say("moving the rows onto the simulated clock, and counting their days anew")
        offsets = {one.event_id: one.offset_s for one in events}
        await asyncio.to_thread(move, stage.sql, offsets, stage.calendar, texts)
        await rebuild()
        before = polled(orders, options.seed, stage.calendar)
        after = calls_after(stage, events, options.seed)
        await give_calls(stage, events, after)
        account = await account_of(stage, oms, customers, counts, events)
        compared = Compared(account, orders, before, calls_of(before, options.seed), after)
        return Played(
            options, events, stage.calendar.faults, process_faults, account, compared,
            time.monotonic() - began,
        )  # fmt: skip


async def _customers(stage: Stage, options: Options, orders: Sequence[PlayedOrder]) -> Customers:
    """Those who answer have links; nobody has the wrong numbers."""
    for order in orders:
        if order.wrong_phone:
            stage.twilio.behave(_WRONG_NUMBER, to=order.parcel.customer.phone)
    linked = [
        LinkedOrder(order.parcel.partner_id, order.parcel.order_id)
        for order in orders
        if order.answer is not None
    ]
    tokens = await stage.rig.database.write(link_tokens, linked, utc_now()) if linked else {}
    return Customers(stage.rig.layout.api_urls, tokens, options.seed)


def _poster(stage: Stage, options: Options, oms: Oms, customers: Customers) -> Poster:
    async def settled(partner_ids: Collection[str]) -> None:
        async def nothing_under_way() -> bool:
            return await asyncio.to_thread(stage.rows.nothing_under_way, partner_ids)

        with contextlib.suppress(TimeoutError):
            await until(nothing_under_way, _SETTLED_WITHIN_S, every_s=0.3)

    async def waiting() -> int | None:
        now = await asyncio.to_thread(stage.stored.still_open)
        return None if now is None else now.events

    return Poster(
        oms,
        stage.clock,
        Doors(settled),
        options.rate,
        _targets(stage.endpoint_ids),
        lambda event: stage.answers.give(event, customers, stage.operator),
        lambda fault: carry_out_fault(fault, stage.rig, stage.stored),
        waiting,
    )


def _targets(endpoint_ids: Mapping[str, str]) -> Callable[[PlayedEvent], frozenset[str]]:
    """Who has to get a delivery: every endpoint that stays, or the customer's phone."""
    targets = {
        partner.id: frozenset(
            [endpoint_ids[one.name] for one in partner.endpoints if one.name != LEAVING] or ["sms"]
        )
        for partner in PARTNERS
    }
    return lambda event: targets[event.partner_id]


async def _send_again(stage: Stage, incidents: Incidents, say: Say) -> list[SentAgain]:
    """Recover what endpoints did not get, and texts of which nobody knows whether they were sent;
    gives those texts."""
    texts = []
    for delivery_id, event_id in await asyncio.to_thread(stage.rows.texts_in_doubt):
        again = SentAgain(delivery_id, event_id, datetime.now(UTC))
        if await stage.operator.resend(delivery_id):
            texts.append(again)
    for _ in range(_TIMES_RECOVERED):
        names = await asyncio.to_thread(stage.rows.endpoints_with_leftovers)
        if names:
            say(f"sending again to {', '.join(names)}")
        async with asyncio.TaskGroup() as recovering:
            for name in names:
                recovering.create_task(incidents.recover(name))
        await settle(stage.stored, say)
        if not names:
            break
    return texts
