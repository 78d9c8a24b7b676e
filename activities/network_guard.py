"""Which addresses a webhook may reach: public ones, and networks that were opened by name.

The guard is never off. Development opens loopback by listing it.
"""

import ipaddress
from collections.abc import Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_PUBLIC_V6 = ipaddress.ip_network("2000::/3")
"""All that IANA has given out as global unicast; the rest is special, old or nobody's."""


class NetworkGuard:
    """Judges addresses. `opened` are the networks reachable besides the public internet."""

    def __init__(self, opened: Sequence[Network] = ()) -> None:
        self._opened = tuple(opened)

    def allows(self, address: str, *, encrypted: bool) -> bool:
        """Whether a connection to this address may be made.

        Public addresses only over TLS; opened networks with and without.
        """
        try:
            real = _inner(ipaddress.ip_address(address.split("%")[0]))
        except ValueError:
            return False
        if any(real in network for network in self._opened if network.version == real.version):
            return True
        return encrypted and _is_public(real)


def _is_public(address: Address) -> bool:
    if address.version == 6 and address not in _PUBLIC_V6:
        return False
    return address.is_global and not address.is_multicast


def _inner(address: Address) -> Address:
    """The IPv4 address inside an IPv6 notation of it (mapped, NAT64, 6to4), or the address."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.sixtofour or address
