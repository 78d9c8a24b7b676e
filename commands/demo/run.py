"""Runs a demo: starts everything, plays the scenario, and stops everything."""

import asyncio
from contextlib import AsyncExitStack

from commands.demo.environment import DemoEnvironment
from commands.demo.merchants import INTRODUCTIONS
from commands.demo.orders import OrdersRequest
from commands.demo.parts import set_up
from commands.demo.scenario import play
from commands.demo.screen import Screen
from commands.signals import stop_on_signals, unless_stopped
from commands.supervisor import Supervisor
from commands.system import System
from contracts.delivery.retry import DEFAULT_DELAYS_S
from contracts.endpoints.circuit_breaker import FAILURES_TO_OPEN, OPENS_AFTER
from sandbox.mail import MailSandbox
from sandbox.twilio import TwilioSandbox
from settings import Settings


async def run_demo(
    system: System,
    environment: DemoEnvironment,
    request: OrdersRequest,
    screen: Screen,
    *,
    once: bool,
) -> bool | None:
    """Play the demo and stop everything; unless `once`, it stays up until Ctrl-C.

    True when the ledger balanced and the retry by hand arrived, None when it was stopped before.
    """
    stop = stop_on_signals()
    introduce(system.settings, screen)
    system = await asyncio.to_thread(system.prepare)
    async with AsyncExitStack() as sandbox:
        twilio = await sandbox.enter_async_context(TwilioSandbox(port=environment.twilio_port))
        mail = await sandbox.enter_async_context(MailSandbox(port=environment.mail_port))
        async with Supervisor(screen.say) as supervisor:

            async def everything() -> bool:
                await system.start(supervisor, screen.say)
                parts = await set_up(sandbox, system, screen, twilio, mail)
                return await play(parts, request, stays_up=not once)

            succeeded = await unless_stopped(stop, supervisor.guard(everything()))
            if succeeded is not None and not once:
                screen.headline("It stays up; Ctrl-C stops everything.")
                await supervisor.guard(stop.wait())
            screen.say("stopping")
    return succeeded


def introduce(settings: Settings, screen: Screen) -> None:
    """Say what is not as in real life, and who is in it."""
    real = ", ".join(f"{delay:g}" for delay in DEFAULT_DELAYS_S)
    here = ", ".join(f"{delay:g}" for delay in settings.retry_schedule.delays_s)
    opens_after_s = OPENS_AFTER.total_seconds() * settings.retry_schedule.pace
    screen.headline("Doorstep, at work on a sandbox. What is not as in real life:")
    screen.say(
        f"  DOORSTEP_TIME_SCALE={settings.time_scale:g}: "
        f"retries come after {here} s instead of {real} s"
    )
    screen.say(
        f"  circuit breakers are as much faster: they open after {FAILURES_TO_OPEN} failures in a "
        f"row over {opens_after_s:g} s instead of {OPENS_AFTER.seconds} s, and probe as much sooner"
    )
    screen.say("  DOORSTEP_ALLOWED_NETWORKS=127.0.0.0/8: webhooks may go to this machine")
    screen.say(f"  TWILIO_BASE_URL={settings.twilio_base_url}: texts go to a sandbox Twilio")
    screen.say(f"  DOORSTEP_SMTP_PORT={settings.smtp_port}: e-mail goes to a sandbox mail server")
    screen.say(f"  a data folder of its own: {settings.data_dir}")
    screen.headline("Three merchants")
    for line in INTRODUCTIONS:
        screen.say(f"  {line}")
    screen.say()
