"""`doorstep up`: the embedded system, until Ctrl-C."""

import asyncio

from commands.operator_key import key_file
from commands.ports import LOOPBACK
from commands.signals import stop_on_signals, unless_stopped
from commands.supervisor import Say, Supervisor
from commands.system import System
from settings import Settings, temporal_options


async def up(system: System, say: Say) -> None:
    """Start everything, say where it is, and stop it all together when asked to."""
    stop = stop_on_signals()
    system = await asyncio.to_thread(system.prepare)
    async with Supervisor(say) as supervisor:
        await unless_stopped(stop, system.start(supervisor, say))
        if not stop.is_set():
            say(addresses(system))
            await supervisor.guard(stop.wait())
        say("stopping; what is on its way to a partner may end first")
    say("stopped")


def addresses(system: System) -> str:
    """Where everything is, for the screen."""
    lines = {
        "API": system.api_url,
        "dashboard": f"{system.api_url}/dashboard/ (`doorstep users invite` lets you in)",
        "Temporal UI": system.ui_url or "your own",
        "PostgreSQL": _where_the_database_is(system),
        "Temporal": temporal_options(system.settings)["target_host"],
        "operator key": _where_the_key_is(system.settings),
        "texts": _texts(system.settings),
        "e-mail": _mail(system.settings),
        "logs": f"{system.logs}/postgresql.log, temporal.log, worker.log, api.log",
    }
    shown = "\n".join(f"  {name:<14}{value}" for name, value in lines.items())
    return f"Doorstep is up.\n{shown}\nCtrl-C stops everything."


def _where_the_database_is(system: System) -> str:
    embedded = system.postgres is not None
    return f"{LOOPBACK}:{system.settings.postgres_port}" if embedded else "your own"


def _where_the_key_is(settings: Settings) -> str:
    file = key_file(settings)
    return f"in the file {file}" if file.exists() else "the one in DOORSTEP_OPERATOR_KEY"


def _texts(settings: Settings) -> str:
    if settings.twilio_account_sid is None:
        return "not sent: TWILIO_ACCOUNT_SID is not set"
    return f"through Twilio at {settings.twilio_base_url or 'its own address'}"


def _mail(settings: Settings) -> str:
    server = settings.mail_server
    if server is None:
        return "not sent: DOORSTEP_SMTP_HOST is not set"
    return f"through the mail server at {server.host}:{server.port}"
