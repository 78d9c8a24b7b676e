"""A browser between the dashboard and an identity provider, by hand from one to the other."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from fastapi import FastAPI

from api.auth.oidc_http import AskProvider
from api.auth.oidc_sign_in import OidcSignIn
from api.dependencies import Parts
from contracts.access.identity_provider import CALLBACK_PATH, IdentityProvider, IdentityRules
from contracts.clock import Clock, utc_now
from tests.support.visitor import Page, Visitor

HOME = "http://doorstep.test"
"""Where a Visitor finds the dashboard."""

INVITED = IdentityRules()
OPS_BY_CLAIM = IdentityRules(ops_value="doorstep-ops")


@dataclass
class ProviderBrowser:
    """`there` signs in at the provider: it is given where the browser goes, and gives where it is
    sent back to."""

    visitor: Visitor
    there: Callable[[str], Awaitable[str]]

    async def to_the_provider(self) -> str:
        """Follow the link of the sign-in; gives where it leads."""
        answer = await self.visitor.http.get("/dashboard/sign-in/provider")
        assert answer.status_code == 303
        return answer.headers["location"]

    async def come_back(self) -> str:
        """Sign in there; gives where that leads."""
        return await self.there(await self.to_the_provider())

    async def back(self, address: str) -> Page:
        """Come back from there."""
        return await self.visitor.get(address.removeprefix(f"{HOME}/dashboard"))

    async def sign_in(self) -> Page:
        """All of it."""
        return await self.back(await self.come_back())


def know_provider(
    app: FastAPI,
    ask: AskProvider,
    issuer: str,
    client: tuple[str, str],
    clock: Clock = utc_now,
    scopes: str = "openid email profile",
    home: str = HOME,
    rules: IdentityRules = INVITED,
) -> None:
    """Let the app take a provider's word by these rules; `client` is our id there, and the
    secret."""
    parts: Parts = app.state.parts
    provider = IdentityProvider(
        issuer=issuer,
        client_id=client[0],
        client_secret=client[1],
        redirect_uri=f"{home}{CALLBACK_PATH}",
        scopes=scopes,
        rules=rules,
    )
    oidc = OidcSignIn(provider, ask, parts.database, clock)
    app.state.parts = replace(parts, oidc=oidc)
