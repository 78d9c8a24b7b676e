"""What is needed to ask the identity provider; `provider_http` does it over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class ProviderAnswer:
    """What came: HTTP's status, and the JSON object of the body, empty where it is none."""

    status: int
    body: Mapping[str, Any] = field(repr=False)


class AskProvider(Protocol):
    """Asks the provider, within a time limit. IdentityRefused where it does not answer."""

    async def get(self, url: str, *, token: str | None = None) -> ProviderAnswer:
        """Read a document; with an access token, one of somebody's own."""

    async def post(
        self, url: str, fields: Mapping[str, str], *, authorization: str | None = None
    ) -> ProviderAnswer:
        """Send a form."""
