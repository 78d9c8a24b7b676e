"""How long a call of Temporal may last."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from temporalio.service import RPCError, RPCStatusCode

CALL_LIMIT = timedelta(seconds=5)
SETTLED_S = 5.0
"""Temporal is back when nothing has failed for so long: some calls may get through before."""


@asynccontextmanager
async def answered_within(limit: timedelta) -> AsyncIterator[None]:
    """RPCError when what is inside lasts longer. The SDK's own limit is that of each request: it
    repeats what a proxy or a namespace that fails over answers, for ten seconds and more."""
    try:
        async with asyncio.timeout(limit.total_seconds()):
            yield
    except TimeoutError as error:
        words = f"no answer within {limit.total_seconds():g} s"
        raise RPCError(words, RPCStatusCode.DEADLINE_EXCEEDED, b"") from error


def concerns_all(error: Exception) -> bool:
    """Whether an error is Temporal's own trouble, and not about the one thing that was asked."""
    if isinstance(error, RPCError):
        return error.status is not RPCStatusCode.INVALID_ARGUMENT
    return isinstance(error, RuntimeError)
