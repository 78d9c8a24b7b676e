"""Row locks: three kinds for the whole store, and none stands in the way of a foreign key.

PostgreSQL checks a foreign key by locking the row it points to (FOR KEY SHARE): at an INSERT, and
at the second UPDATE of a row in one transaction as well, whether the key changed or not. FOR UPDATE
conflicts with that. An attempt writes its delivery twice and then locks the endpoint: two of them
would each hold what the other wants. No key here ever changes, so FOR NO KEY UPDATE is as good; who
reads under FOR SHARE is kept apart from it as before. (PostgreSQL manual, "Row-Level Locks".)
"""

from typing import Final

TO_CHANGE: Final = {"key_share": True}
"""For a row that is to be changed, or is the gate to others: FOR NO KEY UPDATE."""

TO_CHANGE_IF_FREE: Final = {**TO_CHANGE, "skip_locked": True}
"""The same, but a row that somebody has locked is not found: for who looks again soon, and has
others to look after."""

TO_KEEP: Final = {"read": True}
"""For a row that must stay as it is until the commit: FOR SHARE."""
