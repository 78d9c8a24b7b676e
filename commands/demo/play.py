"""The demo from beginning to end. `play` is the story; each step is a function below it."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass

from commands.demo.api import Api
from commands.demo.books import balance
from commands.demo.by_hand import held, oldest_dead_letter, reason_of, send_again, send_all_again
from commands.demo.cast import SHOPS, Cast, Door, open_doors
from commands.demo.closing import show_addresses, show_books
from commands.demo.orders import Telling, Wanted, prepare
from commands.demo.progress import Stopwatch, accepted_since, read_progress
from commands.demo.screen import Screen, Seen
from commands.operator_key import require_operator_key
from commands.signals import stop_on_signals, unless_stopped
from commands.supervisor import Supervisor
from commands.system import System
from contracts.retry import DEFAULT_DELAYS_S
from sandbox.oms import OmsClient
from sandbox.twilio import TwilioSandbox
from settings import Settings
from store.database import Database

_LOOK_EVERY_S = 0.2
_MOST_HELD = 200
_OUTAGES_LAST = 2.0
"""In whole retry schedules: what comes early in an outage is exhausted, what comes late is not."""

_SPARE_S = 60.0


@dataclass(frozen=True)
class Parts:
    """What the steps work with."""

    system: System
    screen: Screen
    database: Database
    cast: Cast
    oms: OmsClient
    twilio: TwilioSandbox
    stopwatch: Stopwatch

    @property
    def schedule_s(self) -> float:
        """How long a whole retry schedule takes, compressed."""
        return sum(self.system.settings.retry_schedule.delays_s)

    async def look(self) -> Seen:
        """Everything as it is now."""
        known_since = self.stopwatch.known_since
        self.stopwatch.learn(await self.database.read(accepted_since, known_since))
        progress = await self.database.read(read_progress)
        return Seen(progress, self.stopwatch.times_s(), self.cast.doors)


async def run_demo(
    system: System, twilio_port: int, wanted: Wanted, screen: Screen, *, once: bool
) -> bool | None:
    """Play the demo and stop everything; unless `once`, it stays up until Ctrl-C.

    True when the ledger balanced and the retry by hand arrived, None when it was stopped before.
    """
    stop = stop_on_signals()
    introduce(system.settings, screen)
    system = await asyncio.to_thread(system.prepare)
    async with AsyncExitStack() as sandbox:
        twilio = await sandbox.enter_async_context(TwilioSandbox(port=twilio_port))
        async with Supervisor(screen.say) as supervisor:

            async def everything() -> bool:
                await system.start(supervisor, screen.say)
                return await play(await set_up(sandbox, system, screen, twilio), wanted)

            succeeded = await unless_stopped(stop, supervisor.guard(everything()))
            if succeeded is not None and not once:
                screen.headline("It stays up; Ctrl-C stops everything.")
                await supervisor.guard(stop.wait())
            screen.say("stopping")
    return succeeded


def introduce(settings: Settings, screen: Screen) -> None:
    """Say what is not as in real life."""
    real = ", ".join(f"{delay:g}" for delay in DEFAULT_DELAYS_S)
    here = ", ".join(f"{delay:g}" for delay in settings.retry_schedule.delays_s)
    screen.headline("Doorstep, at work on a sandbox. What is not as in real life:")
    screen.say(
        f"  DOORSTEP_TIME_SCALE={settings.time_scale:g}: "
        f"retries come after {here} s instead of {real} s"
    )
    screen.say("  DOORSTEP_ALLOWED_NETWORKS=127.0.0.0/8: webhooks may go to this machine")
    screen.say(f"  TWILIO_BASE_URL={settings.twilio_base_url}: texts go to a sandbox Twilio")
    screen.say(f"  a data folder of its own: {settings.data_dir}")
    screen.say()


async def set_up(
    sandbox: AsyncExitStack, system: System, screen: Screen, twilio: TwilioSandbox
) -> Parts:
    """Open the merchants' doors and connect to everything that runs."""
    key = require_operator_key(system.settings)
    api = Api.at(system.api_url, key)
    sandbox.push_async_callback(api.aclose)
    database = Database(system.settings.store_url)
    sandbox.callback(database.close)
    oms = await sandbox.enter_async_context(OmsClient(system.api_url, key))
    cast = await open_doors(sandbox, api)
    stopwatch = Stopwatch([door.merchant for door in cast.doors])
    return Parts(system, screen, database, cast, oms, twilio, stopwatch)


async def play(parts: Parts, wanted: Wanted) -> bool:
    """Take orders through good and bad days, send again what was left, and do the books."""
    outage_s = _OUTAGES_LAST * parts.schedule_s
    telling = await asyncio.to_thread(
        prepare, wanted, [shop.id for shop in SHOPS], least_s=2 * outage_s
    )
    announce(parts, telling, outage_s)
    parts.cast.begin_outage(outage_s)
    async with parts.screen.following(parts.look):
        await parts.oms.play(telling.events)
        settled = await wait_until_settled(parts, outage_s + parts.schedule_s + _SPARE_S)
    if not settled:
        parts.screen.say("Some deliveries are still open after a long wait; see the ledger.")
    retried = await send_again_by_hand(parts)
    books = await balance(parts.database, parts.oms, parts.cast.doors, parts.twilio)
    show_books(parts.screen, books)
    show_addresses(parts.screen, parts.system)
    return settled and retried and books.balanced


def announce(parts: Parts, telling: Telling, outage_s: float) -> None:
    """Say what is going to be played."""
    say = parts.screen.say
    parts.screen.headline("The order-management system tells")
    for line in telling.report:
        say(f"  {line}")
    say(
        f"  {len(telling.events)} events of three merchants in {telling.lasts_s:.0f} s, "
        f"{telling.speed:.0f} times as fast as they happened"
    )
    say(f"  {parts.cast.shop.name} is down for the first {outage_s:.0f} s and answers 503")
    say(f"  watch it in the Temporal UI: {parts.system.ui_url}")
    say()


async def wait_until_settled(parts: Parts, within_s: float) -> bool:
    """Wait until nothing is open any more; False when that takes too long."""
    try:
        async with asyncio.timeout(within_s):
            while True:
                if (await parts.look()).progress.settled:
                    return True
                await asyncio.sleep(_LOOK_EVERY_S)
    except TimeoutError:
        return False


async def send_again_by_hand(parts: Parts) -> bool:
    """Retry a dead letter of each merchant that had trouble, then what was held meanwhile."""
    cast, screen = parts.cast, parts.screen
    screen.headline("Sent again by hand")
    outcomes = [await retry_dead_letter(parts, cast.shop)]
    await cast.repair_marketing()
    screen.say(f"  {cast.marketing.name} works again; its endpoint is switched on")
    outcomes.append(await retry_dead_letter(parts, cast.marketing))
    waiting = await held(parts.database, cast.marketing.endpoint_id)
    again = waiting[:_MOST_HELD]
    delivered = await send_all_again(cast.api, again, parts.schedule_s + _SPARE_S)
    screen.say(f"  {delivered} of {len(waiting)} deliveries that were held for it are delivered")
    tried = [outcome for outcome in outcomes if outcome is not None]
    if not tried:
        screen.say("  there was no dead letter to retry: play more orders")
    return bool(tried) and all(tried) and delivered == len(again)


async def retry_dead_letter(parts: Parts, door: Door) -> bool | None:
    """Retry the oldest dead letter of an endpoint; None when there is none."""
    kept = await oldest_dead_letter(parts.database, door.endpoint_id)
    if kept is None:
        return None
    reason = await reason_of(parts.database, kept)
    parts.screen.say(
        f"  dead letter of {door.name}: {kept.event_type} of order {kept.order_id} ({reason})"
    )
    delivery = await send_again(parts.cast.api, kept, parts.schedule_s + _SPARE_S)
    last = delivery["attempts"][-1]
    parts.screen.say(
        f"    POST /v1/deliveries/{kept.delivery_id}/retry → {delivery['state']} "
        f"at attempt {last['number']} ({last['trigger']}, {last['code']})"
    )
    return bool(delivery["state"] == "delivered")
