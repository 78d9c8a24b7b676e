"""Events as an order-management system sends them: all five types in turn, complete groups.

Their content is that of the contract's published examples.
"""

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import contracts
from contracts.payload.events import EventType

PARTNER = "bench-shop"
_EXAMPLES = Path(contracts.__file__).parent / "schemas" / "examples" / "1.0"
_OTP_VALID = timedelta(hours=4)


class EventMaker:
    """Makes events with ids that never repeat within a run. People and places are invented."""

    def __init__(
        self, prefix: str, partner_id: str = PARTNER, per_order: int | None = None
    ) -> None:
        self._prefix = prefix
        self._partner_id = partner_id
        self._numbers = count(1)
        self._examples = [(kind.value, _example(kind)) for kind in EventType]
        self._per_order = per_order or len(self._examples)

    def make(self) -> tuple[str, bytes]:
        """The next event's id and its JSON."""
        number = next(self._numbers)
        event_id, now = f"{self._prefix}-{number}", datetime.now(UTC)
        event_type, groups = self._examples[number % len(self._examples)]
        order_id = f"ORD-{self._prefix}-{number // self._per_order}"
        order = {"order_id": order_id, "shipment_id": f"SHP-{order_id}"}
        data = {**groups, "order": groups["order"] | order}
        if groups["otp"]:
            valid = {"valid_from": now.isoformat(), "valid_until": (now + _OTP_VALID).isoformat()}
            data["otp"] = groups["otp"] | valid
        body = {
            "event_id": event_id,
            "type": event_type,
            "partner_id": self._partner_id,
            "occurred_at": now.isoformat(),
            "data": data,
        }
        return event_id, json.dumps(body).encode()


def _example(kind: EventType) -> dict[str, Any]:
    payload = json.loads((_EXAMPLES / f"{kind}.json").read_text(encoding="utf-8"))
    data: dict[str, Any] = payload["data"]
    return data
