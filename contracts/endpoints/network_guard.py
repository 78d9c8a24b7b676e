"""Which addresses a webhook may reach: public ones, and networks that were opened by name.

The guard is never off. Development opens loopback by listing it. `NEVER` is written out, because
`ipaddress` calls some of it global: the relays of 6to4, the address where a cloud keeps its
machines' secrets, documentation that is newer than the interpreter.

Source: the IANA special-purpose address registries for IPv4 and IPv6, and the clouds' manuals.
"""

import ipaddress
from collections.abc import Awaitable, Callable, Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Looks up every address of a host, for a port. OSError or UnicodeError when it has none,
NameServerSilent when nobody can tell."""


class NameServerSilent(OSError):
    """Our own name server does not answer: no fault of the name, nor of whoever has it."""


NEVER: tuple[Network, ...] = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier NAT; Alibaba's metadata
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's metadata, on an address that looks public
        "169.254.0.0/16",  # link-local; the other clouds' metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # IETF protocols; Oracle's metadata
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # multicast tunnels
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
        "2001::/23",  # IETF protocols: Teredo, benchmarks, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, given up in 2015
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
"""Never reached unless opened by name."""

_PUBLIC_V6 = ipaddress.ip_network("2000::/3")
"""All that IANA has given out as global unicast; the rest is special, old or nobody's."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class NetworkGuard:
    """Judges addresses. `opened` are the networks reachable besides the public internet."""

    def __init__(self, opened: Sequence[Network] = ()) -> None:
        self._opened = tuple(opened)

    def allows(self, address: str, *, public: bool) -> bool:
        """Whether a connection to this address may be made.

        Opened networks always; public addresses only where `public` says so: over TLS, by a name
        or address that is for everybody.
        """
        try:
            real = _inner(ipaddress.ip_address(address))
        except ValueError:
            return False
        if getattr(real, "scope_id", None) is not None:
            return False
        if any(real in network for network in self._opened if network.version == real.version):
            return True
        return public and _is_public(real)

    def allows_all(self, addresses: Sequence[str], *, public: bool) -> bool:
        """Whether each of a name's addresses may be reached; there must be one."""
        return bool(addresses) and all(self.allows(one, public=public) for one in addresses)


def _is_public(address: Address) -> bool:
    if address.version == 6 and address not in _PUBLIC_V6:
        return False
    if any(address in network for network in NEVER if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for and that is really reached, or the address.

    Mapped ones, and NAT64's, by which a network without IPv4 reaches every partner that has
    nothing else. What other notations lead to is nobody's promise: they are never public.
    """
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address
