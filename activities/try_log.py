"""One line in the log for each try, with every field of it, as `key=value`.

Ids, states and codes only: no URL, nothing of the customer. What a try does not have is `-`.
"""

import logging

from activities.meters import Meters
from store.try_reports import TryReport

log = logging.getLogger("doorstep.tries")

FIELDS = {
    "event": "event_id",
    "delivery": "delivery_id",
    "endpoint": "endpoint_id",
    "partner": "partner_id",
    "attempt": "number",
    "round": "round",
    "trigger": "trigger",
    "channel": "channel",
    "code": "code",
    "status": "status",
    "duration_ms": "duration_ms",
    "charged": "charged",
    "next_in_s": "next_in_s",
    "result": "result",
}
"""The keys of a line in their order, and the fields of a report that they show."""


def tell(report: TryReport, meters: Meters) -> None:
    """Log a try that has ended, and count it."""
    meters.tried(report)
    log.info("%s", line_of(report))


def line_of(report: TryReport) -> str:
    """The line of a try."""
    return " ".join(f"{key}={_shown(getattr(report, name))}" for key, name in FIELDS.items())


def _shown(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)
