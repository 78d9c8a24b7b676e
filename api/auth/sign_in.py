"""Passwords: made into hashes and compared, so that nobody learns who exists, or can guess on.

argon2id with the parameters of `argon2-cffi` (RFC 9106, the second recommended option). An unknown
address costs as long as a wrong password and is answered the same.
"""

import asyncio
import secrets
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from contracts.access.second_factor import SecondFactorRule
from contracts.access.users import Role
from contracts.errors import Busy
from store.access import login_throttle
from store.access.pending_sign_ins import PendingSignIn
from store.access.sessions import Begun, ProvenPassword, accept_invitation, begin_or_ask
from store.access.users import user_by_email
from store.db.database import Database

_AT_ONCE = 2
"""Each takes 64 MiB for a moment."""

_MOST_WAITING, _MOST_OF_NETWORK = 30, 6
"""How many passwords may wait to be looked at, of all and of one client network: half a minute's
work, and nobody can fill the line alone."""


class SignIn:
    """Signs people in. One for each process, made in its composition root.

    Passwords have threads of their own, and those that are chosen do not stand behind guesses.
    """

    def __init__(
        self,
        database: Database,
        hasher: PasswordHasher | None = None,
        *,
        second_factor: SecondFactorRule = SecondFactorRule.OPTIONAL,
        ops_by_password: bool = True,
    ) -> None:
        self._database = database
        self.second_factor = second_factor
        self._ops_by_password = ops_by_password
        self._hasher = hasher or PasswordHasher()
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._comparing = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="password")
        self._choosing = ThreadPoolExecutor(1, thread_name_prefix="new-password")
        self._waiting: Counter[str] = Counter()

    def takes_passwords_of(self, role: Role) -> bool:
        """Whether these people sign in with a password at all."""
        return self._ops_by_password or role is not Role.OPS

    async def hashed(self, password: str) -> str:
        """A password as it is kept."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._choosing, self._hasher.hash, password)

    async def with_password(
        self, email: str, password: str, client: str, now: datetime
    ) -> Begun | PendingSignIn | None:
        """A new session, or one that waits for the second factor; None for an unknown address, a
        password that is wrong, or was changed meanwhile, or too many of them. Busy when too many
        wait already."""
        proven = await self._known_by(email, password, client, now)
        if proven is None:
            return None
        return await self._database.write(begin_or_ask, proven, now, self.second_factor)

    async def is_theirs(self, email: str, password: str, client: str, now: datetime) -> bool:
        """Whether somebody who is signed in has typed their own password; guarded as a sign-in."""
        return await self._known_by(email, password, client, now) is not None

    async def with_new_password(
        self, token: str, password: str, now: datetime
    ) -> Begun | PendingSignIn:
        """The same for whoever accepts an invitation, with the password that they chose."""
        hashed, rule = await self.hashed(password), self.second_factor
        return await self._database.write(accept_invitation, token, hashed, now, rule=rule)

    async def _known_by(
        self, email: str, password: str, client: str, now: datetime
    ) -> ProvenPassword | None:
        """Whose address and password these are.

        The guard is asked before the line, so that who is locked does not lengthen it, and again in
        the turn: of many guesses sent at once, each waits until those before it are counted.
        """
        if await self._database.read(login_throttle.is_locked, email, client, now):
            return None
        with self._place_in_line(login_throttle.network_of(client)):
            async with self._turns:
                return await self._in_turn(email, password, client, now)

    async def _in_turn(
        self, email: str, password: str, client: str, now: datetime
    ) -> ProvenPassword | None:
        if await self._database.read(login_throttle.is_locked, email, client, now):
            return None
        user = await self._database.read(user_by_email, email)
        known = user.password_hash if user is not None else None
        loop = asyncio.get_running_loop()
        right = await loop.run_in_executor(self._comparing, self._is_right, known, password)
        right = right and user is not None and self.takes_passwords_of(user.role)
        if user is None or known is None or not right:
            await self._database.write(login_throttle.note_failure, email, client, now)
            return None
        await self._database.write(login_throttle.forgive, email)
        return ProvenPassword(user.id, known)

    @contextmanager
    def _place_in_line(self, network: str) -> Iterator[None]:
        if self._waiting.total() >= _MOST_WAITING or self._waiting[network] >= _MOST_OF_NETWORK:
            raise Busy("too many people sign in at this moment: try again in a few seconds")
        self._waiting[network] += 1
        try:
            yield
        finally:
            self._waiting[network] -= 1
            self._waiting += Counter()  # drops networks of which nobody waits

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
