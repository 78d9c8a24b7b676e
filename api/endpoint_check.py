"""Where an endpoint's URL leads, looked up when it is saved. Every attempt looks again."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from contracts.endpoints.network_guard import NameServerSilent, NetworkGuard, Resolve
from contracts.endpoints.url import EndpointTarget, read_endpoint_url
from contracts.errors import Busy, Invalid, NameServerUnavailable
from contracts.refusals import Refusal

_LOOK_UP_TIME = 10.0
"""The resolver has limits of its own, below this one."""

_MOST_OF_CALLER = 4
_ENCRYPTED = "use https: only networks that the operator opened are reached without it"
_NOT_PUBLIC = (
    "the host must have an address, and all that it has must be public: a webhook does not reach "
    "into a private network"
)
"""One sentence for a name that is not known and for one that leads inside: neither tells which."""


class EndpointCheck:
    """Refuses URLs that the guard would refuse at every attempt. One for each process."""

    def __init__(
        self, guard: NetworkGuard, resolve: Resolve, look_up_time: float = _LOOK_UP_TIME
    ) -> None:
        self._guard = guard
        self._resolve = resolve
        self._look_up_time = look_up_time
        self._looking: Counter[str] = Counter()

    async def require_reachable(self, url: str, *, caller: str) -> None:
        """Look up where a well-formed URL leads. Invalid, with the field `url`, says why not.

        NameServerUnavailable when our name server does not answer, Busy when the caller has
        several look-ups under way. Ask it last: whether the caller may save at all is known sooner.
        """
        target = read_endpoint_url(url)
        with self._place(caller):
            addresses = await self._addresses(target)
        if self._guard.allows_all(addresses, public=target.public):
            return
        plain = target.scheme == "http" and self._guard.allows_all(addresses, public=True)
        if plain:
            raise Invalid(_ENCRYPTED, field="url", cause=Refusal.URL_NOT_ENCRYPTED)
        raise Invalid(_NOT_PUBLIC, field="url", cause=Refusal.URL_NOT_PUBLIC)

    async def _addresses(self, target: EndpointTarget) -> list[str]:
        try:
            async with asyncio.timeout(self._look_up_time):
                return list(await self._resolve(target.host, target.port))
        except NameServerSilent:
            raise NameServerUnavailable(
                "the URL's host could not be looked up, because our name server does not answer: "
                "nothing is wrong with the URL; try again in a moment"
            ) from None
        except (OSError, UnicodeError, TimeoutError):
            return []

    @contextmanager
    def _place(self, caller: str) -> Iterator[None]:
        if self._looking[caller] >= _MOST_OF_CALLER:
            raise Busy("several of your URLs are being looked up: wait for them, then try again")
        self._looking[caller] += 1
        try:
            yield
        finally:
            self._looking[caller] -= 1
            self._looking += Counter()  # drops callers with none under way
