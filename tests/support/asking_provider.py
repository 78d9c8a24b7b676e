"""The way to an identity provider, as a test has it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

from activities.trust_store import trusted_context
from provider_http import ProviderHttp
from resolver import NameLookUps


@asynccontextmanager
async def asking_provider(
    time_limit_s: float = 20,
    *,
    ca_file: Path | None = None,
    name_servers: Sequence[str] | None = None,
) -> AsyncIterator[ProviderHttp]:
    """Closed at the end. `name_servers` in place of those of this machine."""
    context = trusted_context(str(ca_file) if ca_file else None)
    async with (
        aclosing(NameLookUps(name_servers, time_limit=time_limit_s)) as look_ups,
        aclosing(ProviderHttp(context, look_ups, time_limit_s)) as ask,
    ):
        yield ask
