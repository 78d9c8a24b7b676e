"""Cursors of the event log and the audit log: opaque to the caller, a position to us."""

import base64
from datetime import datetime

from contracts.errors import Invalid
from contracts.payload.fields import to_utc
from store.db.keyset import Position

_SEPARATOR = "|"


def write_cursor(position: Position) -> str:
    """A position as a cursor, safe in a URL."""
    text = f"{position.at.isoformat()}{_SEPARATOR}{position.id}"
    return base64.urlsafe_b64encode(text.encode()).decode()


def read_cursor(cursor: str | None) -> Position | None:
    """The position behind a cursor. Invalid when it is none of ours."""
    if cursor is None:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor.encode()).decode()
        moment, _, last_id = text.partition(_SEPARATOR)
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None or not last_id:
            raise ValueError
        return Position(to_utc(at), last_id)
    except ValueError:
        fault = "use next_cursor of the last page as it was given"
        raise Invalid(fault, field="cursor") from None
