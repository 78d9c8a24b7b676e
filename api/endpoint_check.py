"""Where an endpoint's URL leads, looked up when it is saved. Every try looks again."""

import asyncio

from contracts.endpoint_url import EndpointTarget, read_endpoint_url
from contracts.errors import Invalid
from contracts.network_guard import NetworkGuard, Resolve

_LOOK_UP_TIME = 3.0
_ENCRYPTED = "use https: only networks that the operator opened are reached without it"
_NOT_PUBLIC = (
    "the host must have an address, and all that it has must be public: a webhook does not reach "
    "into a private network"
)
"""One sentence for a name that is not known and for one that leads inside: neither tells which."""


class EndpointCheck:
    """Refuses URLs that the guard would refuse at every try."""

    def __init__(
        self, guard: NetworkGuard, resolve: Resolve, look_up_time: float = _LOOK_UP_TIME
    ) -> None:
        self._guard = guard
        self._resolve = resolve
        self._look_up_time = look_up_time

    async def require_reachable(self, url: str) -> None:
        """Look up where a well-formed URL leads. Invalid, with the field `url`, says why not."""
        target = read_endpoint_url(url)
        addresses = await self._addresses(target)
        if self._guard.allows_all(addresses, public=target.public):
            return
        plain = target.scheme == "http" and self._guard.allows_all(addresses, public=True)
        raise Invalid(_ENCRYPTED if plain else _NOT_PUBLIC, field="url")

    async def _addresses(self, target: EndpointTarget) -> list[str]:
        try:
            async with asyncio.timeout(self._look_up_time):
                return list(await self._resolve(target.host, target.port))
        except (OSError, UnicodeError, TimeoutError):
            return []
