"""The lock of a user. Whoever begins something in their name takes it, and whoever ends it all: a
password that changes, a removal, another role, a second factor. So each sees what the other did.

It is taken before the locks of what is theirs (second factor, link), by everybody.
"""

from sqlmodel import Session

from store.db.row_locks import TO_CHANGE
from store.tables import UserRow


def lock_user(session: Session, user_id: str) -> UserRow:
    """Somebody as they are now, and stay until the commit; removed or not."""
    return session.get_one(UserRow, user_id, with_for_update=TO_CHANGE, populate_existing=True)
