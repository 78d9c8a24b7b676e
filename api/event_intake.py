"""Events that are taken: committed, counted, and each the beginning of a trace."""

from collections.abc import Sequence

from api.metrics import ApiMetrics
from contracts.payload.events import TrackingEvent
from contracts.tracing import Attributes, SpanKind, Tracing
from store.events.acceptance import Accepted, Refused
from store.events.intake import Intake


class EventIntake:
    """Takes events for the routes."""

    def __init__(self, intake: Intake, metrics: ApiMetrics, tracing: Tracing) -> None:
        self._intake = intake
        self._metrics = metrics
        self._tracing = tracing

    async def take(self, events: Sequence[TrackingEvent]) -> Sequence[Accepted | Refused]:
        """Take these events, and count those that are new."""
        attributes = _attributes_of(events)
        with self._tracing.span("accept", SpanKind.PRODUCER, attributes) as span:
            outcomes = await self._intake.accept(events, span.traceparent)
        self._metrics.took(events, outcomes)
        return outcomes


def _attributes_of(events: Sequence[TrackingEvent]) -> Attributes:
    """Of a batch how many there are, of one alone which it is."""
    if len(events) > 1:
        return {"doorstep.events": len(events)}
    [event] = events
    return {
        "doorstep.event_id": event.event_id,
        "doorstep.partner_id": event.partner_id,
        "doorstep.order_id": event.data.order.order_id,
        "doorstep.event_type": event.type,
    }
