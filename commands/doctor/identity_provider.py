"""Whether the company's identity provider answers as it should; nobody is signed in for that."""

from contextlib import aclosing
from urllib.parse import urlsplit

from api.auth.oidc_discovery import Discovery
from commands.doctor.checks import Check, Finding
from contracts.access.identity_provider import IdentityProvider, IdentityRefused
from contracts.clock import Clock
from contracts.errors import ConfigurationError
from provider_http import ProviderHttp
from resolver import NameLookUps
from settings import Settings

_NAME = "identity provider"


async def check_identity_provider(settings: Settings, clock: Clock) -> Check:
    """By its discovery document and its keys, where one is set."""
    provider = settings.identity_provider
    if provider is None:
        advice = "everybody signs in with a password"
        return Check(_NAME, Finding.NOTE, "not set: DOORSTEP_OIDC_ISSUER", advice)
    try:
        async with (
            aclosing(NameLookUps()) as look_ups,
            aclosing(ProviderHttp.trusting(settings.ca_file, look_ups)) as ask,
        ):
            keys = await Discovery(ask, provider.issuer, clock).keys()
    except ConfigurationError as error:
        return Check(_NAME, Finding.WRONG, str(error), "correct the file or the setting")
    except IdentityRefused as error:
        return Check(_NAME, Finding.WRONG, str(error), _advice(settings))
    if not keys:
        return Check(_NAME, Finding.WRONG, "publishes no key to sign with", _advice(settings))
    return Check(_NAME, Finding.OK, _seen(provider, len(keys)))


def _seen(provider: IdentityProvider, keys: int) -> str:
    host = urlsplit(provider.issuer).netloc
    counted = "1 key" if keys == 1 else f"{keys} keys"
    return f"{host} answers, with {counted}; it has to know {provider.redirect_uri}"


def _advice(settings: Settings) -> str:
    who = "nobody of ops signs in" if settings.ops_sign_in == "oidc" else "passwords still work"
    return f"see to the network, and set DOORSTEP_OIDC_ISSUER as the provider writes it; {who}"
