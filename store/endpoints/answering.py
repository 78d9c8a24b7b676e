"""How an endpoint has answered lately: its breaker, and how it is slowed down, out of its row and
into it."""

from dataclasses import asdict

from contracts.endpoints.circuit_breaker import Breaker
from contracts.endpoints.slowdown import Slowdown
from store.tables import EndpointRow


def is_well(endpoint: EndpointRow) -> bool:
    """Whether a success changes nothing of an endpoint."""
    is_slowed, was_told = endpoint.slowed_limit is not None, endpoint.told_down_since is not None
    return breaker_of(endpoint).is_quiet and not is_slowed and not was_told


def breaker_of(endpoint: EndpointRow) -> Breaker:
    """An endpoint's breaker."""
    return Breaker(
        endpoint.failures_in_row,
        endpoint.failing_since,
        endpoint.opened_at,
        endpoint.probe_at,
        endpoint.probes_failed,
        endpoint.last_failed_at,
    )


def slowdown_of(endpoint: EndpointRow) -> Slowdown:
    """How an endpoint is slowed down."""
    return Slowdown(endpoint.not_before, endpoint.slowed_limit, endpoint.refusals)


def put_slowdown(endpoint: EndpointRow, slowdown: Slowdown) -> None:
    """Keep how an endpoint is slowed down on its row."""
    endpoint.not_before, endpoint.slowed_limit = slowdown.not_before, slowdown.limit
    endpoint.refusals = slowdown.refusals


def put_breaker(endpoint: EndpointRow, breaker: Breaker) -> None:
    """Keep a breaker on its endpoint's row."""
    for name, value in asdict(breaker).items():
        setattr(endpoint, name, value)
