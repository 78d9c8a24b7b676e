"""Sign-in by the company's identity provider: OpenID Connect's code flow, with PKCE."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

from api.auth.oidc_claims import identity_of, is_lacking
from api.auth.oidc_discovery import Discovery, ProviderDocument
from api.auth.oidc_http import AskProvider, ProviderAnswer
from api.auth.oidc_request import SignInRequest
from api.auth.oidc_tokens import Expected, verified_claims
from contracts.access.identity_provider import (
    Identity,
    IdentityProvider,
    IdentityRefusal,
    IdentityRefused,
)
from contracts.clock import Clock
from store.access.identities import enter
from store.access.identity_requests import begin_request, take_request
from store.access.sessions import Begun
from store.db.database import Database

_OF_THE_PERSON = ("access_denied", "login_required", "consent_required", "interaction_required")
_CODE = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True)
class ProviderReply:
    """With what the browser comes back from the provider; empty where nothing was sent."""

    state: str
    code: str = field(repr=False)
    error: str
    issuer: str


class OidcSignIn:
    """Signs people in by the provider's word. One for each process, made in its composition root.

    What goes wrong is an IdentityRefused.
    """

    def __init__(
        self, provider: IdentityProvider, ask: AskProvider, database: Database, clock: Clock
    ) -> None:
        self._provider = provider
        self._ask = ask
        self._database = database
        self._clock = clock
        self._discovery = Discovery(ask, provider.issuer, clock)

    async def begin(self) -> tuple[str, str]:
        """Where to send the browser, and the secret that it keeps meanwhile."""
        document = await self._discovery.document()
        request = SignInRequest.new()
        await self._database.write(begin_request, request.digest, self._clock())
        return request.address(self._provider, document.authorization_endpoint), request.secret

    async def finish(self, secret: str, reply: ProviderReply) -> Begun:
        """The session of whoever comes back. Each sign-in is answered once, whatever comes."""
        request = SignInRequest(secret)
        if not secret or not request.is_answered_by(reply.state):
            raise IdentityRefused(IdentityRefusal.ENDED, "the sign-in is not this browser's")
        if not await self._database.write(take_request, request.digest, self._clock()):
            raise IdentityRefused(IdentityRefusal.ENDED, "the sign-in was answered, or took long")
        document = await self._discovery.document()
        self._check_reply(reply, document)
        identity = await self._identity(request, reply.code, document)
        entered = await self._database.write(enter, identity, self._provider.rules, self._clock())
        if isinstance(entered, IdentityRefusal):
            raise IdentityRefused(entered, "the account does not allow it")
        return entered

    def _check_reply(self, reply: ProviderReply, document: ProviderDocument) -> None:
        wanted = (self._provider.issuer,) if document.names_itself else (self._provider.issuer, "")
        if reply.issuer not in wanted:
            raise IdentityRefused(IdentityRefusal.UNTRUSTED, "another provider answered (iss)")
        if reply.error in _OF_THE_PERSON:
            raise IdentityRefused(IdentityRefusal.DECLINED, f"the provider said {reply.error}")
        if reply.error or not reply.code:
            said = _code(reply.error) or "no code"
            raise IdentityRefused(IdentityRefusal.AWAY, f"the provider said {said}")

    async def _identity(
        self, request: SignInRequest, code: str, document: ProviderDocument
    ) -> Identity:
        tokens = await self._tokens(request, code, document)
        expected = Expected(self._provider.issuer, self._provider.client_id, request.nonce)
        token = str(tokens.get("id_token", ""))
        claims = await verified_claims(token, self._discovery, expected, self._clock())
        rules = self._provider.rules
        if is_lacking(claims, rules) and document.userinfo_endpoint is not None:
            more = await self._userinfo(document.userinfo_endpoint, tokens, claims["sub"])
            claims = {**more, **claims}
        return identity_of(self._provider.issuer, claims, rules)

    async def _tokens(
        self, request: SignInRequest, code: str, document: ProviderDocument
    ) -> Mapping[str, Any]:
        """What the provider gives for the code."""
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._provider.redirect_uri,
            "code_verifier": request.verifier,
        }
        client = (self._provider.client_id, self._provider.client_secret)
        authorization = _basic(*client) if document.takes_basic else None
        if authorization is None:
            fields |= dict(zip(("client_id", "client_secret"), client, strict=True))
        answer = await self._ask.post(document.token_endpoint, fields, authorization=authorization)
        if answer.status != 200:
            raise _without_tokens(answer)
        return answer.body

    async def _userinfo(
        self, endpoint: str, tokens: Mapping[str, Any], subject: str
    ) -> Mapping[str, Any]:
        """More claims of the same person (OpenID Connect Core, 5.3.2)."""
        answer = await self._ask.get(endpoint, token=str(tokens.get("access_token", "")))
        if answer.status != 200:
            said = f"the provider's userinfo is HTTP {answer.status}"
            raise IdentityRefused(IdentityRefusal.AWAY, said)
        if answer.body.get("sub") != subject:
            raise IdentityRefused(IdentityRefusal.UNTRUSTED, "the userinfo is of another person")
        return answer.body


def _without_tokens(answer: ProviderAnswer) -> IdentityRefused:
    """A code that is used or too old is no fault of the provider's."""
    said = _code(answer.body.get("error")) or f"HTTP {answer.status}"
    refusal = IdentityRefusal.ENDED if said == "invalid_grant" else IdentityRefusal.AWAY
    return IdentityRefused(refusal, f"the provider gives no tokens ({said})")


def _basic(client_id: str, secret: str) -> str:
    """RFC 6749, 2.3.1: each encoded as in a form first."""
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def _code(said: object) -> str | None:
    """An error's code, if it is one: nothing else of an answer goes into the log."""
    return said if isinstance(said, str) and _CODE.fullmatch(said) else None
