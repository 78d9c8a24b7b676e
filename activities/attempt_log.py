"""One line in the log for each attempt, with every field of it: as `key=value` in a text log, as
fields in a JSON log.

Ids, states and codes only: no URL, nothing of the customer. What an attempt does not have is `-`,
and missing in JSON.
"""

import logging

from activities.metrics import Meters
from store.retries.attempt_reports import AttemptReport

log = logging.getLogger("doorstep.attempts")

FIELDS = {
    "event": "event_id",
    "order": "order_id",
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


class AttemptLine(dict[str, object]):
    """What is logged of an attempt: its fields for a JSON log, which calls ids by their whole
    names; as a string, the line of a text log."""

    def __init__(self, report: AttemptReport) -> None:
        fields = {key: getattr(report, name) for key, name in FIELDS.items()}
        whole = {FIELDS[key] if FIELDS[key].endswith("_id") else key: fields[key] for key in FIELDS}
        super().__init__(message="attempt", **whole)
        self._text = " ".join(f"{key}={_shown(value)}" for key, value in fields.items())

    def __str__(self) -> str:
        return self._text


def tell(report: AttemptReport, meters: Meters) -> None:
    """Log an attempt that has ended, and count it."""
    meters.attempted(report)
    log.info(AttemptLine(report))


def _shown(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)
