"""A payload as a page may show it: every field is there, what is personal is masked.

What may be shown is a list, and everything else is masked: a field that is added to the contract
stays hidden until somebody has thought about it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from contracts.custom_headers import MASK
from contracts.fields import mask_phone

_SHOWN: Mapping[str, tuple[str, ...]] = {
    "order": (
        "order_id partner_order_ref shipment_id awb_number source service_type payment_mode",
        "package_count weight_grams ordered_at promised_at estimated_delivery_at attempt_number",
        "cod_amount.amount cod_amount.currency",
        "delivery_address.city delivery_address.state delivery_address.country",
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
_OPEN = {f"{group}.{name}" for group, lines in _SHOWN.items() for name in " ".join(lines).split()}
_PHONES = {"order.customer.phone", "rider.phone", "rider.phone_masked"}
_LINKS = {"order.tracking_url", "failure.evidence.url", "delivery.proof.url"}
_WORDED = {
    "order.status",
    "order.previous_status",
    "failure.reason_text",
    "return.reason_text",
    "return.disposition",
}
_LONG_NUMBER = re.compile(r"\d(?:[\s.()/-]{0,3}\d){3,}")
_SHORTEST_PHONE, _SHORTEST_NAME = 7, 3


def masked_payload(body: bytes) -> str:
    """The stored bytes as readable JSON without phones, OTP, names, addresses, places and links."""
    payload: dict[str, Any] = json.loads(body)
    names = sorted(set(_personal(payload["data"], "")), key=len, reverse=True)
    payload["data"] = _masked(payload["data"], "", names)
    return json.dumps(payload, indent=2, ensure_ascii=False)


def _masked(value: Any, place: str, names: list[str]) -> Any:
    """A value inside `data`; `place` is its path without positions in lists."""
    if isinstance(value, dict):
        return {name: _masked(inner, _below(place, name), names) for name, inner in value.items()}
    if isinstance(value, list):
        return [_masked(one, place, names) for one in value]
    if value is None or place in _OPEN:
        return value
    if place in _PHONES and len(str(value)) >= _SHORTEST_PHONE:
        return mask_phone(str(value))
    if place in _LINKS:
        link = urlsplit(str(value))
        return f"{link.scheme}://{link.hostname}/{MASK}"
    return _without(str(value), names) if place in _WORDED else MASK


def _without(text: str, names: list[str]) -> str:
    """Somebody's own words without the names of this event, and without long numbers."""
    for name in names:
        text = re.sub(re.escape(name), MASK, text, flags=re.IGNORECASE)
    return _LONG_NUMBER.sub(MASK, text)


def _personal(value: Any, place: str) -> Iterator[str]:
    """The texts that are masked as a whole, and their words."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _personal(inner, _below(place, name))
    elif isinstance(value, str) and place not in _OPEN | _WORDED | _LINKS:
        yield from (one for one in (value, *value.split()) if len(one) >= _SHORTEST_NAME)


def _below(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
