"""A payload as a page may show it: every field is there, what is personal is masked."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from contracts.endpoints.headers import MASK
from contracts.payload.fields import mask_phone
from contracts.payload.personal_fields import LINKS, OPEN_ON_PAGES, PHONES, WORDED, below, texts_of

_LONG_NUMBER = re.compile(r"\d(?:[\s.()/-]{0,3}\d){3,}")
_SHORTEST_PHONE, _SHORTEST_NAME = 7, 3


def masked_payload(body: bytes) -> str:
    """The stored bytes as readable JSON without phones, OTP, names, addresses, places and links."""
    payload: dict[str, Any] = json.loads(body)
    names = sorted(set(_personal(payload["data"])), key=len, reverse=True)
    payload["data"] = _masked(payload["data"], "", names)
    return json.dumps(payload, indent=2, ensure_ascii=False)


def _masked(value: Any, place: str, names: list[str]) -> Any:
    """A value inside `data`; `place` is its path without positions in lists."""
    if isinstance(value, dict):
        return {name: _masked(inner, below(place, name), names) for name, inner in value.items()}
    if isinstance(value, list):
        return [_masked(one, place, names) for one in value]
    if value is None or place in OPEN_ON_PAGES:
        return value
    if place in PHONES and len(str(value)) >= _SHORTEST_PHONE:
        return mask_phone(str(value))
    if place in LINKS:
        link = urlsplit(str(value))
        return f"{link.scheme}://{link.hostname}/{MASK}"
    return _without(str(value), names) if place in WORDED else MASK


def _without(text: str, names: list[str]) -> str:
    """Somebody's own words without the names of this event, and without long numbers."""
    for name in names:
        text = re.sub(re.escape(name), MASK, text, flags=re.IGNORECASE)
    return _LONG_NUMBER.sub(MASK, text)


def _personal(data: Any) -> Iterator[str]:
    """The texts that are masked as a whole, and their words."""
    for place, text in texts_of(data):
        if place not in OPEN_ON_PAGES | WORDED | LINKS:
            yield from (one for one in (text, *text.split()) if len(one) >= _SHORTEST_NAME)
