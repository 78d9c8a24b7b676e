"""How this machine looks up names: handed in where addresses are judged, so that tests can bring
a name server of their own. Only the composition roots make one."""

import asyncio
import ipaddress
import socket
from collections.abc import Sequence

import aiodns
import pycares

from contracts.endpoints.network_guard import NameServerSilent

TIME_LIMIT_S = 3.0
"""A look-up takes no longer, and gives up no sooner while nobody has answered."""

_FIRST_PATIENCE_S, _QUESTIONS = 0.9, 5
"""A question is asked again with about twice the patience of the one before. The first patience is
that with a server that is new: with one that is quick the DNS library waits for a quarter of a
second only, so two questions would give up a name that has to be fetched from far away."""

_KEPT_S = 10.0
"""So long an answer serves further connections, whatever its own time to live; the DNS library
keeps it longer where that allows."""

_FAILURE_KEPT_S = 2.0
_MOST_KEPT = 10_000
_THE_NAMES_OWN = frozenset(
    {
        *(aiodns.error.ARES_ENOTFOUND, aiodns.error.ARES_ENODATA, aiodns.error.ARES_ENONAME),
        *(aiodns.error.ARES_EBADNAME, aiodns.error.ARES_EBADRESP, aiodns.error.ARES_EFORMERR),
    }
)
"""What a name server that is well says of a name that is not."""


class NameLookUps:
    """Looks names up without a thread: one look-up at a time for a name, however many ask.

    Names are absolute: no search domain is tried. /etc/hosts counts. `name_servers` are addresses
    such as `192.0.2.1` or `127.0.0.1:5353`; without them those of the system. Made and used in one
    event loop.
    """

    def __init__(
        self, name_servers: Sequence[str] | None = None, time_limit: float = TIME_LIMIT_S
    ) -> None:
        self._name_servers = name_servers
        self._time_limit = time_limit
        self._resolver: aiodns.DNSResolver | None = None
        self._under_way: dict[str, asyncio.Task[list[str]]] = {}
        self._kept: dict[str, tuple[float, list[str] | OSError]] = {}
        self._root: asyncio.Task[bool] | None = None

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """Every address of a host. OSError when it has none; NameServerSilent, which is one, when
        it is our own name server that does not answer."""
        if _is_address(host):
            return [host]
        kept = self._kept.get(host)
        if kept is None or kept[0] < _now():
            return await self._shared(host)
        if isinstance(kept[1], OSError):
            raise type(kept[1])(*kept[1].args)
        return kept[1]

    async def aclose(self) -> None:
        """Give up what is under way."""
        if self._resolver is not None:
            await self._resolver.close()

    async def _shared(self, host: str) -> list[str]:
        """The look-up of this name that is under way, or a new one. It ends by itself: a caller who
        gives up takes it from nobody else."""
        task = self._under_way.get(host)
        if task is None:
            task = asyncio.create_task(self._look_up(host))
            self._under_way[host] = task
            task.add_done_callback(lambda done: self._ended(host, done))
        return await asyncio.shield(task)

    def _ended(self, host: str, task: asyncio.Task[list[str]]) -> None:
        self._under_way.pop(host, None)
        error = None if task.cancelled() else task.exception()
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        if error is None and not task.cancelled():
            self._kept[host] = (_now() + _KEPT_S, task.result())
        elif isinstance(error, OSError):
            self._kept[host] = (_now() + _FAILURE_KEPT_S, error)

    async def _look_up(self, host: str) -> list[str]:
        try:
            async with asyncio.timeout(self._time_limit):
                found = await self._asked().getaddrinfo(
                    host, family=_family(host), type=socket.SOCK_STREAM
                )
        except (aiodns.error.DNSError, TimeoutError) as error:
            if not _is_the_names_own(error) and not await self._name_server_answers():
                raise NameServerSilent from error
            raise socket.gaierror(socket.EAI_NONAME, "the name does not resolve") from error
        return list(dict.fromkeys(node.addr[0].decode() for node in found.nodes))

    async def _name_server_answers(self) -> bool:
        """Whether our name server answers at all, asked once for all who want to know.

        A name whose own servers are silent looks from here like a name server that is.
        """
        if self._root is None or self._root.done():
            self._root = asyncio.create_task(self._knows_the_root())
        return await asyncio.shield(self._root)

    async def _knows_the_root(self) -> bool:
        """Whether our name server says anything about the root, which each one knows."""
        try:
            async with asyncio.timeout(self._time_limit):
                await self._asked().query_dns(".", "NS")
        except aiodns.error.DNSError as error:
            return _is_the_names_own(error)
        except TimeoutError:
            return False
        return True

    def _asked(self) -> aiodns.DNSResolver:
        if self._resolver is None:
            self._resolver = aiodns.DNSResolver(
                self._name_servers,
                flags=pycares.ARES_FLAG_NOSEARCH | pycares.ARES_FLAG_EDNS,
                timeout=_FIRST_PATIENCE_S,
                tries=_QUESTIONS,
            )
        return self._resolver


def _is_the_names_own(error: Exception) -> bool:
    return isinstance(error, aiodns.error.DNSError) and error.args[0] in _THE_NAMES_OWN


def _family(host: str) -> socket.AddressFamily:
    """Both, but for this machine itself: development opens 127.0.0.0/8 (RFC 6761, 6.3)."""
    is_loopback = host == "localhost" or host.endswith(".localhost")
    return socket.AF_INET if is_loopback else socket.AF_UNSPEC


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _now() -> float:
    return asyncio.get_running_loop().time()
