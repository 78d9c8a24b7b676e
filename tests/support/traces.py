"""Spans in memory, as they leave."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import format_span_id, format_trace_id

from telemetry.export import OnlyKnown
from telemetry.open_telemetry import telemetry_of
from telemetry.switch import Telemetry


@dataclass(frozen=True)
class RecordedSpan:
    """A span, with its ids in hex."""

    name: str
    service: str
    trace_id: str
    span_id: str
    parent_id: str | None
    span: ReadableSpan


@dataclass(frozen=True)
class Collector:
    """Where the processes of a test send their spans."""

    _memory: InMemorySpanExporter = field(default_factory=InMemorySpanExporter)

    def telemetry(self, service: str) -> Telemetry:
        """What a process of this name traces with."""
        provider = TracerProvider(
            resource=Resource({SERVICE_NAME: service}), shutdown_on_exit=False
        )
        provider.add_span_processor(SimpleSpanProcessor(OnlyKnown(self._memory)))
        return telemetry_of(provider)

    @property
    def spans(self) -> Sequence[RecordedSpan]:
        """All that have ended, in the order of their ends."""
        return [_seen(span) for span in self._memory.get_finished_spans()]

    def named(self, name: str) -> list[RecordedSpan]:
        """Those of one name."""
        return [one for one in self.spans if one.name == name]

    def way_to(self, last: RecordedSpan) -> list[RecordedSpan]:
        """A span, and before it all above it that is ours, the outermost first."""
        by_id = {one.span_id: one for one in self.spans}
        way = [last]
        while (above := by_id.get(way[0].parent_id or "")) is not None:
            way.insert(0, above)
        return way


def _seen(span: ReadableSpan) -> RecordedSpan:
    assert span.context is not None
    return RecordedSpan(
        name=span.name,
        service=str(span.resource.attributes[SERVICE_NAME]),
        trace_id=format_trace_id(span.context.trace_id),
        span_id=format_span_id(span.context.span_id),
        parent_id=format_span_id(span.parent.span_id) if span.parent else None,
        span=span,
    )
