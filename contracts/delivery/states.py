"""States, reasons and triggers: the words of the design, one meaning each."""

from enum import StrEnum


class Channel(StrEnum):
    """How a delivery travels."""

    WEBHOOK = "webhook"
    SMS = "sms"


class EventState(StrEnum):
    """`accepted → planned`, or `failed` when it can never be started."""

    ACCEPTED = "accepted"
    PLANNED = "planned"
    FAILED = "failed"


class DeliveryState(StrEnum):
    """`pending → held → delivering → delivered | dead_lettered | skipped`, and after that
    `dead_lettered → delivering | discarded | expired`."""

    PENDING = "pending"
    HELD = "held"
    DELIVERING = "delivering"
    DELIVERED = "delivered"
    DEAD_LETTERED = "dead_lettered"
    SKIPPED = "skipped"
    DISCARDED = "discarded"
    EXPIRED = "expired"


OPEN_STATES = frozenset({DeliveryState.PENDING, DeliveryState.DELIVERING})
"""Deliveries that a workflow has to carry on with when it (re)starts."""

NOT_ENDED = OPEN_STATES | {DeliveryState.HELD}
"""Deliveries that may still be sent by themselves."""


class SkipReason(StrEnum):
    """Why nothing was sent, on purpose."""

    NO_CHANNEL = "no_channel"
    TYPE_NOT_SUBSCRIBED = "type_not_subscribed"
    ENDPOINT_REMOVED = "endpoint_removed"
    SMS_OFF_FOR_TYPE = "sms_off_for_type"
    SMS_AWAITS_OWNER = "sms_awaits_owner"
    """Its tier comes with texts, and nobody of the shop has said yes to them yet."""
    OPTED_OUT = "opted_out"
    INVALID_PHONE = "invalid_phone"
    STALE = "stale"
    DUPLICATE = "duplicate"
    """Another event of the order has said the same, and the customer may have its text."""
    RECORDED_ONLY = "recorded_only"
    ERASED = "erased"


class AttemptState(StrEnum):
    """One HTTP try. `interrupted`: a crash, a deploy or a mistake of ours ended it; not charged."""

    IN_FLIGHT = "in_flight"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class Trigger(StrEnum):
    """What set an attempt off: the schedule or a person."""

    SCHEDULED = "scheduled"
    MANUAL = "manual"


class EndpointState(StrEnum):
    """`paused` by a person, `disabled` by the partner's 410 or five days of failed probes; both
    make deliveries `held`."""

    ENABLED = "enabled"
    PAUSED = "paused"
    DISABLED = "disabled"


class DeadLetterReason(StrEnum):
    """Why automatic attempts ended without a delivery."""

    EXHAUSTED = "exhausted"
    GONE = "gone"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    """SMS only: Twilio may or may not have sent it, so it is never sent again by itself."""
    CANCELLED_BY_OPS = "cancelled_by_ops"
    OUR_FAULT = "our_fault"
    """A mistake of ours stopped it again and again; the partner has no part in it."""


class DeadLetterResolution(StrEnum):
    """What became of a dead letter that is no longer open."""

    RETRIED = "retried"
    DELIVERED = "delivered"
    """The success of an earlier try came in late."""
    DISCARDED = "discarded"
    EXPIRED = "expired"


class HoldReason(StrEnum):
    """What a held delivery waits for."""

    PARTNER_PAUSED = "partner_paused"
    ENDPOINT_OFF = "endpoint_off"
    ENDPOINT_FAILING = "endpoint_failing"
    """Its endpoint's circuit breaker is open; a probe finds out when it answers again."""
    ENDPOINT_BUSY = "endpoint_busy"
    """Its endpoint has as many attempts in flight, or in this second, as it may have, or asked us
    to wait (429, or 503 with a Retry-After)."""
    EARLIER_EVENT = "earlier_event"
    """An earlier event of the same order has not ended, and the endpoint wants them in order."""
    SMS_SUSPENDED = "sms_suspended"
    """Texts are stopped: all of them, the partner's, or those of the sender or to the country."""
    DAILY_CAP = "daily_cap"
    """The partner has sent as many texts today as it may."""
    NOT_REACHED = "not_reached"
    """Twilio could not reach the phone: the text is sent once more in a while."""
    REDIRECTED = "redirected"
    """A person corrected the phone of a text that was skipped: it goes out in a moment."""


TURN_COMES = frozenset({HoldReason.ENDPOINT_BUSY, HoldReason.EARLIER_EVENT})
"""Held deliveries that only wait for others of their endpoint, and go on by themselves."""


class SmsState(StrEnum):
    """One text. `claimed` is committed before Twilio is called; `unknown` may have been sent;
    `refused` certainly was not and is tried again, `rejected` was not and is not. What comes after
    `accepted` is told by Twilio's status callbacks."""

    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    REFUSED = "refused"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


class OptOutSource(StrEnum):
    """Who said that a customer wants no more texts of a partner."""

    API = "api"
    LINK = "link"
    TWILIO = "twilio"
    """Twilio refused a text because its receiver had opted out (21610)."""
