"""Which addresses a webhook may reach: a row for every class, notation and trick."""

import ipaddress

import pytest

from activities.network_guard import Network, NetworkGuard

NEVER = {
    "this network": "0.0.0.0",
    "this network, another": "0.1.2.3",
    "private, 10/8": "10.0.0.1",
    "private, 172.16/12": "172.16.0.1",
    "private, 172.31": "172.31.255.254",
    "private, 192.168/16": "192.168.1.1",
    "loopback": "127.0.0.1",
    "loopback, the far end": "127.255.255.254",
    "link-local": "169.254.1.1",
    "cloud metadata": "169.254.169.254",
    "carrier NAT": "100.64.0.1",
    "carrier NAT, the far end": "100.127.255.254",
    "Alibaba metadata, in carrier NAT": "100.100.100.200",
    "IETF protocols": "192.0.0.1",
    "documentation 1": "192.0.2.1",
    "documentation 2": "198.51.100.1",
    "documentation 3": "203.0.113.1",
    "benchmarks": "198.18.0.1",
    "multicast": "224.0.0.1",
    "multicast, organisation": "239.255.255.250",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "v6 unspecified": "::",
    "v6 loopback": "::1",
    "v6 unique local": "fd00::1",
    "v6 AWS metadata": "fd00:ec2::254",
    "v6 link-local": "fe80::1",
    "v6 link-local with a zone": "fe80::1%eth0",
    "v6 site-local, deprecated": "fec0::1",
    "v6 multicast": "ff02::1",
    "v6 documentation": "2001:db8::1",
    "v6 Teredo": "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "v6 discard": "100::1",
    "v6 segment routing": "5f00::1",
    "v6 nobody's": "4000::1",
    "mapped loopback": "::ffff:127.0.0.1",
    "mapped private": "::ffff:10.0.0.1",
    "mapped metadata, in hexadecimal": "::ffff:a9fe:a9fe",
    "compatible loopback, deprecated": "::127.0.0.1",
    "compatible public, deprecated": "::8.8.8.8",
    "NAT64 loopback": "64:ff9b::127.0.0.1",
    "NAT64 metadata": "64:ff9b::a9fe:a9fe",
    "NAT64 of a site's own": "64:ff9b:1::10.0.0.1",
    "6to4 loopback": "2002:7f00:1::1",
    "6to4 private": "2002:c0a8:101::1",
}
PUBLIC = {
    "v4": "93.184.216.34",
    "v4, beside private 172.16/12": "172.32.0.1",
    "v4, beside carrier NAT": "100.128.0.1",
    "v4, the last before multicast": "223.255.255.254",
    "v6": "2606:4700:4700::1111",
    "v6 of an Indian network": "2404:a800::1",
    "mapped": "::ffff:93.184.216.34",
    "NAT64": "64:ff9b::5db8:d822",
    "6to4": "2002:5db8:d822::1",
}
NONSENSE = ("", "localhost", "127.1", "0x7f.0.0.1", "2130706433", "0177.0.0.1", "1.2.3.4.5", "a%b")


def opened(*networks: str) -> NetworkGuard:
    """A guard with these networks opened."""
    parsed: list[Network] = [ipaddress.ip_network(network) for network in networks]
    return NetworkGuard(parsed)


class TestTheTable:
    @pytest.mark.parametrize("address", NEVER.values(), ids=NEVER)
    def test_never(self, address: str) -> None:
        assert not NetworkGuard().allows(address, encrypted=True)
        assert not NetworkGuard().allows(address, encrypted=False)

    @pytest.mark.parametrize("address", PUBLIC.values(), ids=PUBLIC)
    def test_public_ones_over_tls_only(self, address: str) -> None:
        assert NetworkGuard().allows(address, encrypted=True)
        assert not NetworkGuard().allows(address, encrypted=False)

    @pytest.mark.parametrize("address", NONSENSE)
    def test_what_is_no_address(self, address: str) -> None:
        assert not opened("0.0.0.0/0", "::/0").allows(address, encrypted=True)


class TestOpenedNetworks:
    @pytest.mark.parametrize("encrypted", [True, False])
    @pytest.mark.parametrize(
        ("network", "address", "allowed"),
        [
            ("127.0.0.0/8", "127.0.0.1", True),
            ("127.0.0.0/8", "127.9.9.9", True),
            ("127.0.0.0/8", "::ffff:127.0.0.1", True),
            ("127.0.0.0/8", "::1", False),
            ("127.0.0.0/8", "10.0.0.1", False),
            ("127.0.0.0/8", "169.254.169.254", False),
            ("127.0.0.1/32", "127.0.0.2", False),
            ("::1/128", "::1", True),
            ("::1/128", "127.0.0.1", False),
            ("10.1.0.0/16", "10.1.2.3", True),
            ("10.1.0.0/16", "10.2.0.1", False),
            ("fd00::/8", "fd12::1", True),
        ],
    )
    def test_they_open_themselves_and_nothing_else(
        self, network: str, address: str, allowed: bool, encrypted: bool
    ) -> None:
        assert opened(network).allows(address, encrypted=encrypted) is allowed

    def test_the_public_internet_stays_open_beside_them(self) -> None:
        assert opened("127.0.0.0/8").allows("93.184.216.34", encrypted=True)
        assert not opened("127.0.0.0/8").allows("93.184.216.34", encrypted=False)
