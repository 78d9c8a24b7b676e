"""The scenario of a demo. `play` is the whole of it; each step is a function below."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from commands.demo.failed_deliveries import answer_failed_deliveries
from commands.demo.figures import explain_figures
from commands.demo.ledger import reconcile
from commands.demo.mail import let_people_join, show_mails
from commands.demo.manual_retry import oldest_dead_letter, reason_of, send_again
from commands.demo.merchants import PARTNERS, Receiver
from commands.demo.orders import OrdersRequest, Timeline, prepare
from commands.demo.parts import Parts
from commands.demo.progress import Column
from commands.demo.recovering import recover
from commands.demo.report import show_addresses, show_ledger, show_what_stays
from commands.demo.sign_in_links import show_sign_in_links
from commands.demo.tracking_links import show_tracking_link

_LOOK_EVERY_S = 0.5
_SPARE_S = 180.0
"""A busy machine may take so long over one thing; an idle one never does."""


async def play(parts: Parts, request: OrdersRequest, *, stays_up: bool) -> bool:
    """Take orders through good and bad days, send again what was left, and balance the ledger.

    Links are shown where somebody has the time to follow them: where it stays up.
    """
    timeline = await asyncio.to_thread(
        prepare, request, [partner.id for partner in PARTNERS], least_s=3 * parts.schedule_s
    )
    await let_people_join(parts)
    announce(parts, timeline)
    if stays_up:
        await show_sign_in_links(parts)
    parts.screen.say()
    async with parts.screen.following(parts.look), meanwhile(outage(parts, timeline)):
        await parts.oms.play(timeline.events)
        settled = await wait_until_settled(parts, parts.schedule_s + _SPARE_S)
    if not settled:
        parts.screen.say("Some deliveries are open although nothing moves any more.")
    await explain_figures(parts)
    retried = await send_again_by_hand(parts)
    answered = await answer_failed_deliveries(parts, timeline)
    settled = settled and await wait_until_settled(parts, parts.schedule_s + _SPARE_S)
    await show_mails(parts)
    found = await reconcile(
        parts.database,
        parts.oms,
        parts.merchants.receivers,
        parts.twilio,
        parts.instructions,
        parts.mail,
    )
    show_ledger(parts.screen, found)
    await show_where_to_look(parts, stays_up=stays_up)
    return settled and retried and answered and found.balanced


async def show_where_to_look(parts: Parts, *, stays_up: bool) -> None:
    """Addresses and links; or, of a demo that stops now, what is left of it."""
    if not stays_up:
        show_what_stays(parts.screen, parts.system)
        return
    show_addresses(parts.screen, parts.system, parts.mail_page)
    await show_sign_in_links(parts)
    await show_tracking_link(parts)


def announce(parts: Parts, timeline: Timeline) -> None:
    """Say what is going to be played."""
    say = parts.screen.say
    parts.screen.headline("The order-management system posts")
    for line in timeline.report:
        say(f"  {line}")
    say(
        f"  {len(timeline.events)} events of three merchants in {timeline.lasts_s:.0f} s, "
        f"{timeline.speed:.0f} times as fast as they happened"
    )
    say(f"  watch it in the Temporal UI: {parts.system.ui_url}")


async def outage(parts: Parts, timeline: Timeline) -> None:
    """The growth merchant is down for two whole schedules, and until some of its deliveries are
    held by its breaker or, where there were too few to open it, dead letters."""
    chai, clock = parts.merchants.chai, asyncio.get_running_loop().time
    most = sum(timed.event["partner_id"] == chai.partner.id for timed in timeline.events)
    long_enough_at = clock() + 2 * parts.schedule_s
    parts.merchants.chai_goes_down()
    parts.screen.say(f"{chai.name} is down and answers 503")
    while True:
        counts = (await parts.progress()).by_target.get(
            (chai.partner.id, chai.endpoint_id), Counter()
        )
        held, dead = counts[Column.HELD], counts[Column.DEAD_LETTERED]
        if clock() > long_enough_at and held + dead >= min(1, most):
            break
        await asyncio.sleep(_LOOK_EVERY_S)
    parts.merchants.chai_comes_back()
    parts.screen.say(
        f"{chai.name} is back; {held} deliveries were held for it and go out by themselves, "
        f"dead letters: {dead}"
    )


@asynccontextmanager
async def meanwhile(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Do `work` beside the context, and no longer than it; its failure is not swallowed."""
    task = asyncio.create_task(work)
    try:
        yield
        if task.done():
            task.result()
    finally:
        task.cancel()
        await asyncio.wait({task})


async def wait_until_settled(parts: Parts, patience_s: float) -> bool:
    """Wait until nothing is open any more; False when nothing has moved for `patience_s`."""
    clock = asyncio.get_running_loop().time
    last, changed_at = None, clock()
    while True:
        progress = await parts.progress()
        if progress.settled:
            return True
        if progress != last:
            last, changed_at = progress, clock()
        elif clock() - changed_at > patience_s:
            return False
        await asyncio.sleep(_LOOK_EVERY_S)


async def send_again_by_hand(parts: Parts) -> bool:
    """Retry a dead letter of each merchant that had trouble, then recover what else it missed."""
    merchants, screen = parts.merchants, parts.screen
    patience_s = parts.schedule_s + _SPARE_S
    screen.headline("Sent again")
    outcomes = [await retry_dead_letter(parts, merchants.chai)]
    recovered = await recover(parts, merchants.chai, patience_s)
    await merchants.repair_marketing()
    screen.say(f"  {merchants.marketing.name} works again; its endpoint is switched on")
    outcomes.append(await retry_dead_letter(parts, merchants.marketing))
    recovered = await recover(parts, merchants.marketing, patience_s) and recovered
    tried = [outcome for outcome in outcomes if outcome is not None]
    if not tried:
        screen.say("  there was no dead letter to retry: play more orders")
    return bool(tried) and all(tried) and recovered


async def retry_dead_letter(parts: Parts, receiver: Receiver) -> bool | None:
    """Retry the oldest dead letter of an endpoint; None when there is none."""
    kept = await oldest_dead_letter(parts.database, receiver.endpoint_id)
    if kept is None:
        return None
    reason = await reason_of(parts.database, kept)
    parts.screen.say(
        f"  dead letter of {receiver.name}: {kept.event_type} of order {kept.order_id} ({reason})"
    )
    delivery = await send_again(parts.merchants.api, kept, parts.schedule_s + _SPARE_S)
    last = delivery["attempts"][-1]
    parts.screen.say(
        f"    POST /v1/deliveries/{kept.delivery_id}/retry → {delivery['state']} "
        f"at attempt {last['number']} ({last['trigger']}, {last['code']})"
    )
    return bool(delivery["state"] == "delivered")
