"""Tells our own network's trouble from the partners': when most endpoints fail to connect at once.

Each worker watches for itself, for it is its own network. Nothing is stored: a worker that starts
knows nothing yet, and charges what fails.
"""

from datetime import datetime, timedelta

WINDOW = timedelta(seconds=60)
FEWEST_ENDPOINTS = 5
"""With fewer endpoints tried nobody can tell."""

MOST_OF_THEM = 0.8
_UNREACHED = frozenset({"connection", "timeout"})


class NetworkWatch:
    """Remembers how the last try of each endpoint ended, for a minute."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[datetime, bool]] = {}

    def note(self, endpoint_id: str, code: str, now: datetime) -> None:
        """A try of an endpoint has ended with this code, such as `http_200` or `connection`."""
        self._last[endpoint_id] = (now, code in _UNREACHED)

    def is_ours(self, code: str, now: datetime) -> bool:
        """Whether a try that ended with this code failed for want of a network of our own.

        It did when it reached nobody, and so did at least four of five endpoints that were tried in
        the last minute, five at least.
        """
        if code not in _UNREACHED:
            return False
        self._forget(now)
        unreached = [failed for _, failed in self._last.values()]
        enough = len(unreached) >= FEWEST_ENDPOINTS
        return enough and sum(unreached) >= MOST_OF_THEM * len(unreached)

    def _forget(self, now: datetime) -> None:
        old = [key for key, (at, _) in self._last.items() if now - at > WINDOW]
        for endpoint_id in old:
            del self._last[endpoint_id]
