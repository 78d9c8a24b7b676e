"""Why a message cannot be sent again: named, so that pages say it in the words of their readers."""

from enum import StrEnum


class RetryRefusal(StrEnum):
    """The cause of a Conflict."""

    ERASED = "erased"
    TOO_LATE = "too_late"
    PAUSED = "paused"
    ALREADY_SENT = "already_sent"
    ENDED = "ended"
    CLOSED = "closed"
    ENDPOINT_REMOVED = "endpoint_removed"
    ENDPOINT_OFF = "endpoint_off"
    MAY_HAVE_ARRIVED = "may_have_arrived"
    SENT_TOO_OFTEN = "sent_too_often"
    NO_USE = "no_use"
    """The same again would fail again."""
    NOT_TAKEN = "not_taken"
    """Our engine did not take it."""
