"""What the page works with, out of what the app that mounts it was given."""

from datetime import datetime
from typing import Annotated, Protocol

from fastapi import Depends, Request

from contracts.clock import Clock
from contracts.sms.rules import TextRules
from store.db.database import Database


class Allowed(Protocol):
    """What is left of somebody's requests."""

    @property
    def wait_s(self) -> int:
        """Above 0: this one was one too many."""


class Limits(Protocol):
    """Counts requests by whose they are, so many a minute."""

    def spend_of(self, whose: str, most: int) -> Allowed:
        """Count one."""

    def has_left(self, whose: str, most: int) -> bool:
        """Whether one more would be let through."""


class Parts(Protocol):
    """The part of the API's parts that the page needs."""

    @property
    def database(self) -> Database:
        """The database."""

    @property
    def clock(self) -> Clock:
        """The clock."""

    @property
    def limits(self) -> Limits:
        """What bounds how often somebody may ask."""

    @property
    def text_rules(self) -> TextRules:
        """Where customers reach us."""


async def get_parts(request: Request) -> Parts:
    """The parts of the running app."""
    parts: Parts = request.app.state.parts
    return parts


PartsDep = Annotated[Parts, Depends(get_parts)]


async def now_of(parts: PartsDep) -> datetime:
    """The moment at which the request is dealt with."""
    return parts.clock()


Now = Annotated[datetime, Depends(now_of)]
