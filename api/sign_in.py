"""Passwords: made into hashes and compared, so that nobody learns who exists, or can guess on.

argon2id with the parameters of `argon2-cffi` (RFC 9106, the second recommended option). An unknown
address costs as long as a wrong password and is answered the same.
"""

import asyncio
import secrets
from datetime import datetime
from functools import cached_property

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

    async def hashed(self, password: str) -> str:
        """A password as it is kept."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def with_password(
        self, email: str, password: str, client: str, now: datetime
    ) -> Begun | None:
        """A new session; None for an unknown address, a wrong password, or too many of them.

        The guard is asked in the turn: of many guesses sent at once, each waits until those before
        it are counted.
        """
        async with self._turns:
            if await self._database.read(guard.is_locked, email, client, now):
                return None
            user = await self._database.read(user_by_email, email)
            known = user.password_hash if user is not None else None
            right = await asyncio.to_thread(self._is_right, known, password)
            if user is None or known is None or not right:
                await self._database.write(guard.note_failure, email, client, now)
                return None
        await self._database.write(guard.forgive, email)
        return await self._database.write(begin_for, user.id, now)

    @cached_property
    def _nobody(self) -> str:
        """A hash of a password that nobody has: made at the first need, not when the API starts."""
        return self._hasher.hash(secrets.token_urlsafe())

    def _is_right(self, known: str | None, password: str) -> bool:
        nobody = self._nobody  # made for a known address, too: the first answers take as long
        try:
            return self._hasher.verify(known or nobody, password)
        except (VerificationError, InvalidHashError):
            return False
