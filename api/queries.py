"""What queries are made of: times, texts and limits, as every list takes them."""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from contracts.body import Body
from contracts.payload.fields import UtcDatetime
from contracts.payload.text import readable

_PLUS_LOST = re.compile(r" (?=[0-9]{2}:[0-9]{2}$)")
_LIMIT = re.compile(r"[0-9]{1,3}")


def _with_its_plus(value: object) -> object:
    """A time as it was written: `+05:30` arrives as a space where nobody has encoded the plus, and
    no time has a space there for anything else."""
    return _PLUS_LOST.sub("+", value) if isinstance(value, str) else value


def _written_in_digits(value: object) -> object:
    """Only digits: int() also reads `1_0`, ` 5` and the digits of other scripts."""
    if isinstance(value, str) and not _LIMIT.fullmatch(value):
        raise ValueError("send a whole number from 1 to 100")
    return value


QueryTime = Annotated[UtcDatetime, BeforeValidator(_with_its_plus)]

ShortText = Annotated[str, Field(max_length=64), AfterValidator(readable)]
"""An id to look for; one that is none finds nothing."""

LongText = Annotated[str, Field(max_length=500), AfterValidator(readable)]
"""A sender's own id, of an order say."""

PageCursor = Annotated[
    str,
    Field(max_length=300, description="next_cursor of the last page"),
    AfterValidator(readable),
]
PageLimit = Annotated[
    int,
    Field(ge=1, le=100, description="how many on one page"),
    BeforeValidator(_written_in_digits),
]


class PageQuery(Body):
    """Which page of a list; no other names are taken."""

    cursor: PageCursor | None = None
    limit: PageLimit = 50
