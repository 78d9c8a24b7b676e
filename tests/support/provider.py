"""An identity provider for tests, over real HTTP: it speaks OpenID Connect's code flow for one
person, and does wrong what it is told to. The real one is in `tests/peers`."""

import base64
import hashlib
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import Key, RSAKey

from contracts.clock import Clock, utc_now
from tests.support.serving import serving

CLIENT_ID, CLIENT_SECRET = "doorstep", "a secret: of doorstep's"
_KEYS = {name: RSAKey.generate_key(2048, {"kid": name, "use": "sig"}) for name in ("one", "two")}
"""Made once: that takes a tenth of a second."""


@dataclass
class Provider:
    """Who is signed in there, and what it does wrong."""

    person: dict[str, Any] = field(
        default_factory=lambda: {
            "sub": "4711",
            "email": "asha@ops.example",
            "email_verified": True,
            "name": "Asha Rao",
        }
    )
    signs_with: str = "one"
    publishes: list[str] = field(default_factory=lambda: ["one"])
    claims: dict[str, Any] = field(default_factory=dict)
    """Put into the next ID tokens, whatever belongs there; None takes one out."""
    encode: Callable[[dict[str, Any]], str] | None = None
    """Another way to make the ID token."""
    document: dict[str, Any] = field(default_factory=dict)
    error: str | None = None
    """Said in place of a code."""
    token_answer: Response | None = None
    in_userinfo: tuple[str, ...] = ()
    """Claims that are there and not in the ID token."""
    userinfo_sub: str | None = None
    clock: Clock = utc_now
    url: str = ""
    asked: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """What it signs with."""
        return _KEYS[self.signs_with]

    def sign(self, claims: dict[str, Any]) -> str:
        """An ID token as it should be."""
        header = {"alg": "RS256", "kid": self.signs_with}
        return jwt.encode(header, claims, self.key, algorithms=["RS256"])

    def discovery(self) -> dict[str, Any]:
        """The discovery document."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "authorization_response_iss_parameter_supported": True,
            **self.document,
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to: the person is signed in and agrees."""
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe()
        self._codes[code] = asked
        said = {"error": self.error} if self.error else {"code": code}
        back = {**said, "state": asked["state"], "iss": self.url}
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def tokens(self, fields: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """What is given for a code, once; None where something does not belong to it."""
        asked = self._codes.pop(fields.get("code", ""), None)
        client = base64.b64encode(f"{CLIENT_ID}:a+secret%3A+of+doorstep%27s".encode()).decode()
        challenge = hashlib.sha256(fields["code_verifier"].encode()).digest()
        if (
            asked is None
            or authorization != f"Basic {client}"
            or fields["redirect_uri"] != asked["redirect_uri"]
            or asked["code_challenge"] != base64.urlsafe_b64encode(challenge).decode().rstrip("=")
        ):
            return None
        claims = self._claims(asked["nonce"], self.clock())
        encode = self.encode or self.sign
        return {"id_token": encode(claims), "access_token": "of-asha", "token_type": "Bearer"}

    def _claims(self, nonce: str, now: datetime) -> dict[str, Any]:
        issued = int(now.timestamp())
        times = {"iat": issued, "exp": issued + 300}
        ours = {"iss": self.url, "aud": CLIENT_ID, "nonce": nonce, **times}
        said = {**ours, **self.person, **self.claims}
        return {
            name: value
            for name, value in said.items()
            if value is not None and name not in self.in_userinfo
        }


@asynccontextmanager
async def running_provider() -> AsyncIterator[Provider]:
    """The provider, served until the context ends."""
    provider = Provider()
    async with serving(_app(provider)) as url:
        provider.url = url
        yield provider


def _app(provider: Provider) -> FastAPI:
    app = FastAPI()

    @app.middleware("http")
    async def note(request: Request, go_on: Any) -> Any:
        provider.asked.append(request.url.path)
        return await go_on(request)

    @app.get("/.well-known/openid-configuration")
    async def discovery() -> dict[str, Any]:
        return provider.discovery()

    @app.get("/keys")
    async def keys() -> dict[str, Any]:
        published = [_KEYS[name].as_dict(private=False) for name in provider.publishes]
        of_others = {"kty": "oct", "k": "c2hhcmVk", "kid": "shared"}, {"kty": "new", "kid": "new"}
        return {"keys": [*of_others, *published]}

    @app.get("/authorize")
    async def authorize(request: Request) -> Response:
        return RedirectResponse(provider.authorize(dict(request.query_params)), status_code=303)

    @app.post("/token")
    async def token(request: Request) -> Response:
        if provider.token_answer is not None:
            return provider.token_answer
        fields = dict(parse_qsl((await request.body()).decode()))
        given = provider.tokens(fields, request.headers.get("authorization", ""))
        if given is None:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        return JSONResponse(given)

    @app.get("/userinfo")
    async def userinfo(request: Request) -> dict[str, Any]:
        assert request.headers["authorization"] == "Bearer of-asha"
        return {**provider.person, "sub": provider.userinfo_sub or provider.person["sub"]}

    return app
