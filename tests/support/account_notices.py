"""What was written to be told by mail of accounts, for tests."""

from sqlmodel import Session, col, select

from contracts.notifications.kinds import NotificationKind
from store.db.database import Database
from store.encryption.columns import NOTIFICATION_SECRET
from store.encryption.sealing import open_sealed
from store.tables import NotificationRow


async def notices(
    database: Database, kind: NotificationKind | None = None
) -> list[NotificationRow]:
    """Every notification, or all of a kind, in the order they were written."""
    query = select(NotificationRow).order_by(col(NotificationRow.id))
    rows = await database.read(lambda session: list(session.exec(query)))
    return [row for row in rows if kind in (None, row.kind)]


async def token_in(database: Database, notice: NotificationRow) -> str:
    """The token of the link that a notification carries."""

    def opened(session: Session) -> str:
        return open_sealed(session, NOTIFICATION_SECRET, notice.secret or "", notice.id)

    return await database.read(opened)
