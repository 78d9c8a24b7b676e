"""How the identity provider is reached: handed in where its answers are judged, so that tests can
bring a trust store of their own. Only composition roots make one."""

import asyncio
import ipaddress
import json
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from activities.guarded_network import GuardedBackend
from activities.guarded_transport import PoolTransport
from activities.trust_store import trusted_context
from api.auth.oidc_http import ProviderAnswer
from contracts.access.identity_provider import IdentityRefusal, IdentityRefused
from contracts.endpoints.network_guard import NetworkGuard, Resolve

TIME_LIMIT_S = 5.0
"""A whole request, from the look-up of the name to the last byte: somebody waits for the page."""

_ANYWHERE = NetworkGuard([ipaddress.ip_network(one) for one in ("0.0.0.0/0", "::/0")])
"""Whoever runs Doorstep has said where the provider is."""

_MOST_BYTES = 1_048_576
_AS_IT_IS = {"accept": "application/json", "accept-encoding": "identity"}
"""Not packed: what is small on the way could be without end in memory."""


class ProviderHttp:
    """Asks the provider over HTTP. Redirects are not followed, proxies and `.netrc` of the machine
    not asked, cookies and connections not kept. Names are looked up by `resolve`, without a thread:
    a name server that hangs holds up nothing else. Made and used in one event loop."""

    def __init__(
        self, context: ssl.SSLContext, resolve: Resolve, time_limit_s: float = TIME_LIMIT_S
    ) -> None:
        self._time_limit_s = time_limit_s
        backend = GuardedBackend(_ANYWHERE, resolve, encrypted=True)
        self._client = httpx.AsyncClient(
            transport=PoolTransport(backend, context, keep=0),
            timeout=time_limit_s,
            follow_redirects=False,
            trust_env=False,
        )

    @classmethod
    def trusting(cls, ca_file: Path | None, resolve: Resolve) -> "ProviderHttp":
        """One that trusts the system's authorities and those of a file. ConfigurationError where
        that cannot be used."""
        return cls(trusted_context(str(ca_file) if ca_file else None), resolve)

    async def get(self, url: str, *, token: str | None = None) -> ProviderAnswer:
        """Read a document; with an access token, one of somebody's own. IdentityRefused where
        nothing comes that can be read."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return await self._ask(self._client.build_request("GET", url, headers=headers))

    async def post(
        self, url: str, fields: Mapping[str, str], *, authorization: str | None = None
    ) -> ProviderAnswer:
        """Send a form. IdentityRefused where nothing comes that can be read."""
        headers = {"authorization": authorization} if authorization else {}
        return await self._ask(
            self._client.build_request("POST", url, data=dict(fields), headers=headers)
        )

    async def aclose(self) -> None:
        """Close what is open."""
        await self._client.aclose()

    async def _ask(self, request: httpx.Request) -> ProviderAnswer:
        request.headers.update(_AS_IT_IS)
        try:
            async with asyncio.timeout(self._time_limit_s):
                return await self._answered(request)
        except (httpx.HTTPError, TimeoutError, ssl.SSLError) as error:
            raise _away(request, type(error).__name__) from None

    async def _answered(self, request: httpx.Request) -> ProviderAnswer:
        answer = await self._client.send(request, stream=True)
        try:
            body = bytearray()
            async for piece in answer.aiter_raw():
                body += piece
                if len(body) > _MOST_BYTES:
                    raise _away(request, "an answer that does not end")
        finally:
            await answer.aclose()
            self._client.cookies.clear()
        return ProviderAnswer(answer.status_code, _read(bytes(body)))


def _read(body: bytes) -> dict[str, Any]:
    """The JSON object; an empty one for whatever else it is: its status says enough."""
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def _away(request: httpx.Request, what: str) -> IdentityRefused:
    return IdentityRefused(IdentityRefusal.AWAY, f"{request.url.host} gave {what}")
