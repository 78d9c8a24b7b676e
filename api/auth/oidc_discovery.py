"""What the identity provider says of itself (OpenID Connect Discovery 1.0): where to go, and the
keys that it signs with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from api.auth.oidc_http import AskProvider, ProviderAnswer
from contracts.access.identity_provider import IdentityRefusal, IdentityRefused
from contracts.clock import Clock
from contracts.origin import is_issuer

FRESH = timedelta(minutes=10)
"""So long what was read is believed. A key that is not among those is looked for at once."""

_SIGNING_TYPES = ("RSA", "EC", "OKP")
"""A key that both sides know would let whoever reads the document sign."""


@dataclass(frozen=True)
class ProviderDocument:
    """The part of the document that is needed."""

    authorization_endpoint: str
    token_endpoint: str
    keys_address: str
    userinfo_endpoint: str | None
    takes_basic: bool
    """Whether our secret goes into a header; else into the form."""
    names_itself: bool
    """Whether each answer says which provider gave it (RFC 9207)."""


class Discovery:
    """Reads the document and the keys, and keeps both for a while."""

    def __init__(self, ask: AskProvider, issuer: str, clock: Clock) -> None:
        self._ask = ask
        self._issuer = issuer
        self._clock = clock
        self._document: tuple[datetime, ProviderDocument] | None = None
        self._keys: tuple[datetime, list[Key]] | None = None

    async def document(self) -> ProviderDocument:
        """The document. IdentityRefused where there is none, or it is not this provider's."""
        now = self._clock()
        if self._document is None or now - self._document[0] >= FRESH:
            url = f"{self._issuer.removesuffix('/')}/.well-known/openid-configuration"
            read = _document(self._issuer, await self._ask.get(url))
            self._document = (now, read)
        return self._document[1]

    async def key(self, key_id: str | None) -> Key | None:
        """The key of this id: read anew where it is not known, since providers change keys. Without
        an id the only one that there is. None where there is none."""
        now = self._clock()
        known = _named(self._keys[1], key_id) if self._keys is not None else None
        if known is None or self._keys is None or now - self._keys[0] >= FRESH:
            self._keys = (now, await self.keys())
            known = _named(self._keys[1], key_id)
        return known

    async def keys(self) -> list[Key]:
        """Every key that it signs with, read anew."""
        answer = await self._ask.get((await self.document()).keys_address)
        listed = answer.body.get("keys")
        if answer.status != 200 or not isinstance(listed, list):
            raise _unusable(f"no keys (HTTP {answer.status})")
        return [key for one in listed if (key := _signing_key(one)) is not None]


def _document(issuer: str, answer: ProviderAnswer) -> ProviderDocument:
    body = answer.body
    if answer.status != 200 or not body:
        raise _unusable(f"no discovery document (HTTP {answer.status})")
    if body.get("issuer") != issuer:
        raise _unusable("a discovery document of another issuer")
    methods = body.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return ProviderDocument(
        authorization_endpoint=_address(body, "authorization_endpoint"),
        token_endpoint=_address(body, "token_endpoint"),
        keys_address=_address(body, "jwks_uri"),
        userinfo_endpoint=_address(body, "userinfo_endpoint")
        if "userinfo_endpoint" in body
        else None,
        takes_basic=isinstance(methods, list) and "client_secret_basic" in methods,
        names_itself=body.get("authorization_response_iss_parameter_supported") is True,
    )


def _address(body: Mapping[str, Any], name: str) -> str:
    """An address over TLS, or on this machine; some have a query."""
    address = body.get(name)
    if not isinstance(address, str) or not is_issuer(address.partition("?")[0]):
        raise _unusable(f"a discovery document without a usable {name}")
    return address


def _signing_key(entry: object) -> Key | None:
    """A key that ID tokens may be signed with; None for every other, and for one not understood."""
    if not isinstance(entry, dict) or entry.get("kty") not in _SIGNING_TYPES:
        return None
    if entry.get("use", "sig") != "sig":
        return None
    try:
        return JWKRegistry.import_key(entry)
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def _named(keys: list[Key], key_id: str | None) -> Key | None:
    if key_id is None:
        return keys[0] if len(keys) == 1 else None
    return next((key for key in keys if key.kid == key_id), None)


def _unusable(what: str) -> IdentityRefused:
    return IdentityRefused(IdentityRefusal.AWAY, f"the identity provider gives {what}")
