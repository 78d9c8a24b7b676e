"""What somebody copies into a ticket: ids, states and last answers of an order or an event, in UTC,
and nothing of a customer."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from dashboard.state_texts import state_said
from dashboard.translations import Words
from store.events.search import ListedEvent
from store.tables import DeliveryRow, EndpointRow, EventRow


def ticket_of(
    t: Words,
    partner_id: str,
    events: Sequence[ListedEvent | EventRow],
    deliveries: Mapping[str, Sequence[DeliveryRow]],
    endpoints: Mapping[str, EndpointRow],
) -> str:
    """The lines: the order, then each event with its deliveries."""
    lines = [t("ticket-order", order=events[-1].order_id, partner=partner_id)]
    for event in events:
        kind, at = t(f"type-{event.event_type}"), _moment(event.occurred_at)
        lines.append(t("ticket-event", type=kind, at=at, event=event.event_id))
        lines += [
            _delivery(t, row, endpoints.get(row.endpoint_id or ""))
            for row in deliveries.get(event.event_id, ())
            if row.channel is not None
        ]
    return "\n".join(lines)


def _delivery(t: Words, row: DeliveryRow, endpoint: EndpointRow | None) -> str:
    host = urlsplit(endpoint.url).hostname if endpoint else None
    return t(
        "ticket-delivery",
        channel=t(f"channel-{row.channel}"),
        to=host or "",
        delivery=row.id,
        state=state_said(t, row.state, row.skip_reason).word,
        code=row.last_code or "-",
        attempts=str(row.attempts),
        at=_moment(row.changed_at),
    )


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
