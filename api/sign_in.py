"""Passwords: made into hashes and compared, so that nobody learns who exists, or can guess on.

argon2id with the parameters of `argon2-cffi` (RFC 9106, the second recommended option). An unknown
address costs as long as a wrong password and is answered the same.
"""

import asyncio
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from store.database import Database
from store.people import guard
from store.people.sessions import Begun, begin_for
from store.people.users import user_by_email

_AT_ONCE = 2
"""Each takes 64 MiB for a moment."""


class SignIn:
    """Signs people in. One for each process, made in its composition root."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._hasher = PasswordHasher()
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._nobody: str | None = None

    async def hashed(self, password: str) -> str:
        """A password as it is kept."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def with_password(
        self, email: str, password: str, client: str, now: datetime
    ) -> Begun | None:
        """A new session; None for an unknown address, a wrong password, or too many of them."""
        if await self._database.read(guard.is_locked, email, client, now):
            return None
        if self._nobody is None:
            self._nobody = await self.hashed("nobody has this password")
        user = await self._database.read(user_by_email, email)
        known = user.password_hash if user is not None else None
        right = await self._is_right(known or self._nobody, password)
        if user is None or known is None or not right:
            await self._database.write(guard.note_failure, email, client, now)
            return None
        await self._database.write(guard.forgive, email)
        return await self._database.write(begin_for, user.id, now)

    async def _is_right(self, known: str, password: str) -> bool:
        async with self._turns:
            return await asyncio.to_thread(self._verify, known, password)

    def _verify(self, known: str, password: str) -> bool:
        try:
            return self._hasher.verify(known, password)
        except (VerificationError, InvalidHashError):
            return False
