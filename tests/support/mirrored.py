"""Whether a stream of dead letters is complete, by what the database says of them."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session, select

from contracts.delivery.dead_letter_stream import QueueChange
from store.db.database import Database
from store.tables import DeadLetterRow

ENTERED, LEFT = QueueChange.ENTERED, QueueChange.LEFT
Entries = Sequence[Mapping[str, str]]


async def changes_of(database: Database) -> set[tuple[str, str]]:
    """Every move there was, by the dead letters themselves."""

    def read(session: Session) -> set[tuple[str, str]]:
        rows = session.exec(select(DeadLetterRow)).all()
        entered = {(one.id, str(ENTERED)) for one in rows}
        return entered | {(one.id, str(LEFT)) for one in rows if one.resolved_at}

    return await database.read(read)


def changes_in(entries: Entries) -> set[tuple[str, str]]:
    """Every move that a stream has."""
    return {(one["dead_letter_id"], one["change"]) for one in entries}


def out_of_order(entries: Entries) -> list[str]:
    """Dead letters whose exit comes before every entry of theirs."""
    seen: set[tuple[str, str]] = set()
    found = []
    for one in entries:
        dead_letter = one["dead_letter_id"]
        if one["change"] == LEFT and (dead_letter, str(ENTERED)) not in seen:
            found.append(dead_letter)
        seen.add((dead_letter, one["change"]))
    return found
