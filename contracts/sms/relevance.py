"""Until when a text is of use, what makes it pointless, and which texts a customer needs."""

from collections.abc import Mapping
from datetime import timedelta

from contracts.payload.events import EventType

USEFUL_FOR: Mapping[EventType, timedelta] = {
    EventType.ORDER_CONFIRMED: timedelta(hours=6),
    EventType.OUT_FOR_DELIVERY: timedelta(hours=4),
    EventType.DELIVERED: timedelta(hours=12),
    EventType.DELIVERY_FAILED: timedelta(hours=12),
    EventType.RETURN_INITIATED: timedelta(hours=24),
}
"""After this time since `occurred_at` a text would only confuse and is skipped as stale."""

OVERTAKEN_BY: Mapping[EventType, frozenset[EventType]] = {
    EventType.ORDER_CONFIRMED: frozenset({EventType.DELIVERED, EventType.RETURN_INITIATED}),
    EventType.OUT_FOR_DELIVERY: frozenset(
        {
            EventType.OUT_FOR_DELIVERY,
            EventType.DELIVERED,
            EventType.DELIVERY_FAILED,
            EventType.RETURN_INITIATED,
        }
    ),
    EventType.DELIVERED: frozenset(),
    EventType.DELIVERY_FAILED: frozenset({EventType.DELIVERED}),
    EventType.RETURN_INITIATED: frozenset(),
}
"""What makes a late text pointless when it has happened to the order since."""

NEEDED_BY_CUSTOMERS: frozenset[EventType] = frozenset(
    {EventType.OUT_FOR_DELIVERY, EventType.DELIVERY_FAILED, EventType.RETURN_INITIATED}
)
"""What the fallback texts where the partner chose nothing else: the OTP, and what the customer
cannot see for themselves. Who holds the parcel need not be told that it was delivered."""
