"""What was written to be told, for tests."""

from sqlmodel import col, select

from contracts.notifications.kinds import NotificationKind
from store.tables import NotificationRow
from tests.support.shelf import Shelf


async def told(shelf: Shelf, *kinds: NotificationKind) -> list[NotificationRow]:
    """Every notification in the order they were written; of these kinds, where some are named."""
    query = select(NotificationRow).order_by(col(NotificationRow.id))
    rows = await shelf.database.read(lambda session: list(session.exec(query)))
    return [row for row in rows if not kinds or row.kind in kinds]


async def kinds_told(shelf: Shelf) -> list[NotificationKind]:
    """What was told, in order."""
    return [row.kind for row in await told(shelf)]
