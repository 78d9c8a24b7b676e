"""A notification's messages: one thing that is sent over one channel to one recipient."""

from dataclasses import dataclass
from enum import StrEnum

NOTIFICATION_DELAYS_S: tuple[float, ...] = (30.0, 120.0, 480.0, 1800.0, 7200.0)
"""30 s, 2 min, 8 min, 30 min, 2 h: a partner's schedule and two more, because nobody sends a
notification again by hand."""

MAIL_DELAYS_S, MAIL_THEN_S = NOTIFICATION_DELAYS_S[:4], 3600.0
"""An e-mail is tried each hour after that, until what it tells is of no more use."""


class MessageChannel(StrEnum):
    """How it travels: by e-mail to one person, by SMS to the partner's contact phone, by signed
    webhook to ops or to the partner's own receiver of notifications."""

    EMAIL = "email"
    SMS = "sms"
    OPS_WEBHOOK = "ops_webhook"
    PARTNER_WEBHOOK = "partner_webhook"


class MessageState(StrEnum):
    """`waiting` until it has ended. An e-mail carries one or more notifications of one person,
    every other message carries one."""

    WAITING = "waiting"
    SENT = "sent"
    SKIPPED = "skipped"
    """Nothing was sent, on purpose; the row says why."""
    FAILED = "failed"
    """Given up after its last attempt: certainly nobody was told."""
    REFUSED = "refused"
    """The other side refuses it for good."""
    UNKNOWN = "unknown"
    """It may have been sent, so it is not sent again."""


NOT_TOLD = (MessageState.FAILED, MessageState.REFUSED, MessageState.UNKNOWN)
"""It has ended, and the one it was for does not know, or nobody can tell."""


@dataclass(frozen=True)
class MessageInput:
    """Input of the workflow and its activities: which message, and how it travels."""

    message_id: str
    channel: MessageChannel


@dataclass(frozen=True)
class MessageResult:
    """How a message stands after an attempt. `again_in_s`: seconds until the next one, while it
    waits."""

    state: MessageState
    code: str | None = None
    again_in_s: float | None = None


@dataclass(frozen=True)
class Channels:
    """Which channels are set up, besides those that a partner has of its own."""

    email: bool = False
    ops_webhook: bool = False
