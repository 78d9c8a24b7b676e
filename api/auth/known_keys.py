"""The keys that this process has seen lately, so that a request costs no query to be let in.

A key that was looked up is believed for `FRESH` and then looked up again beside the requests that
go on; after `STALE` a request waits for the look-up. So a key that was revoked elsewhere works for
ten seconds at most, and one that was revoked here not at all.
"""

import asyncio
import logging
import secrets
from collections import OrderedDict
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from api.rate_limits import WINDOW_S, RateLimits
from contracts.access.api_keys import digest_of, prefix_of
from contracts.access.callers import Caller, Scope
from contracts.clock import Clock
from contracts.errors import DoorstepError, LimitReached
from store.access.api_keys import NOTED_EVERY, KnownKey, known_key, note_use
from store.access.login_throttle import network_of
from store.db.database import Database

FRESH = timedelta(seconds=5)
STALE = timedelta(seconds=10)
OPERATOR = Caller("operator", frozenset({Scope.OPS, Scope.OMS}))
"""Whoever has the key from the settings: it runs Doorstep and may send events as well."""

MOST_GUESSES = 60
"""Keys that nobody knows which one client may present in a minute."""
_MOST_REMEMBERED = 10_000
"""Of good keys, and of wrong ones: those looked up last."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Memory:
    """What a look-up gave, and when; None: no key in force."""

    key: KnownKey | None
    at: datetime


class KeyRing:
    """Says who presents a key. One for each process, made in its composition root."""

    def __init__(self, database: Database, operator_key: str, clock: Clock) -> None:
        self._database = database
        self._operator_key = operator_key.encode()
        self._clock = clock
        self._known: OrderedDict[str, _Memory] = OrderedDict()
        self._unknown: OrderedDict[str, _Memory] = OrderedDict()
        self._guesses = RateLimits(clock, oms_per_minute=1, ops_per_minute=1)
        self._revoked: set[str] = set()
        self._noted: dict[str, datetime] = {}
        self._under_way: dict[str, asyncio.Task[None]] = {}

    async def identify(self, token: str, client: str = "") -> Caller | None:
        """Who presents this key; None when it is wrong, expired or revoked.

        LimitReached for a client (its address) that has presented many keys lately that nobody
        knows: each costs the database a look-up. A key that was good before is always looked up.
        """
        if secrets.compare_digest(token.encode(), self._operator_key):
            return OPERATOR
        if prefix_of(token) is None:
            return None
        digest, now = digest_of(token), self._clock()
        memory = self._known.get(digest) or self._unknown.get(digest)
        if memory is None or now - memory.at >= STALE:
            self._limit_guesses(digest, client)
            memory = await self._look_up(token, digest)
            if memory.key is None:
                self._guesses.spend_of(network_of(client), MOST_GUESSES)
        elif now - memory.at >= FRESH:
            self._aside(f"look up {digest}", self._look_up(token, digest))
        key = memory.key
        if key is None or key.caller.id in self._revoked:
            return None
        if key.expires_at is not None and key.expires_at <= now:
            return None
        self._note(key.caller.id, now)
        return key.caller

    def refuse(self, key_id: str) -> None:
        """Let a key in no more, from this moment: it was revoked."""
        self._revoked.add(key_id)

    async def settle(self) -> None:
        """Wait for what goes on beside the requests."""
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def _look_up(self, token: str, digest: str) -> _Memory:
        now = self._clock()
        # On the intake's connections: an event waits for it, and for nobody's slow page.
        memory = _Memory(await self._database.take_in(known_key, token, now), now)
        self._known.pop(digest, None)
        self._unknown.pop(digest, None)
        kept = self._known if memory.key is not None else self._unknown
        kept[digest] = memory
        if len(kept) > _MOST_REMEMBERED:
            kept.popitem(last=False)
        return memory

    def _limit_guesses(self, digest: str, client: str) -> None:
        if digest in self._known or self._guesses.has_left(network_of(client), MOST_GUESSES):
            return
        raise LimitReached(
            "there were too many wrong API keys from your address: come back in a minute",
            wait_s=WINDOW_S,
        )

    def _note(self, key_id: str, now: datetime) -> None:
        """Have the use written down, at most once a minute, off the request's path."""
        last = self._noted.get(key_id)
        if last is None or now - last >= NOTED_EVERY:
            self._noted[key_id] = now
            self._aside(f"note {key_id}", self._database.write(note_use, key_id, now))

    def _aside(self, name: str, work: Coroutine[Any, Any, object]) -> None:
        """Do something beside the request that asked; once at a time."""
        if name in self._under_way:
            work.close()
            return
        task = asyncio.create_task(_without_failing(work))
        self._under_way[name] = task
        task.add_done_callback(lambda _: self._under_way.pop(name, None))


async def _without_failing(work: Coroutine[Any, Any, object]) -> None:
    try:
        await work
    except DoorstepError as error:
        if not error.is_logged:
            _log.warning("a key could not be refreshed: %s", error)
