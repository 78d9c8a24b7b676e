"""Notifications: what ops and the partner are told when Doorstep switches an endpoint off by
itself.

Through Temporal travel their ids, states and codes. What is sent is made here: the body of the
operational webhook, and the text to the partner's contact phone.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict

from contracts.payload.fields import UtcDatetime

NOTIFICATION_DELAYS_S: tuple[float, ...] = (30.0, 120.0, 480.0, 1800.0, 7200.0)
"""30 s, 2 min, 8 min, 30 min, 2 h: a partner's schedule and two more, because nobody sends a
notification again by hand."""

_TEXT = (
    "Doorstep: your webhook endpoint at {host} is switched off because it failed. "
    "Mend it, then enable it again: updates wait for it."
)


class NotificationKind(StrEnum):
    """What is told."""

    ENDPOINT_DISABLED = "endpoint_disabled"


class NotificationChannel(StrEnum):
    """Who is told, and how: ops by a signed webhook, the partner by a text to its own phone."""

    OPS_WEBHOOK = "ops_webhook"
    CONTACT_TEXT = "contact_text"


class NotificationState(StrEnum):
    """`waiting` until it has ended. `failed`: given up, or nobody can tell whether it was sent;
    `skipped`: nothing was sent, on purpose."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class NotificationInput:
    """Input of the workflow and its activities: which notification, and how it travels."""

    notification_id: str
    channel: NotificationChannel


@dataclass(frozen=True)
class NotificationResult:
    """How a notification stands after an attempt. `again_in_s`: seconds until the next one, while
    it waits."""

    state: NotificationState
    code: str | None = None
    again_in_s: float | None = None


@dataclass(frozen=True)
class OpsWebhook:
    """Where ops is told: a URL, and the secret (`whsec_…`) that signs. A URL may carry a token."""

    url: str = field(repr=False)
    secret: str = field(repr=False)


class NotificationData(BaseModel):
    """What it is about: ids, and the reason in words."""

    model_config = ConfigDict(frozen=True)

    partner_id: str
    endpoint_id: str
    reason: str


class OperationalWebhook(BaseModel):
    """The body that ops receives. `id` is the notification's and its `webhook-id`, the same at
    every attempt; `created_at` is when the endpoint was switched off. Fields may be added, none
    changes."""

    model_config = ConfigDict(frozen=True)

    id: str
    type: Literal["endpoint.disabled"] = "endpoint.disabled"
    created_at: UtcDatetime
    data: NotificationData

    def to_bytes(self) -> bytes:
        """The bytes that are signed and sent: UTF-8 JSON without spaces."""
        return self.model_dump_json().encode()


def text_of_notification(host: str, longest: int) -> str:
    """The text to the contact phone. Of a host longer than `longest` characters the end is named:
    that is what its owner knows it by. The words are the same for every reason, so that one content
    template registers them for India."""
    return _TEXT.format(host=host[-longest:])
