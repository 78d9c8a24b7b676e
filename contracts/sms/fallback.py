"""When the text that stands in for a webhook is due: by time, not only by a dead letter. Pure."""

from datetime import datetime, timedelta

from contracts.delivery.retry import RetrySchedule

SHARE_OF_SCHEDULE = 0.95
"""The text is planned when so much of the schedule has passed: it takes a while itself, and the
customer is to have it when the schedule ends (10.5 minutes by default)."""

TIME_TO_USE_AN_OTP = timedelta(minutes=2)
"""A text with an OTP is planned so long before the OTP ends, where that comes first."""


def fallback_wait(
    accepted_at: datetime, otp_until: datetime | None, schedule: RetrySchedule, now: datetime
) -> timedelta:
    """How long from now on a webhook has to arrive before its customer is texted.

    Counted from the event's acceptance, whatever the webhook waits for meanwhile. Never less than
    the schedule's first delay: an event that is planned late has its first attempt and one retry.
    """
    due = accepted_at + schedule.whole * SHARE_OF_SCHEDULE
    if otp_until is not None:
        due = min(due, otp_until - TIME_TO_USE_AN_OTP)
    return max(due - now, timedelta(seconds=next(iter(schedule.delays_s), 0.0)))
