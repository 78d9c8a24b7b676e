"""Cursors of the event log: opaque to the caller, a position to us."""

import base64
from datetime import datetime

from contracts.errors import Invalid
from contracts.fields import to_utc
from store.event_list import Position

_SEPARATOR = "|"


def write_cursor(position: Position) -> str:
    """A position as a cursor, safe in a URL."""
    text = f"{position.accepted_at.isoformat()}{_SEPARATOR}{position.event_id}"
    return base64.urlsafe_b64encode(text.encode()).decode()


def read_cursor(cursor: str | None) -> Position | None:
    """The position behind a cursor. Invalid when it is none of ours."""
    if cursor is None:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor.encode()).decode()
        moment, _, event_id = text.partition(_SEPARATOR)
        accepted_at = datetime.fromisoformat(moment)
        if accepted_at.tzinfo is None or not event_id:
            raise ValueError
        return Position(to_utc(accepted_at), event_id)
    except ValueError:
        fault = "use next_cursor of the last page as it was given"
        raise Invalid(fault, field="cursor") from None
