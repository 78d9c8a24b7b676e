"""What a merchant received, and whether the reference library vouches for its signature."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from contracts.payload.signature import secret_key


@dataclass(frozen=True)
class Received:
    """One request, and what it was answered. While a request hangs, `answer` is "hanging"."""

    webhook_id: str
    received_at: datetime
    first_byte_at: float
    path: str
    headers: dict[str, str]
    body: bytes
    verified_with: tuple[int, ...]
    """Positions of the merchant's secrets that the signature matches."""
    answer: int | str

    @property
    def verified(self) -> bool:
        """At least one of the merchant's secrets matches."""
        return bool(self.verified_with)

    @property
    def accepted(self) -> bool:
        """The merchant answered 2xx."""
        return isinstance(self.answer, int) and 200 <= self.answer < 300

    @property
    def payload(self) -> dict[str, Any]:
        """The body as JSON, or an empty dict where it is none."""
        try:
            parsed = json.loads(self.body)
        except ValueError:
            return {}
        return parsed if isinstance(parsed, dict) else {}

    @property
    def event_type(self) -> str | None:
        """The payload's `type`."""
        return self.payload.get("type")

    @property
    def order_id(self) -> str | None:
        """The payload's `data.order.order_id`."""
        try:
            return str(self.payload["data"]["order"]["order_id"])
        except (KeyError, TypeError):
            return None

    def as_json(self) -> dict[str, Any]:
        """The line of the journal and of `GET /_sandbox/received`: no personal data."""
        return {
            "webhook_id": self.webhook_id,
            "event_type": self.event_type,
            "order_id": self.order_id,
            "path": self.path,
            "received_at": self.received_at.isoformat(),
            "first_byte_at": self.first_byte_at,
            "verified": self.verified,
            "verified_with": list(self.verified_with),
            "answer": self.answer,
            "body_sha256": hashlib.sha256(self.body).hexdigest(),
        }


class Verifier:
    """Checks signatures with the `standardwebhooks` library, against several secrets."""

    def __init__(self, secrets: Sequence[str]) -> None:
        for secret in secrets:
            secret_key(secret)
        self.secrets = tuple(secrets)
        self._webhooks = [Webhook(secret) for secret in secrets]

    def matching(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, ...]:
        """The positions of the secrets that verify these bytes with these headers."""
        return tuple(
            position
            for position, webhook in enumerate(self._webhooks)
            if _verifies(webhook, body, headers)
        )


def _verifies(webhook: Webhook, body: bytes, headers: Mapping[str, str]) -> bool:
    try:
        webhook.verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError):  # ValueError: headers that are no signature
        return False
    return True
