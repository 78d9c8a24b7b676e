"""A clock for tests."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass
class Hands:
    """A clock that stands still until a test turns it."""

    at: datetime

    def __call__(self) -> datetime:
        """The time now."""
        return self.at

    def turn(self, by: timedelta) -> None:
        """Move the hands."""
        self.at += by
