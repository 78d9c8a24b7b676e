"""Time zones: every one that is taken can be shown."""

from zoneinfo import available_timezones

import pytest
from babel.dates import get_timezone
from pydantic import TypeAdapter, ValidationError

from contracts.time_zones import TimeZone

ZONES: TypeAdapter[str] = TypeAdapter(TimeZone)


def is_taken(name: str) -> bool:
    try:
        return ZONES.validate_python(name) == name
    except ValidationError:
        return False


def test_the_pages_can_show_times_in_all_that_are_taken() -> None:
    taken = [name for name in available_timezones() if is_taken(name)]
    assert {"Asia/Kolkata", "Asia/Calcutta", "America/Argentina/Ushuaia", "UTC"} <= set(taken)
    for name in taken:
        get_timezone(name)  # LookupError for one that it does not know


@pytest.mark.parametrize("name", ["Factory", "localtime", "posixrules", "IST", "asia/kolkata", ""])
def test_no_other_is_taken(name: str) -> None:
    assert not is_taken(name)
