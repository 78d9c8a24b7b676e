"""Texts to customers: one English template for each event type, and until when each is of use."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from contracts.events import EventType, TrackingEvent

TEMPLATES: Mapping[EventType, str] = {
    EventType.ORDER_CONFIRMED: "{shop}: your order {order_id} is confirmed.{track}",
    EventType.OUT_FOR_DELIVERY: "{shop}: your order {order_id} is out for delivery with "
    "{rider}.{otp}{track}",
    EventType.DELIVERED: "{shop}: your order {order_id} was delivered. Thank you.",
    EventType.DELIVERY_FAILED: "{shop}: we could not deliver your order {order_id} "
    "({reason}).{track}",
    EventType.RETURN_INITIATED: "{shop}: your order {order_id} is on its way back to the shop.",
}

USEFUL_FOR: Mapping[EventType, timedelta] = {
    EventType.ORDER_CONFIRMED: timedelta(hours=6),
    EventType.OUT_FOR_DELIVERY: timedelta(hours=4),
    EventType.DELIVERED: timedelta(hours=12),
    EventType.DELIVERY_FAILED: timedelta(hours=12),
    EventType.RETURN_INITIATED: timedelta(hours=24),
}
"""After this time since `occurred_at` a text would only confuse and is skipped as stale."""


def render_text(event: TrackingEvent, shop: str) -> str:
    """The text for an event. A rider's own number is never in it: carriers filter such texts."""
    data = event.data
    otp = data.otp.code if data.otp and event.type is EventType.OUT_FOR_DELIVERY else None
    return TEMPLATES[event.type].format(
        shop=shop,
        order_id=data.order.order_id,
        rider=data.rider.name if data.rider else "our rider",
        otp=f" Delivery OTP: {otp}." if otp else "",
        reason=data.failure.reason_text if data.failure else "",
        track=f" Track: {data.order.tracking_url}" if data.order.tracking_url else "",
    )


def is_stale(event: TrackingEvent, now: datetime, *, request_time: timedelta) -> bool:
    """Whether a text about this event, sent now, would come too late.

    It would when the event is older than its type's useful time, or when the OTP in the text
    ends before the message could arrive.
    """
    if now - event.occurred_at > USEFUL_FOR[event.type]:
        return True
    otp = event.data.otp if event.type is EventType.OUT_FOR_DELIVERY else None
    return otp is not None and otp.code is not None and now + request_time >= otp.valid_until
