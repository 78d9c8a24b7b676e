"""ID tokens: one that is right, and each way in which one is not."""

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from api.auth.oidc_discovery import FRESH, Discovery
from api.auth.oidc_http import ProviderAnswer
from api.auth.oidc_tokens import ALGORITHMS, LEEWAY_S, Expected, verified_claims
from contracts.access.identity_provider import IdentityRefusal, IdentityRefused
from tests.support.shelf import NOW

ISSUER = "https://sso.example"
EXPECTED = Expected(ISSUER, "doorstep", "the nonce")
NOW_S = int(NOW.timestamp())
CLAIMS: Mapping[str, Any] = {
    "iss": ISSUER,
    "aud": "doorstep",
    "sub": "4711",
    "nonce": "the nonce",
    "iat": NOW_S,
    "exp": NOW_S + 300,
}
ONE, TWO = (ECKey.generate_key("P-256", {"kid": name}) for name in ("one", "two"))
RSA = RSAKey.generate_key(2048, {"kid": "rsa"})


@dataclass
class Published:
    """What the provider's addresses answer."""

    keys: list[Any] = field(default_factory=lambda: [ONE.as_dict(private=False)])
    asked: list[str] = field(default_factory=list)

    async def get(self, url: str, *, token: str | None = None) -> ProviderAnswer:
        self.asked.append(url)
        if url.endswith("/keys"):
            return ProviderAnswer(200, {"keys": self.keys})
        addresses = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        return ProviderAnswer(200, {"issuer": ISSUER, **dict.fromkeys(addresses, f"{ISSUER}/keys")})

    async def post(
        self, url: str, fields: Mapping[str, str], *, authorization: str | None = None
    ) -> ProviderAnswer:
        raise AssertionError("nothing is posted")


def signed(key: Key = ONE, algorithm: str = "ES256", **changed: Any) -> str:
    """A token with other claims; None takes one out."""
    claims = {name: value for name, value in {**CLAIMS, **changed}.items() if value is not None}
    header = {"alg": algorithm, "kid": key.kid}
    return jwt.encode(header, claims, key, algorithms=[algorithm])


def part_of(value: Mapping[str, Any]) -> str:
    return text_of(json.dumps(value).encode())


def text_of(some: bytes) -> str:
    return base64.urlsafe_b64encode(some).decode().rstrip("=")


def unsigned(algorithm: str) -> str:
    return f"{part_of({'alg': algorithm, 'kid': 'one'})}.{part_of(CLAIMS)}."


def signed_with_what_is_public() -> str:
    content = f"{part_of({'alg': 'HS256', 'kid': 'one'})}.{part_of(CLAIMS)}"
    secret = ONE.as_pem(private=False)
    return f"{content}.{text_of(hmac.digest(secret, content.encode(), 'sha256'))}"


def changed_afterwards() -> str:
    header, _, signature = signed().split(".")
    return f"{header}.{part_of({**CLAIMS, 'sub': '1'})}.{signature}"


async def read(token: str, published: Published | None = None) -> Mapping[str, Any]:
    discovery = Discovery(published or Published(), ISSUER, lambda: NOW)
    return await verified_claims(token, discovery, EXPECTED, NOW)


class TestOneThatIsRight:
    async def test_says_who_it_is(self) -> None:
        assert (await read(signed()))["sub"] == "4711"

    @pytest.mark.parametrize(
        ("key", "algorithm"),
        [
            (RSA, "RS256"),
            (RSA, "PS256"),
            (ECKey.generate_key("P-384", {"kid": "p384"}), "ES384"),
            (OKPKey.generate_key("Ed25519", {"kid": "ed"}), "Ed25519"),
        ],
    )
    async def test_by_each_kind_of_key(self, key: Key, algorithm: str) -> None:
        published = Published([key.as_dict(private=False)])
        assert (await read(signed(key, algorithm), published))["sub"] == "4711"

    async def test_among_keys_that_are_not_understood(self) -> None:
        others = ({"kty": "oct", "k": "c2hh", "kid": "one"}, {"kty": "RSA"}, {"kty": "new"}, "?")
        published = Published([*others, ONE.as_dict(private=False)])
        assert (await read(signed(), published))["sub"] == "4711"

    async def test_for_several_and_made_for_us(self) -> None:
        await read(signed(aud=["another", "doorstep"], azp="doorstep"))

    @pytest.mark.parametrize(
        "token",
        [signed(exp=NOW_S - LEEWAY_S + 1), signed(iat=NOW_S + LEEWAY_S)],
        ids=["exp", "iat"],
    )
    async def test_by_a_clock_that_is_off_a_little(self, token: str) -> None:
        await read(token)


UNTRUSTED: Mapping[str, tuple[str, str]] = {
    "for another": (signed(aud="another"), "another aud"),
    "for nobody": (signed(aud=None), "aud"),
    "for several, made for another": (signed(aud=["doorstep", "x"], azp="x"), "azp"),
    "for several, made for nobody": (signed(aud=["doorstep", "x"]), "azp"),
    "of another issuer": (signed(iss=f"{ISSUER}/"), "another iss"),
    "of nobody": (signed(sub=None), "another sub, or none"),
    "of another sign-in": (signed(nonce="another"), "another nonce"),
    "of no sign-in": (signed(nonce=None), "nonce"),
    "without an end": (signed(exp=None), "exp"),
    "without a beginning": (signed(iat=None), "iat"),
    "signed by none": (unsigned("none"), "not taken"),
    "signed by nobody": (unsigned("ES256"), "not signed by the provider"),
    "signed with what is public": (signed_with_what_is_public(), "not taken"),
    "changed afterwards": (changed_afterwards(), "not signed by the provider"),
    "by a key of another kind": (unsigned("RS256"), "not signed by the provider"),
    "by a key that is not published": (signed(TWO), "does not publish"),
    "rubbish": ("rubbish", "cannot be read"),
    "empty": ("", "cannot be read"),
    "without end": ("x" * 70_000, "too long"),
}


class TestOneThatIsNot:
    @pytest.mark.parametrize("case", UNTRUSTED)
    async def test_is_refused(self, case: str) -> None:
        token, why = UNTRUSTED[case]
        with pytest.raises(IdentityRefused, match=why) as refused:
            await read(token)
        assert refused.value.refusal is IdentityRefusal.UNTRUSTED
        assert "4711" not in str(refused.value)

    @pytest.mark.parametrize(
        ("token", "claim"),
        [
            (signed(exp=NOW_S - LEEWAY_S), "exp"),
            (signed(iat=NOW_S + 120), "iat"),
            (signed(nbf=NOW_S + 120), "nbf"),
        ],
        ids=["over", "not issued yet", "not in force yet"],
    )
    async def test_of_another_time_says_so(self, token: str, claim: str) -> None:
        with pytest.raises(IdentityRefused, match=claim) as refused:
            await read(token)
        assert refused.value.refusal is IdentityRefusal.CLOCK

    async def test_without_a_key_s_name_where_there_are_two(self) -> None:
        token = jwt.encode({"alg": "ES256"}, dict(CLAIMS), ONE, algorithms=["ES256"])
        await read(token)
        both = Published([one.as_dict(private=False) for one in (ONE, TWO)])
        with pytest.raises(IdentityRefused, match="does not publish"):
            await read(token, both)

    def test_no_algorithm_is_one_that_we_could_sign_by(self) -> None:
        assert not [one for one in ALGORITHMS if one.startswith(("HS", "none"))]


class TestKeys:
    async def test_are_read_anew_for_one_that_is_new_and_after_a_while(self) -> None:
        published, now = Published(), [NOW]
        discovery = Discovery(published, ISSUER, lambda: now[0])
        for _ in range(2):
            await verified_claims(signed(), discovery, EXPECTED, NOW)
        assert len(published.asked) == 2, "the document, and the keys"
        published.keys = [TWO.as_dict(private=False)]
        await verified_claims(signed(TWO), discovery, EXPECTED, NOW)
        assert len(published.asked) == 3
        with pytest.raises(IdentityRefused, match="does not publish"):
            await verified_claims(signed(), discovery, EXPECTED, NOW)
        now[0] += FRESH - timedelta(microseconds=1)
        asked = len(published.asked)
        await verified_claims(signed(TWO), discovery, EXPECTED, NOW)
        assert len(published.asked) == asked
        now[0] += timedelta(microseconds=1)
        await verified_claims(signed(TWO), discovery, EXPECTED, NOW)
        assert len(published.asked) == asked + 2
