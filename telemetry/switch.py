"""Turns tracing on where it is wanted. Nothing of OpenTelemetry is loaded before that."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from temporalio.client import Interceptor

from contracts.errors import ConfigurationError
from contracts.tracing import NO_TRACING, Tracing

_NOT_INSTALLED = (
    "the OTEL_… variables ask for traces, but OpenTelemetry is not installed: "
    "install doorstep[telemetry], or set OTEL_SDK_DISABLED=true"
)


@dataclass(frozen=True)
class Telemetry:
    """What a process traces with. `interceptors` are for its Temporal client, and through that for
    its worker."""

    tracing: Tracing = NO_TRACING
    interceptors: Sequence[Interceptor] = ()


TELEMETRY_OFF = Telemetry()


@contextmanager
def started_telemetry(*, wanted: bool, service: str) -> Iterator[Telemetry]:
    """Tracing as the `OTEL_…` variables say, under the name of a service unless they name one; at
    the end of the context what is left is sent. ConfigurationError without the extra."""
    if not wanted:
        yield TELEMETRY_OFF
        return
    try:
        from telemetry.export import exporting_provider
        from telemetry.open_telemetry import telemetry_of
    except ImportError:
        raise ConfigurationError(_NOT_INSTALLED) from None
    with exporting_provider(service) as provider:
        yield telemetry_of(provider)
