"""What every command begins and ends with: the settings, the event loop, the API to ask."""

import os
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from commands.api_client import ApiClient
    from settings import Settings

T = TypeVar("T")


def command_settings(least_level: str | None = None) -> "Settings":
    """The settings, with logging set up; `least_level` keeps a screen free of lesser lines. From
    here on what this process and its children write is for their user only."""
    from commands.logs import configure_logging
    from settings import load_settings

    os.umask(0o077)
    settings = load_settings()
    configure_logging(least_level or settings.log_level, settings.log_format)
    return settings


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work to its end."""
    import uvloop  # an eighth less of a worker's CPU than asyncio's own loop

    return uvloop.run(work)


def with_api(work: Callable[["ApiClient"], Awaitable[T]]) -> T:
    """Do this with the API of the settings. CommandFailed where it cannot be asked or refuses."""
    from commands.api_client import ApiClient

    settings = command_settings("WARNING")

    async def ask() -> T:
        async with ApiClient.of(settings) as api:
            return await work(api)

    return run(ask())
