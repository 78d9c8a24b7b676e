"""What of a password is kept, and how long one that was compared is good for."""

import asyncio
import threading
from typing import Literal

from argon2 import PasswordHasher

from api.auth.sign_in import SignIn
from contracts.access.users import Role
from contracts.clock import utc_now
from store.access.sessions import accept_invitation
from store.db.database import Database
from store.tables import SessionRow, UserRow
from tests.support.parts import CHEAP
from tests.support.shelf import NOW, Shelf
from tests.support.visitor import PASSWORD

EMAIL, CLIENT = "priya@chaipoint.example", "203.0.113.7"


class SlowHasher(PasswordHasher):
    """Says whether a password is right once it may, as on a machine with much to do."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.compared, self.go_on = threading.Event(), threading.Event()

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002
        right = super().verify(hash, password)
        self.compared.set()
        self.go_on.wait(30)
        return right


async def test_a_hash_costs_what_rfc_9106_recommends(database: Database) -> None:
    kept = await SignIn(database).hashed(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


async def test_a_password_that_is_changed_while_it_is_compared_lets_nobody_in(
    shelf: Shelf,
) -> None:
    user, token = await shelf.invite(EMAIL, Role.OPS, None)
    await shelf.database.write(accept_invitation, token, CHEAP.hash(PASSWORD), NOW)
    sessions, hasher = await shelf.count(SessionRow), SlowHasher()
    sign_in = SignIn(shelf.database, hasher)
    signing_in = asyncio.create_task(sign_in.with_password(EMAIL, PASSWORD, CLIENT, utc_now()))
    await asyncio.to_thread(hasher.compared.wait, 30)
    await shelf.change(UserRow, user.id, password_hash=CHEAP.hash("another one"))
    hasher.go_on.set()
    assert await signing_in is None
    assert await shelf.count(SessionRow) == sessions
