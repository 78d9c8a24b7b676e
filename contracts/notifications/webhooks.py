"""The operational webhook: what programs of ops, and of a partner, are told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import BaseModel, ConfigDict, JsonValue

from contracts.notifications.kinds import NotificationKind
from contracts.payload.fields import UtcDatetime

WEBHOOK_TYPES: Mapping[NotificationKind, str] = {
    NotificationKind.ENDPOINT_FAILING: "endpoint.failing",
    NotificationKind.ENDPOINT_RECOVERED: "endpoint.recovered",
    NotificationKind.ENDPOINT_DISABLED_SOON: "endpoint.disabled_soon",
    NotificationKind.ENDPOINT_DISABLED: "endpoint.disabled",
    NotificationKind.FAILED_DELIVERIES: "deliveries.failed",
    NotificationKind.SMS_SUSPENDED: "sms.suspended",
    NotificationKind.INSTRUCTIONS_UNANSWERED: "instructions.unanswered",
}
"""Of the kinds that have webhooks."""

_ENDPOINT_FIELDS = ("host", "event_id", "order_id", "event_type", "code", "status", "since")
_FIELDS: Mapping[NotificationKind, tuple[str, ...]] = {
    NotificationKind.ENDPOINT_FAILING: _ENDPOINT_FIELDS,
    NotificationKind.ENDPOINT_RECOVERED: _ENDPOINT_FIELDS,
    NotificationKind.ENDPOINT_DISABLED_SOON: (*_ENDPOINT_FIELDS, "disabled_at"),
    NotificationKind.FAILED_DELIVERIES: ("count", "oldest"),
    NotificationKind.SMS_SUSPENDED: ("scope",),
    NotificationKind.INSTRUCTIONS_UNANSWERED: ("count", "oldest"),
}
"""What of `about` a kind's webhook says besides the ids and the reason."""


@dataclass(frozen=True)
class OpsWebhook:
    """Where programs are told: a URL, and the secret (`whsec_…`) that signs. A URL may carry a
    token."""

    url: str = field(repr=False)
    secret: str = field(repr=False)


class OperationalWebhook(BaseModel):
    """The body that is received. `id` is the notification's and its `webhook-id`, the same at every
    attempt; `created_at` is when it happened. `data` has `partner_id`, `endpoint_id` and `reason`,
    null where there is none, and what else is known of this type. Fields may be added, none
    changes."""

    model_config = ConfigDict(frozen=True)

    id: str
    type: str
    created_at: UtcDatetime
    data: dict[str, JsonValue]

    def to_bytes(self) -> bytes:
        """The bytes that are signed and sent: UTF-8 JSON without spaces."""
        return self.model_dump_json().encode()


def operational_webhook(
    kind: NotificationKind,
    notification_id: str,
    created_at: datetime,
    about: Mapping[str, JsonValue],
    *,
    partner_id: str | None,
    endpoint_id: str | None,
) -> OperationalWebhook:
    """What is told of a notification."""
    ids = {"partner_id": partner_id, "endpoint_id": endpoint_id, "reason": about.get("reason")}
    more = {name: about.get(name) for name in _FIELDS.get(kind, ())}
    return OperationalWebhook(
        id=notification_id,
        type=WEBHOOK_TYPES[kind],
        created_at=created_at,
        data={**ids, **more},
    )
