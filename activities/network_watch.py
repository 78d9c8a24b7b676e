"""Tells a failure of our own network from one of the partners': when no partner can be reached.

Each worker keeps its own record, since it may have its own network. Nothing is stored: a worker
that has just started has no record yet, and charges what fails.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

log = logging.getLogger(__name__)

WINDOW = timedelta(seconds=60)
FEWEST_HOSTS, FEWEST_PARTNERS = 5, 3
"""With fewer nobody can tell: five endpoints of one partner may be one machine."""

BELIEVED_FOR = timedelta(minutes=10)
"""So long at the most it is taken for our own fault; then failures are charged as ever."""

_REMEMBERED = timedelta(hours=1)
"""A failure that was not seen again for so long is forgotten."""

RESOLVER = "resolver"
"""The code of an attempt for which our name server did not answer."""

_UNREACHED = frozenset({"connection", "timeout", "tls", RESOLVER})
_SAYS_NOTHING = frozenset({"dns", "forbidden_address", "invalid_url", "interrupted"})
"""Codes of attempts that never left for the partner."""


@dataclass
class _Last:
    """How the last attempt of one host ended. `unresolved_since`: no name server has answered for
    it since then."""

    at: datetime
    reached: bool
    partner_id: str
    unresolved_since: datetime | None


class NetworkWatch:
    """Remembers how the last attempt of each host ended.

    `changed` is told once when our network is taken to be down, and once when it is not any more.
    """

    def __init__(self, changed: Callable[[bool], None] = lambda _: None) -> None:
        self._changed = changed
        self._last: dict[str, _Last] = {}
        self._down_since: datetime | None = None
        self._charging = False

    def note(self, host: str, code: str, now: datetime, partner_id: str | None = None) -> None:
        """An attempt of a partner's host has ended with this code, such as `http_200` or
        `connection`. What is reached proves that our network works."""
        if code in _SAYS_NOTHING:
            return
        self._forget(now)
        reached = code not in _UNREACHED
        before, since = self._last.get(host), None
        if code == RESOLVER:
            since = (before.unresolved_since if before else None) or now
        self._last[host] = _Last(now, reached, partner_id or host, since)
        if reached:
            self._works_again()

    def is_ours(self, code: str, now: datetime, host: str = "") -> bool:
        """Whether an attempt of this host that ended with this code failed for a fault of our own,
        and is not to be charged.

        It did when our name server did not answer; and when it reached nobody, and neither did any
        other try of the last minute, at five hosts of three partners at least. That is believed
        for ten minutes at most.
        """
        if code not in _UNREACHED:
            return False
        self._forget(now)
        if self._nobody_is_reached(now):
            return self._is_believed(now)
        last = self._last.get(host)
        since = last.unresolved_since if last and code == RESOLVER else None
        return since is not None and now - since <= BELIEVED_FOR

    def _nobody_is_reached(self, now: datetime) -> bool:
        tried = {host: one for host, one in self._last.items() if now - one.at <= WINDOW}
        partners = {one.partner_id for one in tried.values()}
        if len(tried) < FEWEST_HOSTS or len(partners) < FEWEST_PARTNERS:
            return False
        return not any(one.reached for one in tried.values())

    def _is_believed(self, now: datetime) -> bool:
        if self._down_since is None:
            self._down_since = now
            log.error("nobody can be reached from here: not charged, for ten minutes at most")
            self._changed(True)
        believed = now - self._down_since <= BELIEVED_FOR
        if not believed and not self._charging:
            self._charging = True
            log.error("still nobody can be reached from here: from now on failures are charged")
        return believed

    def _works_again(self) -> None:
        if self._down_since is not None:
            log.warning("partners can be reached from here again")
            self._changed(False)
        self._down_since, self._charging = None, False

    def _forget(self, now: datetime) -> None:
        old = [host for host, one in self._last.items() if now - one.at > _REMEMBERED]
        for host in old:
            del self._last[host]
        if not self._last:
            self._works_again()
