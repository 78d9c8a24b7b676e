"""Make an endpoint's answer fit to be kept: nothing of the customer, rider or OTP left in it."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

_MASK = "[redacted]"
_LONG_NUMBER = re.compile(r"\d(?:[\s.()/\u2010-\u2013-]{0,3}\d){3,}")
_KEPT_CHARACTERS = 1_000
_SHORTEST = 3
_PERSONAL = {
    "order": ("customer", "delivery_address"),
    "rider": ("name", "phone", "phone_masked", "vehicle_number"),
    "otp": ("code",),
    "delivery": ("received_by",),
}


def redact(text: str, payload: bytes) -> str:
    """The start of an answer with the payload's personal values and all long numbers masked.

    A partner may well echo what it was sent; numbers of four digits and more are masked whether
    they came from us or not, for they may be a phone or an OTP.
    """
    text = text.replace("\x00", "")
    if not text:
        return text
    for value in sorted(set(_personal_values(payload)), key=len, reverse=True):
        text = re.sub(re.escape(value), _MASK, text, flags=re.IGNORECASE)
    return _LONG_NUMBER.sub(_MASK, text)[:_KEPT_CHARACTERS]


def _personal_values(payload: bytes) -> Iterator[str]:
    data: dict[str, Any] = json.loads(payload)["data"]
    for group, fields in _PERSONAL.items():
        for field in fields:
            yield from _strings((data.get(group) or {}).get(field))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, str):
        for part in (value, *value.split()):
            if len(part) >= _SHORTEST:
                yield from _notations(part)


def _notations(value: str) -> tuple[str, ...]:
    """A value as an echo may write it: as it is, in JSON, in HTML, in a form or URL."""
    return value, json.dumps(value)[1:-1], html.escape(value), quote(value)
