"""Merchants over https: a certificate nobody vouches for, a good one and two bad ones."""

import ssl
from pathlib import Path

import httpx
import pytest

from sandbox.merchant import Merchant
from sandbox.steps import Answer, Reset
from sandbox.tls import LocalAuthority, self_signed


def trusting(ca_file: Path) -> httpx.AsyncClient:
    context = ssl.create_default_context(cafile=str(ca_file))
    return httpx.AsyncClient(verify=context, trust_env=False)


async def test_a_self_signed_certificate_is_refused_by_a_client_that_checks() -> None:
    async with (
        Merchant(tls="self_signed") as merchant,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        assert merchant.url.startswith("https://127.0.0.1:")
        with pytest.raises(httpx.ConnectError, match=r"(?i)self.signed certificate"):
            await client.post(merchant.url, content=b"{}")
        assert merchant.received == []


async def test_a_client_that_is_given_the_authority_trusts_it(tmp_path: Path) -> None:
    authority = LocalAuthority(tmp_path / "ca.pem")
    behaviour = [Answer(), Answer(500), Reset()]
    async with (
        Merchant(tls=authority.issue(), behaviour=behaviour) as merchant,
        trusting(authority.ca_file) as client,
    ):
        answers = [(await client.post(merchant.url)).status_code for _ in range(2)]
        assert answers == [200, 500]
        with pytest.raises(httpx.NetworkError):
            await client.post(merchant.url)


@pytest.mark.parametrize(
    ("host", "expired", "reason"),
    [("127.0.0.1", True, "certificate has expired"), ("shop.example", False, "not valid for")],
)
async def test_a_bad_certificate_of_a_trusted_authority_is_refused(
    tmp_path: Path, host: str, expired: bool, reason: str
) -> None:
    authority = LocalAuthority(tmp_path / "ca.pem")
    async with (
        Merchant(tls=authority.issue(host, expired=expired)) as merchant,
        trusting(authority.ca_file) as client,
    ):
        with pytest.raises(httpx.ConnectError, match=reason):
            await client.post(merchant.url)


def test_every_certificate_has_its_own_key() -> None:
    assert self_signed().key_pem != self_signed().key_pem
