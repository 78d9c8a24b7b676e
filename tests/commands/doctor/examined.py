"""What the doctor finds, by name."""

from typing import Any

from commands.doctor.checks import Check
from commands.doctor.examination import examine
from commands.ports import free_ports
from contracts.clock import Clock, utc_now
from settings import Settings

NOTHING = "127.0.0.1:1"
"""An address where nobody listens."""


async def examined(clock: Clock = utc_now, **fields: Any) -> dict[str, Check]:
    """The checks of a machine with these settings, where nothing runs that the test has not started
    itself."""
    api_port, postgres_port = free_ports(2)
    fields = {"api_port": api_port, "postgres_port": postgres_port} | fields
    return {check.name: check for check in await examine(Settings(**fields), clock)}
