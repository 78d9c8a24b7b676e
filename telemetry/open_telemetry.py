"""Our tracing, as OpenTelemetry does it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Status, StatusCode, TracerProvider
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from temporalio.contrib.opentelemetry import TracingInterceptor

from contracts.tracing import TRACEPARENT, Attributes, Span, SpanKind
from telemetry.switch import Telemetry

_NAME = "doorstep"
_ERROR_TYPE = "error.type"
_KINDS = {
    SpanKind.SERVER: trace.SpanKind.SERVER,
    SpanKind.CLIENT: trace.SpanKind.CLIENT,
    SpanKind.PRODUCER: trace.SpanKind.PRODUCER,
}
_PROPAGATOR = TraceContextTextMapPropagator()
"""Traces alone, no baggage: what somebody else puts into that would travel on to merchants."""


def telemetry_of(provider: TracerProvider) -> Telemetry:
    """Tracing by way of this provider, in our own code and in Temporal's."""
    tracer = provider.get_tracer(_NAME)
    return Telemetry(OpenTelemetryTracing(tracer), [TracingInterceptor(tracer)])


class OpenTelemetryTracing:
    """Makes spans of OpenTelemetry's."""

    def __init__(self, tracer: trace.Tracer) -> None:
        self._tracer = tracer

    @contextmanager
    def span(
        self,
        name: str,
        kind: SpanKind,
        attributes: Attributes,
        *,
        parent: str | None = None,
    ) -> Iterator[Span]:
        """A span around what is done inside. An error's message, which may quote somebody, is not
        recorded."""
        with self._tracer.start_as_current_span(
            name,
            context=None if parent is None else _context_of(parent, Context()),
            kind=_KINDS[kind],
            attributes=attributes,
            record_exception=False,
            set_status_on_exception=False,
        ) as started:
            span = _Span(started)
            try:
                yield span
            except Exception as error:
                span.fail(type(error).__name__)
                raise

    @contextmanager
    def going_on_from(self, traceparent: str | None) -> Iterator[None]:
        """Spans that are made inside belong to this trace."""
        if traceparent is None:
            yield
            return
        token = contexts.attach(_context_of(traceparent, contexts.get_current()))
        try:
            yield
        finally:
            contexts.detach(token)

    def current_ids(self) -> Mapping[str, str]:
        """The ids of the current span, in hex as everywhere."""
        context = trace.get_current_span().get_span_context()
        if not context.is_valid:
            return {}
        return {
            "trace_id": trace.format_trace_id(context.trace_id),
            "span_id": trace.format_span_id(context.span_id),
        }


class _Span:
    def __init__(self, span: trace.Span) -> None:
        self._span = span

    @property
    def traceparent(self) -> str | None:
        carrier: dict[str, str] = {}
        _PROPAGATOR.inject(carrier, trace.set_span_in_context(self._span))
        return carrier.get(TRACEPARENT)

    def add(self, attributes: Attributes) -> None:
        self._span.set_attributes(attributes)

    def rename(self, name: str) -> None:
        self._span.update_name(name)

    def fail(self, error_type: str) -> None:
        self._span.set_attribute(_ERROR_TYPE, error_type)
        self._span.set_status(Status(StatusCode.ERROR))


def _context_of(traceparent: str, context: Context) -> Context:
    """The context with this as its current span; what cannot be read changes nothing."""
    return _PROPAGATOR.extract({TRACEPARENT: traceparent}, context)
