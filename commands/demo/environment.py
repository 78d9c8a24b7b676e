"""The environment of a demo: a fresh data folder, free ports, compressed time, a sandbox Twilio and
mail server.

All of it is said to the product by its ordinary settings, so the product runs as it always does.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from commands.data_folder import make_data_folder
from commands.ports import LOOPBACK, free_ports
from contracts.payload.signature import new_secret
from sandbox.twilio import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN
from settings import Settings

TIME_SCALE = 0.01
"""30 s, 2 min and 8 min become 0.3, 1.2 and 4.8 s."""

MAIL_FROM = "tracking@demo.example"
_SENDER = "DRSTEP"
_PORTS = ("api_port", "postgres_port", "temporal_port", "temporal_ui_port")
_OURS = ("DOORSTEP_", "TEMPORAL_", "TWILIO_")


@dataclass(frozen=True)
class DemoEnvironment:
    """The data folder of this demo, and the variables that its processes get."""

    folder: Path
    twilio_port: int
    mail_port: int
    variables: Mapping[str, str]


def make_environment(
    settings: Settings, inherited: Mapping[str, str], now: datetime
) -> DemoEnvironment:
    """Make a fresh folder below the data folder, find ports, and say it all in an environment.

    Of the settings around, the demo keeps the data folder, the ports that are set and, where it
    compresses, the time scale; a database or a Twilio account that is set is not touched.
    """
    make_data_folder(settings)
    name = f"demo-{now:%Y%m%d-%H%M%S}-"
    folder = Path(tempfile.mkdtemp(prefix=name, dir=settings.data_dir.absolute()))
    no_profile = folder / "temporal.toml"
    no_profile.touch()
    free = map(str, free_ports(7))
    api_port, postgres_port, temporal_port, ui_port = (_port(settings, one, free) for one in _PORTS)
    twilio_port, oms_port, mail_port = free
    scale = settings.time_scale if settings.time_scale < 1 else TIME_SCALE
    rest = {name: value for name, value in inherited.items() if not name.startswith(_OURS)}
    variables = rest | {
        "DOORSTEP_DATA_DIR": str(folder),
        "DOORSTEP_API_PORT": api_port,
        "DOORSTEP_PUBLIC_URL": f"http://{LOOPBACK}:{api_port}",
        "DOORSTEP_POSTGRES_PORT": postgres_port,
        "DOORSTEP_TEMPORAL_PORT": temporal_port,
        "DOORSTEP_TEMPORAL_UI_PORT": ui_port,
        "DOORSTEP_TIME_SCALE": str(scale),
        "DOORSTEP_ALLOWED_NETWORKS": "127.0.0.0/8",
        "DOORSTEP_OMS_WEBHOOK_URL": f"http://{LOOPBACK}:{oms_port}/instructions",
        "DOORSTEP_OMS_WEBHOOK_SECRET": new_secret(),
        "DOORSTEP_SMTP_HOST": LOOPBACK,
        "DOORSTEP_SMTP_PORT": mail_port,
        "DOORSTEP_SMTP_TLS": "none",
        "DOORSTEP_MAIL_FROM": MAIL_FROM,
        "TEMPORAL_CONFIG_FILE": str(no_profile),
        "TWILIO_ACCOUNT_SID": DEFAULT_ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": DEFAULT_AUTH_TOKEN,
        "TWILIO_SENDER": _SENDER,
        "TWILIO_BASE_URL": f"http://{LOOPBACK}:{twilio_port}",
        "NO_PROXY": ",".join(filter(None, (rest.get("NO_PROXY"), LOOPBACK))),
    }
    return DemoEnvironment(folder, int(twilio_port), int(mail_port), variables)


def _port(settings: Settings, name: str, free: Iterator[str]) -> str:
    """The port that is set, or else one that nobody has."""
    unused = next(free)
    return str(getattr(settings, name)) if name in settings.model_fields_set else unused


def enter(environment: DemoEnvironment) -> None:
    """Make it the environment of this process."""
    os.environ.clear()
    os.environ.update(environment.variables)
