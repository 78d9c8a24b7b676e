"""Where spans go, and what of them leaves: listed attributes, and of errors their class alone.

Temporal's interceptor records errors with messages and tracebacks, and a library may add what it
likes: nothing that is not listed here is sent.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Thread

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Status

KNOWN = frozenset(
    {
        "doorstep.attempt",
        "doorstep.code",
        "doorstep.delivery_id",
        "doorstep.endpoint_id",
        "doorstep.event_id",
        "doorstep.event_type",
        "doorstep.events",
        "doorstep.order_id",
        "doorstep.partner_id",
        "error.type",
        "http.request.method",
        "http.response.status_code",
        "http.route",
        "server.address",
        "temporalActivityID",
        "temporalRunID",
        "temporalWorkflowID",
    }
)
"""The attributes that leave: ids, states, codes, route templates, hosts."""

_KNOWN_OF_EVENTS = frozenset({"exception.type"})
_LAST_SPANS_WITHIN_S = 3.0
"""A collector that is away does not hold up the end of a process."""


@contextmanager
def exporting_provider(service: str) -> Iterator[TracerProvider]:
    """A provider that sends to the collector of the `OTEL_…` variables, in the background."""
    own = Resource({SERVICE_NAME: service})
    provider = TracerProvider(
        resource=own.merge(OTELResourceDetector().detect()), shutdown_on_exit=False
    )
    provider.add_span_processor(BatchSpanProcessor(OnlyKnown(OTLPSpanExporter())))
    try:
        yield provider
    finally:
        ending = Thread(target=provider.shutdown, daemon=True, name="last spans")
        ending.start()
        ending.join(_LAST_SPANS_WITHIN_S)


class OnlyKnown(SpanExporter):
    """Exports spans without what is not listed."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Hand on what may leave."""
        return self._inner.export([_known_of(span) for span in spans])

    def shutdown(self) -> None:
        """The inner one's end."""
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """The inner one's."""
        return self._inner.force_flush(timeout_millis)


def _known_of(span: ReadableSpan) -> ReadableSpan:
    attributes = {key: value for key, value in (span.attributes or {}).items() if key in KNOWN}
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=attributes,
        events=[_known_of_event(event) for event in span.events],
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _known_of_event(event: Event) -> Event:
    attributes = event.attributes or {}
    known = {key: value for key, value in attributes.items() if key in _KNOWN_OF_EVENTS}
    return Event(event.name, known, event.timestamp)
