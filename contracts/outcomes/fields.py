"""Days and decimal numbers of outcomes, as the API takes and shows them."""

import datetime as dt
from typing import Annotated

from pydantic import AfterValidator, Field

from contracts.instructions.request import Day
from contracts.refusals import UnusableValue

_FIRST, _LAST = dt.date(2000, 1, 1), dt.date(2999, 12, 31)


def _of_these_times(day: dt.date) -> dt.date:
    if not _FIRST <= day <= _LAST:
        raise UnusableValue("send a day of the years 2000 to 2999", cause="day")
    return day


OutcomeDay = Annotated[Day, AfterValidator(_of_these_times)]
"""A day that has weeks before and after it."""

_DECIMAL = r"^-?[0-9]+(\.[0-9]+)?$"

DecimalText = Annotated[str, Field(pattern=_DECIMAL)]
"""A decimal number, exact, as a string."""
