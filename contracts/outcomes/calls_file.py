"""Customers' calls out of a CSV file, as a call centre exports them."""

from pydantic import field_validator

from contracts.outcomes.lines_file import LinesForm
from contracts.outcomes.views import CallsGiven


class CallsInLine(CallsGiven):
    """Calls as a line says them: "38.0" may be 38 or 380 to whoever wrote it."""

    @field_validator("calls", mode="before")
    @classmethod
    def _whole(cls, calls: str) -> int:
        if not (calls.isascii() and calls.isdigit()):
            raise ValueError("send a whole number from 0")
        return int(calls[:20])


CALLS_FILE = LinesForm(
    columns=("partner_id", "day", "calls"),
    model=CallsInLine,
    key=lambda given: (given.partner_id, given.day),
    key_words="partner and day",
)
