"""Whether a stream of dead letters is complete, by what the database says of them."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session, select

from contracts.dead_letter_stream import DeadLetterMove
from store.database import Database
from store.tables import DeadLetterRow

ENTERED, LEFT = DeadLetterMove.ENTERED, DeadLetterMove.LEFT
Entries = Sequence[Mapping[str, str]]


async def moves_of(database: Database) -> set[tuple[str, str]]:
    """Every move there was, by the dead letters themselves."""

    def read(session: Session) -> set[tuple[str, str]]:
        rows = session.exec(select(DeadLetterRow)).all()
        entered = {(one.id, str(ENTERED)) for one in rows}
        return entered | {(one.id, str(LEFT)) for one in rows if one.resolved_at}

    return await database.read(read)


def moves_in(entries: Entries) -> set[tuple[str, str]]:
    """Every move that a stream has."""
    return {(one["dead_letter_id"], one["move"]) for one in entries}


def out_of_order(entries: Entries) -> list[str]:
    """Dead letters whose exit comes before every entry of theirs."""
    seen: set[tuple[str, str]] = set()
    found = []
    for one in entries:
        letter = one["dead_letter_id"]
        if one["move"] == LEFT and (letter, str(ENTERED)) not in seen:
            found.append(letter)
        seen.add((letter, one["move"]))
    return found
