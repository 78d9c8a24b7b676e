"""Places in the feed: a reader that goes on behind the last number it saw misses nothing.

A sequence alone would not do: the transaction with the smaller number may be the one that commits
last, when the reader has passed it. So numbers are given under a lock that is held until the
commit: who gets a greater one has waited for every smaller one to be seen.
"""

from sqlalchemy import func, select
from sqlmodel import Session

from store.tables import INSTRUCTION_NUMBERS

_FEED = 0x1257_0001
"""The advisory lock of the feed; no other lock of ours has this key."""


def next_number(session: Session) -> int:
    """The next place in the feed. Take it as the last thing: others wait for this commit."""
    session.execute(select(func.pg_advisory_xact_lock(_FEED)))
    return int(session.execute(select(INSTRUCTION_NUMBERS.next_value())).scalar_one())
