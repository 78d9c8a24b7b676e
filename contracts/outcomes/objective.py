"""The objective: webhooks arrive within 90 s of the event's acceptance, 99.6 % of them."""

from datetime import timedelta
from enum import StrEnum

from contracts.delivery.retry import DEFAULT_DELAYS_S, JITTER

IN_TIME = timedelta(seconds=90)
TARGET = 0.996

WITHIN_POLICY = timedelta(seconds=round(sum(DEFAULT_DELAYS_S) * (1 + JITTER)))
"""The automatic attempts take no longer: what arrives by then is no later than the policy says."""


class DueState(StrEnum):
    """How a webhook stands once its time is over. Everything but `in_time` misses the objective."""

    IN_TIME = "in_time"
    LATE = "late"
    """It has arrived since."""
    UNDER_WAY = "under_way"
    HELD = "held"
    DEAD_LETTERED = "dead_lettered"
    NOT_PLANNED = "not_planned"
    """Its event has no deliveries yet: nobody knows how many webhooks there would be, and it counts
    as one."""
