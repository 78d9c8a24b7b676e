"""Whether the provider issued an ID token for this very sign-in (OpenID Connect Core, 3.1.3.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import ClaimError, ExpiredTokenError, JoseError
from joserfc.jwk import Key

from api.auth.oidc_discovery import Discovery
from contracts.access.identity_provider import IdentityRefusal, IdentityRefused

ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "Ed25519"),
)
"""Those by which only the provider can sign: `none` is no signature, and with HMAC whoever knows
the key signs too (RFC 8725, 3.1 and 3.2)."""

LEEWAY_S = 60
"""Clocks differ by no more."""

_LONGEST_TOKEN = 65_536
_LONGEST_HEADER = 8_192
_OF_TIME = ("exp", "iat", "nbf")


@dataclass(frozen=True)
class Expected:
    """What the token has to say."""

    issuer: str
    client_id: str
    nonce: str


async def verified_claims(
    token: str, discovery: Discovery, expected: Expected, now: datetime
) -> Mapping[str, Any]:
    """What the token says. IdentityRefused unless it is signed by the provider, for us, for this
    sign-in, and in force."""
    key = await discovery.key(_key_id(token))
    if key is None:
        raise _untrusted("is signed with a key that the provider does not publish")
    claims = _signed(token, key)
    _check(claims, expected, int(now.timestamp()))
    return claims


def _key_id(token: str) -> str | None:
    """Which key it claims to be signed with, after a look at the algorithm."""
    if len(token) > _LONGEST_TOKEN:
        raise _untrusted("is too long")
    try:
        header = jws.extract_compact(token.encode(), registry=_registry()).headers()
    except (JoseError, ValueError) as error:
        raise _untrusted(f"cannot be read ({type(error).__name__})") from None
    if header.get("alg") not in ALGORITHMS:
        raise _untrusted("is signed by an algorithm that is not taken")
    key_id = header.get("kid")
    return key_id if isinstance(key_id, str) else None


def _signed(token: str, key: Key) -> dict[str, Any]:
    try:
        return jwt.decode(token, key, algorithms=ALGORITHMS, registry=_registry()).claims
    except (JoseError, ValueError) as error:
        raise _untrusted(f"is not signed by the provider ({type(error).__name__})") from None


def _check(claims: dict[str, Any], expected: Expected, now: int) -> None:
    rules = jwt.JWTClaimsRegistry(
        now=now,
        leeway=LEEWAY_S,
        iss={"essential": True, "value": expected.issuer},
        aud={"essential": True, "value": expected.client_id},
        nonce={"essential": True, "value": expected.nonce},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )
    try:
        rules.validate(claims)
    except ExpiredTokenError:
        raise _of_another_time("exp") from None
    except ClaimError as error:
        if error.claim in _OF_TIME and error.claim in claims:
            raise _of_another_time(error.claim) from None
        raise _untrusted(f"has another {error.claim}, or none") from None
    audience, party = claims["aud"], claims.get("azp")
    if party not in (None, expected.client_id) or (party is None and _is_for_others(audience)):
        raise _untrusted("was made for another client (azp)")


def _is_for_others(audience: object) -> bool:
    return isinstance(audience, list) and len(audience) > 1


def _registry() -> jws.JWSRegistry:
    """Takes headers that it does not know, as RFC 7515 has it, unless they are critical."""
    registry = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    registry.max_header_length = _LONGEST_HEADER
    return registry


def _untrusted(what: str) -> IdentityRefused:
    return IdentityRefused(IdentityRefusal.UNTRUSTED, f"the ID token {what}")


def _of_another_time(claim: str) -> IdentityRefused:
    message = f"the ID token is not in force by this machine's clock ({claim})"
    return IdentityRefused(IdentityRefusal.CLOCK, message)
