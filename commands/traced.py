"""A process with its traces, where they are wanted, and their ids in its log lines."""

from collections.abc import Iterator
from contextlib import contextmanager

from commands.logs import add_to_every_line
from settings import traces_wanted
from telemetry.switch import Telemetry, started_telemetry


@contextmanager
def traced(service: str) -> Iterator[Telemetry]:
    """Trace until the context ends. ConfigurationError for variables that cannot be followed."""
    wanted = traces_wanted()
    with started_telemetry(wanted=wanted, service=service) as telemetry:
        if wanted:
            add_to_every_line(telemetry.tracing.current_ids)
        yield telemetry
