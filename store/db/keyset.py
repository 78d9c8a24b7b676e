"""Where a page of something that is sorted by time ended: the next one begins behind it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Position:
    """The time and the id of the last row of a page, which together are unique."""

    at: datetime
    id: str
