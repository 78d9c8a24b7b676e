"""Which fields of a payload are personal: all, but those that are named here.

A field that is added to the contract stays hidden until somebody has thought about it. Pages that
show a payload and excerpts of what endpoints answered go by this one list.
"""

from collections.abc import Iterator, Mapping
from typing import Any

_OPEN: Mapping[str, tuple[str, ...]] = {
    "order": (
        "order_id partner_order_ref shipment_id awb_number source service_type payment_mode",
        "package_count weight_grams ordered_at promised_at estimated_delivery_at attempt_number",
        "cod_amount.amount cod_amount.currency",
        "pickup_location.id pickup_location.name pickup_location.city",
    ),
    "rider": ("rider_id vehicle_type location.recorded_at eta_at",),
    "otp": ("purpose valid_from valid_until",),
    "failure": (
        "reason_code reason_category carrier_code attempt_number max_attempts attempted_at",
        "evidence.type evidence.captured_at next_action next_attempt_at",
    ),
    "return": (
        "return_id return_type reason_code initiated_at initiated_by return_awb_number",
        "destination.name destination.city destination.pincode expected_return_at attempts_made",
    ),
    "delivery": (
        "delivered_at recipient_type verification_method otp_verified",
        "proof.type proof.captured_at",
        "cod_collected.amount cod_collected.currency cod_collected.mode",
    ),
}
OPEN = frozenset(
    f"{group}.{name}" for group, lines in _OPEN.items() for name in " ".join(lines).split()
)
"""Nothing of a person is in them. Paths inside `data`, without positions in lists."""

OPEN_ON_PAGES = OPEN | {f"order.delivery_address.{one}" for one in ("city", "state", "country")}
"""What a page may show: also where roughly somebody lives, which excerpts leave out."""

PHONES = frozenset({"order.customer.phone", "rider.phone", "rider.phone_masked"})
LINKS = frozenset({"order.tracking_url", "failure.evidence.url", "delivery.proof.url"})
WORDED = frozenset(
    {
        "order.status",
        "order.previous_status",
        "failure.reason_text",
        "return.reason_text",
        "return.disposition",
    }
)
"""Somebody's own words: mostly harmless, but a name or a number may stand in them."""


def texts_of(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text inside `data` and its path, such as `failure.evidence.url`."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from texts_of(inner, below(place, name))
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner, place)
    elif isinstance(value, str):
        yield place, value


def below(place: str, name: str) -> str:
    """The path of a field inside a group or an object."""
    return f"{place}.{name}" if place else name
