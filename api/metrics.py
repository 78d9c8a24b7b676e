"""What the API counts for Prometheus: requests, and the events it took; and its gauges.

Labels are few and have few values: never an endpoint or an order, a partner in `partner_gauges.py`
only, and a request's route is its template.
"""

import time
from collections.abc import Sequence

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.gauges import GaugeCollector
from contracts.clock import Clock
from contracts.payload.events import EventType, TrackingEvent
from store.db.database import Database
from store.events.acceptance import Accepted, Refused

NO_ROUTE = "none"
"""The route of what reached none: refused before, or an address that nobody has."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_OTHER = "other"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class ApiMetrics:
    """The API's meters and gauges, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.gauges = GaugeCollector()
        self.registry.register(self.gauges)
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "doorstep_api_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._durations = Histogram(
            "doorstep_api_request_duration_seconds",
            "How long answering took.",
            ("method", "route"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._accepted = Counter(
            "doorstep_events_accepted",
            "Events that were taken, each once.",
            ("event_type",),
            registry=self.registry,
        )
        for kind in EventType:
            self._accepted.labels(kind)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        self._requests.labels(method, route, str(status)).inc()
        self._durations.labels(method, route).observe(seconds)

    def took(self, events: Sequence[TrackingEvent], outcomes: Sequence[Accepted | Refused]) -> None:
        """Count the events that were taken, and not before."""
        for event, outcome in zip(events, outcomes, strict=True):
            if isinstance(outcome, Accepted) and not outcome.duplicate:
                self._accepted.labels(event.type).inc()

    async def shown(self, database: Database, clock: Clock) -> bytes:
        """All of it, in Prometheus's text format."""
        await self.gauges.refresh(database, clock)
        return generate_latest(self.registry)


class RequestMeter:
    """Counts every request, around everything that answers it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, and look at the clock before and after."""
        parts = getattr(scope["app"].state, "parts", None)
        if scope["type"] != "http" or parts is None:
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), 500  # what becomes of a mistake of ours, further out

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            metrics: ApiMetrics = parts.metrics
            metrics.answered(method_of(scope), route_of(scope), status, time.monotonic() - began)


def method_of(scope: Scope) -> str:
    """The request's method, where it is one of HTTP's own."""
    method: str = scope["method"]
    return method if method in _METHODS else _OTHER


def route_of(scope: Scope) -> str:
    """The template of the route that a request has reached; `NO_ROUTE` where it reached none."""
    route: str = getattr(scope.get("route"), "path", NO_ROUTE)
    if "app_root_path" in scope:  # of the app that is mounted, paths begin with its place
        route = scope["root_path"].removeprefix(scope["app_root_path"]) + route
    return route
