"""Options that several groups have, with one meaning each."""

import re
from datetime import timedelta
from typing import Annotated

import typer

from contracts.clock import utc_now

AsJson = Annotated[bool, typer.Option("--json", help="print what the API says, for programs")]
Limit = Annotated[int, typer.Option(min=1, help="how many at most")]
OfPartner = Annotated[str | None, typer.Option("--partner", help="of this partner alone")]
OfEndpoint = Annotated[str | None, typer.Option("--endpoint", help="of this endpoint alone")]
OfType = Annotated[str | None, typer.Option("--type", help="such as out_for_delivery")]
_WHEN = "a time with its offset, or an age such as 30m, 2h or 3d"
Since = Annotated[str | None, typer.Option(help=f"from then on: {_WHEN}")]
Until = Annotated[str | None, typer.Option(help=f"before then: {_WHEN}")]

_AGE = re.compile(r"(\d{1,6})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def moment(text: str | None) -> str | None:
    """A time as the API takes it; an age is counted back from now. What is neither is left to the
    API to refuse."""
    if text is None or not (age := _AGE.fullmatch(text)):
        return text
    return (utc_now() - timedelta(**{_UNITS[age[2]]: int(age[1])})).isoformat()
