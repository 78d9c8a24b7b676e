"""The doctor reads what the identity provider says of itself."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from commands.doctor.checks import Finding
from commands.doctor.identity_provider import check_identity_provider
from contracts.clock import utc_now
from settings import Settings
from tests.support.provider import Provider, running_provider


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    async with running_provider() as provider:
        yield provider


def settings_of(issuer: str, **more: Any) -> Settings:
    set_here: dict[str, Any] = {
        "oidc_issuer": issuer,
        "oidc_client_id": "doorstep",
        "oidc_client_secret": "marker",
        "public_url": "https://doorstep.example",
    }
    return Settings(**(set_here | more))


async def test_one_that_is_well(provider: Provider) -> None:
    found = await check_identity_provider(settings_of(provider.url), utc_now)
    assert found.finding is Finding.OK
    host = provider.url.removeprefix("http://")
    back = "https://doorstep.example/dashboard/sign-in/provider/callback"
    assert found.seen == f"{host} answers, with 1 key; it has to know {back}"


async def test_another_one_s_document(provider: Provider) -> None:
    found = await check_identity_provider(settings_of(f"{provider.url}/"), utc_now)
    assert found.finding is Finding.WRONG
    assert "of another issuer" in found.seen
    assert "DOORSTEP_OIDC_ISSUER" in found.advice


async def test_one_without_keys(provider: Provider) -> None:
    provider.publishes = []
    found = await check_identity_provider(settings_of(provider.url), utc_now)
    assert (found.finding, found.seen) == (Finding.WRONG, "publishes no key to sign with")


async def test_one_that_is_away_with_passwords_off() -> None:
    settings = settings_of("http://127.0.0.1:1", ops_sign_in="oidc")
    found = await check_identity_provider(settings, utc_now)
    assert (found.finding, found.seen) == (Finding.WRONG, "127.0.0.1 gave ConnectError")
    assert "nobody of ops signs in" in found.advice


async def test_none_is_a_choice() -> None:
    found = await check_identity_provider(Settings(), utc_now)
    assert found.finding is Finding.NOTE
    assert found.advice == "everybody signs in with a password"
