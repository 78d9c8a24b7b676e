"""Which addresses a webhook may reach: a row for every class, notation and trick."""

import ipaddress

import pytest

from contracts.endpoints.network_guard import NEVER as SPECIAL
from contracts.endpoints.network_guard import Network, NetworkGuard
from tests.support.addresses import NEVER, PUBLIC

NONSENSE = ("", "localhost", "127.1", "0x7f.0.0.1", "2130706433", "0177.0.0.1", "1.2.3.4.5", "a%b")


def opened(*networks: str) -> NetworkGuard:
    """A guard with these networks opened."""
    parsed: list[Network] = [ipaddress.ip_network(network) for network in networks]
    return NetworkGuard(parsed)


class TestTheTable:
    @pytest.mark.parametrize("address", NEVER.values(), ids=NEVER)
    def test_never(self, address: str) -> None:
        assert not NetworkGuard().allows(address, public=True)
        assert not NetworkGuard().allows(address, public=False)

    @pytest.mark.parametrize("address", PUBLIC.values(), ids=PUBLIC)
    def test_public_ones_over_tls_only(self, address: str) -> None:
        assert NetworkGuard().allows(address, public=True)
        assert not NetworkGuard().allows(address, public=False)

    @pytest.mark.parametrize("address", NONSENSE)
    def test_what_is_no_address(self, address: str) -> None:
        assert not opened("0.0.0.0/0", "::/0").allows(address, public=True)

    @pytest.mark.parametrize("network", SPECIAL, ids=str)
    def test_both_ends_of_every_special_network(self, network: Network) -> None:
        for end in (network[0], network[-1]):
            assert not NetworkGuard().allows(str(end), public=True)

    def test_what_the_standard_library_calls_global_all_the_same(self) -> None:
        """Why the networks are written out; when this list gets empty, they may go."""
        believed = {
            str(network) for network in SPECIAL if network[0].is_global and network[-1].is_global
        }
        assert "192.88.99.0/24" in believed
        assert "168.63.129.16/32" in believed

    def test_a_zone_is_never_allowed(self) -> None:
        assert not opened("fe80::/10").allows("fe80::1%eth0", public=True)
        assert opened("fe80::/10").allows("fe80::1", public=True)

    def test_a_name_is_judged_by_all_of_its_addresses(self) -> None:
        guard = NetworkGuard()
        assert guard.allows_all(["93.184.216.34", "2606:4700:4700::1111"], public=True)
        assert not guard.allows_all(["93.184.216.34", "10.0.0.1"], public=True)
        assert not guard.allows_all([], public=True)


class TestOpenedNetworks:
    @pytest.mark.parametrize("over_tls", [True, False])
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
        self, network: str, address: str, allowed: bool, over_tls: bool
    ) -> None:
        assert opened(network).allows(address, public=over_tls) is allowed

    def test_the_public_internet_stays_open_beside_them(self) -> None:
        assert opened("127.0.0.0/8").allows("93.184.216.34", public=True)
        assert not opened("127.0.0.0/8").allows("93.184.216.34", public=False)
